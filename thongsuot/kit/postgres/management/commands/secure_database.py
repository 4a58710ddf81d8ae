from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from thongsuot.kit.postgres.role_setup import explain
from thongsuot.kit.postgres.securing import secure_database


class Command(BaseCommand):
    help = "Tạo lại quyền và chính sách bảo mật theo dòng cho mọi bảng (migrate tự gọi lệnh này)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database", default="default")
        parser.add_argument(
            "--roles",
            action="store_true",
            help="chỉ in các lệnh SQL tạo vai trò mà người quản trị PostgreSQL chạy một lần",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if options["roles"]:
            self.stdout.write(explain(str(connection.settings_dict["USER"])))
            return
        for label in secure_database(connection):
            self.stderr.write(f"Chưa khai báo isolation, chỉ chủ sở hữu truy cập được: {label}")
