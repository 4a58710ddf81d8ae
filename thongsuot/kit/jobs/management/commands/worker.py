import asyncio
import contextlib
import logging
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from thongsuot.kit.jobs.lost import put_back_lost
from thongsuot.kit.jobs.running import DATABASE_AWAY

logger = logging.getLogger(__name__)
# Between two searches for jobs whose worker is gone; before another try when the database is away.
SEARCH_SECONDS, AWAY_SECONDS = 5, 2


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
        run = run_worker if options["once"] else run_until_asked_to_stop
        asyncio.run(
            run(
                concurrency=options["concurrency"],
                queues=[name.strip() for name in options["queues"].split(",") if name.strip()] or None,
                wait=not options["once"],
                shutdown_graceful_timeout=options["shutdown_timeout"],
            )
        )


async def run_until_asked_to_stop(**options: Any) -> None:
    """A worker that comes back by itself when the database has been away; until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    asked = asyncio.create_task(stopped.wait())
    while not stopped.is_set():
        work = asyncio.create_task(run_worker(install_signal_handlers=False, **options))
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.is_set():
            work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            break
        except (ConnectorException, *DATABASE_AWAY) as error:
            logger.warning("the database is away (%s); trying again", type(error).__name__)
        if not stopped.is_set():
            await asyncio.wait({asked}, timeout=AWAY_SECONDS)
            await asyncio.to_thread(_wake_database)


async def run_worker(**options: Any) -> None:
    """A worker on a connection of its own (Django's cannot listen)."""
    await asyncio.to_thread(_search)
    searching = asyncio.create_task(_search_on()) if options.get("wait", True) else None
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    try:
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    delete_jobs="successful", fetch_job_polling_interval=2, name="thongsuot", **options
                )
    finally:
        if searching is not None:
            searching.cancel()


async def _search_on() -> None:
    while True:
        await asyncio.sleep(SEARCH_SECONDS)
        await asyncio.to_thread(_search)


def _search() -> None:
    try:
        found = put_back_lost()
    except DATABASE_AWAY:
        return
    finally:
        # Of this thread alone, which may never be used again.
        connection.close()
    if found:
        logger.warning("%d jobs of workers that are gone were put back into the queue", found)


def _wake_database() -> None:
    """Our engine starts an embedded server that has crashed; Procrastinate's own connections do not."""
    with contextlib.suppress(*DATABASE_AWAY):
        connection.ensure_connection()
    connection.close()
