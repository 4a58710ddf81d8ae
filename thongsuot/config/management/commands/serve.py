"""`thongsuot serve`: the web server and a worker under one parent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from types import FrameType

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.templatetags.static import static
from django.utils.translation import gettext as _

STOP_SECONDS = 15
LOOPBACK = ("127.0.0.1", "localhost")


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class Command(BaseCommand):
    help = _("Chạy máy chủ web và tiến trình việc nền.")
    # The demo and the migrations were checked by `setup`; starting must stay quick.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--no-worker", action="store_true", help=_("không chạy việc nền trong lệnh này"))

    def handle(self, *args: object, **options: object) -> None:
        host, port = str(options["host"]), int(str(options["port"]))
        if not port_is_free(host, port):
            raise CommandError(
                _("Cổng %(port)s đang có chương trình khác dùng. Chọn cổng khác: make run PORT=%(other)s")
                % {"port": port, "other": port + 1}
            )
        env = {**os.environ, "TS_DB_ROLE": "web"}
        # Where nobody has said otherwise: codes on paper and links in letters lead to the port that is served here.
        env.setdefault("TS_BASE_URL", f"http://localhost:{port}")
        children = {"web": self._web(host, port, int(str(options["workers"])), env)}
        if not options["no_worker"]:
            children["worker"] = subprocess.Popen(
                [sys.executable, "-m", "thongsuot.config.cli", "worker"], env=env
            )
        if self._answers(host, port, children["web"]):
            self.stdout.write(
                _("Thông Suốt đang chạy tại http://localhost:%(port)s (Ctrl-C để dừng)") % {"port": port}
            )
            self.stdout.flush()
        self._watch(children, env)

    def _answers(self, host: str, port: int, web: subprocess.Popen[bytes]) -> bool:
        """Wait for the first page: only then is it true that it runs."""
        address = f"http://{host if host in LOOPBACK else 'localhost'}:{port}{static('pages/theme.css')}"
        for _attempt in range(240):
            if web.poll() is not None:
                return False
            try:
                with urllib.request.urlopen(address, timeout=30):
                    return True
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.25)
        return False

    def _web(self, host: str, port: int, workers: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", str(workers), "--blocking-threads", "4", "--workers-kill-timeout", "10",
            "--respawn-failed-workers", "--no-ws", "--log-level", "warning", settings.WSGI_APPLICATION.replace(".application", ":application"),
        ]  # fmt: skip
        return subprocess.Popen(command, env=env)

    def _watch(self, children: dict[str, subprocess.Popen[bytes]], env: dict[str, str]) -> None:
        """Until asked to stop, or the web server ends; a worker that dies is started again."""
        stopping = False

        def stop(number: int, frame: FrameType | None) -> None:
            nonlocal stopping
            stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        while not stopping:
            time.sleep(0.5)
            if children["web"].poll() is not None:
                break
            worker = children.get("worker")
            if worker is not None and worker.poll() is not None and not stopping:
                time.sleep(2)
                children["worker"] = subprocess.Popen(
                    [sys.executable, "-m", "thongsuot.config.cli", "worker"], env=env
                )
        for child in children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
        if not stopping:
            raise CommandError(_("Máy chủ web đã dừng ngoài ý muốn."))
