from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.maturity.actions import load_rubrics
from thongsuot.modules.organization.actions import load_reference


class Command(BaseCommand):
    help = "Nạp danh mục hành chính và danh mục mã từ thư mục data/ (chạy lại được, không xoá gì)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=settings.DATA_DIR, help="thư mục chứa organization/, codes/ và maturity/"
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        system = Actor.system()
        with act_as(system):
            loaded = load_reference(by=system, folder=folder)
            rubrics = load_rubrics(by=system, folder=folder / "maturity", now=timezone.now())
        if rubrics:
            self.stdout.write(f"Đã nạp {rubrics} bộ chỉ số chuyển đổi số.")
        if not loaded.total:
            self.stdout.write("Danh mục đã đúng với tệp, không có gì thay đổi.")
            return
        self.stdout.write(
            f"Đã ghi: {loaded.provinces} tỉnh, {loaded.communes} xã, {loaded.changes} dòng thay đổi địa giới"
            f", {loaded.code_lists} danh mục, {loaded.code_values} mã; {loaded.ended_codes} mã hết hiệu lực."
        )
