"""Under which system account the server runs. PostgreSQL refuses root, so root hands over to a system account."""

from __future__ import annotations

import os
import pwd
import shutil
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

    def run(
        self, command: Sequence[str], *, timeout: float = 120, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as the account, with nothing of the caller's environment that could change its behaviour."""
        identity: dict[str, Any] = {}
        if self.dropped:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            list(command),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C", "LC_ALL": "C", "USER": self.name},
            **identity,
            **more,
        )

    def can_use(self, directory: Path) -> bool:
        """Whether the account can reach the folder: asked of the system, since ACLs and mounts matter too."""
        return (
            self.run(["/bin/sh", "-c", 'test -d "$1" && test -x "$1"', "sh", str(directory)]).returncode == 0
        )

    def make_private(self, directory: Path) -> None:
        """Create a 0700 folder that belongs to the account. One that is there already is not taken over."""
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            # Root's own folder is what a start that was cut off left behind; another user's is a trap.
            if not self.dropped or directory.lstat().st_uid != 0:
                return
        if self.dropped:
            os.chown(directory, self.uid, self.gid, follow_symlinks=False)


def server_user(env: Mapping[str, str] | None = None) -> SystemUser:
    """The account for the server: oneself, or for root TS_PG_SYSTEM_USER, thongsuot, postgres, else one is created."""
    env = os.environ if env is None else env
    if os.geteuid() != 0:
        return SystemUser(_own_name(), os.geteuid(), os.getegid(), dropped=False)
    wanted = env.get("TS_PG_SYSTEM_USER")
    for name in (wanted,) if wanted else KNOWN_ACCOUNTS:
        if entry := _entry(name):
            return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid, dropped=True)
    if wanted:
        raise ServerError(f"TS_PG_SYSTEM_USER={wanted}: máy này không có tài khoản đó (hoặc đó là root).")
    return _create_account()


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise ServerError(
            f"Người dùng số {os.geteuid()} không có tên trong /etc/passwd nên PostgreSQL không chạy được. "
            "Hãy chạy bằng một người dùng có tên, hoặc đặt DATABASE_URL tới một máy chủ PostgreSQL có sẵn."
        ) from None


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return entry if entry.pw_uid != 0 else None


def _create_account() -> SystemUser:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program:
        command = [
            program,
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            ACCOUNT,
        ]
        subprocess.run(command, capture_output=True, check=False, timeout=60)
    # Asked again in any case: another process may have created it at the same moment.
    if entry := _entry(ACCOUNT):
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid, dropped=True)
    raise ServerError(
        "PostgreSQL không chạy bằng root và không tạo được tài khoản hệ thống. Hãy chạy "
        f"`useradd --system --no-create-home {ACCOUNT}`, hoặc chạy Thông Suốt bằng một người dùng thường."
    )
