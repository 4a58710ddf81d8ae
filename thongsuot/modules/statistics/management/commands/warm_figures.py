"""Count the figures that dashboards show: what has changed, or (--prove) all of them against what is kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.statistics import actions


class Command(BaseCommand):
    help = "Tính lại số liệu của bảng điều hành: phần có thay đổi, hoặc toàn bộ để đối chiếu (--prove)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prove", action="store_true", help="tính toàn bộ và nêu chênh lệch")

    def handle(self, *args: Any, **options: Any) -> None:
        count = actions.prove if options["prove"] else actions.refresh
        run = count(by=Actor.system(), as_of=timezone.localdate())
        self.stdout.write(
            f"{run.get_kind_display()}: {run.units} đơn vị, đọc {run.rows_read} dòng, "
            f"{run.difference_count} chênh lệch"
        )
