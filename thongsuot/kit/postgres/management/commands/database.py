from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thongsuot.kit.postgres import dumps, server
from thongsuot.kit.postgres.binaries import find_binaries
from thongsuot.kit.postgres.databases import parse_url
from thongsuot.kit.postgres.errors import ServerError, explained


class Command(BaseCommand):
    help = "Cơ sở dữ liệu kèm theo: start, stop, status; sao lưu và khôi phục: backup FILE, restore FILE."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True)
        doing.add_parser("start", help="khởi động")
        doing.add_parser("stop", help="dừng hẳn; dữ liệu được giữ")
        doing.add_parser("status", help="đang chạy hay không, ở đâu")
        doing.add_parser("backup", help="sao lưu ra một tệp").add_argument("file", type=Path)
        restoring = doing.add_parser("restore", help="nạp lại từ một tệp sao lưu")
        restoring.add_argument("file", type=Path)
        restoring.add_argument("--replace", action="store_true", help="xóa dữ liệu đang có trước khi nạp")

    def handle(self, *args: Any, doing: str, **options: Any) -> None:
        var_dir = Path(settings.VAR_DIR)
        try:
            if doing in ("backup", "restore"):
                self._dump(doing, var_dir, options)
            elif os.environ.get("DATABASE_URL"):
                raise CommandError(
                    "DATABASE_URL đang được đặt: máy chủ đó không do Thông Suốt khởi động hay dừng."
                )
            else:
                self._serve(doing, var_dir)
        except ServerError as error:
            raise CommandError(str(error)) from error

    def _serve(self, doing: str, var_dir: Path) -> None:
        if doing == "start":
            server.ensure_running(var_dir)
        if doing == "stop":
            self.stdout.write("Đã dừng." if server.stop(var_dir) else "Không chạy.")
            return
        found = server.status(var_dir)
        words = {"running": "Đang chạy", "stopped": "Đã dừng", "absent": "Chưa khởi tạo"}
        self.stdout.write(f"{words[found.state]}. Dữ liệu: {found.data}")
        if found.pid:
            self.stdout.write(f"PostgreSQL {found.version}, tiến trình {found.pid}, socket {found.host}")

    def _dump(self, doing: str, var_dir: Path, options: dict[str, Any]) -> None:
        target, binaries, file = _target(var_dir), find_binaries(), options["file"]
        with explained(file):
            if doing == "backup":
                size = dumps.backup(target, binaries, file)
                self.stdout.write(f"Đã sao lưu vào {file} ({size / 1e6:.1f} MB). Tệp chứa dữ liệu cá nhân.")
                return
            dumps.restore(target, binaries, file, replace=options["replace"])
        self.stdout.write("Đã nạp xong. Hãy chạy `thongsuot migrate` để cập nhật bảng và quyền.")


def _target(var_dir: Path) -> dumps.Target:
    if url := os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL"):
        found = parse_url(url)
        return dumps.Target(
            found["HOST"], found["PORT"], found["NAME"], found["USER"], found["PASSWORD"], found["OPTIONS"]
        )
    running = server.ensure_running(var_dir)
    return dumps.Target(
        running.host, str(running.port), running.dbname, running.owner_user, running.owner_password
    )
