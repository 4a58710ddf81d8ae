import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from thongsuot.config.demo.context import EMAIL_DOMAIN, DemoContext
from thongsuot.config.demo.steps import build_all
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.domain.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from thongsuot.modules.organization.models import Unit


class Command(BaseCommand):
    help = "Dựng dữ liệu minh hoạ của tỉnh Quảng Ngãi (tên người là tên bịa). Chạy lại được."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale",
            choices=("tiny", "small", "province"),
            default="small",
            help="16 trường (để thử), khoảng 60 hay khoảng 1.000 trường",
        )
        parser.add_argument(
            "--force", action="store_true", help="dựng cả khi cơ sở dữ liệu đã có dữ liệu khác"
        )

        parser.add_argument(
            "--truth",
            type=Path,
            metavar="TỆP",
            help="ghi vào tệp JSON những lỗi dữ liệu được cố ý gieo vào hồ sơ",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="chỉ dựng khi cơ sở dữ liệu chưa có đơn vị nào"
        )

    def handle(
        self, *args: Any, scale: str, force: bool, if_empty: bool, truth: Path | None, **options: Any
    ) -> None:
        if if_empty and Unit.objects.exists():
            return
        if not force and holds_other_data():
            raise CommandError(
                "Cơ sở dữ liệu này có dữ liệu không phải của bản minh hoạ, nên không dựng gì cả.\n"
                "Hãy dùng một cơ sở dữ liệu trống, hoặc thêm --force nếu chắc chắn muốn trộn lẫn."
            )
        begun = time.monotonic()
        system = Actor.system()
        context = DemoContext(
            scale=scale,
            today=timezone.localdate(),
            data=settings.DATA_DIR,
            say=self.stdout.write,
            truth=truth,
        )
        with act_as(system), acting(system, reason="Dữ liệu minh hoạ"):
            build_all(context)
        self.stdout.write(f"Xong sau {time.monotonic() - begun:.0f} giây. Mật khẩu chung: {DEMO_PASSWORD}")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.username:<16} {account.role_name}, {account.place}")


def holds_other_data() -> bool:
    """Does the database hold people who are not the demo's, or units without any people of the demo?"""
    users = get_user_model().objects
    if users.exclude(email__endswith=f"@{EMAIL_DOMAIN}").exists():
        return True
    return Unit.objects.exists() and not users.exists()
