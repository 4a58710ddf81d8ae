import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = (
        "Chạy việc nền. Dừng bằng Ctrl-C hoặc SIGTERM: việc đang chạy được chờ một lúc rồi trả lại hàng đợi."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="số việc chạy cùng lúc (mặc định 2)")
        parser.add_argument("--queues", default="", help="chỉ nhận các hàng đợi này, cách nhau bằng dấu phẩy")
        parser.add_argument("--once", action="store_true", help="làm hết việc đang chờ rồi thoát")
        parser.add_argument(
            "--shutdown-timeout", type=float, default=30, help="số giây chờ việc đang chạy khi dừng"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(
            run_worker(
                concurrency=options["concurrency"],
                queues=[name.strip() for name in options["queues"].split(",") if name.strip()] or None,
                wait=not options["once"],
                shutdown_graceful_timeout=options["shutdown_timeout"],
            )
        )


async def run_worker(**options: Any) -> None:
    """A worker on a connection of its own (Django's cannot listen)."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                delete_jobs="successful", fetch_job_polling_interval=2, name="thongsuot", **options
            )
