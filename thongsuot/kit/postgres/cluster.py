"""Makes, starts and stops one PostgreSQL cluster. Whoever calls holds the lock of its home."""

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

from thongsuot.kit.postgres.binaries import Binaries, bindir_of_major
from thongsuot.kit.postgres.bootstrap import connect_admin
from thongsuot.kit.postgres.credentials import ADMIN_ROLE, Credentials, new_credentials, save_credentials
from thongsuot.kit.postgres.errors import ServerError, explain_output
from thongsuot.kit.postgres.home import Home
from thongsuot.kit.postgres.postmaster import PidFile, read_pid_file, runs_here
from thongsuot.kit.postgres.sockets import PORT, prepare_socket_dir
from thongsuot.kit.postgres.system_user import SystemUser
from thongsuot.kit.postgres.tuning import server_options

APPEAR_SECONDS = 5
START_SECONDS = 60
STOP_SECONDS = 60
BUILTIN_LOCALE_SINCE = 17
# What a new cluster and its first weeks need; on a disk fuller than this it would fail half-way instead.
LEAST_FREE_BYTES = 200 * 1024 * 1024
# Answers of a server that is coming up, however long it needs to recover.
COMING_UP = ("starting up", "not yet accepting", "recovery", "not accepting connections")


def initialise(home: Home, binaries: Binaries, user: SystemUser) -> None:
    """initdb, beside the final place and then renamed: a start that is cut off leaves nothing half made."""
    draft = home.server / "data.new"
    if home.credentials.exists() and not draft.exists():
        raise ServerError(
            f"Không thấy dữ liệu ở {home.data} dù trước đây đã có (ổ đĩa chưa được gắn?). Hãy gắn lại ổ đĩa; "
            f"nếu thật sự muốn bắt đầu lại từ đầu thì xóa thư mục {home.control}."
        )
    shutil.rmtree(draft, ignore_errors=True)
    if shutil.disk_usage(home.server).free < LEAST_FREE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(home.server))
    user.make_private(draft)
    credentials = new_credentials()
    _run_initdb(draft, home, binaries, user, credentials.admin_password)
    save_credentials(home.credentials, credentials)
    draft.rename(home.data)


def _run_initdb(draft: Path, home: Home, binaries: Binaries, user: SystemUser, password: str) -> None:
    # Sorting and case rules must depend neither on the caller's LANG nor on the machine's locales.
    locale = ["--locale=C"]
    if binaries.major >= BUILTIN_LOCALE_SINCE:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    handle, password_file = tempfile.mkstemp(dir=home.server)
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(password)
            if user.dropped:
                os.fchown(stream.fileno(), user.uid, user.gid)
        command = [binaries.program("initdb"), "-D", str(draft), "-U", ADMIN_ROLE, "-E", "UTF8", *locale]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        answer = user.run(command, timeout=300)
    finally:
        os.unlink(password_file)
    if answer.returncode != 0:
        output = answer.stdout + answer.stderr
        raise explain_output(output, place=home.server, what="Không khởi tạo được cơ sở dữ liệu")


def refuse_other_major(home: Home, binaries: Binaries) -> None:
    """PostgreSQL cannot read another major version's data folder; say how to bring the data over."""
    try:
        found = int((home.data / "PG_VERSION").read_text().strip())
    except (FileNotFoundError, NotADirectoryError):
        return
    if found == binaries.major:
        return
    bindir = bindir_of_major(found)
    where = bindir or f"/usr/lib/postgresql/{found}/bin"
    install = "" if bindir else f" (trên Debian/Ubuntu: apt-get install postgresql-{found})"
    mismatch = (
        f"Dữ liệu ở {home.data} là của PostgreSQL {found}, còn chương trình đang dùng ({binaries.bindir}) là "
        f"PostgreSQL {binaries.major}. Dữ liệu chưa bị đụng tới.\n"
    )
    stay = f"cứ dùng bản {found}: đặt PG_BINDIR={where}{install}."
    if found > binaries.major:
        raise ServerError(f"{mismatch}PostgreSQL không hạ cấp dữ liệu; hãy {stay}")
    raise ServerError(
        f"{mismatch}Cách chuyển sang bản {binaries.major}:\n"
        f"  1. Sao lưu bằng chương trình bản {found}{install}:\n"
        f"     PG_BINDIR={where} thongsuot database backup chuyen.dump\n"
        f"     PG_BINDIR={where} thongsuot database stop\n"
        f"  2. Cất bản cũ, đừng xóa: {_put_aside(home, found)}\n"
        f"  3. Nạp vào bản {binaries.major}: thongsuot database restore chuyen.dump\n"
        f"Hoặc {stay}"
    )


def _put_aside(home: Home, major: int) -> str:
    command = f"mv {home.control} {home.control}-{major}"
    if home.server.parent == home.control:
        return command
    return f"{command} && mv {home.server} {home.server}-{major}"


def start(home: Home, binaries: Binaries, user: SystemUser, credentials: Credentials) -> PidFile:
    """Start the server and wait until it answers."""
    _clear_stale_pid_file(home)
    socket_dir = prepare_socket_dir(home.key, user)
    log = home.log / "start.log"
    settings = server_options(socket_dir, home.log, PORT)
    # pg_ctl hands this on through a shell.
    options = shlex.join(f"--{name}={value}" for name, value in settings.items())
    command = [binaries.program("pg_ctl"), "-D", str(home.data), "-l", str(log), "-W", "-o", options, "start"]
    deadline = time.monotonic() + START_SECONDS
    while True:
        user.run(["/bin/sh", "-c", ': > "$1"', "sh", str(log)])
        answer = user.run(command)
        if found := _wait_until_ready(home, credentials):
            return found
        output = answer.stderr + _read(log)
        # Backends of a killed postmaster need a moment to notice and let go of its memory.
        if "still in use" not in output or time.monotonic() > deadline:
            raise explain_output(output, place=home.server, what="Cơ sở dữ liệu không khởi động được")
        time.sleep(0.2)


def _wait_until_ready(home: Home, credentials: Credentials) -> PidFile | None:
    """Readiness is a real connection; pg_ctl believes the pid file. None when the server gave up."""
    appear_by = time.monotonic() + APPEAR_SECONDS
    answer_by = time.monotonic() + START_SECONDS
    while True:
        time.sleep(0.02)
        found = read_pid_file(home.data)
        if found is None or not runs_here(found.pid, home.data):
            if time.monotonic() > appear_by or (found is None and _gave_up(home)):
                return None
            continue
        reason = _refusal(found, home, credentials) if found.socket_dir else ""
        if reason is None:
            return found
        if any(text in reason for text in COMING_UP):
            answer_by = time.monotonic() + START_SECONDS
        if time.monotonic() > answer_by:
            raise ServerError(
                f"Cơ sở dữ liệu (tiến trình {found.pid}) không trả lời sau {START_SECONDS} giây: {reason}"
            )


def _gave_up(home: Home) -> bool:
    return "FATAL" in _read(home.log / "start.log")


def _refusal(found: PidFile, home: Home, credentials: Credentials) -> str | None:
    try:
        connect_admin(found, credentials).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise ServerError(
                f"Mật khẩu trong {home.credentials} không khớp với dữ liệu; hãy khôi phục đúng tệp đó từ bản "
                "sao lưu."
            ) from error
        return str(error)
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
        # pg_ctl and postgres believe the file as long as any process has that number.
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


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
