"""A form as a flat table: one line for each cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.pages.exporting import write_csv

from ..domain.form_layout import Sheet


def form_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark, a point in numbers; an empty value where there is none, nothing for what is crossed out."""
    header = [
        _("Biểu"), _("Phiên bản"), _("Mã đơn vị"), _("Đơn vị"), _("Ngày"), _("Phần"), _("Mã ô"), _("Hàng"),
        _("Chỉ tiêu"), _("Cột"), _("Đơn vị tính"), _("Giá trị"),
    ]  # fmt: skip
    with write_csv(header, _lines(sheet), sheet.form.name) as made:
        return made.read()


def _lines(sheet: Sheet) -> Iterator[list[Any]]:
    form = sheet.form
    for section in form.sections:
        for cell in section.cells:
            yield [
                form.code, form.version, sheet.unit_code, sheet.unit_name, sheet.as_of, section.name, cell.code,
                cell.row.code, cell.row.name, cell.column.name, cell.row.unit, sheet.values.get(cell.code),
            ]  # fmt: skip
