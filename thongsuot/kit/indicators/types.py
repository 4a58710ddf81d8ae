"""What a module says of a figure that it can compute. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any

from thongsuot.kit.accounts.types import Actor, Refused


class UnknownIndicator(Refused):
    code = "unknown_indicator"


class Direction(Enum):
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class UnitFigure:
    """Numerator and denominator of one unit's own rows; what lies below it is added by `value`."""

    unit_id: int
    numerator: Decimal
    denominator: Decimal | None


@dataclass(frozen=True)
class Indicator:
    """A figure with its definition.

    formula      (as_of, unit ids or None for all) -> one UnitFigure for each unit that has rows: one set-based query
    rows         (actor, unit ids, as_of) -> the rows behind the figure as a QuerySet, within the actor's rights; None
                 where there is nothing to open
    measure      "%" (numerator / denominator x 100) or a unit of counting ("nhiệm vụ": the numerator alone)
    rows_url     (unit id) -> the page that lists the rows, "" where there is none
    """

    code: str
    name: str
    measure: str
    formula: Callable[[date, frozenset[int] | None], list[UnitFigure]]
    description: str = ""
    legal_source: str = ""
    direction: Direction = Direction.HIGHER
    rows: Callable[[Actor, frozenset[int], date], Any] | None = None
    rows_url: Callable[[int], str] | None = None
    version: int = 1

    def value(self, numerator: Decimal, denominator: Decimal | None) -> Decimal | None:
        """Percent half up to two decimals; None where the denominator is nothing."""
        if self.measure != "%":
            return numerator
        if not denominator:
            return None
        return (numerator * 100 / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
