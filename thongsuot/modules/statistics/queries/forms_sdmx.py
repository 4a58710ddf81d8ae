"""Forms as an SDMX-JSON 2.0.0 data message (SDMX 3.0): one flat data set, an observation for each cell of each unit.

Dimensions: REF_AREA (the unit), ROW and COLUMN of the form, and TIME_PERIOD for the whole set. Attributes of an
observation: UNIT_MEASURE, DECIMALS, and CONFIDENCE of the row (V, V2, M, I). Cells without a value are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.indicators.types import Confidence

from ..domain.form import Form
from ..domain.form_layout import Sheet

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/"
    "sdmx-json-data-schema.json"
)
AGENCY = "THONGSUOT"
CONTENT_TYPE = "application/vnd.sdmx.data+json;version=2.0.0"
_NOT_AN_ID = re.compile(r"[^A-Za-z0-9_@$-]")


def forms_sdmx(sheets: Sequence[Sheet], *, prepared: datetime) -> dict[str, Any]:
    """The message for the same form and day of one or several units; ValueError for several forms or none."""
    if len({(one.form.code, one.form.version, one.as_of) for one in sheets}) != 1:
        raise ValueError("one form of one day")
    first = sheets[0]
    form = first.form
    return {
        "meta": {
            "schema": SCHEMA,
            "id": f"{form.slug}-{form.version}-{first.as_of:%Y%m%d}",
            "prepared": prepared.isoformat(),
            "test": False,
            "contentLanguages": ["vi"],
            "name": form.name,
            "sender": {"id": _id(first.unit_code), "name": first.unit_name},
        },
        "data": {
            "structures": [
                {
                    "dataSets": [0],
                    "links": _links(form),
                    "name": f"{form.code}: {form.name}",
                    "description": form.note,
                    "dimensions": _dimensions(sheets),
                    "measures": {"observation": [{"id": "OBS_VALUE", "name": _("Giá trị")}]},
                    "attributes": _attributes(form),
                }
            ],
            "dataSets": [_data_set(sheets)],
        },
        "errors": [],
    }


def _links(form: Form) -> list[dict[str, str]]:
    urn = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow"
    return [{"urn": f"{urn}={AGENCY}:{_flow(form)}({form.version}.0.0)", "rel": "dataflow"}]


def _flow(form: Form) -> str:
    return "FORM_" + form.slug.upper().replace("-", "_")


def _dimensions(sheets: Sequence[Sheet]) -> dict[str, Any]:
    form, day = sheets[0].form, sheets[0].as_of
    rows = [{"id": row.code, "name": row.name} for row in form.rows.values()]
    names = {(one.section, one.code): one.name for one in _columns(form)}
    columns = [{"id": f"{section}_{code}", "name": name} for (section, code), name in names.items()]
    units = [{"id": _id(one.unit_code), "name": one.unit_name} for one in sheets]
    time = {"value": f"{day:%Y-%m-%d}", "start": f"{day:%Y-%m-%d}T00:00:00Z"}
    return {
        "dataSet": [
            {
                "id": "TIME_PERIOD",
                "name": _("Ngày của số liệu"),
                "keyPosition": 3,
                "roles": ["TIME_PERIOD"],
                "format": {"dataType": "ObservationalTimePeriod"},
                "values": [time],
            }
        ],
        "observation": [
            {"id": "REF_AREA", "name": _("Đơn vị"), "keyPosition": 0, "roles": ["GEO"], "values": units},
            {"id": "ROW", "name": _("Chỉ tiêu"), "keyPosition": 1, "values": rows},
            {"id": "COLUMN", "name": _("Cột"), "keyPosition": 2, "values": columns},
        ],
    }


class _Column:
    def __init__(self, section: str, code: str, name: str) -> None:
        self.section, self.code, self.name = section, code, name


def _columns(form: Form) -> list[_Column]:
    """Columns of different sections are different, also where they bear the same number."""
    return [
        _Column(section.code, column.code, column.name)
        for section in form.sections
        for column in section.columns
    ]


def _units_of_measure(form: Form) -> list[str]:
    return list(dict.fromkeys(row.unit for row in form.rows.values()))


def _decimals(form: Form) -> list[int]:
    return list(dict.fromkeys(row.decimals for row in form.rows.values()))


def _attributes(form: Form) -> dict[str, Any]:
    by_row = {"dimensions": ["ROW"]}
    confidences = [{"id": one.value, "name": str(one.label)} for one in Confidence]
    return {
        "dataSet": [
            {
                "id": "LEGAL_SOURCE",
                "name": _("Căn cứ"),
                "relationship": {"dataflow": {}},
                "values": [{"value": form.legal_source}],
            },
            {
                "id": "FORM_VERSION",
                "name": _("Phiên bản của biểu"),
                "relationship": {"dataflow": {}},
                "values": [{"value": str(form.version)}],
            },
        ],
        "observation": [
            {
                "id": "UNIT_MEASURE",
                "name": _("Đơn vị tính"),
                "relationship": by_row,
                "values": [{"value": unit} for unit in _units_of_measure(form)],
            },
            {
                "id": "DECIMALS",
                "name": _("Số chữ số thập phân"),
                "relationship": by_row,
                "values": [{"value": str(number)} for number in _decimals(form)],
            },
            {
                "id": "CONFIDENCE",
                "name": _("Độ tin cậy của hàng trong biểu"),
                "relationship": by_row,
                "values": confidences,
            },
        ],
    }


def _data_set(sheets: Sequence[Sheet]) -> dict[str, Any]:
    form, day = sheets[0].form, sheets[0].as_of
    rows = {code: at for at, code in enumerate(form.rows)}
    columns = {(one.section, one.code): at for at, one in enumerate(_columns(form))}
    units, decimals = _units_of_measure(form), _decimals(form)
    confidences = [one.value for one in Confidence]
    observations: dict[str, list[Any]] = {}
    for number, sheet in enumerate(sheets):
        for section in form.sections:
            for cell in section.cells:
                value = sheet.values.get(cell.code)
                if value is None:
                    continue
                key = f"{number}:{rows[cell.row.code]}:{columns[section.code, cell.column.code]}"
                observations[key] = [
                    _number(value),
                    units.index(cell.row.unit),
                    decimals.index(cell.row.decimals),
                    confidences.index(cell.row.confidence),
                ]
    return {
        "structure": 0,
        "action": "Information",
        "links": _links(form),
        "reportingBegin": f"{day:%Y-%m-%d}",
        "reportingEnd": f"{day:%Y-%m-%d}",
        "attributes": [0, 0],
        "observations": observations,
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _id(code: str) -> str:
    return _NOT_AN_ID.sub("_", code) or "_"
