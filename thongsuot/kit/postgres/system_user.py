"""The system account the server runs under: PostgreSQL refuses root, so root hands over to another."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thongsuot.kit.postgres.errors import ServerError

ACCOUNT = "thongsuot"
# Debian's own account comes second: it exists wherever the distribution's PostgreSQL is installed.
KNOWN_ACCOUNTS = (ACCOUNT, "postgres")


@dataclass(frozen=True)
class SystemUser:
    """The account of the server. dropped: this process is root and starts the programs as that account."""

    name: str
    uid: int
    gid: int
    dropped: bool

    def run(self, command: Sequence[str], *, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program as the account, without the parts of our environment that could change its ways."""
        identity: dict[str, Any] = {}
        if self.dropped:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        path = os.environ.get("PATH", os.defpath)
        return subprocess.run(  # noqa: S603 - our own commands
            list(command),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": path, "LANG": "C", "LC_ALL": "C", "USER": self.name},
            umask=0o077,
            **identity,
        )

    def can_use(self, folder: Path) -> bool:
        """Whether the account can reach the folder: asked of the system, since ACLs and mounts matter too."""
        command = ["/bin/sh", "-c", 'test -d "$1" && test -x "$1"', "sh", str(folder)]
        return self.run(command).returncode == 0

    def can_start(self, program: str) -> bool:
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def make_private(self, folder: Path) -> None:
        """Create a 0700 folder that belongs to the account. One that is there already is not taken over."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            # Root's own folder is what a start that was cut off left behind; another user's is a trap.
            found = folder.lstat()
            if not (self.dropped and stat.S_ISDIR(found.st_mode) and found.st_uid == 0):
                return
        if self.dropped:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def server_user(data: Path, env: Mapping[str, str] | None = None) -> SystemUser:
    """The account for the server of this data folder.

    Oneself, or when one is root: the owner of the data; for new data TS_PG_SYSTEM_USER, thongsuot, postgres,
    or else an account that is created.
    """
    env = os.environ if env is None else env
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        return _oneself(data, owner)
    if owner:
        return _known(owner, data)
    wanted = env.get("TS_PG_SYSTEM_USER")
    for name in (wanted,) if wanted else KNOWN_ACCOUNTS:
        if entry := _entry(name):
            return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid, dropped=True)
    if wanted:
        raise ServerError(f"TS_PG_SYSTEM_USER={wanted}: máy này không có tài khoản đó (hoặc đó là root).")
    return _create_account()


def _oneself(data: Path, owner: int | None) -> SystemUser:
    uid = os.geteuid()
    if owner not in (None, uid):
        raise ServerError(
            f"Dữ liệu ở {data} thuộc về tài khoản khác (số {owner}). Hãy chạy bằng người dùng đã tạo ra nó "
            "(có thể là root), hoặc đặt TS_VAR sang thư mục khác."
        )
    try:
        return SystemUser(pwd.getpwuid(uid).pw_name, uid, os.getegid(), dropped=False)
    except KeyError:
        raise ServerError(
            f"Người dùng số {uid} không có tên trong /etc/passwd nên PostgreSQL không chạy được. "
            "Hãy chạy bằng một người dùng có tên, hoặc đặt DATABASE_URL tới một máy chủ có sẵn."
        ) from None


def _known(uid: int, data: Path) -> SystemUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ServerError(
            f"Dữ liệu ở {data} thuộc về tài khoản số {uid}, không có trên máy này. Hãy đổi chủ thư mục đó: "
            f"chown -R postgres {data.parent} (hoặc tài khoản khác, trừ root)."
        ) from None
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid, dropped=True)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return entry if entry.pw_uid != 0 else None


def _create_account() -> SystemUser:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program:
        command = [program, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, ACCOUNT], capture_output=True, check=False, timeout=60)  # noqa: S603
    # Asked again in any case: another process may have created it at the same moment.
    if entry := _entry(ACCOUNT):
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid, dropped=True)
    raise ServerError(
        "PostgreSQL không chạy bằng root và không tạo được tài khoản hệ thống. Hãy chạy "
        f"`useradd --system --no-create-home {ACCOUNT}`, hoặc chạy Thông Suốt bằng một người dùng thường."
    )
