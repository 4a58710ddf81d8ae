"""Reads postmaster.pid and says whether the process it names really is the server of this data folder."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PidFile:
    """The lines of postmaster.pid that matter.

    data: the folder the server was started with. socket_dir: where it listens, None until it does.
    """

    pid: int
    data: str
    port: int
    socket_dir: Path | None


def read_pid_file(data: Path) -> PidFile | None:
    """The pid file, or None when it is absent or empty. The server writes it line by line while it starts."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None
    lines += [""] * 5
    socket_dir = lines[4].strip()
    port = int(lines[3]) if lines[3].isdigit() else 0
    return PidFile(pid, lines[1], port, Path(socket_dir) if socket_dir else None)


def runs_here(pid: int, data: Path) -> bool | None:
    """True: that process is the server of this data folder. False: gone or another program. None: unknown."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Ours has our account, or we are root.
        return False
    if Path("/proc/self/stat").exists():
        return _by_proc(pid, data)
    return _by_ps(pid, data)


def _by_proc(pid: int, data: Path) -> bool | None:
    proc = Path(f"/proc/{pid}")
    try:
        name, _, rest = (proc / "stat").read_text(errors="replace").partition("(")[2].rpartition(")")
        # A zombie answers signal 0 although it is dead: usual in containers whose first process reaps nobody.
        if not name.startswith("postgres") or rest.split()[0] == "Z":
            return False
        # The server changes to its data folder when it starts.
        return os.path.realpath(os.readlink(proc / "cwd")) == os.path.realpath(data)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except OSError:
        return None


def _by_ps(pid: int, data: Path) -> bool | None:
    try:
        answer = subprocess.run(  # noqa: S603
            ["/bin/ps", "-o", "command=", "-p", str(pid)],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return "postgres" in answer.stdout and str(data) in answer.stdout
