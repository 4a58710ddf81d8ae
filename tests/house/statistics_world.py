"""Statistics in the world of the walk that looks for leaks: frozen returns with their rows, reported figures, figures kept
ready, a forecast. What a unit wrote carries the word of the unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from tests.factories.statistics import NOW, make_period, officer
from tests.modules.registry.imports.files import load_code_lists
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.statistics import actions
from thongsuot.modules.statistics.actions.forecast import keep_past_pupils, make_forecast
from thongsuot.modules.statistics.actions.return_corrections import correct_return
from thongsuot.modules.statistics.models import (
    Forecast,
    Population,
    ReportedFigure,
    ReportingPeriod,
    Return,
    ReturnLog,
)
from thongsuot.modules.statistics.queries.forecast import CLASS_SIZES, TEACHERS

# Addresses that are filled with keys of statistics.
OF_STATISTICS = re.compile(r"statistics:|\S* api/v1/statistics")
SYSTEM = Actor.system()
CELL = "A01.1"
FORM = "02-dn-th"
# The units that have a return of their own and write something in it.
WRITING = ("school_a1", "school_b1", "commune_a", "commune_b")


def fill_statistics(province: Any, word: Callable[[str, str], str]) -> None:
    """After the registry has been filled: what is frozen are its pupils."""
    by = officer(province)
    period = make_period(by, year=SchoolYear.objects.get(), frozen=True)
    for name in WRITING:
        unit = getattr(province, name)
        one = Return.objects.select_related("unit", "to_unit", "period").get(period=period, unit=unit)
        if name.startswith("school"):
            correct_return(by=SYSTEM, one=one, reason=word(name, "dinhchinh"), now=NOW)
        Return.objects.filter(pk=one.pk).update(state="returned", note=word(name, "tralai"))
        ReturnLog.objects.create(owner=one, verb="return", version=1, detail=word(name, "noidung"), at=NOW)
        ReportedFigure.objects.create(
            code="digital.transcripts", unit=unit, as_of=date(2026, 10, 1), numerator=1, denominator=2,
            link=f"https://example.vn/{word(name, 'lienket')}", note=word(name, "giaitrinh"), submitted_at=NOW,
            submitted_by_id=by.user_id,
        )  # fmt: skip
    for name in ("commune_a", "commune_b"):
        Population.objects.create(unit=getattr(province, name), year=2026, age=6, sex="male", people=9)
    keep_past_pupils(
        by=SYSTEM,
        rows=[
            {"year": year, "commune": getattr(province, name).code, "grade": grade, "pupils": 70}
            for year in range(2023, 2027)
            for name in ("commune_a", "commune_b")
            for grade in (1, 2)
        ],
        source="Biểu EQMS",
    )
    load_code_lists(Path(settings.DATA_DIR), (CLASS_SIZES, TEACHERS))
    make_forecast(by=SYSTEM, name="Gốc", now=NOW, migration=Decimal(0))
    actions.refresh(by=SYSTEM, as_of=timezone.localdate())


def statistics_keys(unit_ids: list[int]) -> dict[tuple[str, ...], dict[str, list[tuple[str, ...]]]]:
    """Keys for the addresses of the module, by all converters of an address."""
    returns = [str(key) for key in Return.objects.order_by("pk").values_list("public_id", flat=True)]
    figures = [str(key) for key in ReportedFigure.objects.order_by("pk").values_list("public_id", flat=True)]
    units = [str(pk) for pk in unit_ids]
    return {
        ("uuid",): {
            "Return": [(key,) for key in returns],
            "ReportedFigure": [(key,) for key in figures],
            "ReportingPeriod": [(str(ReportingPeriod.objects.get().public_id),)],
        },
        ("uuid", "str"): {"Return": [(key, CELL) for key in returns]},
        ("int",): {
            "Unit": [(pk,) for pk in units],
            "Forecast": [(str(pk),) for pk in Forecast.objects.values_list("pk", flat=True)],
            "Population": [(str(pk),) for pk in Population.objects.values_list("pk", flat=True)],
        },
        ("int", "slug"): {
            part: [(pk, part) for pk in units]
            for part in ("tong-quan", "ban-do", "so-sanh", "bat-thuong", "hoc-sinh", "lop-va-truong")
        },
        ("str",): {"Form": [(FORM,)]},
        ("str", "int"): {"Unit": [(FORM, pk) for pk in units]},
        ("str", "int", "str"): {"Unit": [(FORM, pk, "C01.1") for pk in units]},
    }
