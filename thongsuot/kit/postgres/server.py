"""The embedded PostgreSQL server: started by whoever needs it first, shared by all, stopped only when asked.

No Django import here or below: settings.py calls `ensure_running`. Why and how: docs/adr/0001-embedded-postgresql.md.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from thongsuot.kit.postgres.binaries import find_binaries
from thongsuot.kit.postgres.cluster import bootstrap, initialise, refuse_other_major, start, stop_process
from thongsuot.kit.postgres.credentials import (
    DATABASE,
    OWNER_ROLE,
    Credentials,
    read_credentials,
)
from thongsuot.kit.postgres.errors import ServerError
from thongsuot.kit.postgres.home import Home, find_home, locked, prepare_home
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
    """Start the server of this `var` unless it runs, initialising it the first time; safe to call from many processes.

    Raises ServerError with the way out when it cannot run.
    """
    if os.environ.get("PG_BINDIR"):
        # Only here can the programs differ from the ones the running server came from.
        refuse_other_major(find_home(var_dir), find_binaries())
    if connection := _running(find_home(var_dir)):
        return connection
    with locked(var_dir):
        home = find_home(var_dir)
        return _running(home) or _start(var_dir)


def stop(var_dir: Path) -> bool:
    """Stop the server: sessions are ended, everything committed is kept. False when it was not running."""
    if not find_home(var_dir).control.is_dir():
        return False
    with locked(var_dir):
        home = find_home(var_dir)
        found = read_pid_file(home.data)
        if found is None or not runs_here(found.pid, home.data):
            return False
        stop_process(found.pid, home)
        return True


def status(var_dir: Path) -> Status:
    """What is there, without starting anything."""
    home = find_home(var_dir)
    if not (home.data / "PG_VERSION").exists():
        return Status("absent", home.data)
    found = read_pid_file(home.data)
    if connection := _running(home):
        with _connect(connection) as session:
            version = session.execute("show server_version").fetchone()
        return Status("running", home.data, found and found.pid, connection.host, str(version and version[0]))
    return Status("stopped", home.data)


def _running(home: Home) -> Connection | None:
    """How to reach the server if it runs and answers."""
    found = read_pid_file(home.data)
    credentials = read_credentials(home.credentials)
    if found is None or found.socket_dir is None or credentials is None:
        return None
    connection = _connection(found, credentials)
    try:
        _connect(connection).close()
    except psycopg.OperationalError as error:
        # It is full, not absent: starting another would not help.
        return connection if "too many" in str(error) or "remaining connection slots" in str(error) else None
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


def _connect(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
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
    user = server_user()
    home = prepare_home(var_dir, user)
    binaries = find_binaries()
    if not (home.data / "PG_VERSION").exists():
        initialise(home, binaries, user)
    refuse_other_major(home, binaries)
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
