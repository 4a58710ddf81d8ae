"""thongsuot import_file KIND FILE [--dry-run] [--json]: bring a file in from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.importing import actions
from thongsuot.kit.importing.models import ImportRow, ImportRun
from thongsuot.kit.importing.registry import kinds
from thongsuot.kit.importing.types import RowState
from thongsuot.kit.postgres.isolation import act_as


class Command(BaseCommand):
    help = "Nhập một tệp bảng tính (.xlsx, .ods, .csv); các dòng lỗi được nêu ra, không chặn dòng khác."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="loại dữ liệu: " + ", ".join(kinds()))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi dữ liệu")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["kind"] not in kinds():
            raise CommandError(
                _("Không có loại %(kind)s. Các loại: %(kinds)s")
                % {"kind": options["kind"], "kinds": ", ".join(kinds())}
            )
        if not options["file"].is_file():
            raise CommandError(_("Không có tệp này."))
        by = Actor.system()
        try:
            with act_as(by):
                run = self._run(by, options)
                report = self._report(run)
        except Refused as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            json.dumps(report, ensure_ascii=False, indent=1) if options["json"] else self._text(report)
        )

    def _run(self, by: Actor, options: dict[str, Any]) -> ImportRun:
        with options["file"].open("rb") as handle:
            upload = File(handle, name=options["file"].name)
            run = actions.start_run(by=by, kind=options["kind"], upload=upload)
        actions.check_run(by=by, run=run)
        if not options["dry_run"] and run.counts["new"] + run.counts["changed"]:
            actions.apply_run(by=by, run=run)
            run.refresh_from_db()
        return run

    def _report(self, run: ImportRun) -> dict[str, Any]:
        rejected = ImportRow.objects.filter(run=run, state=RowState.REJECTED).order_by("number")
        errors = [{"row": row.number, **error} for row in rejected for error in row.errors]
        columns = {key: [run.labels[place] for place in places] for key, places in run.mapping.items()}
        return {
            "kind": run.kind,
            "state": run.state,
            "sheet": run.sheet,
            "header_row": run.header_row + 1,
            "columns": columns,
            "counts": run.counts,
            "errors": errors,
        }

    def _text(self, report: dict[str, Any]) -> str:
        counts = ", ".join(f"{name} {number}" for name, number in report["counts"].items())
        lines = [f"{report['kind']}: {report['state']} ({counts})"]
        lines += [f"  {e['row']}: {e['label']} {e['value']!r}: {e['reason']}" for e in report["errors"]]
        return "\n".join(lines)
