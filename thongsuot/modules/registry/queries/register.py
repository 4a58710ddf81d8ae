"""The register of a whole province: the first, in its order, of those who have some words, and how many there are.

Of 450,000 pupils 150,000 are called Nguyễn, 6,000 have the given name Vy, one has a code; no single way to them is quick
for all. So each question looks at a thousand rows from all over the register (`sample`) and takes one of three roads:
- few have all the words that are not common: the index of words, and the common words are read from the rows it finds;
- many do: the register from its top, for as many rows as should fill the page;
- else by the rarest word. Those whose given name it is stand together in the register and are read in its order; those
  who bear it elsewhere are few, and the index of words knows them apart (models/searching.py: MarkedWords).

Who is meant is decided by the line of a row (SearchLine) on every road. A sample that misleads costs time, nothing else,
but that once in a million questions it tells that more are meant than a list counts (Sample.is_surely_over).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from thongsuot.kit.text.spans import ODD, given_spans, key_patterns
from thongsuot.kit.text.vietnamese import KEY_LENGTH

from ..domain.search_words import CODE, OTHER, as_tsquery, as_tsquery_of_codes
from ..models.searching import HasWords, SearchLine
from .sampling import Sample, Span, look

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

EVERYWHERE, NOWHERE = Q(), Q(pk__in=())
# The order of the register, but of no index: the planner cannot know how rare a beginning of a word is, and would look
# for it along the register, row by row. So it takes the index of words, and sorts.
NO_INDEX = Concat("sort_key", Value(""))
Places = list[tuple[str, int]]

# Keys of a part of the register, in order, of those whose names may have the words; and how many bear each.
KEYS = """
select sort_key, count(*) from (
    select sort_key from (select sort_key from {table} where {part} order by sort_key limit %s) s
    where {named} order by sort_key limit %s
) k group by sort_key order by sort_key
"""


class Part(NamedTuple):
    """Of the register, between two sort keys. others: who have the words there though no key tells it, as a tsquery."""

    low: str
    high: str
    others: str


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
        return self._seen[0]

    @cached_property
    def _seen(self) -> tuple[Sample, dict[str, list[Span]]]:
        return look(self._table, self.words, self.births, pages=PAGES)

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
        places, most = self.__dict__.get("counted_places", ([], 0))
        if number <= most or len(places) < most:
            return _keys(places[:number])
        if self._are_few:
            return _keys(_in_order(self.rows.filter(pk__in=self.few or ()), number))
        if self.uncommon and self.expected <= 2 * FEW:
            return _keys(self._by_index(HasWords(as_tsquery(self.uncommon)), number))
        sample, rarest = self.sample, self._rarest
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

    @cached_property
    def _rarest(self) -> str:
        sample = self.sample
        return min(self.words, key=lambda word: (sample.elsewhere[word], sample.having[word]), default="")

    @property
    def _meant(self) -> QuerySet[Any]:
        # First the words that tell most; those to whom an index has led tell nothing.
        led_by = {*self.uncommon, self._rarest}
        having = self.sample.having
        return self.rows.filter(
            on_the_line(sorted(self.words, key=lambda word: (word in led_by, having[word])))
        )

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
            places = self._by_rarest(self._rarest, most, is_count=True)
            # A page of them need not be found again.
            self.__dict__["counted_places"] = (places, most)
            return len(places)
        in_order = enough * sample.looked
        by_index = enough * sample.having[rarest] + bearers / 6
        if in_order < by_index:
            return meant[:most].count()
        return meant.filter(HasWords(as_tsquery(self.uncommon or (rarest,))))[:most].count()

    def _from_the_top(self, number: int, depth: int) -> Places | None:
        """None when the first `depth` rows do not hold so many; it may be that there are not so many."""
        if self.is_of_names:
            codes = as_tsquery_of_codes(self.words)
            return self._named([Part("", "", codes)], codes, number, depth)
        register = self.rows.model._default_manager.order_by("sort_key").values_list("sort_key", flat=True)
        last = list(register[depth - 1 : depth])
        # By value: the planner must know how few rows these are.
        found = list(_in_order(self._meant.filter(Q(sort_key__lte=last[0]) if last else Q()), number))
        return found if len(found) == number or not last else None

    def _by_rarest(self, word: str, number: int, *, is_count: bool = False) -> Places:
        spans = self._seen[1][word]
        if not given_spans(word):
            return self._by_index(HasWords(as_tsquery([word])), number)
        elsewhere = as_tsquery([word], (OTHER, CODE))
        if self.is_of_names:
            sample, codes = self.sample, as_tsquery_of_codes(self.words)
            others = f"{elsewhere} | {codes}"
            parts = [Part(low, high, others) for low, high in spans]
            if parts and not is_count:
                before = sample.rows_before(parts[0].low)
                if before * ENTRY < sample.rows(sample.elsewhere[word]):
                    # So near to the top the keys tell as well who has the word elsewhere.
                    parts[0] = Part("", parts[0].high, codes)
            return self._named(parts, others, number) or []
        found: Places = []
        for low, high in spans:
            part = self._meant.filter(sort_key__gte=low, sort_key__lt=high)
            found += _in_order(part, number - len(found))
            if len(found) == number:
                break
        # Whoever has the word elsewhere and comes later is not asked for.
        before_it = Q(sort_key__lte=found[-1][0]) if len(found) == number else EVERYWHERE
        return sorted({*found, *self._by_index(HasWords(elsewhere), number, before_it)})[:number]

    def _named(self, parts: list[Part], others: str, number: int, depth: int | None = None) -> Places | None:
        """The first of those who stand in the parts of the register, or whom the index of words knows: between the parts
        and beyond them by `others`. Where the words are parts of names. depth: so many entries of a part are looked at;
        None when they do not hold so many.

        Reading keys from their index costs a seventh of reading rows, and tells most who have not the words.
        """
        found: Places = []
        since = EVERYWHERE
        for part in parts:
            for keys, until, beyond in self._pieces(
                part, number, depth, part == parts[-1] and part.others == others
            ):
                there = Q(sort_key__in=keys) | since & until & Q(HasWords(part.others))
                found += self._places(there, number - len(found))
                if len(found) >= number:
                    return found
                since = beyond
        if depth is not None:
            return None
        return found + self._places(since & Q(HasWords(others)), number - len(found))

    def _pieces(
        self, part: Part, number: int, depth: int | None, is_last: bool
    ) -> Iterator[tuple[list[str], Q, Q]]:
        """(keys, until, beyond), piece by piece: the keys that may have the words; which rows of the register stand no
        farther than the piece, and which beyond it. The last piece of all, if keys are few, ends with the register.
        """
        sample = self.sample
        # Of those who have the words not all may be meant.
        one_in = self.one_in * max(1, sample.named / max(sample.meant, 1))
        start, at_once = ("sort_key >= %s", part.low), int(2 * number * one_in) + 20
        while True:
            bearers = self._keys_of_names(
                [start, *([("sort_key < %s", part.high)] if part.high else [])], depth, at_once
            )
            keys, many = list(bearers), sum(bearers.values())
            is_whole = many < at_once
            if is_whole and depth is None and is_last and many < number:
                yield keys, EVERYWHERE, NOWHERE
            elif keys and is_whole and depth is None:
                yield keys, Q(sort_key__lt=part.high), Q(sort_key__gte=part.high)
            elif keys:
                yield keys, Q(sort_key__lte=keys[-1]), Q(sort_key__gt=keys[-1])
            if is_whole:
                return
            start, at_once = ("sort_key > %s", keys[-1]), at_once * 4

    def _keys_of_names(self, part: list[tuple[str, str]], depth: int | None, number: int) -> dict[str, int]:
        # The rarest first: it tells most.
        named, patterns = names_like(sorted(self.words, key=lambda word: self.sample.having[word]))
        sql = KEYS.format(table=self._table, part=" and ".join(one for one, _key in part), named=named)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*(key for _one, key in part), depth, *patterns, number])
            return dict(cursor.fetchall())

    def _places(self, there: Q, number: int) -> Places:
        found = self._meant.filter(there).order_by(NO_INDEX, "id")
        return list(found.values_list("sort_key", "pk")[:number])

    def _by_index(self, condition: HasWords, number: int, span: Q = EVERYWHERE) -> Places:
        return self._places(span & Q(condition), number)


def names_like(words: Iterable[str]) -> tuple[str, list[str | int]]:
    """Whether a name may have all the words, by its sort key alone: SQL and its parameters."""
    patterns = [key_patterns(word) for word in words]
    # A regular expression is dear: it is asked about those whom all the patterns let through.
    quick = ["(sort_key like %s or sort_key like %s)"] * len(patterns)
    sql = " and ".join([*quick, *["sort_key ~ %s"] * len(patterns)])
    given = [like for *likes, _exact in patterns for like in likes] + [exact for *_likes, exact in patterns]
    # Keys have a byte for each digit, which is quicker to count.
    return f"({sql} or strpos(sort_key, %s) > 0 or octet_length(sort_key) >= %s)", [*given, ODD, KEY_LENGTH]


def _in_order(rows: QuerySet[Any], number: int) -> QuerySet[Any, Any]:
    """Places in the register: (sort key, key)."""
    return rows.order_by("sort_key", "id").values_list("sort_key", "pk")[:number]


def _keys(found: Iterable[tuple[str, int]]) -> list[int]:
    return [key for _place, key in found]
