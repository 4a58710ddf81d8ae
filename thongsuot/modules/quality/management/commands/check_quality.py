"""`thongsuot check_quality [--unit CODE] [--json]`: all rules over the data, cases and scores written."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ...actions import run_checks
from ...domain.index import shown
from ...queries import index_of, open_counts


class Command(BaseCommand):
    help = "Kiểm tra chất lượng dữ liệu theo mọi quy tắc: ghi lỗi, chỉ số; toàn tỉnh hoặc một đơn vị."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", metavar="CODE", help="mã đơn vị; bỏ trống: toàn tỉnh")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        today, system = timezone.localdate(), Actor.system()
        start = perf_counter()
        with act_as(system), acting(system, reason="check_quality"):
            unit_id = self._unit(options["unit"])
            tell = (lambda *_: None) if options["json"] else self._tell
            run = run_checks(by=system, today=today, unit_id=unit_id, tell=tell)
            scope = unit_id or organization.department_id()
            index = index_of(system, unit_id=scope, day=today) if scope else None
            counts = open_counts(system, today=today)
        found = {
            "day": today.isoformat(),
            "unit": options["unit"],
            "rows": run.rows,
            "new": run.found,
            "mended": run.mended,
            "open": counts.total,
            "late": counts.late,
            "index": None if index is None or index.layer.value is None else str(shown(index.layer.value)),
            "colour": str(index.colour) if index and index.colour else None,
            "incidents": index.layer.incidents if index else 0,
            "seconds": round(perf_counter() - start, 2),
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(
            f"{run.rows} dòng, {run.found} lỗi mới, {run.mended} lỗi đã sửa; chỉ số {found['index']} "
            f"({found['seconds']} giây)"
        )

    def _unit(self, code: str | None) -> int | None:
        if not code:
            return None
        unit = organization.unit_by_code(code)
        if unit is None:
            raise CommandError(f"Không có đơn vị mã {code}.")
        return int(unit.pk)

    def _tell(self, done: int, total: int, words: str) -> None:
        if words:
            self.stdout.write(f"[{done + 1}/{total}] {words} ...")
