"""Which subjects a class has: from the programme and from what is really taught in it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from thongsuot.kit.text.vietnamese import fold

from .plan import PlannedSubject, Programme, Stage
from .rules import PrimaryRules, SecondaryRules

CONTINUING, LAST_LOWER = "continuing", 9


@dataclass(frozen=True)
class Opened:
    """A subject of a class. periods: a year; regular_count: regular assessments that a term asks for."""

    code: str
    name: str
    form: str
    periods: int
    regular_count: int
    is_optional: bool
    taught_as: tuple[str, ...]
    position: int


def subjects_of(
    programme: Programme,
    rules: SecondaryRules | PrimaryRules,
    level: str,
    grade: int,
    taught: Collection[str],
) -> list[Opened]:
    """What a class of the grade has. taught: subjects as the teaching assignments of the class name them.

    Everybody's subjects; of those to be chosen and the optional ones what is taught. The programme of continuing
    education is not among the data: such a class has what is taught in it.
    """
    stage = _stage(programme, level, grade)
    if stage is None:
        return []
    said = {fold(name): name for name in taught}
    found = []
    for place, one in enumerate(stage.subjects):
        names = _names(one, said)
        is_taught = any(fold(name) in said for name in one.names)
        is_everybodys = bool(one.periods.get(grade)) and level != CONTINUING
        if is_everybodys or (is_taught and one.periods_in(grade)):
            found.append(_opened(one, rules, grade, place, names))
    return found


def _stage(programme: Programme, level: str, grade: int) -> Stage | None:
    if level != CONTINUING:
        return programme.stage(level)
    return programme.stage("lower_secondary" if grade <= LAST_LOWER else "upper_secondary")


def _names(one: PlannedSubject, said: dict[str, str]) -> tuple[str, ...]:
    """All names of the subject, with those that the assignments write in another way."""
    spelled = (said[fold(name)] for name in one.names if fold(name) in said)
    return tuple(dict.fromkeys([*one.names, *spelled]))


def _opened(
    one: PlannedSubject, rules: SecondaryRules | PrimaryRules, grade: int, place: int, names: tuple[str, ...]
) -> Opened:
    periods = one.periods_in(grade) or 1
    regular = 0 if isinstance(rules, PrimaryRules) else rules.regular_number(one.form, periods)
    is_optional = not one.periods.get(grade) and not one.choice.get(grade)
    return Opened(one.code, one.name, one.form, periods, regular, is_optional, names, place)
