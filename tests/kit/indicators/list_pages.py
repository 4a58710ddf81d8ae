"""Rows for the house test of list pages."""

from __future__ import annotations

from tests.factories.organization import make_unit
from tests.kit.indicators import province
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import DrillDown

CODE = "tests.list-page"


def all_files(actor, unit_id, as_of):
    return DrillDown(StoredFile.objects.order_by("original_name"), province.FileTable, "Tệp")


def make_rows(number, actor):
    unit = make_unit("department")
    province.make_files(unit.pk, other=number)
    if registry.get(CODE) is None:
        registry.register(province.make_indicator(code=CODE, drill_down=all_files))
    return {"code": CODE, "unit_id": unit.pk}


ROWS = {"indicators:rows": make_rows}
