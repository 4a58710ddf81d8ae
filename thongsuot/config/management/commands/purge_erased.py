"""`thongsuot purge_erased`: old values of erased dossiers out of the history, by the owner of the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils import timezone

from thongsuot.journeys.purge_erased import purge_erased
from thongsuot.kit.accounts.types import Actor


class Command(BaseCommand):
    help = (
        "Dọn giá trị cũ trong lịch sử của các hồ sơ đã xóa theo yêu cầu. Chạy bằng vai trò chủ cơ sở dữ liệu "
        "(TS_DB_ROLE=owner)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = purge_erased(by=Actor.system(), now=timezone.now())
        except ProgrammingError as error:
            raise CommandError(
                "Vai trò này không được sửa lịch sử: đặt TS_DB_ROLE=owner rồi chạy lại."
            ) from error
        self.stdout.write(f"Đã dọn lịch sử của {number} yêu cầu xóa.")
