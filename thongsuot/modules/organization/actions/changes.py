"""The old-to-new map: loaded from files, recorded and set right by people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.text.vietnamese import clean_text, fold

from ..domain.reference_files import ChangeLine
from ..models import AdministrativeUnit, AdministrativeUnitChange
from ..permissions import can_manage_lists
from ..types import AdministrativeLevel, Confidence

# Columns of a line as its file gives them, with their types; the key names the line.
KEY = ("level", "old_code", "old_name", "old_parent_name", "new_unit_id")
COLUMNS = {
    "level": "text",
    "old_code": "text",
    "old_name": "text",
    "old_parent_name": "text",
    "new_unit_id": "bigint",
    "old_district_code": "text",
    "old_province_code": "text",
    "old_province_name": "text",
    "is_partial": "boolean",
    "effective_on": "date",
    "document": "text",
    "confidence": "text",
    "old_name_fold": "text",
    "search_fold": "text",
}

CLASSIFY = """
with counted as (
    select line.id, case
        when line.is_partial or count(*) over (
            partition by line.level, line.old_code, line.old_name_fold, line.old_parent_name, line.effective_on
        ) > 1 then 'divided'
        when count(*) over (partition by line.new_unit_id, line.effective_on) > 1 then 'merged'
        when line.old_name_fold = place.name_fold then 'kept'
        else 'renamed' end as kind
    from organization_administrativeunitchange line
    join organization_administrativeunit place on place.id = line.new_unit_id
)
update organization_administrativeunitchange line set kind = counted.kind
from counted where counted.id = line.id and line.kind <> counted.kind
"""

# A unit that goes on under its code as another kind (a province that becomes a city) is a new row; the lines that
# led to the ended one lead to it.
GO_ON = """
update organization_administrativeunitchange line set new_unit_id = latest.id
from organization_administrativeunit ended, (
    select distinct on (level, code) id, level, code from organization_administrativeunit
    order by level, code, valid_from desc
) latest
where ended.id = line.new_unit_id and latest.level = ended.level and latest.code = ended.code
and latest.id <> ended.id and not line.is_corrected
"""


def _require(by: Actor) -> None:
    if not can_manage_lists(by):
        raise NotAllowed(_("Anh/chị không có quyền sửa danh mục."))


def _fold(row: AdministrativeUnitChange) -> None:
    row.old_name_fold = fold(row.old_name)
    row.search_fold = fold(f"{row.old_name} {row.old_parent_name} {row.old_province_name}")


def _classify() -> None:
    """Set what kind each line is: it follows from the other lines of the same unit and the same day."""
    with connection.cursor() as cursor:
        cursor.execute(CLASSIFY)


@transaction.atomic
def load_changes(*, by: Actor, lines: Iterable[ChangeLine]) -> int:
    """Bring the map in step with the lines of the files, in one statement; returns how many were written.

    A line that a person has set right, and every line of an old code that has one, is spared. Raises
    NotAllowed, KeyError (a new code that does not exist).
    """
    _require(by)
    places = {
        (row["level"], row["code"]): row["id"]
        for row in AdministrativeUnit.objects.order_by("valid_from").values("id", "level", "code")
    }
    set_right = set(
        AdministrativeUnitChange.objects.filter(is_corrected=True)
        .exclude(old_code="")
        .values_list("level", "old_code")
    )
    rows = [_values(line, places) for line in lines if (line.level, line.old_code) not in set_right]
    # A line that stands twice in a file is one line: one statement may not write a row twice.
    rows = list({row[: len(KEY)]: row for row in rows}.values())
    names = ", ".join(COLUMNS)
    facts = [name for name in COLUMNS if name not in KEY]
    arrays = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
    statement = f"""
        insert into organization_administrativeunitchange ({names}, is_corrected, kind)
        select {names}, false, 'merged' from unnest({arrays}) as line ({names})
        on conflict ({", ".join(KEY)}) do update
        set ({", ".join(facts)}) = row({", ".join(f"excluded.{name}" for name in facts)})
        where not organization_administrativeunitchange.is_corrected
        and ({", ".join(f"organization_administrativeunitchange.{name}" for name in facts)})
        is distinct from ({", ".join(f"excluded.{name}" for name in facts)})
    """  # noqa: S608 - names from the table above, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(GO_ON)
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)] or [[]] * len(COLUMNS))
        written = cursor.rowcount
        # Ten thousand lines are new to the planner, who would compare each with each. Not the owner: a notice only.
        cursor.execute("analyze organization_administrativeunit, organization_administrativeunitchange")
    if written:
        _classify()
    return written


def _values(line: ChangeLine, places: dict[tuple[str, str], int]) -> tuple[object, ...]:
    level = AdministrativeLevel.COMMUNE
    if line.level == AdministrativeLevel.PROVINCE:
        level = AdministrativeLevel.PROVINCE
    return (
        line.level,
        line.old_code,
        line.old_name,
        line.old_parent_name,
        places[level.value, line.new_code],
        line.old_district_code,
        line.old_province_code,
        line.old_province_name,
        line.is_partial,
        line.effective_on,
        line.document,
        line.confidence,
        fold(line.old_name),
        fold(f"{line.old_name} {line.old_parent_name} {line.old_province_name}"),
    )


@transaction.atomic
def correct_change(
    *,
    by: Actor,
    change: AdministrativeUnitChange,
    old_name: str,
    old_code: str,
    new_unit: AdministrativeUnit,
    is_partial: bool,
    document: str,
) -> AdministrativeUnitChange:
    """Set a line of the old-to-new map right; the loader leaves it alone from then on. Raises NotAllowed,
    Refused.
    """
    _require(by)
    if not clean_text(old_name):
        raise Refused(_("Cần tên cũ."))
    if change.level == AdministrativeLevel.PROVINCE and new_unit.level != change.level:
        raise Refused(_("Tỉnh cũ phải trở thành tỉnh mới."))
    change.old_name = clean_text(old_name)
    change.old_code, change.new_unit, change.is_partial = old_code.strip(), new_unit, is_partial
    change.document, change.confidence, change.is_corrected = clean_text(document), Confidence.READ, True
    _fold(change)
    change.save()
    _classify()
    return change


@transaction.atomic
def record_change(
    *,
    by: Actor,
    change: AdministrativeUnitChange | None,
    level: str,
    old_name: str,
    new_unit: AdministrativeUnit,
    effective_on: date,
    old_parent_name: str = "",
    old_province_name: str = "",
    old_code: str = "",
    is_partial: bool = False,
    document: str = "",
) -> AdministrativeUnitChange:
    """A new line of the old-to-new map, or `change` with these facts; it counts as set right.

    Raises NotAllowed.
    """
    _require(by)
    row = change or AdministrativeUnitChange()
    row.level, row.new_unit, row.effective_on, row.is_partial = level, new_unit, effective_on, is_partial
    row.old_name, row.old_parent_name = clean_text(old_name), clean_text(old_parent_name)
    row.old_province_name = clean_text(old_province_name)
    row.old_code, row.document = old_code, clean_text(document)
    row.confidence, row.is_corrected = Confidence.READ, True
    _fold(row)
    row.save()
    _classify()
    return row
