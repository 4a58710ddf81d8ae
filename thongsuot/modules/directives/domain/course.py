"""Whether a target is on course for its day: a straight line from where it began to what was given. Pure.

No regulation says how far a target must have come by when; the straight line is a rule of this program, and pages say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ..types import Operator
from .target_values import meets

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Course:
    """begins, start: the day and the value from which the line goes; ends, aim: those that were given.

    expected: what the line says of today. is_on: at least as good as the line, or met already.
    """

    begins: date
    start: Decimal
    ends: date
    aim: Decimal
    expected: Decimal
    value: Decimal
    is_on: bool

    @property
    def gap(self) -> Decimal:
        """How far the value is from the line, whichever side is the better one."""
        return abs(self.value - self.expected)

    def expected_on(self, day: date) -> Decimal:
        """Two decimals, half up. Before the line begins its first value, after it ends what was given."""
        passed = min(max((day - self.begins).days, 0), (self.ends - self.begins).days)
        step = (self.aim - self.start) * passed / (self.ends - self.begins).days
        return (self.start + step).quantize(CENT, ROUND_HALF_UP)


def course(
    *,
    operator: str,
    aim: Decimal | None,
    ends: date | None,
    begins: date | None,
    trend: Sequence[tuple[date, Decimal]],
    today: date,
) -> Course | None:
    """None where there is no line: no number or no day was given, or nothing is known of an earlier day.

    begins: when the target was given; the line starts at the last value known by then, else at the first one after it.
    Where the target was met from the start what was given is expected all along: the line does not lead downwards.
    """
    if aim is None or ends is None or not trend:
        return None
    day, start = trend[0]
    for known_on, value in trend:
        if begins is not None and known_on <= begins:
            day, start = begins, value
    value = trend[-1][1]
    if day >= min(today, ends):
        return None
    if meets(operator, start, aim):
        start = aim
    line = Course(day, start, ends, aim, aim, value, is_on=False)
    expected = line.expected_on(today)
    is_on = meets(operator, value, aim) is True or _as_good(operator, value, expected, rises=start <= aim)
    return Course(day, start, ends, aim, expected, value, is_on)


def _as_good(operator: str, value: Decimal, expected: Decimal, *, rises: bool) -> bool:
    better_is_more = {
        Operator.AT_LEAST: True, Operator.MORE: True, Operator.AT_MOST: False, Operator.LESS: False,
    }.get(Operator(operator), rises)  # fmt: skip
    return value >= expected if better_is_more else value <= expected
