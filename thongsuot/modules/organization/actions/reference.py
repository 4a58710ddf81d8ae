"""Bringing the tables in step with the files under data/. Runs again at any time; never deletes; spares
what people set right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold, sort_key

from ..domain import reference_files as files
from ..models import AdministrativeUnit, CodeList, CodeValue
from ..types import AdministrativeLevel
from .changes import load_changes


@dataclass(frozen=True)
class LoadedReference:
    """Rows written (new or changed) of each kind; all zero when the tables were in step already."""

    provinces: int
    communes: int
    changes: int
    code_lists: int
    code_values: int
    ended_codes: int

    @property
    def total(self) -> int:
        return (
            self.provinces
            + self.communes
            + self.changes
            + self.code_lists
            + self.code_values
            + self.ended_codes
        )


@transaction.atomic
def load_reference(*, by: Actor, folder: Path) -> LoadedReference:
    """Read `folder`/organization and `folder`/codes and write what differs. Raises NotAllowed, OSError,
    KeyError (a bad file).
    """
    by.require("organization.manage_lists")
    provinces = _administrative(
        files.read_provinces(folder / "organization"), AdministrativeLevel.PROVINCE, {}
    )
    ids = dict(
        AdministrativeUnit.objects.filter(level="province", valid_to__isnull=True).values_list("code", "id")
    )
    communes = _administrative(files.read_communes(folder / "organization"), AdministrativeLevel.COMMUNE, ids)
    changes = load_changes(by=by, lines=files.read_changes(folder / "organization"))
    lists = files.read_code_lists(folder / "codes")
    written_lists = _code_lists(lists)
    values, ended = _code_values(lists)
    return LoadedReference(provinces, communes, changes, written_lists, values, ended)


def _write(
    model: type[Model],
    rows: Iterable[Model],
    key: Sequence[str],
    fields: Sequence[str],
    keep: Callable[[Any], bool] | None = None,
) -> int:
    """Insert new rows and overwrite those that differ, in two statements; returns how many. `keep`: rows
    left as they are.
    """

    def of(row: Any, names: Sequence[str]) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in names)

    there = {of(row, key): row for row in model._default_manager.all()}
    wanted = []
    for row in rows:
        old = there.get(of(row, key))
        if old is None or (not (keep and keep(old)) and of(old, fields) != of(row, fields)):
            wanted.append(row)
    if wanted:
        conflict = [name.removesuffix("_id") for name in key]
        model._default_manager.bulk_create(
            wanted,
            update_conflicts=True,
            unique_fields=conflict,
            update_fields=[name.removesuffix("_id") for name in fields],
            batch_size=2000,
        )
    return len(wanted)


def _administrative(
    lines: list[files.AdministrativeLine], level: AdministrativeLevel, parents: dict[str, int]
) -> int:
    rows = [
        AdministrativeUnit(
            level=level.value,
            code=line.code,
            name=line.name,
            full_name=line.full_name,
            kind=line.kind,
            parent_id=parents.get(line.province_code),
            name_fold=fold(line.full_name),
            sort_key=sort_key(line.name),
            valid_from=line.valid_from,
            valid_to=line.valid_to,
        )
        for line in lines
    ]
    fields = ("name", "full_name", "kind", "parent_id", "name_fold", "sort_key", "valid_to")
    return _write(AdministrativeUnit, rows, ("level", "code", "valid_from"), fields)


def _code_lists(lists: list[files.CodeListFile]) -> int:
    fields = ("name", "source", "read_in", "note", "confidence", "collected_on")
    rows = [CodeList(code=one.code, **{name: getattr(one, name) for name in fields}) for one in lists]
    return _write(CodeList, rows, ("code",), fields)


def _code_values(lists: list[files.CodeListFile]) -> tuple[int, int]:
    ids = dict(CodeList.objects.values_list("code", "id"))
    rows, ended = [], 0
    for one in lists:
        rows += [
            CodeValue(
                code_list_id=ids[one.code],
                code=line.code,
                name=line.name,
                position=line.position,
                confidence=line.confidence,
                valid_from=line.valid_from,
            )
            for line in one.values
        ]
        gone = CodeValue.objects.filter(code_list_id=ids[one.code], valid_to__isnull=True, is_corrected=False)
        gone = gone.exclude(code__in=[line.code for line in one.values])
        ended += gone.update(valid_to=one.collected_on - timedelta(days=1))
    # A code that comes back is open again.
    fields = ("name", "position", "confidence", "valid_from", "valid_to")
    return _write(CodeValue, rows, ("code_list_id", "code"), fields, keep=lambda row: row.is_corrected), ended
