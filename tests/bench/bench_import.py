"""A province's pupils brought in, against reading the workbook and a bare COPY of its rows.

Ours: reading, every check of a row, ids sealed, matching, dossiers, spells, facts, the change log, all indexes, under
row-level security. The floor: fastexcel into text, COPY into a table without an index.

27 November 2026, 450,000 pupils, quiet machine: 26.9 s against 7.7 s, 3.49 times the floor
(docs/adr/0019-speed-of-the-import.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from time import perf_counter

import fastexcel
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from tests.bench.measure import Figure, figure, milliseconds
from tests.bench.province import World
from tests.bench.pupil_file import HEAD, pupils, workbook
from tests.bench.scale import Scale
from tests.modules.registry.imports.files import load_code_lists
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.importing import actions
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.registry.models import SchoolClass

KIND = "registry.students"
MOST = 4.0


def run(world: World, scale: Scale) -> Iterator[Figure]:
    year = SchoolYear.objects.get(starts_on__year=world.today.year)
    units = list(Unit.objects.filter(pk__in=world.school_ids).values_list("pk", "code"))
    data = workbook(pupils(scale.pupils, [code for _pk, code in units], year.starts_on.year))
    load_code_lists(settings.DATA_DIR)
    SchoolClass.objects.bulk_create(
        SchoolClass(
            unit_id=pk,
            school_year=year,
            code=f"1A{number}",
            name=f"1A{number}",
            grade=1,
            valid_from=year.starts_on,
        )
        for pk, _code in units
        for number in range(1, 16)
    )
    by = Actor.system()

    def ours() -> float:
        upload = SimpleUploadedFile("hoc-sinh.xlsx", data)
        start = perf_counter()
        with act_as(by), acting(by, reason="bench"):
            brought = actions.start_run(by=by, kind=KIND, upload=upload, options={"year": year.name})
            actions.apply_run(by=by, run=brought)
        spent = (perf_counter() - start) * 1000
        brought.refresh_from_db()
        if brought.counts["new"] != scale.pupils:
            raise AssertionError(brought.counts)
        return spent

    if _floor(data) != (scale.pupils, len(HEAD)):
        raise AssertionError("the floor does not read and copy what ours does")
    floors = [milliseconds(lambda: _floor(data)) for _round in range(1 if scale.rounds == 1 else 3)]
    note = f"{scale.pupils} pupils x {len(HEAD)} columns; the floor reads and copies, no more"
    yield figure("import of a province's pupils", [ours()], floors, note=note, most=MOST)


def _floor(data: bytes) -> tuple[int, int]:
    """(rows, columns) that were read and copied: every cell of the sheet below its head, as text."""
    read = fastexcel.read_excel(data).load_sheet(0, header_row=None, skip_rows=1, dtypes="string").to_polars()
    columns = ", ".join(f"c{place} text" for place in range(read.width))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"create table bench_copy ({columns})")
        with cursor.copy("copy bench_copy from stdin (format csv)") as copy:
            for piece in read.iter_slices(50_000):
                out = io.BytesIO()
                piece.write_csv(out, include_header=False)
                copy.write(out.getvalue())
        copied = cursor.rowcount
        cursor.execute("drop table bench_copy")
    return copied, read.width
