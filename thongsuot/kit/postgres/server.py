"""The embedded PostgreSQL server: started by whoever needs it first, shared by all, stopped only when asked.

No Django import here or below: settings.py calls `ensure_running`. Why and how: docs/adr/0001.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from thongsuot.kit.postgres.binaries import copy_for_others, find_binaries
from thongsuot.kit.postgres.bootstrap import bootstrap
from thongsuot.kit.postgres.cluster import initialise, refuse_other_major, start, stop_process
from thongsuot.kit.postgres.credentials import DATABASE, OWNER_ROLE, Credentials, read_credentials
from thongsuot.kit.postgres.errors import ServerError, explained
from thongsuot.kit.postgres.home import Home, find_home, locked, prepare_home, reachable_root
from thongsuot.kit.postgres.postmaster import PidFile, read_pid_file, runs_here
from thongsuot.kit.postgres.roles import WEB_ROLE
from thongsuot.kit.postgres.system_user import server_user


@dataclass(frozen=True)
class Connection:
    """How to reach the embedded server. host is the folder of its Unix socket."""

    host: str
    port: int
    dbname: str
    owner_user: str
    owner_password: str = field(repr=False)
    web_user: str
    web_password: str = field(repr=False)


@dataclass(frozen=True)
class Status:
    """state: running, stopped or absent (never initialised)."""

    state: str
    data: Path
    pid: int | None = None
    host: str = ""
    version: str = ""


def ensure_running(var_dir: Path) -> Connection:
    """Start the server of this `var` unless it runs; initialise it the first time. Many may call at once.

    Raises ServerError with the way out when it cannot run.
    """
    with explained(var_dir):
        home = find_home(var_dir)
        if os.environ.get("PG_BINDIR"):
            # Only then can the programs differ from those that the running server came from.
            refuse_other_major(home, find_binaries())
        if connection := _running(home):
            return connection
        with locked(var_dir):
            return _running(find_home(var_dir)) or _start(var_dir)


def revive(var_dir: Path) -> Connection | None:
    """Start the server again after a crash; None when it was stopped on purpose, or never started."""
    with explained(var_dir):
        # A clean stop removes the pid file.
        crashed = read_pid_file(find_home(var_dir).data) is not None
    return ensure_running(var_dir) if crashed else None


def stop(var_dir: Path) -> bool:
    """Stop the server: sessions are ended, everything committed is kept. False when it was not running."""
    with explained(var_dir):
        if not find_home(var_dir).control.is_dir():
            return False
        with locked(var_dir):
            home = find_home(var_dir)
            found = read_pid_file(home.data)
            if found is None or not runs_here(found.pid, home.data):
                return False
            stop_process(found.pid, home)
            if found.socket_dir:
                with contextlib.suppress(OSError):
                    found.socket_dir.rmdir()
            return True


def status(var_dir: Path) -> Status:
    """What is there, without starting anything."""
    with explained(var_dir):
        home = find_home(var_dir)
        if not (home.data / "PG_VERSION").exists():
            return Status("absent", home.data)
        connection = _running(home)
        if connection is None:
            return Status("stopped", home.data)
        found = read_pid_file(home.data)
        with _connect(connection) as session:
            version = session.info.parameter_status("server_version") or ""
        return Status("running", home.data, found.pid if found else None, connection.host, version)


def _running(home: Home) -> Connection | None:
    """How to reach the server if it runs and answers."""
    credentials = read_credentials(home.credentials)
    found = read_pid_file(home.data)
    # A copied data folder carries the pid file of the one it was copied from.
    if credentials is None or found is None or found.socket_dir is None or found.data != str(home.data):
        return None
    connection = _connection(found, credentials)
    try:
        _connect(connection).close()
    except psycopg.OperationalError as error:
        # It is full, not absent: another start would not help.
        full = any(text in str(error) for text in ("too many", "remaining connection slots"))
        return connection if full else None
    return connection


def _connection(found: PidFile, credentials: Credentials) -> Connection:
    return Connection(
        host=str(found.socket_dir),
        port=found.port,
        dbname=DATABASE,
        owner_user=OWNER_ROLE,
        owner_password=credentials.owner_password,
        web_user=WEB_ROLE,
        web_password=credentials.web_password,
    )


def _connect(connection: Connection) -> psycopg.Connection:
    return psycopg.connect(
        host=connection.host,
        port=connection.port,
        dbname=connection.dbname,
        user=connection.owner_user,
        password=connection.owner_password,
        connect_timeout=5,
        autocommit=True,
    )


def _start(var_dir: Path) -> Connection:
    """Bring the server up; the lock is held."""
    user = server_user(find_home(var_dir).data)
    home = prepare_home(var_dir, user)
    binaries = find_binaries()
    refuse_other_major(home, binaries)
    if not user.can_start(binaries.program("postgres")):
        binaries = copy_for_others(binaries, reachable_root(user))
    if not (home.data / "PG_VERSION").exists():
        initialise(home, binaries, user)
    credentials = read_credentials(home.credentials)
    if credentials is None:
        raise ServerError(
            f"Có dữ liệu ở {home.data} nhưng thiếu tệp mật khẩu {home.credentials}; hãy khôi phục tệp đó từ "
            "bản sao lưu."
        )
    found = start(home, binaries, user, credentials)
    bootstrap(found, credentials)
    connection = _connection(found, credentials)
    _connect(connection).close()
    return connection
