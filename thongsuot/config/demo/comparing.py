"""The truth against what the rules found: for each rule what it must find, what it found, what it missed, and what it cried
about for nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from thongsuot.config.demo.context import PROVINCE_CODE
from thongsuot.config.demo.truth import Truth
from thongsuot.modules.quality.models import QualityCase
from thongsuot.modules.quality.types import BOOK, OPEN_STATES


@dataclass(frozen=True)
class Outcome:
    """Of one rule. seeded, knock_on, unusual: objects that it must find (because they were spoiled, because of another
    defect, because they are unusual and right); an object counts once, in this order. missed: of those, not found.
    false_alarms: found, and the truth knows of nothing."""

    rule: str
    seeded: int
    knock_on: int
    unusual: int
    found: int
    missed: tuple[int, ...]
    false_alarms: tuple[int, ...]

    @property
    def expected(self) -> int:
        return self.seeded + self.knock_on + self.unusual

    @property
    def recall(self) -> float | None:
        """Found of what must be found; None where there is nothing to find."""
        return 1 - len(self.missed) / self.expected if self.expected else None

    @property
    def is_right(self) -> bool:
        return not self.missed and not self.false_alarms

    def as_row(self) -> dict[str, Any]:
        return asdict(self) | {"recall": self.recall}


def compare(truth: Truth, alarms: Mapping[str, Collection[int]], rules: Iterable[str]) -> list[Outcome]:
    """alarms: {rule: ids of the objects that it found}. One outcome for each of `rules`, in their order."""
    seeded, knock_on, unusual = truth.seeded(), truth.knock_on(), truth.unusual()
    outcomes = []
    for rule in rules:
        own = seeded.get(rule, set())
        after = knock_on.get(rule, set()) - own
        odd = unusual.get(rule, set()) - own - after
        expected, found = own | after | odd, set(alarms.get(rule, ()))
        outcomes.append(
            Outcome(
                rule=rule,
                seeded=len(own),
                knock_on=len(after),
                unusual=len(odd),
                found=len(found),
                missed=tuple(sorted(expected - found)),
                false_alarms=tuple(sorted(found - expected)),
            )
        )
    return outcomes


def alarms_of_cases() -> dict[str, set[int]]:
    """{rule: objects} of every case of the demo's own units that stands open. Read in the scope of the transaction: run it
    as the system."""
    found: dict[str, set[int]] = {}
    rows = QualityCase.objects.filter(state__in=OPEN_STATES, unit__code__startswith=PROVINCE_CODE).order_by()
    for rule, object_id in rows.values_list("rule", "object_id").iterator(chunk_size=20_000):
        found.setdefault(rule, set()).add(object_id)
    return found


def compare_cases(truth: Truth) -> list[Outcome]:
    """Every rule of the book against the cases in the database, as they stand after a check."""
    return compare(truth, alarms_of_cases(), BOOK.rules)
