"""A thousand rows from all over the register, looked at to choose the road to those who have some words (register.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import exp, inf, sqrt

from django.db import connection

from thongsuot.kit.text.spans import given_spans

from ..models.searching import LINE, LINE_OF_CODES, LINE_WITHOUT_GIVEN

# Part of the register's order: from the first key, to before the second.
Span = tuple[str, str]

# One question in a million may take more to be meant than are.
DOUBT = 1e-6

SAMPLE = """
with part as (select least(100, 100.0 * %(pages)s / greatest(pg_relation_size(%(table)s::regclass) / 8192, 1)) as share)
select count(*) * 100 / (select share from part), count(*), count(distinct page) filter (where {meant}),
    (select share from part) / 100,
    (select array_agg(n::int) from unnest(%(lows)s::text[], %(highs)s::text[]) with ordinality w(low, high, n)
     where exists (select 1 from {table} where sort_key >= low and sort_key < high)),
    {counts}
from (select {line} as line, {rest} as rest, {codes} as codes, birth_date, sort_key, split_part(ctid::text, ',', 1) as page
      from {table} tablesample system ((select share from part)) repeatable (1) offset 0) s
"""


@dataclass(frozen=True)
class Sample:
    """total: rows of the register, about. Of the rows looked at: how many there are, are meant, are meant without any
    word being found only in the given name; and by word, how many have it at all, and elsewhere than in the given name.
    """

    total: float
    looked: int
    meant: int
    scattered: int
    having: dict[str, int]
    elsewhere: dict[str, int]
    # Who have any of the words as a code.
    coded: int = 0
    # Pages of the table with somebody who is meant, of those looked at; the share of all pages that these are.
    pages_meant: int = 0
    share: float = 1
    # Who have all the words, whenever they were born.
    named: int = 0
    # By word, who stand before all whose given name it is.
    before: dict[str, int] = field(default_factory=dict)

    def is_surely_over(self, number: int) -> bool:
        """Were no more than `number` meant, they would not stand on so many of the pages looked at, but once in a million."""
        return chance_of(self.pages_meant, number * self.share) < DOUBT

    def rows(self, number: float) -> float:
        """In the whole register, what `number` is in the sample."""
        return number * self.total / max(self.looked, 1)

    def depth(self, number: int) -> float:
        """Rows of the register among which `number` should be who are meant, wherever their given names stand."""
        return number * self.looked / self.scattered if self.scattered else inf

    def depth_by(self, word: str, number: int) -> float:
        """The same where their given name is `word`: to where these stand, at the farthest, and on among them."""
        if word not in self.before or not self.meant:
            return inf
        before = self.before[word]
        return self.rows(before + 2 * sqrt(before) + 2) + 3 * number * self.having[word] / self.meant


def chance_of(number: int, mean: float) -> float:
    """That as many as `number` happen, or more, where `mean` happen on average (Poisson)."""
    term, fewer = exp(-mean), 0.0
    for so_many in range(number):
        fewer += term
        term *= mean / (so_many + 1)
    return max(1 - fewer, 0.0)


def look(
    table: str, words: Sequence[str], births: Sequence[tuple[date, date]], *, pages: int
) -> tuple[Sample, dict[str, list[Span]]]:
    """The sample, of about so many pages of the table; and, by word that may begin a given name, those of its spans
    (`given_spans`) in which somebody stands, in their order. One statement.
    """
    spans = {word: given_spans(word) for word in words}
    every = [(word, span) for word in words for span in spans[word]]
    starts = {f"start{n}": spans[word][0][0] for n, word in enumerate(words) if spans[word]}
    given = {f"word{n}": f" {word}" for n, word in enumerate(words)}
    given |= {
        f"born{n}{end}": day for n, span in enumerate(births) for end, day in zip("ab", span, strict=True)
    }
    known = [f"birth_date between %(born{n}a)s and %(born{n}b)s" for n in range(len(births))]
    there = {
        column: [f"strpos({column}, %(word{n})s) > 0" for n in range(len(words))]
        for column in ("line", "rest", "codes")
    }
    meant, scattered = (" and ".join([*known, *there[column]]) or "true" for column in ("line", "rest"))
    named, coded = " and ".join(there["line"]) or "true", " or ".join(there["codes"]) or "false"
    before = [f"sort_key < %({start})s" for start in starts]
    tests = [meant, scattered, coded, named, *there["line"], *there["rest"], *before]
    statement = SAMPLE.format(
        meant=meant,
        counts=", ".join(f"count(*) filter (where {one})" for one in tests),
        line=LINE,
        rest=LINE_WITHOUT_GIVEN,
        codes=LINE_OF_CODES,
        table=table,
    )
    lows, highs = ([span[end] for _word, span in every] for end in (0, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"pages": pages, "table": table, "lows": lows, "highs": highs, **given, **starts}
        )
        total, looked, pages_meant, share, taken, meant_number, *counts = cursor.fetchone()
    scattered_number, coded_number, named_number, *by_word = counts
    half = len(words)
    sample = Sample(
        total=float(total),
        looked=looked,
        meant=meant_number,
        scattered=scattered_number,
        having=dict(zip(words, by_word[:half], strict=True)),
        elsewhere=dict(zip(words, by_word[half : 2 * half], strict=True)),
        coded=coded_number,
        pages_meant=pages_meant,
        share=float(share),
        named=named_number,
        before=dict(zip((w for w in words if spans[w]), by_word[2 * half :], strict=True)),
    )
    there_are = [every[n - 1] for n in taken or ()]
    return sample, {word: sorted(span for whose, span in there_are if whose == word) for word in words}
