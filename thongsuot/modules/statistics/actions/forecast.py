"""Making forecasts, bringing in past years, setting norms right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.importing.reading import read_file
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization

from ..domain.forecast import LEAST_YEARS, ORDER, Method, WhatIf, band, project
from ..domain.forecast_needs import Norm
from ..domain.forecast_trial import trial
from ..models import Forecast, ForecastLine, ForecastNorm, PastPupils
from ..permissions import MANAGE
from ..queries.forecast import GROUPS, MOST_YEARS, norms, past, reads_province
from ..types import Tell, silent

HORIZON = 5
MOST_CHANGE = Decimal(20)
# The past years, the forecast itself, the trial on past years.
STEPS = MOST_YEARS + 2


class CannotForecast(Refused):
    code = "cannot_forecast"


def check_assumptions(*, by: Actor, name: str, migration: Decimal, births: Decimal) -> str:
    """The name as it is kept. Raises NotAllowed for whoever does not read the province, CannotForecast."""
    if not reads_province(by):
        raise NotAllowed(_("Chỉ người xem được số liệu toàn tỉnh mới lập dự báo."))
    name = clean_text(name)
    if not name:
        raise CannotForecast(_("Hãy đặt tên cho phương án."), field="name")
    for field, value in (("migration", migration), ("births", births)):
        if not -MOST_CHANGE <= value <= MOST_CHANGE:
            raise CannotForecast(_("Thay đổi mỗi năm phải từ -20 đến 20 phần trăm."), field=field)
    return name


@transaction.atomic
def make_forecast(
    *,
    by: Actor,
    name: str,
    now: datetime,
    migration: Decimal = Decimal(0),
    births: Decimal = Decimal(0),
    changed_norms: Mapping[str, Norm] | None = None,
    tell: Tell = silent,
) -> Forecast:
    """Forecast all communes for five years from what is known now, try the method on past years, and keep both.

    migration, births: percent a year, -20 to 20. changed_norms: {group: norm} instead of those that hold. tell: how
    many of the steps are done (a year that is counted from the registry is one).
    Raises NotAllowed for whoever does not read the province, CannotForecast (fewer than two years, a bad assumption).
    """
    name = check_assumptions(by=by, name=name, migration=migration, births=births)
    known = past(timezone.localdate(now), tell)
    if known is None or len(known.history.years) < LEAST_YEARS:
        raise CannotForecast(
            _("Cần số học sinh ngày 30/9 của ít nhất hai năm liền nhau. Hãy nhập số liệu các năm trước.")
        )
    method, history = Method(), known.history
    tell(MOST_YEARS, STEPS, _("Đang tính dự báo"))
    made = project(history, method, HORIZON, WhatIf(float(migration) / 100, float(births) / 100))
    set_norms = _norms_to_go_by(changed_norms or {})
    tell(MOST_YEARS + 1, STEPS, _("Đang thử trên các năm trước"))
    forecast = Forecast.objects.create(
        name=name,
        years=list(history.years),
        horizon=HORIZON,
        coverage=Decimal(str(method.coverage)),
        assumptions={"migration": str(migration), "births": str(births)},
        norms={group: norm.as_json() for group, norm in set_norms.items()},
        trial=[asdict(one) for one in trial(history, method, HORIZON)],
        sources={str(year): source for year, source in known.sources.items()},
        made_at=now,
        by_id=by.user_id,
    )
    ForecastLine.objects.bulk_create(_lines(forecast, history, made, method), batch_size=2000)
    return forecast


def _lines(forecast: Forecast, history: Any, made: Any, method: Method) -> Iterable[ForecastLine]:
    places: list[tuple[int | None, list[int]]] = [(None, list(range(len(history.communes))))]
    places += [(commune, [index]) for index, commune in enumerate(history.communes)]
    for commune, rows in places:
        for group, grades in GROUPS.items():
            columns = [ORDER.index(grade) for grade in grades]
            seen = history.pupils[:, rows][:, :, columns].sum((1, 2))
            expected, low, high = band(made, method, rows, columns)
            yield ForecastLine(
                forecast=forecast,
                commune_id=commune,
                group=group,
                seen=[int(one) for one in seen],
                expected=[round(float(one), 2) for one in expected],
                low=[round(float(one), 2) for one in low],
                high=[round(float(one), 2) for one in high],
            )


def _norms_to_go_by(changed: Mapping[str, Norm]) -> dict[str, Norm]:
    found = dict(changed)
    for one in norms():
        if one.group in found:
            continue
        if one.norm is None:
            code_list, line = one.lacking[0]
            raise CannotForecast(
                _(
                    "Danh mục %(list)s thiếu số của dòng “%(line)s”. Hãy bổ sung ở trang Danh mục, hoặc nhập vào phương án."
                )
                % {"list": code_list, "line": line}
            )
        found[one.group] = one.norm
    return found


@transaction.atomic
def delete_forecast(*, by: Actor, forecast_id: int) -> None:
    """Whoever made it, or manages statistics, takes it away. Raises NotAllowed."""
    forecast = Forecast.objects.select_for_update(of=("self",)).get(pk=forecast_id)
    if forecast.by_id is None or forecast.by_id != by.user_id:
        by.require(MANAGE)
    forecast.delete()


@transaction.atomic
def set_rooms(*, by: Actor, group: str, classes_per_room: int, source: str) -> ForecastNorm:
    """How many classes of a group share a room (1 or 2), with its source; forecasts that were made keep theirs. Class
    sizes and teachers are corrected in their code lists. Raises CannotForecast, NotAllowed.
    """
    by.require(MANAGE)
    source = clean_text(source)
    if group not in {one.group for one in norms()}:
        raise CannotForecast(_("Không có nhóm định mức này."))
    if classes_per_room not in (1, 2):
        raise CannotForecast(_("Một phòng cho 1 hoặc 2 lớp."), field="classes_per_room")
    if not source:
        raise CannotForecast(_("Hãy ghi căn cứ của định mức."), field="source")
    row, _made = ForecastNorm.objects.update_or_create(
        group=group, defaults={"classes_per_room": classes_per_room, "source": source}
    )
    return row


@transaction.atomic
def keep_past_pupils(*, by: Actor, rows: Iterable[Mapping[str, Any]], source: str) -> int:
    """Keep pupils as of 30 September of past years; a row for the same year, commune and grade is replaced, others stay.

    rows: {"year", "commune" (its code), "grade" (1 to 18), "pupils"}; whole numbers or text of such.
    All or nothing: raises CannotForecast with the first faults, each with its row and field. Gives the rows kept.
    """
    by.require(MANAGE)
    source = clean_text(source)
    if not source:
        raise CannotForecast(_("Hãy ghi nguồn của số liệu."), field="source")
    codes = {unit.code: unit.pk for unit in organization.communes(Actor.system())}
    faults: list[str] = []
    found: dict[tuple[int, int, int], PastPupils] = {}
    for number, row in enumerate(rows, start=2):
        read = _read_row(row, codes, number, faults)
        if read is not None:
            year, commune, grade, pupils = read
            if (year, commune, grade) in found:
                faults.append(_("Dòng %(row)d: trùng năm, xã và khối với dòng trước.") % {"row": number})
            found[year, commune, grade] = PastPupils(
                year=year, commune_id=commune, grade=grade, pupils=pupils, source=source
            )
    if faults:
        raise CannotForecast(" ".join(faults[:5]), faults=faults)
    PastPupils.objects.bulk_create(
        found.values(),
        update_conflicts=True,
        unique_fields=["year", "commune", "grade"],
        update_fields=["pupils", "source"],
        batch_size=2000,
    )
    return len(found)


def keep_past_file(*, by: Actor, data: bytes, source: str) -> int:
    """The same from a spreadsheet: columns year, commune, grade, pupils in this order under one line of headings.

    Raises CannotForecast, NotAllowed, and what kit.importing raises of a file that cannot be read.
    """
    by.require(MANAGE)
    sheets = read_file(data)
    lines = list(sheets[0].rows)[1:] if sheets else []
    fields = ("year", "commune", "grade", "pupils")
    rows = [
        dict(zip(fields, ("" if cell is None else cell for cell in line), strict=False)) for line in lines
    ]
    if not any(any(row.values()) for row in rows):
        raise CannotForecast(_("Tệp không có dòng số liệu nào."), field="file")
    return keep_past_pupils(by=by, rows=rows, source=source)


def _read_row(
    row: Mapping[str, Any], codes: Mapping[str, int], number: int, faults: list[str]
) -> tuple[int, int, int, int] | None:
    limits = {"year": (1990, 2100), "grade": (1, 18), "pupils": (0, 1_000_000)}
    words = {"year": _("năm"), "grade": _("khối"), "pupils": _("số học sinh")}
    read = {}
    for field, (least, most) in limits.items():
        text = str(row.get(field, "")).strip().removesuffix(".0")
        if not text.isdecimal() or not least <= int(text) <= most:
            said = _("Dòng %(row)d, cột %(field)s: “%(value)s” phải là số nguyên từ %(least)d đến %(most)d.")
            values = {"row": number, "field": words[field], "value": text[:40], "least": least, "most": most}
            faults.append(said % values)
            continue
        read[field] = int(text)
    code = str(row.get("commune", "")).strip()
    if code not in codes:
        faults.append(
            _("Dòng %(row)d, cột mã xã: không có xã “%(value)s”.") % {"row": number, "value": code[:40]}
        )
        return None
    return (read["year"], codes[code], read["grade"], read["pupils"]) if len(read) == len(limits) else None
