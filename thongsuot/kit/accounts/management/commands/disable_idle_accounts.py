"""thongsuot disable_idle_accounts: for the timetable, once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from thongsuot.kit.accounts.actions import disable_idle
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as


class Command(BaseCommand):
    help = "Khoá các tài khoản không hoạt động quá số ngày quy định (TS_ACCOUNT_IDLE_DAYS, mặc định 45)."

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.system()
        with act_as(by):
            count = disable_idle(by=by, today=timezone.localdate())
        self.stdout.write(f"Đã khoá {count} tài khoản.")
