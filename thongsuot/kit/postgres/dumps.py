"""Backup and restore by PostgreSQL's own programs, of the same version as the server. No Django import."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import psycopg.conninfo

from thongsuot.kit.postgres.binaries import Binaries
from thongsuot.kit.postgres.errors import ServerError


@dataclass(frozen=True)
class Target:
    """The database to save or to fill, reached as its owner."""

    host: str
    port: str
    dbname: str
    user: str
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    def connect(self) -> psycopg.Connection:
        found = psycopg.conninfo.make_conninfo(
            host=self.host,
            port=self.port or None,
            dbname=self.dbname,
            user=self.user,
            password=self.password,
            **self.options,
        )
        return psycopg.connect(found, autocommit=True)

    def environment(self) -> dict[str, str]:
        """For the programs: by environment, since a command line is there for everybody to read."""
        wanted = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGDATABASE": self.dbname,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGSSLMODE": self.options.get("sslmode", ""),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {name: value for name, value in wanted.items() if value}


def backup(target: Target, binaries: Binaries, file: Path) -> int:
    """Write the whole database to a compressed file that only its owner can read; its size in bytes."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    # Made first, so that it is never readable for others.
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _run(target, [binaries.program("pg_dump"), "--format=custom", "--compress=1", f"--file={draft}"])
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def restore(target: Target, binaries: Binaries, file: Path, *, replace: bool = False) -> None:
    """Fill the database from a backup, all of it or nothing.

    A database that holds tables is refused unless `replace`; then what it holds is dropped first.
    """
    _run(target, [binaries.program("pg_restore"), "--list", str(file)])
    with target.connect() as session:
        _refuse_older_server(session, binaries)
        row = session.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        if row and row[0]:
            if not replace:
                raise ServerError(
                    f"Cơ sở dữ liệu {target.dbname} đang có {row[0]} bảng. "
                    "Thêm --replace để xóa chúng rồi nạp."
                )
            _drop_everything(session)
    command = [binaries.program("pg_restore"), "--no-owner", "--single-transaction", "--exit-on-error"]
    _run(target, [*command, f"--dbname={target.dbname}", str(file)])


def _refuse_older_server(session: psycopg.Connection, binaries: Binaries) -> None:
    major = session.info.server_version // 10000
    if major < binaries.major:
        raise ServerError(
            f"Máy chủ là PostgreSQL {major}, chương trình là bản {binaries.major}. "
            f"Hãy đặt PG_BINDIR tới chương trình bản {major}."
        )


def _drop_everything(session: psycopg.Connection) -> None:
    session.execute("set lock_timeout = '10s'")
    try:
        session.execute("drop owned by current_user cascade")
    except psycopg.errors.LockNotAvailable as error:
        raise ServerError("Cơ sở dữ liệu đang được dùng. Hãy dừng serve và worker rồi chạy lại.") from error


def _run(target: Target, command: list[str]) -> None:
    answer = subprocess.run(  # noqa: S603 - our own commands
        command, env=target.environment(), capture_output=True, text=True, errors="replace", check=False
    )
    if answer.returncode == 0:
        return
    reason = answer.stderr.strip()[-1500:]
    if re.search("SSL|sslmode", reason):
        reason += (
            "\nChương trình kèm theo không có TLS; hãy đặt PG_BINDIR tới chương trình của hệ điều hành "
            "(apt-get install postgresql-client)."
        )
    raise ServerError(f"{Path(command[0]).name} không thành công: {reason}")
