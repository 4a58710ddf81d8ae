"""thongsuot statistics FORM --unit CODE --as-of DATE [--json] [--out FILE]

A form of a unit as its records stood on a day. Exit codes: 0 given, 2 the form, the unit or the day is wrong.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ...domain.form_layout import Sheet
from ...queries.forms import check, form, forms, message_of
from ...queries.forms_csv import form_csv
from ...queries.forms_pdf import form_pdf
from ...queries.forms_sdmx import forms_sdmx
from ...queries.forms_sheet import live_sheet, sheet_json
from ...queries.forms_xlsx import form_xlsx

WRONG = 2
NAME_WIDTH, NUMBER_WIDTH = 44, 12


class Command(BaseCommand):
    help = (
        "Tính một biểu thống kê (TT 25/2024) của một đơn vị tại một ngày; không nêu biểu: liệt kê các biểu. "
        "Mã thoát: 0 đã tính, 2 biểu, đơn vị hoặc ngày không đúng."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "form", nargs="?", metavar="FORM", help="ký hiệu (02.ĐN-TH) hoặc tên tắt (02-dn-th)"
        )
        parser.add_argument("--unit", metavar="CODE", help="mã đơn vị; bỏ trống: toàn tỉnh")
        parser.add_argument("--as-of", metavar="DATE", help="ngày dạng 2026-09-30; bỏ trống: hôm nay")
        parser.add_argument("--json", action="store_true", help="in dạng JSON (data/forms/README.md)")
        parser.add_argument(
            "--out", type=Path, metavar="FILE", help="ghi ra tệp .xlsx, .pdf, .csv hoặc .sdmx.json"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._give(options)
        except Refused as error:
            self.stderr.write(error.message)
            sys.exit(WRONG)

    def _give(self, options: dict[str, Any]) -> None:
        day = _day(options["as_of"])
        with act_as(Actor.system()):
            if options["form"] is None:
                self._list(day, as_json=options["json"])
                return
            sheet = live_sheet(form(options["form"], day), _unit(options["unit"]), day)
        if options["out"]:
            _write(sheet, options["out"])
            self.stdout.write(_("Đã ghi %(name)s.") % {"name": options["out"].name})
        elif options["json"]:
            self.stdout.write(json.dumps(sheet_json(sheet), ensure_ascii=False))
        else:
            self._show(sheet)

    def _list(self, day: date, *, as_json: bool) -> None:
        found = [
            {"code": one.code, "slug": one.slug, "name": one.name, "version": one.version}
            for one in forms(day)
        ]
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for one in found:
            self.stdout.write(f"{one['code']:14} {one['slug']:12} {one['name']}")

    def _show(self, sheet: Sheet) -> None:
        self.stdout.write(f"{sheet.form.code} · {sheet.form.name}")
        self.stdout.write(f"{sheet.unit_name} · {sheet.as_of:%d/%m/%Y}")
        for block in sheet.blocks:
            self.stdout.write("")
            self.stdout.write(f"{block.section.code}. {block.section.name}")
            names = "".join(
                f" {one.name[: NUMBER_WIDTH - 1]:>{NUMBER_WIDTH}}" for one in block.section.columns
            )
            self.stdout.write(f"{'':5}{'':{NAME_WIDTH}}{names}")
            for line in block.lines:
                name = ("  " * line.row.indent + line.row.name)[: NAME_WIDTH - 1]
                numbers = "".join(f" {place.number or '–':>{NUMBER_WIDTH}}" for place in line.places)
                self.stdout.write(f"{line.row.code:5}{name:{NAME_WIDTH}}{numbers}")
        found = check(sheet.form, sheet.values)
        if found:
            self.stdout.write("")
            for one in found:
                self.stdout.write(f"! {message_of(one)}")


def _day(text: str | None) -> date:
    if text is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Ngày “%(day)s” không đúng, cần dạng 2026-09-30.") % {"day": text}) from None


def _unit(code: str | None) -> Any:
    if code:
        found = organization.unit_by_code(code)
        if found is None:
            raise Refused(_("Không có đơn vị mã %(code)s.") % {"code": code})
        return found
    department = organization.department_id()
    found = organization.unit_detail(Actor.system(), department) if department else None
    if found is None:
        raise Refused(_("Chưa có Sở nào; hãy nêu --unit."))
    return found


def _write(sheet: Sheet, path: Path) -> None:
    name = path.name.lower()
    if name.endswith(".xlsx"):
        made = form_xlsx(sheet)
    elif name.endswith(".pdf"):
        made = form_pdf(sheet)
    elif name.endswith(".csv"):
        made = form_csv(sheet)
    elif name.endswith(".json"):
        made = json.dumps(forms_sdmx([sheet], prepared=timezone.now()), ensure_ascii=False).encode()
    else:
        raise Refused(_("Tệp phải là .xlsx, .pdf, .csv hoặc .json (SDMX-JSON)."))
    path.write_bytes(made)
