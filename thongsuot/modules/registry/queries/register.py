"""The register of a whole province: the first, in its order, of those who have some words, and how many there are.

Of 450,000 pupils 150,000 are called Nguyễn, 6,000 have the given name Vy, one has a code; no single way to them is quick
for all. So each question looks at a thousand rows from all over the register (`sample`) and takes one of three roads:
- few have all the words that are not common: the index of words, and the common words are read from the rows it finds;
- many do: the register from its top, for as many rows as should fill the page;
- else by the rarest word. Those whose given name it is stand together in the register and are read in its order; those
  who bear it elsewhere are few, and the index of words knows them apart (models/searching.py: MarkedWords).

Who is meant is decided by the line of a row (SearchLine) on every road. A sample that misleads costs time, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from thongsuot.kit.text.spans import ODD, given_spans, key_patterns
from thongsuot.kit.text.vietnamese import KEY_LENGTH

from ..domain.search_words import CODE, OTHER, as_tsquery, as_tsquery_of_codes
from ..models.searching import LINE, LINE_OF_CODES, LINE_WITHOUT_GIVEN, HasWords, SearchLine

# Rows that are found at once, and named by their keys from then on.
FEW = 1000
# Pages of the table that a sample reads, at about 17 rows each.
PAGES = 45
# Entries of the index that may be gathered for a word: five or six cost as much as a row.
GATHERED = 20_000
# An entry of the index in the register's order against a row that is read.
ENTRY = 0.15
# Rows of the register that are read from its top at most, where no word leads to those who are meant.
DEEPEST = 20_000

EVERYWHERE = Q()
# The order of the register, but of no index: the planner cannot know how rare a beginning of a word is, and would look
# for it along the register, row by row. So it takes the index of words, and sorts.
NO_INDEX = Concat("sort_key", Value(""))
Places = list[tuple[str, int]]

SAMPLE = """
with part as (select least(100, 100.0 * %(pages)s / greatest(pg_relation_size(%(table)s::regclass) / 8192, 1)) as share)
select count(*) * 100 / (select share from part), count(*), count(distinct page) filter (where {meant}),
    (select share from part) / 100, {counts}
from (select {line} as line, {rest} as rest, {codes} as codes, birth_date, split_part(ctid::text, ',', 1) as page from {table} tablesample system ((select share from part))
      repeatable (1) offset 0) s
"""

TAKEN = """
select low, high from unnest(%s::text[], %s::text[]) as w(low, high)
where exists (select 1 from {table} where sort_key >= low and sort_key < high)
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

    def is_surely_over(self, number: int) -> bool:
        """Were no more than `number` meant, they would stand on no more pages than that: of those looked at on three on
        average, and on fifteen not once in a million questions.
        """
        return self.pages_meant >= 15 and number * self.share <= 3

    def rows(self, number: float) -> float:
        """In the whole register, what `number` is in the sample."""
        return number * self.total / max(self.looked, 1)

    def depth(self, number: int) -> float:
        """Rows of the register among which `number` should be who are meant, wherever their given names stand."""
        return number * self.looked / self.scattered if self.scattered else float("inf")


def on_the_line(words: Iterable[str]) -> Q:
    """Rows that have all the words. The planner takes any such condition to hold for every third row: it is not led to
    collect and sort where a page comes from the order of an index.
    """
    condition = Q()
    for word in words:
        condition &= Q(GreaterThan(StrIndex(SearchLine(), Value(f" {word}")), 0))
    return condition


@dataclass(frozen=True)
class Register:
    """rows: all those whom the actor may see and whom everything but the words means; no order, nothing joined.

    words: each the beginning of a word of a name or code. births: conditions of `rows` that the sample is to know.
    one_in: of so many pupils one, about, meets the conditions that it does not know.
    """

    rows: QuerySet[Any]
    words: tuple[str, ...]
    births: tuple[tuple[date, date], ...] = ()
    one_in: int = 1

    @cached_property
    def sample(self) -> Sample:
        words = {f"word{n}": f" {word}" for n, word in enumerate(self.words)}
        births = {
            f"born{n}{end}": day
            for n, span in enumerate(self.births)
            for end, day in zip("ab", span, strict=True)
        }
        known = [f"birth_date between %(born{n}a)s and %(born{n}b)s" for n in range(len(self.births))]
        there = {
            column: [f"strpos({column}, %({name})s) > 0" for name in words]
            for column in ("line", "rest", "codes")
        }
        meant, scattered = (" and ".join([*known, *there[column]]) or "true" for column in ("line", "rest"))
        coded = " or ".join(there["codes"]) or "false"
        tests = [meant, scattered, coded, *there["line"], *there["rest"]]
        statement = SAMPLE.format(
            meant=meant,
            counts=", ".join(f"count(*) filter (where {one})" for one in tests),
            line=LINE,
            rest=LINE_WITHOUT_GIVEN,
            codes=LINE_OF_CODES,
            table=self._table,
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, {"pages": PAGES, "table": self._table, **words, **births})
            total, looked, pages_meant, share, found, scattered, coded, *by_word = cursor.fetchone()
        half = len(self.words)
        having = dict(zip(self.words, by_word[:half], strict=True))
        elsewhere = dict(zip(self.words, by_word[half:], strict=True))
        return Sample(
            float(total), looked, found, scattered, having, elsewhere, coded, pages_meant, float(share)
        )

    @property
    def _table(self) -> str:
        return str(self.rows.model._meta.db_table)

    @cached_property
    def uncommon(self) -> tuple[str, ...]:
        """Words whose entries the index may gather."""
        sample = self.sample
        return tuple(word for word in self.words if sample.rows(sample.having[word]) <= GATHERED)

    @cached_property
    def expected(self) -> float:
        """Rows that have all the uncommon words, about; no less than those who are meant."""
        sample, number = self.sample, self.sample.total
        for word in self.uncommon:
            number *= (sample.having[word] + 0.5) / max(sample.looked, 1)
        return max(number, sample.rows(sample.meant)) if self.uncommon else sample.total

    @cached_property
    def few(self) -> list[int] | None:
        """Keys of all rows of the model that have the words, whoever may see them; None when there are more than FEW."""
        if not self.uncommon or self.expected > 2 * FEW:
            return None
        found = self.rows.model._default_manager.filter(on_the_line(self.words))
        indexed = found.filter(HasWords(as_tsquery(self.uncommon))).order_by(NO_INDEX)
        keys = list(indexed.values_list("pk", flat=True)[: FEW + 1])
        return keys if len(keys) <= FEW else None

    @property
    def _are_few(self) -> bool:
        """Is that known already?"""
        return self.__dict__.get("few") is not None

    @property
    def has_words(self) -> Q:
        """The words as a condition, for statements that ask for more than the register's order."""
        if self.few is not None:
            return Q(pk__in=self.few)
        indexed = Q(HasWords(as_tsquery(self.uncommon))) if self.uncommon else Q()
        return indexed & on_the_line(self.words)

    @cached_property
    def is_of_names(self) -> bool:
        """Are the words parts of names, and of hardly any code? Names can be read from the index of the register's order."""
        return bool(self.words) and not self.sample.coded and all(given_spans(word) for word in self.words)

    def first(self, number: int) -> list[int]:
        """Keys of the first `number` rows that are meant, in the order of the register."""
        if self._are_few:
            return _keys(_in_order(self.rows.filter(pk__in=self.few or ()), number))
        if self.uncommon and self.expected <= 2 * FEW:
            return _keys(self._by_index(HasWords(as_tsquery(self.uncommon)), number))
        sample = self.sample
        rarest = min(self.words, key=lambda word: (sample.elsewhere[word], sample.having[word]), default="")
        by_rarest = sample.rows(sample.elsewhere[rarest] + 1) if rarest else DEEPEST
        entry = ENTRY if self.is_of_names else 1
        depth = (4 if self.is_of_names else 2) * sample.depth(number) * self.one_in + 500
        # The names at the beginning are not those of the whole register (a girl's given name, a boy's): again, deeper.
        for further in (1, 6):
            if further * depth * entry > by_rarest / 2:
                break
            if (found := self._from_the_top(number, int(further * depth))) is not None:
                return _keys(found)
        return _keys(self._by_rarest(rarest, number) if rarest else _in_order(self._meant, number))

    @property
    def _meant(self) -> QuerySet[Any]:
        return self.rows.filter(on_the_line(self.words))

    def counted(self, most: int) -> int:
        """How many are meant; counting stops at `most`."""
        if self._are_few:
            return self.rows.filter(pk__in=self.few or ()).count()
        meant = self._meant.order_by().values("pk")
        sample = self.sample
        if self.one_in == 1 and sample.is_surely_over(most):
            return most
        if not self.words:
            return meant[:most].count()
        rarest = min(self.words, key=lambda word: sample.having[word])
        enough = most / max(sample.meant, 0.5)
        bearers = sample.rows(sample.having[rarest])
        if self.is_of_names and enough * sample.having[rarest] > bearers > 3 * FEW:
            # All of these would be read; by their names most are told from the others without that.
            return len(self._by_rarest(rarest, most))
        in_order = enough * sample.looked
        by_index = enough * sample.having[rarest] + bearers / 6
        if in_order < by_index:
            return meant[:most].count()
        return meant.filter(HasWords(as_tsquery(self.uncommon or (rarest,))))[:most].count()

    def _from_the_top(self, number: int, depth: int) -> Places | None:
        """None when the first `depth` rows do not hold so many, though there are more rows."""
        register = self.rows.model._default_manager.order_by("sort_key").values_list("sort_key", flat=True)
        last = list(register[depth - 1 : depth])
        # By value: the planner must know how few rows these are.
        found = self._within(Q(sort_key__lte=last[0]) if last else Q(), number)
        return found if len(found) == number or not last else None

    def _by_rarest(self, word: str, number: int) -> Places:
        spans = given_spans(word)
        if not spans:
            return self._by_index(HasWords(as_tsquery([word])), number)
        found: list[tuple[str, int]] = []
        for low, high in self._taken(spans):
            found += self._read(Q(sort_key__gte=low, sort_key__lt=high), number - len(found))
            if len(found) == number:
                break
        # Whoever has the word elsewhere and comes later is not asked for.
        before = Q(sort_key__lte=found[-1][0]) if len(found) == number else EVERYWHERE
        elsewhere = as_tsquery([word], (OTHER, CODE))
        if self.is_of_names:
            elsewhere += f" | {as_tsquery_of_codes(self.words)}"
        return sorted({*found, *self._by_index(HasWords(elsewhere), number, before)})[:number]

    def _taken(self, spans: list[tuple[str, str]]) -> Places:
        """Those of the spans of the register in which somebody stands."""
        with connection.cursor() as cursor:
            lows, highs = [low for low, _high in spans], [high for _low, high in spans]
            cursor.execute(TAKEN.format(table=self._table), [lows, highs])
            return sorted(cursor.fetchall())

    def _within(self, span: Q, number: int) -> Places:
        """The first of a part of the register."""
        found = self._read(span, number)
        if not self.is_of_names:
            return found
        codes = HasWords(as_tsquery_of_codes(self.words))
        return sorted({*found, *self._by_index(codes, number, span)})[:number]

    def _read(self, span: Q, number: int) -> Places:
        """The first of a part of the register; where the words are parts of names, those who have them in the name."""
        if self.is_of_names:
            return self._named(span, number)
        return list(_in_order(self._meant.filter(span), number))

    def _named(self, span: Q, number: int) -> Places:
        """The first whose names have the words. Reading keys from their index costs a seventh of reading rows."""
        keys = self.rows.model._default_manager.filter(span, *(KeyLike(word) for word in self.words))
        keys = keys.order_by("sort_key").values_list("sort_key", flat=True)
        found: list[tuple[str, int]] = []
        at_once, after = (2 * number + 20) * self.one_in, Q()
        while len(found) < number:
            some = list(keys.filter(after)[:at_once])
            found += _in_order(self._meant.filter(sort_key__in=set(some)), number - len(found))
            if len(some) < at_once:
                break
            at_once, after = at_once * 4, Q(sort_key__gt=some[-1])
        return found

    def _by_index(self, condition: HasWords, number: int, span: Q = EVERYWHERE) -> Places:
        found = self._meant.filter(span).filter(condition).order_by(NO_INDEX, "id")
        return list(found.values_list("sort_key", "pk")[:number])


class KeyLike(Func):
    """Whether the name may have a word, by the sort key alone."""

    template = "((sort_key like %s or sort_key like %s) and sort_key ~ %s or strpos(sort_key, %s) > 0 or length(sort_key) >= %s)"
    output_field = BooleanField()

    def __init__(self, word: str) -> None:
        super().__init__()
        self.patterns = key_patterns(word)

    def as_sql(
        self, compiler: Any, connection: Any, *_args: Any, **_extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self.template, (*self.patterns, ODD, KEY_LENGTH)


def _in_order(rows: QuerySet[Any], number: int) -> QuerySet[Any, Any]:
    """Places in the register: (sort key, key)."""
    return rows.order_by("sort_key", "id").values_list("sort_key", "pk")[:number]


def _keys(found: Iterable[tuple[str, int]]) -> list[int]:
    return [key for _place, key in found]
