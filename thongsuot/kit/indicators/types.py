"""Words of the room: what an indicator is, and a figure of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from thongsuot.kit.indicators.conditions import Condition
    from thongsuot.kit.indicators.measures import Measure

PERCENT = "%"
Number = int | float | Decimal
# (unit id, numerator, denominator or None); the numbers of the unit itself, without what lies below it.
Row = tuple[int, Number, Number | None]
Formula = Callable[[date, Collection[int] | None], Iterable[Row]]


class Direction(TextChoices):
    HIGHER = "higher", _("Càng cao càng tốt")
    LOWER = "lower", _("Càng thấp càng tốt")
    NEITHER = "neither", _("Không xét cao hay thấp")


class Source(TextChoices):
    COMPUTED = "computed", _("Tính từ dữ liệu")
    REPORTED = "reported", _("Đơn vị báo cáo")


class Part(TextChoices):
    """Which rows behind a figure are opened."""

    NUMERATOR = "numerator", _("Đã tính ở tử số")
    DENOMINATOR = "denominator", _("Tất cả ở mẫu số")
    MISSING = "missing", _("Còn thiếu")


class Confidence(TextChoices):
    """How sure the source of law is: what is not VERIFIED is shown as still to be checked."""

    VERIFIED = "V", _("Đã đọc trong văn bản")
    SECONDARY = "V2", _("Đọc qua nguồn khác")
    MEMORY = "M", _("Cần kiểm tra lại")
    INFERRED = "I", _("Suy ra, cần kiểm tra lại")


@dataclass(frozen=True)
class DrillDown:
    """The rows behind a figure (or those still missing), and the table that shows them."""

    rows: Any
    table_class: Any
    title: Any = ""
    # The page of the record behind a row, and the text columns in which rows are searched.
    row_url: Callable[[Any], str | None] | None = None
    search_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """What a module declares: two measures (or one), or a formula of its own.

    unit       "%" makes a share (numerator / denominator * 100); any other word a sum, or a mean where there is a
               denominator
    numerator, denominator
               measures of fact tables; such a figure can be broken down and opened onto its rows by itself
    compared   two conditions: the figure is the share (or mean) under the first divided by that under the second
    breakdowns codes of dimensions that all its fact tables have
    formula    formula(as_of, unit_ids or None for all) -> rows (unit id, numerator, denominator), one
    statement for all units; runs as the system, so that a figure is the same whoever looks at it
    drill_down drill_down(actor, unit_id, as_of) -> DrillDown, within the scope of who looks; only with a formula
    is_area_only
               says something only of an area: no figure for a unit that has no others below it
    subject    the heading under which it is listed
    version    goes up when the meaning changes; figures of different versions are never put in one trend
    """

    code: str
    name: Any
    unit: str
    formula: Formula | None = None
    numerator: Measure | None = None
    denominator: Measure | None = None
    compared: tuple[Condition, Condition] | None = None
    breakdowns: tuple[str, ...] = ()
    description: Any = ""
    source_of_law: str = ""
    confidence: Confidence = Confidence.VERIFIED
    subject: Any = ""
    direction: Direction = Direction.HIGHER
    drill_down: Callable[[Any, int, date], DrillDown] | None = None
    kind: Source = Source.COMPUTED
    version: int = 1
    decimals: int = 2
    is_area_only: bool = False

    def __post_init__(self) -> None:
        if (self.formula is None) == (self.numerator is None):
            raise ValueError(f"{self.code!r} needs a formula or a numerator")
        if self.denominator is None and (self.compared or (self.numerator and self.unit == PERCENT)):
            raise ValueError(f"{self.code!r} needs a denominator")

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What has to be added up for it: numerator, denominator; compared: both under each of the conditions."""
        plain = tuple(one for one in (self.numerator, self.denominator) if one is not None)
        if self.compared is None:
            return plain
        return tuple(one.narrowed(condition) for condition in self.compared for one in plain)

    @property
    def facts(self) -> frozenset[str]:
        """Codes of the fact tables that it reads."""
        return frozenset(one.fact for one in self.measures)


@dataclass(frozen=True)
class Figure:
    """The figure of one unit and all below it. `value` is None where nothing could be counted."""

    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None


@dataclass(frozen=True)
class Goal:
    """What somebody wants an indicator to be ("≥ 100 %"), in which order, and where that stands. source: the order, in
    words."""

    words: str
    source: str
    url: str


@dataclass(frozen=True)
class UnitNode:
    """A unit as settings.UNIT_NODES gives it: which units add up to it, which stand directly below it."""

    id: int
    name: str
    covers: frozenset[int]
    children: tuple[int, ...] = field(default=())


@dataclass(frozen=True)
class BreakdownLine:
    """The figure of the rows that have one value of a dimension; value None: not known."""

    value: Any
    label: str
    figure: Figure


def figure_of(indicator: Indicator, numerator: Decimal, denominator: Decimal | None) -> Figure:
    """Half up to the indicator's decimals; a share or mean of nothing is None, never 0; what nobody has reported is not 0
    either."""
    if denominator is None:
        nothing = indicator.unit == PERCENT or indicator.kind == Source.REPORTED
        value: Decimal | None = None if nothing else numerator
    elif denominator == 0:
        value = None
    else:
        value = numerator * (100 if indicator.unit == PERCENT else 1) / denominator
    if value is not None:
        value = value.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)
    return Figure(numerator, denominator, value)


def figure_of_sums(indicator: Indicator, sums: Mapping[Measure, Decimal]) -> Figure:
    """The figure made of the numbers of its measures, already added up for a unit; a missing one is zero."""
    numbers = [sums.get(one, Decimal(0)) for one in indicator.measures]
    if indicator.compared is None:
        return figure_of(indicator, numbers[0], numbers[1] if len(numbers) > 1 else None)
    shares = [_share(*numbers[:2]), _share(*numbers[2:])]
    if None in shares:
        return Figure(shares[0] or Decimal(0), shares[1], None)
    return figure_of(indicator, shares[0] or Decimal(0), shares[1])


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    """In percent to the four decimals that are kept of a figure: a kept figure gives the same value again."""
    return (part * 100 / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None
