"""`thongsuot export_oneroster --unit CODE --as-of DATE FILE [--json]`: OneRoster 1.2, CSV files in a zip."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ...queries.oneroster import scope_of, write_files


class Command(BaseCommand):
    help = "Xuất trường, lớp, người học, cán bộ theo OneRoster 1.2 (CSV trong tệp zip)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--unit", metavar="CODE", help="mã đơn vị, cùng các đơn vị bên dưới; bỏ trống: toàn tỉnh"
        )
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="DATE", help="tại ngày; mặc định hôm nay"
        )
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["as_of"] or timezone.localdate()
        path: Path = options["file"]
        draft = path.with_name(path.name + ".part")
        system = Actor.system()
        with act_as(system):
            unit = organization.unit_by_code(options["unit"]) if options["unit"] else None
            if options["unit"] and unit is None:
                raise CommandError(f"Không có đơn vị mã {options['unit']}.")
            scope = scope_of(system, day, unit_id=unit.pk if unit else None)
            # Readable by its owner only: it holds names and birth dates.
            draft.touch(mode=0o600)
            with draft.open("wb") as out:
                written = write_files(scope, out)
        draft.replace(path)
        found = {"as_of": day.isoformat(), "unit": options["unit"], "rows": written}
        words = ", ".join(f"{name} {rows}" for name, rows in written.items()) or "không có dòng nào"
        self.stdout.write(json.dumps(found) if options["json"] else words)
