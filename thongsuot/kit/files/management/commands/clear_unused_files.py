"""`thongsuot clear_unused_files [--dry-run] [--older-than DAYS]`."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.actions import clear_unused
from thongsuot.kit.files.types import StoreUnavailable


class Command(BaseCommand):
    help = "Xóa khỏi kho những nội dung không còn lượt tải lên nào dùng (mỗi đêm cũng tự làm)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm, không xóa")
        parser.add_argument(
            "--older-than",
            type=int,
            metavar="DAYS",
            help="chỉ những nội dung nằm trong kho lâu hơn số ngày này",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["older_than"]
        if days is not None and days < 1:
            raise CommandError("--older-than phải từ 1 ngày: tệp đang tải lên chưa có tên trong sổ.")
        try:
            found = clear_unused(
                by=Actor.system(),
                now=timezone.now(),
                older_than=None if days is None else timedelta(days=days),
                dry_run=options["dry_run"],
            )
        except StoreUnavailable as error:
            raise CommandError(error.message) from error
        said = "Sẽ xóa" if options["dry_run"] else "Đã xóa"
        self.stdout.write(f"{said} {found.contents} nội dung, {found.size / 1024 / 1024:.1f} MB.")
