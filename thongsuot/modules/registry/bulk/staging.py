"""From clean columns to a stage table in the database: codes told apart, ids sealed, names keyed, doubles found."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from thongsuot.kit.importing.vectors import ROW
from thongsuot.kit.sealing.sealing import digest_many, seal_many
from thongsuot.kit.text.vectors import fold_texts, person_sort_keys

from .publicids import rising_ids
from .types import STAGE, PersonKind, Staged

PROVISIONAL_ID = r"(?i)^TAM-(\d{12})$"
# Rows written to the stage in one go; of a first loading, brought into the records in one go: as many as PostgreSQL
# keeps of a temporary table (8 MB unless told otherwise).
PIECE = 12_500
# Columns by which records are found: what the planner must know of.
SOUGHT = ("unit_id", "ministry_code", "personal_id_digest", "local_code", "name_fold", "birth_date")
TYPES: dict[Any, str] = {
    pl.String: "text",
    pl.Date: "date",
    pl.Boolean: "boolean",
    pl.Int64: "bigint",
    pl.Int32: "integer",
    pl.Binary: "bytea",
}
# Columns that the rows have from `_sealed` on, by which people are found.
FOUND_BY = ("provisional_guess", "provisional_plain")
MADE = frozenset({"personal_id_digest", *FOUND_BY})
# What the matching and the comparison write into the stage.
WORK = """
    new_id bigint not null default nextval('{sequence}'), target_id bigint, target_unit integer, state text not null default 'new', field text, reason text,
    before jsonb, spell_id bigint, spell_step text not null default ''
"""


def tell_codes_apart(staged: Staged, patterns: Mapping[str, str]) -> None:
    """ "Mã học sinh" is the ministry's code, a provisional one or the school's own, by its shape."""
    values = staged.cleaned.values
    for name in ("person_code", "ministry_code"):
        if name not in values.columns:
            values = values.with_columns(pl.lit(None, pl.String).alias(name))
    code = pl.col("person_code")
    is_provisional = code.str.contains(f"(?i)^(?:{patterns['provisional_code']})$")
    ministry = pl.when(code.str.contains(r"^\d{9}$")).then(code.str.zfill(10)).otherwise(code)
    is_ministry = pl.col("ministry_code").is_null() & ministry.str.contains(
        f"^(?:{patterns['ministry_code']})$"
    )
    # A provisional code may carry the personal id: it is read as one, and not kept readable (`key_people`).
    within = code.str.extract(PROVISIONAL_ID)
    if "personal_id" not in values.columns:
        values = values.with_columns(pl.lit(None, pl.String).alias("personal_id"))
    staged.cleaned.values = values.with_columns(
        personal_id=pl.coalesce("personal_id", within),
        provisional_code=pl.when(is_provisional).then(code),
        local_code=pl.when(~is_provisional & ~is_ministry).then(code),
        ministry_code=pl.when(is_ministry).then(ministry).otherwise(pl.col("ministry_code")),
    ).drop("person_code")


def place(staged: Staged) -> None:
    """`unit_id` of each row; rejects those of schools that are not the actor's, or not the file's."""
    values, asked = staged.cleaned.values, staged.asked
    if "school_code" in values.columns:
        known = pl.DataFrame(
            {"school_code": list(asked.units), "unit_id": list(asked.units.values())},
            schema={"school_code": pl.String, "unit_id": pl.Int64},
        )
        values = values.join(known, on="school_code", how="left", maintain_order="left")
    else:
        values = values.with_columns(school_code=pl.lit(None, pl.String), unit_id=pl.lit(None, pl.Int64))
    said = pl.col("school_code").is_not_null()
    if asked.unit_id is not None:
        own = pl.lit(asked.unit_id, pl.Int64)
        values = values.with_columns(unit_id=pl.when(said).then(pl.col("unit_id")).otherwise(own))
        wrong = said & (pl.col("unit_id").is_null() | (pl.col("unit_id") != asked.unit_id))
        reason = _("Dòng này của trường khác, không phải trường đã chọn.")
    else:
        wrong = pl.col("unit_id").is_null()
        reason = _("Không có trường mang mã này trong phạm vi được nhập.")
    _reject(staged, values.filter(wrong).select(ROW, value="school_code"), "school_code", reason)
    staged.cleaned.values = values.drop("school_code")


def key_people(staged: Staged) -> None:
    """What people are found by: the folded name, the sort key, the provisional code as it is kept here.

    The id is sealed and digested on its way to the stage (`_sealed`).
    """
    values = staged.cleaned.values
    # Names come again, of a province's pupils most of them.
    names = values.select(pl.col("full_name").unique())
    names = names.with_columns(
        name_fold=fold_texts(pl.col("full_name")), sort_key=person_sort_keys(names["full_name"])
    )
    values = values.join(names, on="full_name", how="left", maintain_order="left", nulls_equal=True)
    columns: list[Any] = []
    within = values["provisional_code"].str.extract(PROVISIONAL_ID)
    if within.null_count() < within.len():
        hidden = _provisional(pl.Series(list(digest_many(within)), dtype=pl.Binary))
        columns.append(pl.coalesce(hidden, "provisional_code").alias("provisional_code"))
    staged.cleaned.values = values.with_columns(columns)


def _provisional(digests: Any) -> Any:
    """The provisional code of somebody with such a digest of the personal id."""
    return pl.lit("TAM-") + digests.bin.encode("hex").str.head(12)


def find_twice(staged: Staged) -> None:
    """A person stands in a file once: the later row says where the first one is."""
    values = staged.cleaned.values
    keys = [
        (["ministry_code"], _("Mã định danh của Bộ")),
        (["personal_id"], _("Số định danh cá nhân")),
    ]
    keys += [(["unit_id", "provisional_code"], _("Mã tạm")), (["unit_id", "local_code"], _("Mã"))]
    codes = ["ministry_code", "personal_id", "provisional_code", "local_code"]
    for names, label in keys:
        if names[-1] in values.columns:
            _find_twice(staged, values.drop_nulls(names), names, str(label))
    nameless = values.filter(pl.all_horizontal(pl.col(c).is_null() for c in codes if c in values.columns))
    person = [name for name in ("unit_id", "name_fold", "birth_date", "gender") if name in values.columns]
    _find_twice(staged, nameless.drop_nulls("name_fold"), person, _("Họ tên, ngày sinh, giới tính"))


def _find_twice(staged: Staged, rows: pl.DataFrame, names: Sequence[str], label: str) -> None:
    # Whether the row itself is sound does not matter: its code is taken.
    later = rows.filter(~pl.struct(names).is_first_distinct())
    if not later.height:
        return
    first = rows.unique(names, keep="first").select(*names, first=ROW)
    doubles = later.join(first, on=list(names), how="left", nulls_equal=True)
    for number, group in doubles.group_by("first"):
        reason = _("%(what)s trùng với dòng %(number)d của tệp.") % {"what": label, "number": number[0]}
        _reject(staged, group.select(ROW, value=pl.lit("")), "", reason)


def _reject(staged: Staged, rows: pl.DataFrame, name: str, reason: str) -> None:
    staged.cleaned.reject(rows, name, staged.labels.get(name, ""), reason)


def write_stage(staged: Staged, kind: PersonKind) -> None:
    """COPY the sound rows into a table of this session and this transaction; nobody else sees it.

    Each row has the number that its record would get if it is a new one.
    """
    rows = sound_rows(staged)
    with connection.cursor() as cursor:
        names = _make_stage(cursor, _sealed(rows.clear()), kind)
        with cursor.copy(f"copy {STAGE} ({names}) from stdin (format csv)") as copy:
            for piece in _ahead(_csv(rows, _sealed)):
                copy.write(piece)
        known = ", ".join(name for name in SOUGHT if name in MADE or name in rows.columns)
        cursor.execute(f"analyze {STAGE} ({known}, row, target_id, state)")


def write_in_pieces(staged: Staged, kind: PersonKind) -> Iterator[float]:
    """`write_stage` for rows that are all new: whenever the next rows lie in the stage, the part of all rows that is
    done when they are written.

    While the caller writes them, the next ones are sealed and put into words. Not while they are copied: sealing and
    copying would take turns. What has been written leaves the stage: a piece lies in the session's own buffers, the
    rows of a province would go to a file and come back.
    """
    rows = sound_rows(staged)
    pieces = _csv(rows, _sealed_new)
    with connection.cursor() as cursor, ThreadPoolExecutor(max_workers=1) as pool:
        names = _make_stage(cursor, _sealed_new(rows.clear()), kind)
        coming, number = pool.submit(next, pieces, None), 0
        while (piece := coming.result()) is not None:
            with cursor.copy(f"copy {STAGE} ({names}) from stdin (format csv)") as copy:
                copy.write(piece)
            coming, number = pool.submit(next, pieces, None), number + 1
            yield min(1.0, number * PIECE / rows.height)
            cursor.execute(f"truncate {STAGE}")


def sound_rows(staged: Staged) -> pl.DataFrame:
    """The rows without a fault in themselves, as the registers are read: new records of a school lie together, and
    their indexes are filled in order."""
    wrong = staged.cleaned.all_errors()["row"].unique()
    rows = staged.cleaned.values
    if wrong.len():
        rows = rows.filter(~pl.col(ROW).is_in(wrong.implode()))
    return rows.sort("unit_id", "sort_key", ROW)


def _make_stage(cursor: Any, rows: pl.DataFrame, kind: PersonKind) -> str:
    """The empty stage for rows as they are sealed; the names of their columns."""
    schema = rows.schema
    columns = [f'"{name}" {TYPES[kind]}' for name, kind in schema.items()]
    cursor.execute(f"drop table if exists {STAGE} cascade")
    cursor.execute("select pg_get_serial_sequence(%s, 'id')", [kind.table])
    work = WORK.format(sequence=cursor.fetchone()[0])
    cursor.execute(f"create temporary table {STAGE} ({', '.join(columns)}, {work}) on commit drop")
    # The system's role matches across schools, the actor's own writes: both work on this table.
    cursor.execute(f"grant all on {STAGE} to public")
    return ", ".join(f'"{name}"' for name in schema)


def _ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The next piece is made while the database takes this one: both are let go of by the interpreter's lock."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece


def _sealed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as they lie in the stage: the personal id sealed and digested, with the public id that a new record gets."""
    ids, digest = rows["personal_id"], pl.col("personal_id_digest")
    made = rows.drop("personal_id").with_columns(
        pl.Series("personal_id_sealed", list(seal_many(ids)), dtype=pl.Binary),
        pl.Series("personal_id_digest", list(digest_many(ids)), dtype=pl.Binary),
        pl.Series("new_public_id", rising_ids(rows.height), dtype=pl.String),
        # As a tool of schools writes it, until the ministry's code comes.
        (pl.lit("TAM-") + ids).alias("provisional_plain"),
    )
    return made.with_columns(_provisional(digest).alias("provisional_guess"))


def _sealed_new(rows: pl.DataFrame) -> pl.DataFrame:
    """`_sealed` without what only known people are found by."""
    return _sealed(rows).drop(*FOUND_BY, "class_code", strict=False)


def _csv(rows: pl.DataFrame, sealed: Callable[[pl.DataFrame], pl.DataFrame]) -> Iterator[bytes]:
    for piece in rows.iter_slices(PIECE):
        out, ready = io.BytesIO(), sealed(piece)
        binary = [name for name, kind in ready.schema.items() if kind == pl.Binary]
        hexed = [("\\x" + pl.col(name).bin.encode("hex")).alias(name) for name in binary]
        ready.with_columns(hexed).write_csv(out, include_header=False)
        yield out.getvalue()
