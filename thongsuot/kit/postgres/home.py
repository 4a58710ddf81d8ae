"""Where the embedded server keeps its things.

    var/postgres/          belongs to whoever runs Thông Suốt: lock, credentials.json (0600), location.json
    var/postgres/server/   belongs to the server's account: data/, log/

When the server's account cannot reach `var` (a project under /root, say), `server` is
/var/lib/thongsuot/<key> instead and location.json points there; no parent folder's permission is changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from thongsuot.kit.postgres.errors import ServerError
from thongsuot.kit.postgres.system_user import SystemUser

REACHABLE_ROOT = Path("/var/lib/thongsuot")


@dataclass(frozen=True)
class Home:
    """The folders of one embedded server."""

    control: Path
    server: Path

    @property
    def data(self) -> Path:
        return self.server / "data"

    @property
    def log(self) -> Path:
        return self.server / "log"

    @property
    def credentials(self) -> Path:
        return self.control / "credentials.json"

    @property
    def key(self) -> str:
        return short_key(self.data)


def short_key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def find_home(var_dir: Path) -> Home:
    """Where the server of this `var` is; when there is none yet, where it would be by default."""
    control = _control(var_dir)
    return Home(control, _pointed_location(control) or control / "server")


def prepare_home(var_dir: Path, user: SystemUser) -> Home:
    """Create the folders, in the place that the account can reach. The lock is held."""
    home = find_home(var_dir)
    if home.credentials.exists():
        # Data is there already: it is never looked for, or begun anew, anywhere else.
        _refuse_unreachable(home, user)
    elif _pointed_location(home.control) is None and not user.can_use(home.control):
        home = Home(home.control, reachable_root(user) / short_key(home.control))
        pointer = {"server": str(home.server), "control": str(home.control)}
        write_private(home.control / "location.json", json.dumps(pointer))
    if not home.credentials.exists():
        user.make_private(home.server)
    if home.server.is_dir():
        user.make_private(home.log)
    return home


def _refuse_unreachable(home: Home, user: SystemUser) -> None:
    if home.server.is_dir() and not user.can_use(home.server):
        raise ServerError(
            f"Tài khoản {user.name} của cơ sở dữ liệu không còn vào được {home.server}. Hãy cho phép đi qua "
            f"các thư mục cha (chmod o+x), hoặc giao thư mục lại cho tài khoản đó (chown -R {user.name})."
        )


def reachable_root(user: SystemUser) -> Path:
    """A folder of root's that every account can pass through."""
    for folder in (REACHABLE_ROOT.parent, REACHABLE_ROOT):
        if not folder.is_dir():
            folder.mkdir(mode=0o755)
            folder.chmod(0o755)  # whatever the umask; it is ours and new
    if not user.can_use(REACHABLE_ROOT):
        raise ServerError(
            f"Tài khoản {user.name} của cơ sở dữ liệu không vào được {REACHABLE_ROOT}. Hãy đặt TS_VAR và môi "
            "trường Python vào những thư mục mà tài khoản đó vào được."
        )
    return REACHABLE_ROOT


@contextlib.contextmanager
def locked(var_dir: Path) -> Iterator[None]:
    """One process at a time may start, stop or initialise the server of this `var`."""
    control = _control(var_dir)
    if not control.is_dir():
        control.mkdir(mode=0o711, parents=True, exist_ok=True)
        # The server's account passes through to `server`; only the owner lists.
        control.chmod(0o711)
    handle = os.open(control / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_private(path: Path, text: str) -> None:
    """Write a 0600 file whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def _control(var_dir: Path) -> Path:
    return Path(os.path.realpath(var_dir)) / "postgres"


def _pointed_location(control: Path) -> Path | None:
    try:
        pointer = json.loads((control / "location.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    origin = Path(pointer["control"])
    # A copied project must not share the database of the one it was copied from.
    if origin != control and (origin / "location.json").exists():
        return None
    return Path(pointer["server"])
