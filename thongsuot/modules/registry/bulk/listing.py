"""The rows of a run for people: what each does, what it replaces, why it is refused; and who is not in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from thongsuot.kit.importing.bulk import LISTED_ROWS, SOME_ROWS
from thongsuot.kit.importing.columns import Column, Date, Text, text_of
from thongsuot.kit.importing.frames import day_shown
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.rows import replace_rows
from thongsuot.kit.importing.types import CellError, RowError, RowPlan, RowState
from thongsuot.kit.importing.vectors import ROW

from ..types import SENSITIVE_FIELDS, SENSITIVE_KINDS
from .comparing import SEALED
from .sql import rows
from .staging import sound_rows
from .types import STAGE, Staged

# Cells of these are never written into the list: they lie sealed elsewhere.
HIDDEN = frozenset({"personal_id"})
# What a record says of these is not for everybody who may bring a file in.
VEILED = SENSITIVE_FIELDS | SENSITIVE_KINDS | {"is_father_minority", "is_mother_minority"}
# Shown as they were read, not as they stand in the file: a day may stand there as the number 43532, Đ as another letter.
READ, AS_READ = (Date, Text), "\0read"
# What has become of a row.
OUTCOME: dict[str, Any] = {ROW: pl.Int64, "state": pl.String, "target_id": pl.Int64, "before": pl.String}
# A provisional code may be made of the personal id.
PROVISIONAL = re.compile(r"^TAM-\d{12}$", re.IGNORECASE)


def keep_rows(
    run: ImportRun,
    importer: Importer,
    staged: Staged,
    missing: Sequence[tuple[int, str, str]],
    *,
    all_new: bool = False,
) -> dict[str, int]:
    """Write the rows of the run; its counts. missing: (id, name, class) of records that the file does not name.

    all_new: every sound row has become a new record, as in a first loading; the stage need not be asked.
    """
    sound = sound_rows(staged).select(ROW) if all_new else None
    told = _numbers() if sound is None else {RowState.NEW: sound.height}
    numbers = {state: 0 for state in RowState} | told
    errors = _errors(staged, has_refused=bool(numbers[RowState.REJECTED]))
    found = _outcome(numbers) if sound is None else _new_ones(sound)
    numbers[RowState.REJECTED] = len(errors)
    numbers[RowState.PASSED] = len(staged.passed)
    numbers[RowState.MISSING] = len(missing)
    plans = [
        *_rejected(staged, errors),
        *_listed(importer, staged, found),
        *(RowPlan(number, RowState.PASSED) for number in staged.passed),
        *_missing(staged, missing),
    ]
    replace_rows(run, importer, plans)
    return {state.value: number for state, number in numbers.items()}


def _numbers() -> dict[RowState, int]:
    """How many rows of the stage are in each state."""
    return {
        RowState(state): number
        for state, number in rows(f"select state, count(*) from {STAGE} group by state")
    }


def _outcome(numbers: Mapping[RowState, int]) -> pl.DataFrame:
    """row, state, target_id, before (JSON) of the rows to be listed: of each state the first ones in the order of the
    file; of a province's file few that need no look."""
    found = []
    for state, number in numbers.items():
        if not number or state == RowState.REJECTED:
            continue
        found += rows(
            f"""
            select row, state, target_id, before::text from {STAGE} where state = %(state)s
            order by row limit %(most)s
            """,
            {"state": state.value, "most": _most(state, number)},
        )
    return pl.DataFrame(found, schema=OUTCOME, orient="row").sort(ROW)


def _new_ones(sound: pl.DataFrame) -> pl.DataFrame:
    """`_outcome` of rows that are all new."""
    first = sound.sort(ROW).head(_most(RowState.NEW, sound.height))
    nothing = [
        pl.lit(None, kind).alias(name) for name, kind in OUTCOME.items() if name in ("target_id", "before")
    ]
    return first.with_columns(pl.lit(RowState.NEW.value).alias("state"), *nothing).select(list(OUTCOME))


def _most(state: RowState, number: int) -> int:
    """How many of the `number` rows in this state are listed."""
    is_plain = state in (RowState.NEW, RowState.UNCHANGED)
    return SOME_ROWS if is_plain and number > LISTED_ROWS else LISTED_ROWS


def _errors(staged: Staged, *, has_refused: bool) -> dict[int, list[RowError]]:
    """Why rows are refused: what was found in the file, and what was found against the records."""
    found: dict[int, list[RowError]] = {}
    for number, field, label, value, reason in staged.cleaned.all_errors().iter_rows():
        said = SEALED if field in HIDDEN and value else text_of(value)[:200]
        found.setdefault(number, []).append(RowError(field, label, said, reason))
    if not has_refused:
        return found
    # These were sound in themselves: the stage has no others.
    refused = rows(f"select row, field, reason from {STAGE} where state = 'rejected' order by row")
    for number, field, reason in refused:
        label = staged.labels.get(field or "", "")
        found.setdefault(number, []).append(RowError(field or "", label, "", reason or ""))
    return found


def _rejected(staged: Staged, errors: dict[int, list[RowError]]) -> Iterator[RowPlan]:
    said = staged.raw.filter(pl.col(ROW).is_in(list(errors)))
    for cells in said.iter_rows(named=True):
        texts = dict(_texts(cells))
        plan = RowPlan(cells[ROW], RowState.REJECTED, _key(texts), errors=errors[cells[ROW]])
        plan.texts = {name: [text, ""] for name, text in texts.items()}
        yield plan


def _listed(importer: Importer, staged: Staged, found: pl.DataFrame) -> Iterator[RowPlan]:
    """Rows that went in, or would."""
    columns = {column.key: column for column in importer.columns}
    rows_of = pl.col(ROW).is_in(found[ROW].implode())
    said = found.join(staged.raw.filter(rows_of), on=ROW, how="left", maintain_order="left")
    read = [
        name for name, column in columns.items() if isinstance(column, READ) and name in staged.raw.columns
    ]
    known = [name for name in read if name in staged.cleaned.values.columns]
    values = staged.cleaned.values.filter(rows_of).select(
        ROW, *(pl.col(name).alias(f"{name}{AS_READ}") for name in known)
    )
    said = said.join(values, on=ROW, how="left", maintain_order="left")
    for cells in said.iter_rows(named=True):
        texts = dict(_texts(cells))
        for name in known:
            if cells[f"{name}{AS_READ}"] is not None:
                texts[name] = columns[name].show(cells[f"{name}{AS_READ}"])
        plan = RowPlan(cells[ROW], RowState(cells["state"]), _key(texts), target_id=cells["target_id"])
        before: dict[str, Any] = json.loads(cells["before"]) if cells["before"] else {}
        plan.texts = {name: [text, ""] for name, text in texts.items()}
        for name, old in before.items():
            hides = staged.asked.veiled and name in VEILED
            shown = (SEALED if old else "") if hides else _show(columns.get(name), old)
            plan.texts[name] = [plan.texts.get(name, ["", ""])[0], shown]
        # Only the names: values of the record stay in the record.
        plan.before = dict.fromkeys(before)
        yield plan


def _show(column: Column | None, old: Any) -> str:
    if old in (None, "", SEALED):
        return old or ""
    if column is None:
        return str(old)
    try:
        return column.show(column.decode(old))
    except (CellError, ValueError, TypeError):
        return str(old)


def _key(said: dict[str, str]) -> str:
    code = said.get("person_code") or said.get("ministry_code")
    return " · ".join(text for text in (code, said.get("full_name")) if text)


def _texts(cells: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, text in cells.items():
        if name in (ROW, "state", "target_id", "before", "field", "reason") or not text:
            continue
        if name.endswith(AS_READ):
            continue
        yield name, SEALED if name in HIDDEN else PROVISIONAL.sub(f"TAM-{SEALED}", text_of(day_shown(text)))


def _missing(staged: Staged, missing: Sequence[tuple[int, str, str]]) -> Iterator[RowPlan]:
    for place, (pk, name, where) in enumerate(missing[:LISTED_ROWS], start=1):
        plan = RowPlan(staged.last_row + place, RowState.MISSING, name, target_id=pk)
        plan.texts = {"full_name": [name, ""], "class_code": [where, ""]}
        yield plan


def students_missing(staged: Staged) -> list[tuple[int, str, str]]:
    """Pupils with an open spell in the year at a school of the file whom no row names: they stay as they are."""
    return rows(
        f"""
        select e.student_id, e.student_name, coalesce(c.name, '') from registry_enrolment e
        left join registry_schoolclass c on c.id = e.school_class_id
        where e.left_on is null and e.school_year_id = %(year)s
            and e.unit_id in (select distinct unit_id from {STAGE})
            and not exists (select 1 from {STAGE} s where s.target_id = e.student_id)
        order by e.unit_id, c.name, e.student_name, e.id
        """,
        {"year": staged.asked.year.id},
    )


def staff_missing(staged: Staged) -> list[tuple[int, str, str]]:
    """People with an open post at a school of the file whom no row names."""
    return rows(f"""
        select e.staff_id, t.full_name, '' from registry_employment e
        join registry_staff t on t.id = e.staff_id
        where e.valid_to is null and e.unit_id in (select distinct unit_id from {STAGE})
            and not exists (select 1 from {STAGE} s where s.target_id = e.staff_id)
        order by e.unit_id, t.sort_key, e.id
    """)
