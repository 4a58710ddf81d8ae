"""Figures of the module: enrolment against the population, and those that units report (data/statistics/reported.json)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.measures import measure
from thongsuot.kit.indicators.types import PERCENT, Confidence, Indicator, Row, Source

from .queries.reported import approved

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
