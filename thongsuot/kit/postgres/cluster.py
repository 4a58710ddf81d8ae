"""Makes and starts one PostgreSQL cluster: initdb, start, and the roles and database in it."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from thongsuot.kit.postgres.binaries import Binaries
from thongsuot.kit.postgres.credentials import (
    ADMIN_ROLE,
    DATABASE,
    OWNER_ROLE,
    Credentials,
    new_credentials,
    save_credentials,
)
from thongsuot.kit.postgres.errors import ServerError, explain_os_error, explain_output
from thongsuot.kit.postgres.home import Home
from thongsuot.kit.postgres.postmaster import PidFile, read_pid_file, runs_here
from thongsuot.kit.postgres.roles import SCOPE_ROLES, WEB_ROLE, role_memberships
from thongsuot.kit.postgres.sockets import PORT, prepare_socket_dir
from thongsuot.kit.postgres.system_user import SystemUser
from thongsuot.kit.postgres.tuning import server_options

START_SECONDS = 60
STOP_SECONDS = 60
BUILTIN_LOCALE_SINCE = 17
# What a new cluster and its first months of growth need; a disk fuller than this fails half-way instead.
LEAST_FREE_BYTES = 200 * 1024 * 1024


def initialise(home: Home, binaries: Binaries, user: SystemUser) -> None:
    """initdb, beside the final place and then renamed: a start that is cut off leaves nothing half made."""
    draft = home.server / "data.new"
    if home.credentials.exists() and not draft.exists():
        raise ServerError(
            f"Không thấy dữ liệu ở {home.data} dù trước đây đã có (ổ đĩa chưa được gắn?). Hãy gắn lại ổ đĩa; "
            f"nếu thật sự muốn bắt đầu lại từ đầu thì xóa thư mục {home.control}."
        )
    try:
        shutil.rmtree(draft, ignore_errors=True)
        if shutil.disk_usage(home.server).free < LEAST_FREE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        user.make_private(draft)
        credentials = new_credentials()
        _run_initdb(draft, home, binaries, user, credentials.admin_password)
        save_credentials(home.credentials, credentials)
        draft.rename(home.data)
    except OSError as error:
        raise explain_os_error(error, place=home.server, user=user.name) from error


def _run_initdb(draft: Path, home: Home, binaries: Binaries, user: SystemUser, password: str) -> None:
    # Sorting and case rules must not depend on the caller's LANG nor on the machine's locales.
    locale = ["--locale=C"]
    if binaries.major >= BUILTIN_LOCALE_SINCE:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    handle, password_file = tempfile.mkstemp(dir=home.server)
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(password)
        if user.dropped:
            os.chown(password_file, user.uid, user.gid)
        command = [binaries.program("initdb"), "-D", str(draft), "-U", ADMIN_ROLE, "-E", "UTF8", *locale]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        answer = user.run(command, timeout=300)
    finally:
        os.unlink(password_file)
    if answer.returncode != 0:
        output = answer.stdout + answer.stderr
        reason = explain_output(output, place=home.server, user=user.name)
        raise ServerError(
            reason or f"Không khởi tạo được cơ sở dữ liệu ở {home.server}:\n{output.strip()[-2000:]}"
        )


def refuse_other_major(home: Home, binaries: Binaries) -> None:
    """PostgreSQL cannot read another major version's data folder; say how to bring the data over."""
    try:
        found = int((home.data / "PG_VERSION").read_text().strip())
    except (FileNotFoundError, NotADirectoryError):
        return
    if found == binaries.major:
        return
    raise ServerError(
        f"Dữ liệu ở {home.data} là của PostgreSQL {found}, còn chương trình đang dùng ({binaries.bindir}) là "
        f"PostgreSQL {binaries.major}. Dữ liệu không bị đụng tới. Cách chuyển:\n"
        f"  1. Sao lưu bằng bản {found}: PG_BINDIR=<thư mục bin của PostgreSQL {found}> thongsuot database backup "
        f"chuyen.dump\n     (Debian/Ubuntu: apt-get install postgresql-{found}, "
        f"PG_BINDIR=/usr/lib/postgresql/{found}/bin)\n"
        f"  2. Dừng và cất giữ thư mục cũ: PG_BINDIR=... thongsuot database stop; mv {home.control} "
        f"{home.control}-{found}"
        + (f"; mv {home.server} {home.server}-{found}" if home.server.parent != home.control else "")
        + "\n  3. Nạp vào bản mới: thongsuot database restore chuyen.dump\n"
        f"Hoặc tiếp tục dùng bản {found} bằng cách đặt PG_BINDIR."
    )


def start(home: Home, binaries: Binaries, user: SystemUser, credentials: Credentials) -> PidFile:
    """Start the server and wait until it answers; the lock is held."""
    _clear_stale_pid_file(home)
    socket_dir = prepare_socket_dir(home.key, user)
    log = home.log / "start.log"
    user.make_private(home.log)
    settings = server_options(socket_dir, home.log, PORT)
    deadline = time.monotonic() + START_SECONDS
    while True:
        user.run(["/bin/sh", "-c", ': > "$1"', "sh", str(log)])
        # pg_ctl hands this on through a shell.
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        answer = user.run(
            [binaries.program("pg_ctl"), "-D", str(home.data), "-l", str(log), "-W", "-o", options, "start"]
        )
        if found := _wait_until_ready(home, credentials):
            return found
        output = answer.stderr + _read(log)
        # Backends of a killed postmaster need a moment to notice and let go of its memory.
        if "shared memory" in output and "still in use" in output and time.monotonic() < deadline:
            time.sleep(0.3)
            continue
        reason = explain_output(output, place=home.server, user=user.name)
        raise ServerError(reason or f"Cơ sở dữ liệu không khởi động được:\n{output.strip()[-2000:]}")


def _wait_until_ready(home: Home, credentials: Credentials) -> PidFile | None:
    """Readiness is a real connection: pg_ctl believes the pid file. None when the server gave up."""
    appear_by = time.monotonic() + 3
    while True:
        time.sleep(0.02)
        found = read_pid_file(home.data)
        if found and runs_here(found.pid, home.data):
            try:
                if found.socket_dir:
                    _connect_admin(found, credentials, "postgres").close()
                    return found
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise ServerError(
                        f"Mật khẩu trong {home.credentials} không khớp với dữ liệu; hãy khôi phục đúng tệp đó từ "
                        "bản sao lưu."
                    ) from error
        elif time.monotonic() > appear_by:
            return None


def _clear_stale_pid_file(home: Home) -> None:
    found = read_pid_file(home.data)
    if found is None:
        return
    alive = runs_here(found.pid, home.data)
    if alive:
        # It runs but does not answer (its socket folder was swept away, say): only a restart helps.
        stop_process(found.pid, home)
    elif alive is False:
        # pg_ctl and postgres believe the file when any process has that number.
        (home.data / "postmaster.pid").unlink(missing_ok=True)


def stop_process(pid: int, home: Home) -> None:
    """Fast shutdown: sessions end, what is committed stays."""
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while runs_here(pid, home.data):
        if time.monotonic() > deadline:
            raise ServerError(
                f"Cơ sở dữ liệu (tiến trình {pid}) chưa dừng sau {STOP_SECONDS} giây; xem {home.log}."
            )
        time.sleep(0.02)


def bootstrap(found: PidFile, credentials: Credentials) -> None:
    """Roles and database, made when missing; passwords follow the credentials file."""
    with _connect_admin(found, credentials, "postgres") as session:
        for role, attributes, password in (
            # The owner is no superuser, as in production; BYPASSRLS lets migrations and the demo write every row.
            (OWNER_ROLE, "login createdb nocreaterole bypassrls", credentials.owner_password),
            (WEB_ROLE, "login noinherit", credentials.web_password),
            *((name, "nologin", None) for name in SCOPE_ROLES),
        ):
            known = session.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
            statement = sql.SQL("alter role {} {}" if known else "create role {} {}")
            session.execute(statement.format(sql.Identifier(role), sql.SQL(attributes)))
            if password:
                session.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), password))
        for granted, member in role_memberships(OWNER_ROLE):
            session.execute(sql.SQL("grant {} to {}").format(sql.Identifier(granted), sql.Identifier(member)))
        if not session.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            session.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
                )
            )


def _connect_admin(
    found: PidFile, credentials: Credentials, dbname: str
) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(found.socket_dir),
        port=found.port,
        dbname=dbname,
        user=ADMIN_ROLE,
        password=credentials.admin_password,
        connect_timeout=5,
        autocommit=True,
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
