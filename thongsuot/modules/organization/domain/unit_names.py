"""From the words of a directive to the units they mean. Pure.

Nearest first: the same words ("Phòng Văn hóa - Xã hội", "các trường") mean the writer's own office and
schools. What is not certain is never decided here: it comes back as `fuzzy` or `none`, and a person is
asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from ..types import MatchKind, UnitKind, UnitMatch
from .unit_groups import VAGUE, Context, Group, NamedUnit, read_group
from .unit_words import canonical, named_in, parted

# Below this share of common letters two names are two units.
FUZZY_FROM = 86.0
MOST_CANDIDATES = 5


class UnitNames:
    """All units by their names; built once for a document, asked for each cell of it."""

    def __init__(self, units: Iterable[NamedUnit], context: Context) -> None:
        self.units = tuple(units)
        self.context = context
        self.by_name: dict[str, list[NamedUnit]] = defaultdict(list)
        for unit in self.units:
            for name in dict.fromkeys(unit.names):
                self.by_name[name].append(unit)

    def match(self, text: str) -> UnitMatch:
        """The units that `text` names: exact, alias, group, fuzzy (a guess) or none."""
        found = self._match_one(text, named_in(text))
        if found.kind in (MatchKind.EXACT, MatchKind.ALIAS, MatchKind.GROUP):
            return found
        parts = parted(text)
        if len(parts) > 1:
            together = [self._match_one(part, named_in(part)) for part in parts]
            if all(part.is_certain for part in together):
                return _united(text, together)
        return found

    def _match_one(self, text: str, words: str) -> UnitMatch:
        if not words or VAGUE.search(words):
            return UnitMatch(name=text, kind=MatchKind.NONE)
        group = read_group(words, self.context, self.units)
        if group is not None:
            return self._of_group(text, group)
        named = self.by_name.get(words) or self.by_name.get(
            words.removeprefix("cac ").removeprefix("lanh dao ")
        )
        if named:
            return self._of_named(text, words, named)
        return self._guess(text, words)

    def _of_group(self, text: str, group: Group) -> UnitMatch:
        kind = MatchKind.GROUP if group.label else MatchKind.EXACT
        return UnitMatch(
            name=text, kind=kind, unit_ids=group.unit_ids, group_label=group.label, score=group.score
        )

    def _of_named(self, text: str, words: str, named: Sequence[NamedUnit]) -> UnitMatch:
        nearest = self._as_written(text, self._nearest(named))
        if len(nearest) > 1:
            return UnitMatch(
                name=text,
                kind=MatchKind.FUZZY,
                unit_ids=tuple(u.id for u in nearest[:MOST_CANDIDATES]),
                score=0.5,
            )
        kind = MatchKind.EXACT if nearest[0].names[0] == words else MatchKind.ALIAS
        return UnitMatch(name=text, kind=kind, unit_ids=(nearest[0].id,), score=1.0)

    def _nearest(self, named: Sequence[NamedUnit]) -> Sequence[NamedUnit]:
        own = [u for u in named if self.context.body_id in (u.id, u.parent_id)]
        if own:
            return own
        # Of a school and an office abroad that share a name, documents mean the one inside the sector.
        inside = [u for u in named if u.kind != UnitKind.EXTERNAL]
        return inside or named

    @staticmethod
    def _as_written(text: str, named: Sequence[NamedUnit]) -> Sequence[NamedUnit]:
        """Without marks "Ba Tơ" and "Ba Tô" are one; the marks of the document tell which is meant."""
        if len(named) < 2:
            return named
        written = _written(text)
        shared = [len(written & _written(unit.name)) for unit in named]
        return [unit for unit, words in zip(named, shared, strict=True) if words == max(shared)]

    def _guess(self, text: str, words: str) -> UnitMatch:
        best = process.extract(
            words, list(self.by_name), scorer=fuzz.token_sort_ratio, score_cutoff=FUZZY_FROM, limit=3
        )
        if not best:
            return UnitMatch(name=text, kind=MatchKind.NONE)
        guessed: dict[int, float] = {}
        for name, score, _ in best:
            for unit in self._nearest(self.by_name[name]):
                guessed.setdefault(unit.id, score / 100)
        ids = tuple(guessed)[:MOST_CANDIDATES]
        return UnitMatch(
            name=text, kind=MatchKind.FUZZY, unit_ids=ids, score=round(min(max(guessed.values()), 0.99), 2)
        )


def _united(text: str, parts: list[UnitMatch]) -> UnitMatch:
    ids = tuple(dict.fromkeys(unit_id for part in parts for unit_id in part.unit_ids))
    label = "; ".join(part.group_label or part.name for part in parts)
    return UnitMatch(
        name=text,
        kind=MatchKind.GROUP,
        unit_ids=ids,
        group_label=label,
        score=min(part.score for part in parts),
    )


def _written(text: str) -> set[str]:
    return set(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))


def canonical_names(name: str, short_name: str, aliases: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical(text) for text in (name, short_name, *aliases) if text))
