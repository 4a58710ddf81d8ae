"""The bulk files: PostgreSQL writes the CSV, piece by piece into the zip. No row becomes an object."""

# ruff: noqa: S608 - SQL of resources.py only; values are parameters
from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import IO

from django.db import connection

from ...domain.oneroster import HEADERS, manifest
from .resources import RESOURCES
from .scope import Scope


def write_files(
    scope: Scope, out: IO[bytes], *, system: str = "Thông Suốt", code: str = "thongsuot"
) -> dict[str, int]:
    """A zip of CSV files into `out`; {file: rows}. Files without rows are absent, as the specification asks."""
    written: dict[str, int] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name in HEADERS:
            rows = _write(archive, name, scope)
            if rows:
                written[name] = rows
        text = io.StringIO(newline="")
        csv.writer(text).writerows(manifest(written, system=system, code=code))
        archive.writestr("manifest.csv", text.getvalue())
    return written


def _write(archive: zipfile.ZipFile, name: str, scope: Scope) -> int:
    """Rows written; the file is begun when the first row is there."""
    pieces = _copied(name, scope)
    head = next(pieces, b"")
    first = next(pieces, b"")
    if not first:
        return 0
    with archive.open(f"{name}.csv", "w", force_zip64=True) as file:
        file.write(head)
        file.write(first)
        rows = 1
        for piece in pieces:
            file.write(piece)
            rows += 1
    return rows


def _copied(name: str, scope: Scope) -> Iterator[bytes]:
    """The head, then one row at a time, as COPY gives them. Line breaks inside a value are not allowed in OneRoster: our
    texts have none (kit.text.clean_text)."""
    sql = RESOURCES[name].sql(with_modified=False)
    copy = f'copy (select * from ({sql}) r order by "sourcedId") to stdout (format csv, header)'
    with connection.cursor() as cursor, cursor.copy(copy, scope.parameters) as rows:
        for row in rows:
            yield bytes(row)
