"""The private folder of the server's Unix socket: short (the system allows 107 bytes), 0700, ours alone."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from thongsuot.kit.postgres.errors import ServerError
from thongsuot.kit.postgres.system_user import SystemUser

# The port only names the socket file; nothing listens on the network.
PORT = 5432
LONGEST_PATH = 107


def prepare_socket_dir(key: str, user: SystemUser, env: Mapping[str, str] | None = None) -> Path:
    """A private folder for the socket. Where it is, a running server says itself in postmaster.pid."""
    env = os.environ if env is None else env
    refused: list[str] = []
    for directory in _candidates(key, env):
        if len(os.fsencode(directory / f".s.PGSQL.{PORT}")) > LONGEST_PATH:
            refused.append(f"{directory}: đường dẫn quá dài")
            continue
        try:
            directory.parent.mkdir(mode=0o755, exist_ok=True)
            user.make_private(directory)
        except OSError as error:
            refused.append(f"{directory}: {error.strerror or error}")
            continue
        if reason := _objection(directory, user):
            refused.append(f"{directory}: {reason}")
            continue
        # Ours alone, and our server does not run: whatever process now has the number in an old lock file.
        for leftover in directory.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)
        return directory
    raise ServerError(
        "Không tạo được thư mục riêng cho socket của cơ sở dữ liệu (" + "; ".join(refused) + "). Hãy đặt "
        "TS_PG_SOCKET_DIR vào một thư mục ngắn, ghi được (ví dụ /run/thongsuot)."
    )


def _candidates(key: str, env: Mapping[str, str]) -> Iterator[Path]:
    if given := env.get("TS_PG_SOCKET_DIR"):
        yield Path(given) / f"ts-{key}"
        return
    name = f"thongsuot-{key}"
    yield Path("/tmp") / name  # noqa: S108 - checked below to be a folder of our own
    # Somebody may have taken the first name; a random one cannot be taken in advance.
    yield Path("/tmp") / f"{name}-{secrets.token_hex(4)}"  # noqa: S108
    # Last, since it vanishes when the user signs out while the server lives on.
    if runtime := env.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / name


def _objection(directory: Path, user: SystemUser) -> str | None:
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return "không phải thư mục"
    if found.st_uid != user.uid:
        return "thuộc về người dùng khác"
    if stat.S_IMODE(found.st_mode) != 0o700:
        directory.chmod(0o700)
    return None if user.can_use(directory) else f"tài khoản {user.name} không vào được"
