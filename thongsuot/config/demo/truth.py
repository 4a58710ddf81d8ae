"""What is wrong in the generated registry, what follows from it, and what is unusual and right. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from thongsuot.config.demo.findings import found_by


@dataclass(frozen=True, order=True)
class Flaw:
    """kind: student, contact, enrolment, characteristic, class, staff, school, room, equipment, line (school: id of the
    unit). A defect of a contact or a characteristic is a flaw of the pupil as well."""

    kind: str
    id: int
    code: str


@dataclass(frozen=True, order=True)
class Alarm:
    """A rule that must find an object (id of a row of the rule's data set) because of a defect of another kind, perhaps
    of another object: a pupil without a sex makes the sum of the class wrong."""

    rule: str
    id: int
    because: str


@dataclass(frozen=True)
class Pair:
    """Two dossiers of one person. variant: in what they differ."""

    first: int
    second: int
    variant: str


@dataclass
class Truth:
    """flaws: what is wrong. pairs: double dossiers. natural: what is unusual and right, with the rule that asks about it
    (pupils who repeated a year are older than their class). follows: alarms that a flaw brings with it."""

    flaws: list[Flaw] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    natural: list[Flaw] = field(default_factory=list)
    follows: list[Alarm] = field(default_factory=list)

    def add(self, kind: str, pk: int, code: str) -> None:
        self.flaws.append(Flaw(kind, pk, code))

    def follow(self, rule: str, pk: int, because: str) -> None:
        self.follows.append(Alarm(rule, pk, because))

    def ids(self, code: str) -> set[int]:
        """Of the objects with this defect."""
        return {flaw.id for flaw in self.flaws if flaw.code == code}

    def spoiled(self, kind: str) -> set[int]:
        """Of the objects with any defect, or with something unusual."""
        return {flaw.id for flaw in (*self.flaws, *self.natural) if flaw.kind == kind}

    def codes(self) -> set[str]:
        return {flaw.code for flaw in self.flaws}

    def seeded(self) -> dict[str, set[int]]:
        """{rule: objects that it must find, because that very thing was spoiled}."""
        return _by_rule(self.flaws)

    def unusual(self) -> dict[str, set[int]]:
        """{rule: objects about which it asks, and which are right}."""
        return _by_rule(self.natural)

    def knock_on(self) -> dict[str, set[int]]:
        """{rule: objects that it must find because of another defect}."""
        found: dict[str, set[int]] = {}
        for alarm in self.follows:
            found.setdefault(alarm.rule, set()).add(alarm.id)
        return found

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Truth:
        """Raises ValueError or KeyError, TypeError for a file that is not such a truth."""
        given: dict[str, Any] = json.loads(text)
        return cls(
            flaws=[Flaw(**one) for one in given["flaws"]],
            pairs=[Pair(**one) for one in given["pairs"]],
            natural=[Flaw(**one) for one in given["natural"]],
            follows=[Alarm(**one) for one in given["follows"]],
        )


def _by_rule(flaws: list[Flaw]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for flaw in flaws:
        for rule in found_by(flaw.code):
            # A rule speaks of objects of its own data set.
            if rule.split(".", 1)[0] == flaw.kind:
                found.setdefault(rule, set()).add(flaw.id)
    return found
