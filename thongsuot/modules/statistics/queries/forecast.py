"""What a forecast is made of, the forecasts that were made, and what one says of a place."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators.measures import measure
from thongsuot.kit.indicators.queries import totals
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import EducationLevel
from thongsuot.modules.registry.types import GradeLevel

from ..domain.forecast import ORDER, History
from ..domain.forecast_needs import Needs, Norm, needs
from ..models import Forecast, ForecastLine, ForecastNorm, PastPupils
from ..permissions import MANAGE, VIEW, may

ALL = "all"
LEVELS: Mapping[str, tuple[int, ...]] = {
    "preschool": ORDER[:6],
    "primary": ORDER[6:11],
    "lower_secondary": ORDER[11:15],
    "upper_secondary": ORDER[15:],
}
GROUPS: Mapping[str, tuple[int, ...]] = {ALL: ORDER, **LEVELS, **{str(grade): (grade,) for grade in ORDER}}
MOST_YEARS = 10
# Lists of the organisation that users correct: pupils of a class by grade, teachers of a class by level.
CLASS_SIZES, TEACHERS = "si_so_lop_toi_da", "dinh_muc_giao_vien_lop"
# A year with under half of the pupils of the year after it was not counted whole: the registry began there.
WHOLE = 0.5


@dataclass(frozen=True)
class Past:
    """sources: where the numbers of each year come from ("" means the registry)."""

    history: History
    sources: dict[int, str]


@dataclass(frozen=True)
class SetNorm:
    """Norm of a group as it holds now. norm: None where a list has no number for it (`lacking`: list and line).

    source: of the lists, and of the rooms where somebody set these; size_line, teachers_line: codes in the lists
    CLASS_SIZES and TEACHERS; unsure: some number is to be checked; is_corrected: the rooms were set by somebody.
    """

    group: str
    norm: Norm | None
    source: str
    size_line: str
    teachers_line: str
    rooms: int
    rooms_source: str
    unsure: bool
    is_corrected: bool
    lacking: tuple[tuple[str, str], ...] = ()


def past(today: date, tell: Callable[[int, int, str], None] | None = None) -> Past | None:
    """Pupils by year, commune and grade as of each 30 September up to today; None when there is no year at all.

    A year that was brought in from elsewhere is taken whole from there, others from the registry. Years go back as
    long as they are there without a gap, at most MOST_YEARS. The same whoever asks. tell: called before each year.
    """
    last = today.year if today >= date(today.year, 9, 30) else today.year - 1
    brought: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    sources: dict[int, str] = {}
    rows = PastPupils.objects.filter(year__gt=last - MOST_YEARS, year__lte=last).order_by("pk")
    for year, commune, grade, number, source in rows.values_list(
        "year", "commune", "grade", "pupils", "source"
    ):
        brought[year][commune, grade] = number
        sources[year] = source
    found: dict[int, dict[tuple[int, int], int]] = {}
    for year in range(last, last - MOST_YEARS, -1):
        if tell is not None:
            tell(last - year, MOST_YEARS + 2, _("Đang đếm học sinh năm %(year)d") % {"year": year})
        counts = brought.get(year) or registry_pupils(year)
        total, later = sum(counts.values()), sum(found.get(year + 1, {}).values())
        if not total or total < later * WHOLE:
            break
        found[year] = counts
    return _as_history(found, sources) if found else None


def registry_pupils(year: int) -> dict[tuple[int, int], int]:
    """{(commune, grade): pupils as of 30 September}; records without a grade or a commune are left out."""
    one = measure("registry.students")
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for (_school, commune, grade), number in totals([one], date(year, 9, 30), by=("commune", "grade"))[
        one
    ].items():
        if commune is not None and grade in ORDER:
            counts[commune, grade] += int(number)
    return counts


def _as_history(found: Mapping[int, Mapping[tuple[int, int], int]], sources: Mapping[int, str]) -> Past:
    years = tuple(sorted(found))
    communes = tuple(sorted({commune for counts in found.values() for commune, _grade in counts}))
    place = {commune: index for index, commune in enumerate(communes)}
    pupils = np.zeros((len(years), len(communes), len(ORDER)))
    for index, year in enumerate(years):
        for (commune, grade), number in found[year].items():
            pupils[index, place[commune], ORDER.index(grade)] = number
    return Past(History(years, communes, pupils), {year: sources.get(year, "") for year in years})


@lru_cache(maxsize=1)
def _norms_of_file() -> tuple[dict[str, Any], ...]:
    text = (settings.DATA_DIR / "statistics" / "forecast_norms.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["norms"])


def norms() -> list[SetNorm]:
    """The norms as they hold today: class sizes and teachers of the two lists that users correct, rooms of the file or
    as set by people.
    """
    rooms = {row.group: row for row in ForecastNorm.objects.all()}
    sizes, teachers = _lines(CLASS_SIZES), _lines(TEACHERS)
    return [_set_norm(row, sizes, teachers, rooms.get(row["group"])) for row in _norms_of_file()]


def _lines(code_list: str) -> dict[str, tuple[Decimal, bool, str]]:
    """{line: (number, is to be checked, source)} of a list of numbers; lines that are no number above 0 are left out."""
    found = {}
    for row in organization.code_values(code_list, today=timezone.localdate()):
        number = row.name.strip().replace(",", ".", 1)
        if number.replace(".", "", 1).isdecimal() and Decimal(number) > 0:
            unsure = not row.is_corrected and row.confidence in ("M", "I")
            found[row.code] = (Decimal(number), unsure, row.code_list.source)
    return found


def _set_norm(
    row: dict[str, Any],
    sizes: Mapping[str, tuple[Decimal, bool, str]],
    teachers: Mapping[str, tuple[Decimal, bool, str]],
    own: ForecastNorm | None,
) -> SetNorm:
    size, each = sizes.get(row["class_size"]), teachers.get(row["teachers"])
    rooms = own.classes_per_room if own else row["classes_per_room"]
    wanted = ((CLASS_SIZES, row["class_size"], size), (TEACHERS, row["teachers"], each))
    norm = Norm(max(int(size[0]), 1), each[0], rooms) if size and each else None
    known = [one for one in (size, each) if one]
    return SetNorm(
        group=row["group"],
        norm=norm,
        source="; ".join(dict.fromkeys(one[2] for one in known if one[2])),
        size_line=row["class_size"],
        teachers_line=row["teachers"],
        rooms=rooms,
        rooms_source=own.source if own else "",
        unsure=any(one[1] for one in known),
        is_corrected=own is not None,
        lacking=tuple((code, line) for code, line, found in wanted if found is None),
    )


def forecasts(actor: Actor) -> QuerySet[Forecast]:
    """Those that were made, the newest first; none for whoever reads no commune of them (a school)."""
    rows = Forecast.objects.select_related("by")
    return rows if reads_forecasts(actor) else rows.none()


def reads_forecasts(actor: Actor) -> bool:
    return actor.can(VIEW) and bool(communes_of(actor))


def communes_of(actor: Actor) -> dict[int, str]:
    """Communes whose forecast the actor may read, by name. Whoever reads the province reads all."""
    names = organization.commune_names()
    reach = actor.reach_of(VIEW)
    return names if reach is None else {pk: name for pk, name in names.items() if pk in reach}


def reads_province(actor: Actor) -> bool:
    return actor.can(VIEW) and actor.reach_of(VIEW) is None


def lines(actor: Actor, forecast: Forecast, commune: int | None) -> dict[str, ForecastLine]:
    """By group, in the order of GROUPS. Raises NotAllowed for a place beyond reach."""
    if not (reads_province(actor) if commune is None else may(actor, VIEW, commune)):
        raise NotAllowed(_("Không có quyền xem dự báo của nơi này."))
    rows = {row.group: row for row in forecast.lines.filter(commune=commune)}
    return {group: rows[group] for group in GROUPS if group in rows}


def norms_of(forecast: Forecast) -> dict[int, Norm]:
    """By grade."""
    found = {}
    for group, row in forecast.norms.items():
        norm = Norm(row["class_size"], Decimal(row["teachers"]), row["classes_per_room"])
        for grade in GROUPS[group]:
            found[grade] = norm
    return found


def needs_of(actor: Actor, forecast: Forecast, commune: int | None) -> dict[str, list[Needs]]:
    """{level or "all": needs of the last known year and of each forecast one}, of one commune or the province.

    Classes are made up commune by commune and grade by grade, so that the province is the sum of its communes.
    """
    lines(actor, forecast, commune)
    places = forecast.lines.filter(commune__isnull=False)
    if commune is not None:
        places = places.filter(commune=commune)
    wanted = [str(grade) for grade in ORDER]
    rows = list(places.filter(group__in=wanted).values_list("group", "seen", "expected"))
    by_grade = norms_of(forecast)
    found = {}
    for level, grades in {**LEVELS, ALL: ORDER}.items():
        chosen = [row for row in rows if int(row[0]) in grades]
        found[level] = [
            needs(
                (Decimal(([seen[-1], *expected])[step]), by_grade[int(group)])
                for group, seen, expected in chosen
            )
            for step in range(forecast.horizon + 1)
        ]
    return found


def lines_of(
    actor: Actor, forecast: Forecast, places: Iterable[int | None]
) -> dict[int | None, dict[str, ForecastLine]]:
    """`lines` of several places with one query; places beyond reach are left out."""
    readable = [p for p in places if (reads_province(actor) if p is None else may(actor, VIEW, p))]
    found: dict[int | None, dict[str, ForecastLine]] = {place: {} for place in readable}
    rows = {(row.commune_id, row.group): row for row in forecast.lines.all()}
    for place in readable:
        found[place] = {group: rows[place, group] for group in GROUPS if (place, group) in rows}
    return found


def may_delete(actor: Actor, forecast: Forecast) -> bool:
    """Whoever made it, or manages statistics."""
    return actor.can(MANAGE) or (forecast.by_id is not None and forecast.by_id == actor.user_id)


def group_label(group: str) -> str:
    """What people call it. Raises KeyError for a group that is not known."""
    if group == ALL:
        return _("Tất cả")
    if group in LEVELS:
        return str(dict(EducationLevel.choices)[group])
    return str(GradeLevel(int(group)).label) if group in GROUPS else group
