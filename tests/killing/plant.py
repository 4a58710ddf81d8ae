"""A whole installation in a folder: an embedded PostgreSQL filled from the test template, `thongsuot worker`, `thongsuot
serve`. Each can be killed with -9 at any moment and started again, as a service manager would."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.database import template_name
from thongsuot.kit.postgres import dumps
from thongsuot.kit.postgres.binaries import find_binaries
from thongsuot.kit.postgres.home import find_home
from thongsuot.kit.postgres.postmaster import read_pid_file
from thongsuot.kit.postgres.server import Connection, ensure_running, revive, stop

ALONE = ("DATABASE_URL", "DATABASE_OWNER_URL", "PYTEST_VERSION", "PYTEST_CURRENT_TEST", "TS_TEST_DB")


class Process:
    """One command in a group of processes of its own, all of which die together."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self._command, self._env, self._log = command, env, log
        self._running: subprocess.Popen[bytes] | None = None
        self.kills = self.starts = 0

    def start(self) -> None:
        if self.lives():
            return
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command, env=self._env, stdout=log, stderr=log, start_new_session=True
            )
        self.starts += 1

    def lives(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """kill -9, children too."""
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self.kills += 1

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    def said(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""


class Plant:
    """`var`: the folder of the installation. The test's own connection leads to its database, as the owner."""

    database: Connection

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        env = {name: value for name, value in os.environ.items() if name not in ALONE}
        env |= {
            "TS_VAR": str(var),
            "TS_DB_ROLE": "web",
            "TS_MFA_REQUIRED": "none",
            "TS_SECRET_KEY": settings.SECRET_KEY,
            "TS_SEALING_SECRETS": ",".join(settings.SEALING_SECRETS),
            "TS_BASE_URL": self.url,
            "TS_HOSTS": "127.0.0.1",
        }
        python = [sys.executable, "-m", "thongsuot.config.cli"]
        self.worker = Process([*python, "worker"], env, var / "worker.log")
        serve = [*python, "serve", "--no-worker", "--workers", "1", "--port", str(port)]
        self.web = Process(serve, env, var / "web.log")
        self.database_kills = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill_database(self) -> None:
        """The postmaster and all that it has started; files stay as they lie, as after a power cut of the process."""
        found = read_pid_file(find_home(self.var).data)
        assert found is not None
        _kill_each([found.pid, *_children(found.pid)])
        self.database_kills += 1

    def kill_serving(self) -> None:
        """Of the web server only the process that answers: `serve` has a parent of it, which starts another."""
        serving = [pid for parent in _children(self.web.pid) for pid in _children(parent)]
        assert serving, "nobody serves"
        _kill_each(serving)
        self.web.kills += 1

    def start_database(self) -> None:
        revive(self.var)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/tai-khoan/dang-nhap/", timeout=10).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def wait_for_web(self, seconds: float = 240) -> None:
        until(self.answers, seconds)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill_each(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def until(condition: Any, seconds: float) -> Any:
    limit = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < limit, f"waited {seconds} s in vain"
        time.sleep(0.1)


@contextlib.contextmanager
def plant(django_settings: Any) -> Iterator[Plant]:
    """A fresh installation whose web server starts; taken down whatever happens."""
    var = Path(tempfile.mkdtemp(prefix="thongsuot-kill-"))
    var.chmod(0o755)
    for name in ("assets", "fonts"):
        if (settings.VAR_DIR / name).is_dir():
            (var / name).symlink_to(settings.VAR_DIR / name)
    made = Plant(var, _free_port())
    try:
        # Loads its program while the database is made; asks for no table before somebody asks for a page.
        made.web.start()
        with _filled(var) as made.database:
            django_settings.VAR_DIR = var
            yield made
    finally:
        made.web.kill()
        made.worker.kill()
        stop(var)
        if os.environ.get("TS_KILL_KEEP") != "1":
            shutil.rmtree(var, ignore_errors=True)


@contextlib.contextmanager
def _filled(var: Path) -> Iterator[Connection]:
    """The server's database as the template of the tests; Django's connection leads there meanwhile."""
    dump = var / "template.dump"
    here = connection.settings_dict
    starting: list[Connection] = []
    thread = threading.Thread(target=lambda: starting.append(ensure_running(var)))
    thread.start()
    source = dumps.Target(here["HOST"], here["PORT"], template_name(), here["USER"], here["PASSWORD"])
    dumps.backup(source, find_binaries(), dump)
    thread.join()
    (made,) = starting
    target = dumps.Target(made.host, str(made.port), made.dbname, made.owner_user, made.owner_password)
    dumps.restore(target, find_binaries(), dump)
    dump.unlink()
    kept = dict(here)
    connection.close()
    here.update(
        HOST=made.host, PORT=str(made.port), NAME=made.dbname, USER=made.owner_user,
        PASSWORD=made.owner_password, EMBEDDED_IN=str(var),
    )  # fmt: skip
    try:
        yield made
    finally:
        connection.close()
        here.clear()
        here.update(kept)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
