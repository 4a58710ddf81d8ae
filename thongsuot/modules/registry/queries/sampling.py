"""A thousand rows from all over the register, looked at to choose the road to those who have some words (register.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import comb, fsum, inf, sqrt

from django.db import connection

from thongsuot.kit.text.spans import given_spans

from ..models.searching import LINE, LINE_OF_CODES, LINE_WITHOUT_GIVEN

# Part of the register's order: from the first key, to before the second.
Span = tuple[str, str]

# Shares of the register, from its top, of which the sample tells where they end.
MARKS = tuple(percent / 100 for percent in range(1, 11))
# In so many questions one may be told that more are meant than are.
DOUBT = 1e-6

SAMPLE = """
with part as (select least(100, 100.0 * %(pages)s / greatest(pg_relation_size(%(table)s::regclass) / 8192, 1)) as share)
select count(*) * 100 / (select share from part), count(*), count(distinct page), count(distinct page) filter (where {meant}),
    pg_relation_size(%(table)s::regclass) / 8192, (select share from part) / 100,
    (select array_agg(n::int) from unnest(%(lows)s::text[], %(highs)s::text[]) with ordinality w(low, high, n)
     where exists (select 1 from {table} where sort_key >= low and sort_key < high)),
    percentile_disc(%(marks)s::float8[]) within group (order by sort_key),
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
    # Who have all the words, whenever they were born.
    named: int = 0
    # Pages of the table that hold somebody, of those looked at: all, with somebody who is meant. Pages of the table.
    pages: int = 0
    pages_meant: int = 0
    pages_in_all: float = 1
    # About what share of them was to be looked at.
    share: float = 1
    # Sort keys up to which the shares MARKS of the register stand.
    marks: tuple[str, ...] = ()

    def is_surely_over(self, number: int) -> bool:
        """Were no more than `number` meant, they would not stand on so many of the pages looked at (`DOUBT`)."""
        # After much was deleted the table has pages that hold nobody, whom the sample does not count.
        holding = min(self.pages_in_all, (self.pages + 3 * sqrt(self.pages)) / self.share)
        return bool(self.pages) and chance_of(self.pages_meant, self.pages, number / holding) < DOUBT

    def rows(self, number: float) -> float:
        """In the whole register, what `number` is in the sample."""
        return number * self.total / max(self.looked, 1)

    def rows_before(self, key: str) -> float:
        """Rows of the register that stand before the sort key, at most; they are told of its beginning only."""
        share = next((share for share, mark in zip(MARKS, self.marks, strict=False) if key <= mark), inf)
        return share * self.total

    def depth(self, number: int) -> float:
        """Rows of the register among which `number` should be who are meant, wherever their given names stand."""
        return number * self.looked / self.scattered if self.scattered else inf


def chance_of(number: int, tries: int, chance: float) -> float:
    """That of so many tries at least `number` hit, where each does with `chance`."""
    if chance >= 1:
        return 1.0
    return fsum(
        comb(tries, hits) * chance**hits * (1 - chance) ** (tries - hits) for hits in range(number, tries + 1)
    )


def look(
    table: str, words: Sequence[str], births: Sequence[tuple[date, date]], *, pages: int
) -> tuple[Sample, dict[str, list[Span]]]:
    """The sample, of about so many pages of the table; and, by word that may begin a given name, those of its spans
    (`given_spans`) in which somebody stands, in their order. One statement.
    """
    spans = {word: given_spans(word) for word in words}
    every = [(word, span) for word in words for span in spans[word]]
    given: dict[str, str | date] = {f"word{n}": f" {word}" for n, word in enumerate(words)}
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
    tests = [meant, scattered, coded, named, *there["line"], *there["rest"]]
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
            statement,
            {"pages": pages, "table": table, "lows": lows, "highs": highs, "marks": list(MARKS), **given},
        )
        total, looked, pages, pages_meant, pages_in_all, share, taken, marks, *counts = cursor.fetchone()
    meant_number, scattered_number, coded_number, named_number, *by_word = counts
    half = len(words)
    sample = Sample(
        total=float(total),
        looked=looked,
        meant=meant_number,
        scattered=scattered_number,
        having=dict(zip(words, by_word[:half], strict=True)),
        elsewhere=dict(zip(words, by_word[half:], strict=True)),
        coded=coded_number,
        named=named_number,
        pages=pages,
        pages_meant=pages_meant,
        pages_in_all=float(pages_in_all),
        share=float(share),
        marks=tuple(marks or ()),
    )
    there_are = [every[n - 1] for n in taken or ()]
    return sample, {word: sorted(span for whose, span in there_are if whose == word) for word in words}
