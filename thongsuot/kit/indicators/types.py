"""Words of the room: what an indicator is, and a figure of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

PERCENT = "%"
Number = int | float | Decimal
# (unit id, numerator, denominator or None); the numbers of the unit itself, without what lies below it.
Row = tuple[int, Number, Number | None]
Formula = Callable[[date, Collection[int] | None], Iterable[Row]]


class Direction(TextChoices):
    HIGHER = "higher", _("Càng cao càng tốt")
    LOWER = "lower", _("Càng thấp càng tốt")


class Source(TextChoices):
    COMPUTED = "computed", _("Tính từ dữ liệu")
    REPORTED = "reported", _("Đơn vị báo cáo")


@dataclass(frozen=True)
class DrillDown:
    """The rows behind a figure (or those still missing), and the table that shows them."""

    rows: Any
    table_class: Any
    title: Any = ""
    # The page of the record behind a row, and the text columns in which rows are searched.
    row_url: Callable[[Any], str] | None = None
    search_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """What a module declares.

    unit       "%" makes a share (numerator / denominator * 100); any other word a sum, or a mean where rows
               have a denominator
    formula    formula(as_of, unit_ids or None for all) -> rows (unit id, numerator, denominator), one
    statement for all units; runs as the system, so that a figure is the same whoever looks at it
    drill_down drill_down(actor, unit_id, as_of) -> DrillDown, within the scope of who looks
    version    goes up when the meaning changes; figures of different versions are never put in one trend
    """

    code: str
    name: Any
    unit: str
    formula: Formula
    description: Any = ""
    source_of_law: str = ""
    direction: Direction = Direction.HIGHER
    drill_down: Callable[[Any, int, date], DrillDown] | None = None
    kind: Source = Source.COMPUTED
    version: int = 1
    decimals: int = 2


@dataclass(frozen=True)
class Figure:
    """The figure of one unit and all below it. `value` is None where nothing could be counted."""

    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None


@dataclass(frozen=True)
class UnitNode:
    """A unit as settings.UNIT_NODES gives it: which units add up to it, which stand directly below it."""

    id: int
    name: str
    covers: frozenset[int]
    children: tuple[int, ...] = field(default=())


def figure_of(indicator: Indicator, numerator: Decimal, denominator: Decimal | None) -> Figure:
    """Half up to the indicator's decimals; a share or mean of nothing is None, never 0."""
    if denominator is None:
        value: Decimal | None = None if indicator.unit == PERCENT else numerator
    elif denominator == 0:
        value = None
    else:
        value = numerator * (100 if indicator.unit == PERCENT else 1) / denominator
    if value is not None:
        value = value.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)
    return Figure(numerator, denominator, value)
