"""Clean columns made ready for the stage: schools, classes, states, codes, keys. Everything that can be said without
looking at a record is said here."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from ..domain.layouts import Layout, year_of_entries
from . import classes, staging
from .types import Staged

YEAR_ALONE = r"^\s*(19|20)\d\d(\.0+)?\s*$"


def prepare(staged: Staged, layout: Layout) -> None:
    """What pupils and staff share."""
    staging.tell_codes_apart(staged, layout.patterns)
    staging.place(staged)
    staging.key_people(staged)
    staging.find_twice(staged)
    if "birth_date" in staged.given:
        alone = staged.raw.select(pl.col("birth_date").str.contains(YEAR_ALONE).fill_null(value=False))
        staged.cleaned.values = staged.cleaned.values.with_columns(
            alone["birth_date"].alias("is_birth_year_only")
        )


def prepare_students(staged: Staged, layout: Layout) -> None:
    """Pupils: their class, and what their state says of the spell."""
    prepare(staged, layout)
    classes.find_classes(staged)
    values = staged.cleaned.values
    for name, kind in (("status", pl.String), ("status_date", pl.Date)):
        if name not in values.columns:
            values = values.with_columns(pl.lit(None, kind).alias(name))
    staged.cleaned.values = values.join(
        _effects(layout.statuses), on="status", how="left", maintain_order="left"
    ).with_columns(pl.col("effect").fill_null("in"))
    staged.warning = _wrong_year(staged)


def prepare_staff(staged: Staged, layout: Layout) -> None:
    """Staff: what their state says of the post; who works there where the file says nothing."""
    prepare(staged, layout)
    values = staged.cleaned.values
    if "status" not in values.columns:
        values = values.with_columns(pl.lit(None, pl.String).alias("status"))
    known = {"status": list(layout.statuses), "employment_status": list(layout.statuses.values())}
    states = pl.DataFrame(known, schema=dict.fromkeys(known, pl.String))
    values = values.join(states, on="status", how="left", maintain_order="left")
    staged.cleaned.values = values.with_columns(pl.col("employment_status").fill_null("working"))


def _effects(statuses: Any) -> pl.DataFrame:
    """What each state does: {"04": {"effect": "out", "exit_type": "transferred_out"}} as a frame."""
    columns = {
        "status": list(statuses),
        "effect": [said["effect"] for said in statuses.values()],
        "status_entry": [said.get("entry_type") or None for said in statuses.values()],
        "exit_type": [said.get("exit_type") or None for said in statuses.values()],
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _wrong_year(staged: Staged) -> str:
    """A warning when most rows entered their state in another school year than the one that was chosen."""
    days = staged.cleaned.values["status_date"].drop_nulls().value_counts()
    first = year_of_entries((day, number) for day, number in days.iter_rows())
    year = staged.asked.year
    if first is None or first == year.starts_on.year:
        return ""
    said = {"found": f"{first}-{first + 1}", "chosen": year.name}
    return (
        _(
            "Đa số “Ngày nhập trạng thái” thuộc năm học %(found)s, còn năm được chọn là %(chosen)s. "
            "Hãy kiểm tra lại năm học trước khi nhập."
        )
        % said
    )
