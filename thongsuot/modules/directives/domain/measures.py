"""Figures of a target: is it met, to which share, and what the units' figures make together. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..types import Operator

PERCENT = "%"
_HUNDREDTH = Decimal("0.01")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Figure:
    """What one unit reported: its value, and the two numbers behind a share where they were given."""

    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def share(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Percent to two decimals, half up."""
    return (numerator * _HUNDRED / denominator).quantize(_HUNDREDTH, ROUND_HALF_UP)


def is_met(operator: str, wanted: Decimal | None, value: Decimal | None) -> bool | None:
    """None where there is nothing to compare."""
    if wanted is None or value is None:
        return None
    return {
        Operator.AT_LEAST: value >= wanted,
        Operator.AT_MOST: value <= wanted,
        # "100%" of the plans means that much or more: nobody has failed by doing more.
        Operator.EQUAL: value >= wanted,
        Operator.MORE: value > wanted,
        Operator.LESS: value < wanted,
    }[Operator(operator)]


def achievement(operator: str, wanted: Decimal | None, value: Decimal | None) -> Decimal | None:
    """tỷ lệ đạt: percent of the target reached; the lower the better for "at most"."""
    if wanted is None or value is None:
        return None
    lower_is_better = operator in (Operator.AT_MOST, Operator.LESS)
    part, whole = (wanted, value) if lower_is_better else (value, wanted)
    if whole == 0:
        return _HUNDRED if is_met(operator, wanted, value) else Decimal(0)
    return share(part, whole)


def together(figures: Iterable[Figure], measure: str) -> Decimal | None:
    """One figure for all units; None without figures.

    Of shares the sum of the parts over the sum of the wholes (the plain mean where a unit gave no numbers),
    of amounts the sum.
    """
    known = list(figures)
    if not known:
        return None
    if measure != PERCENT:
        return sum((f.value for f in known), Decimal(0))
    if all(f.denominator for f in known):
        parts = sum((f.numerator or Decimal(0) for f in known), Decimal(0))
        return share(parts, sum((f.denominator or Decimal(0) for f in known), Decimal(0)))
    mean = sum((f.value for f in known), Decimal(0)) / len(known)
    return mean.quantize(_HUNDREDTH, ROUND_HALF_UP)
