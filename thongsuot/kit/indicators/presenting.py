"""Figures as pages show them: each number with the way to its rows, or why there is none. No database here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.addresses import rows_url
from thongsuot.kit.indicators.measures import fact_of
from thongsuot.kit.indicators.opening import opens, parts_of
from thongsuot.kit.indicators.types import (
    BreakdownLine,
    Confidence,
    Direction,
    Figure,
    Indicator,
    Part,
    UnitNode,
)
from thongsuot.kit.indicators.wording import condition_words, measure_words

MOST_BARS = 30


@dataclass(frozen=True)
class Number:
    """number: None where only the way to the rows is known. url: "" where they cannot be opened.
    is_closed: there are rows, but what they tell is sensitive in law and not for this person."""

    label: str
    number: Decimal | None
    url: str
    is_closed: bool


@dataclass(frozen=True)
class Line:
    """A figure of a unit below or of one value of a dimension, with its numbers in the order of the columns."""

    name: str
    url: str
    figure: Figure
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Shown:
    """Who looks at which indicator of which day: what every number on the page needs for its address."""

    actor: Actor
    indicator: Indicator
    as_of: date

    @property
    def parts(self) -> list[Part]:
        """The columns of numbers: numerator and denominator where there are any, and what else can be opened."""
        one, opened = self.indicator, parts_of(self.indicator)
        if one.compared is not None or (one.formula is not None and not _has_denominator(one)):
            return opened
        held = [Part.NUMERATOR, *([Part.DENOMINATOR] if _has_denominator(one) else [])]
        return [*held, *(part for part in opened if part not in held)]

    @property
    def shows_value(self) -> bool:
        """Whether the value is something else than the number that was counted."""
        one = self.indicator
        return one.compared is not None or _has_denominator(one) or one.formula is not None

    @property
    def headings(self) -> list[str]:
        return [self.label(part) for part in self.parts]

    def label(self, part: Part) -> str:
        if part == Part.MISSING and self.indicator.formula is not None:
            return _("Danh sách")
        if part == Part.NUMERATOR and not _has_denominator(self.indicator):
            return _("Giá trị")
        return str(
            {Part.NUMERATOR: _("Tử số"), Part.DENOMINATOR: _("Mẫu số"), Part.MISSING: _("Còn thiếu")}[part]
        )

    def numbers(
        self, node: UnitNode, figure: Figure, only: tuple[str, Any] | None = None
    ) -> tuple[Number, ...]:
        return tuple(self._number(part, node, figure, only) for part in self.parts)

    def _number(self, part: Part, node: UnitNode, figure: Figure, only: tuple[str, Any] | None) -> Number:
        one = self.indicator
        number = None if one.compared is not None else _number_of(one, part, figure)
        may = opens(self.actor, one, node.id, part, only)
        # Where nothing was counted there is nothing to open.
        is_empty = number == 0 or (number is None and not figure.value and figure.denominator is None)
        url = rows_url(one, node.id, self.as_of, part, only) if may and not is_empty else ""
        return Number(self.label(part), number, url, not may and part in parts_of(one))

    def unit_lines(self, rows: Iterable[tuple[UnitNode, Figure]]) -> list[Line]:
        return [
            Line(node.name, self.unit_url(node.id), figure, self.numbers(node, figure))
            for node, figure in rows
        ]

    def unit_url(self, unit_id: int) -> str:
        address = reverse("indicators:unit", args=[self.indicator.code, unit_id])
        return f"{address}?ngay={self.as_of:%Y-%m-%d}"

    def breakdown_lines(self, node: UnitNode, code: str, rows: Iterable[BreakdownLine]) -> list[Line]:
        return [
            Line(row.label, "", row.figure, self.numbers(node, row.figure, (code, row.value))) for row in rows
        ]


def _has_denominator(indicator: Indicator) -> bool:
    return indicator.denominator is not None or (indicator.formula is not None and indicator.unit == "%")


def _number_of(indicator: Indicator, part: Part, figure: Figure) -> Decimal | None:
    if part == Part.NUMERATOR:
        return figure.numerator
    if part == Part.DENOMINATOR:
        return figure.denominator
    if indicator.formula is not None:
        return None
    return (figure.denominator or Decimal(0)) - figure.numerator


def chart(indicator: Indicator, title: str, lines: Sequence[Line]) -> dict[str, Any] | None:
    """Bars of the first lines that have a value."""
    known = [line for line in lines if line.figure.value is not None][:MOST_BARS]
    if len(known) < 2:
        return None
    return {
        "title": title,
        "kind": "hbar",
        "unit": indicator.unit,
        "tall": len(known) > 10,
        "categories": [line.name for line in known],
        "series": [
            {"name": str(indicator.name), "data": [as_float(line.figure) for line in known], "tone": "info"}
        ],
    }


def trend_chart(indicator: Indicator, points: Sequence[tuple[date, Figure]]) -> dict[str, Any] | None:
    if len(points) < 2:
        return None
    return {
        "title": _("Diễn biến"),
        "kind": "line",
        "unit": indicator.unit,
        "category_name": _("Ngày"),
        "categories": [f"{day:%d/%m/%Y}" for day, _figure in points],
        "series": [{"name": str(indicator.name), "data": [as_float(figure) for _day, figure in points]}],
    }


def as_float(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def worst_first(
    rows: Iterable[tuple[UnitNode, Figure]], direction: Direction
) -> list[tuple[UnitNode, Figure]]:
    """Those that do worst first, the largest first where neither end is worse; those without a figure last."""
    sign = 1 if direction == Direction.HIGHER else -1
    return sorted(rows, key=lambda row: (row[1].value is None, sign * (row[1].value or 0)))


def definition(indicator: Indicator) -> list[tuple[str, Any]]:
    """[(what, in words)]: what is counted, by which version, on what legal ground and how sure that is."""
    one = indicator
    pairs: list[tuple[str, Any]] = [(_("Định nghĩa"), one.description)] if one.description else []
    if one.numerator is not None:
        pairs.append((_("Tử số") if one.denominator else _("Đếm"), measure_words(one.numerator)))
    if one.denominator is not None:
        pairs.append((_("Mẫu số"), measure_words(one.denominator)))
    if one.compared is not None and one.numerator is not None:
        first, second = (condition_words(part, fact_of(one.numerator)) for part in one.compared)
        pairs.append((_("So sánh"), _("%(first)s chia cho %(second)s") % {"first": first, "second": second}))
    if one.is_area_only:
        pairs.append(
            (_("Phạm vi"), _("Chỉ tính cho xã, phường, đặc khu và toàn tỉnh, không tính cho từng trường"))
        )
    return [
        *pairs,
        (_("Chiều tốt"), one.direction.label),
        (_("Nguồn số liệu"), one.kind.label),
        (_("Căn cứ"), one.source_of_law),
        *([(_("Độ tin cậy của căn cứ"), one.confidence.label)] if one.source_of_law else []),
        (_("Phiên bản định nghĩa"), one.version),
    ]


def is_unsure(indicator: Indicator) -> bool:
    """Whether the legal ground has still to be checked."""
    return bool(indicator.source_of_law) and indicator.confidence != Confidence.VERIFIED
