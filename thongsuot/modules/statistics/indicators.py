"""Figures of the module: enrolment against the population, and those that units report (data/statistics/reported.json)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import localize
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.measures import measure
from thongsuot.kit.indicators.types import PERCENT, Confidence, DrillDown, Indicator, Row, Source
from thongsuot.kit.pages.tables import Column, DateColumn, Table

from .queries.reported import approved, reports_behind

NUMBER = {"td": {"class": "ts-num"}, "th": {"class": "ts-num"}}
LAW = "TT 03/2024/TT-BGDĐT"
# The ages at which a child should go to school (Luật Giáo dục 43/2019/QH14 Điều 28): the first year of primary is that
# in which the child becomes six.
AGES = {
    "preschool": (3, 5, _("mẫu giáo")),
    "primary": (6, 10, _("tiểu học")),
    "lower_secondary": (11, 14, _("THCS")),
    "upper_secondary": (15, 17, _("THPT")),
}
ENROLMENT = _("Huy động đến trường")


def _rate(code: str, name: Any, where: dict[str, Any], ages: dict[str, int], said: Any) -> Indicator:
    people = measure("statistics.population", {"age": ages}, "sum:people")
    return Indicator(
        f"statistics.{code}",
        name,
        PERCENT,
        numerator=measure("registry.students", where),
        denominator=people,
        breakdowns=("sex",),
        description=said,
        source_of_law=LAW,
        confidence=Confidence.MEMORY,
        subject=ENROLMENT,
        decimals=1,
        is_area_only=True,
    )


def enrolment() -> Iterator[Indicator]:
    gross = _("Học sinh của cấp học ở mọi tuổi / dân số ở độ tuổi của cấp học. Có thể trên 100%.")
    net = _("Học sinh của cấp học ở đúng độ tuổi / dân số ở độ tuổi của cấp học.")
    for level, (low, high, word) in AGES.items():
        ages = {"from": low, "to": high}
        # Nursery groups are preschool too, and are measured by themselves.
        whole: dict[str, Any] = {"grade": [16, 17, 18]} if level == "preschool" else {"level": level}
        yield _rate(f"gross_{level}", _named(_("Tỷ lệ đi học chung"), word), whole, ages, gross)
        yield _rate(
            f"net_{level}",
            _named(_("Tỷ lệ đi học đúng tuổi"), word),
            {**whole, "age": ages},
            ages,
            net,
        )
    under_three = {"from": 0, "to": 2}
    yield _rate(
        "participation_nursery", _("Tỷ lệ trẻ dưới 3 tuổi đến nhà trẻ"), {"level": "preschool", "age": under_three},
        under_three, _("Trẻ 0-2 tuổi đang học / dân số 0-2 tuổi."),
    )  # fmt: skip
    five = {"from": 5, "to": 5}
    yield _rate(
        "participation_five", _("Tỷ lệ trẻ 5 tuổi đến trường"), {"level": "preschool", "age": five}, five,
        _("Trẻ 5 tuổi đang học mầm non / dân số 5 tuổi."),
    )  # fmt: skip


def _named(name: Any, level: Any) -> Any:
    return format_lazy("{}: {}", name, level)


def _formula(code: str, as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    return approved(code, as_of, unit_ids)


def plain(value: Decimal) -> str:
    """ "24", "12,5": no idle zeros, a decimal comma."""
    return localize(value.normalize() if value % 1 else int(value))


class ReportTable(Table):
    unit = Column(verbose_name=_("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    as_of = DateColumn(verbose_name=_("Tính đến ngày"))
    numerator = Column(verbose_name=_("Tử số"), attrs=NUMBER)
    denominator = Column(verbose_name=_("Mẫu số"), attrs=NUMBER)
    decided_by = Column(verbose_name=_("Người duyệt"), accessor="decided_by__full_name")

    class Meta:
        fields = ("unit", "as_of", "numerator", "denominator", "decided_by")

    def render_numerator(self, value: Decimal) -> str:
        return plain(value)

    def render_denominator(self, value: Decimal) -> str:
        return plain(value)


def _reports(code: str, name: Any, actor: Actor, unit_id: int, as_of: date) -> DrillDown:
    return DrillDown(
        reports_behind(code, actor, unit_id, as_of),
        ReportTable,
        format_lazy("{}: {}", _("Báo cáo đã duyệt"), name),
        lambda row: reverse("statistics:reported-detail", args=[row.public_id]),
        ("unit__name",),
    )


def declared() -> list[dict[str, Any]]:
    path = settings.DATA_DIR / "statistics" / "reported.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["indicators"])


def reported() -> Iterator[Indicator]:
    """Those that no module computes: a computed one of the same code has been registered before and takes its place."""
    for one in declared():
        if registry.get(one["code"]) is None:
            yield Indicator(
                one["code"],
                one["name"],
                one["unit"],
                formula=partial(_formula, one["code"]),
                drill_down=partial(_reports, one["code"], one["name"]),
                description=f"{one['top']} / {one['below']}",
                source_of_law=one["law"],
                confidence=Confidence(one["confidence"]),
                subject=_("Đơn vị báo cáo"),
                kind=Source.REPORTED,
                decimals=1,
            )


def register_all() -> None:
    for one in (*enrolment(), *reported()):
        registry.register(one)
