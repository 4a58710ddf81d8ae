"""thongsuot import_registry KIND FILE --year 2026-2027 [--school CODE] [--dry-run] [--json]

Exit codes: 0 every row is in (or was to be), 1 the file was refused as a whole, 3 some rows were rejected.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.importing import actions
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.registry import importer_of
from thongsuot.kit.importing.types import WRITTEN, RowState
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.queries import unit_by_code

KINDS = {
    "student": "registry.students",
    "class": "registry.classes",
    "staff": "registry.staff",
    "result": "registry.results",
}
ROWS_REJECTED = 3


class Command(BaseCommand):
    help = (
        "Nhập tệp lớp, học sinh, cán bộ, kết quả năm học theo mẫu của Bộ. "
        "Mã thoát: 0 mọi dòng đều được, 1 cả tệp bị từ chối, 3 có dòng bị từ chối."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS), help="loại tệp")
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", default="", help="mã trường; để trống khi mỗi dòng ghi mã trường")
        parser.add_argument("--year", required=True, help="năm học, ví dụ 2026-2027")
        parser.add_argument("--on", type=date.fromisoformat, help="thay đổi tính từ ngày (YYYY-MM-DD)")
        parser.add_argument("--make-classes", action="store_true", help="tạo lớp còn thiếu")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi dữ liệu")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(_("Không có tệp này."))
        by = Actor.system()
        try:
            with act_as(by), acting(by, reason=f"import_registry {options['kind']}"):
                run = self._run(by, options)
                report = self._report(run, options)
        except Refused as error:
            raise CommandError(error.message) from error
        text = json.dumps(report, ensure_ascii=False, indent=1) if options["json"] else self._text(report)
        self.stdout.write(text)
        if report["counts"].get("rejected"):
            sys.exit(ROWS_REJECTED)

    def _run(self, by: Actor, options: dict[str, Any]) -> ImportRun:
        kind = KINDS[options["kind"]]
        answers = {
            "unit": self._unit_id(options["school"]),
            "year": options["year"],
            "effective_on": options["on"],
            "make_classes": options["make_classes"],
        }
        with options["file"].open("rb") as handle:
            upload = File(handle, name=options["file"].name)
            run = actions.start_run(by=by, kind=kind, upload=upload, options=answers)
        if options["dry_run"] or importer_of(kind).check_only:
            actions.check_run(by=by, run=run)
        else:
            actions.apply_run(by=by, run=run)
        run.refresh_from_db()
        return run

    def _unit_id(self, code: str) -> int | None:
        if not code:
            return None
        unit = unit_by_code(code)
        if unit is None:
            raise CommandError(_("Không có trường mang mã %(code)s.") % {"code": code})
        return unit.pk

    def _report(self, run: ImportRun, options: dict[str, Any]) -> dict[str, Any]:
        rejected = ImportRow.objects.filter(run=run, state=RowState.REJECTED).order_by("number")
        said = rejected.values_list("number", "errors").iterator()
        return {
            "kind": options["kind"],
            "run": str(run.public_id),
            "applied": run.applied_at is not None,
            "sheet": run.sheet,
            "header_row": run.header_row + 1,
            "columns": {key: [run.labels[place] for place in places] for key, places in run.mapping.items()},
            "written": sum(run.counts.get(state.value, 0) for state in WRITTEN) if run.applied_at else 0,
            "counts": run.counts,
            "warning": run.message,
            "rejected": [{"row": number, **error} for number, errors in said for error in errors],
        }

    def _text(self, report: dict[str, Any]) -> str:
        labels = dict(RowState.choices)
        counts = ", ".join(
            f"{labels.get(name, name)}: {number}" for name, number in report["counts"].items() if number
        )
        lines = [f"{report['kind']}: {counts}"]
        lines += [report["warning"]] if report["warning"] else []
        lines += [
            f"  {_('dòng')} {one['row']}: {one['label']} {one['value']!r}: {one['reason']}"
            for one in report["rejected"]
        ]
        return "\n".join(lines)
