"""Applying and undoing rows in groups: each group in a savepoint, a group that breaks again row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.importing.importer import Importer, same
from thongsuot.kit.importing.models import ImportRow
from thongsuot.kit.importing.progress import Tells
from thongsuot.kit.importing.rows import decode
from thongsuot.kit.importing.types import RowError, RowPlan, RowState

GROUP = 500
# What one row may do wrong without the program being at fault.
BROKEN = (Refused, IntegrityError, DataError, ValidationError)
T = TypeVar("T")


def apply_plans(importer: Importer, plans: Sequence[RowPlan], by: Actor, progress: Tells) -> None:
    """Apply NEW and CHANGED plans; what cannot be written becomes REJECTED with its reason."""
    todo = [plan for plan in plans if plan.state in (RowState.NEW, RowState.CHANGED)]
    progress.set(0, len(todo), _("Đang ghi"))

    def write(group: Sequence[RowPlan]) -> None:
        ids = importer.apply(group, by)
        for plan in group:
            plan.target_id = ids.get(plan.number, plan.target_id)

    for plan, error in broken_in(todo, write, lambda done: progress.set(done)):
        plan.state = RowState.REJECTED
        plan.errors.append(RowError("", "", plan.key, reason_of(error)))


def undo_rows(
    importer: Importer, rows: Sequence[ImportRow], by: Actor, progress: Tells
) -> tuple[list[int], int]:
    """(ids of the import rows that were undone, number of those that had to stay)."""
    present = importer.present([row.target_id for row in rows if row.target_id is not None], by)
    untouched = [row for row in rows if _is_as_left(importer, row, present.get(row.target_id or 0))]
    progress.set(0, len(untouched), _("Đang hoàn tác"))
    changed = [row for row in untouched if row.state == RowState.CHANGED]
    made = [row for row in untouched if row.state == RowState.NEW]

    def restore(group: Sequence[ImportRow]) -> None:
        importer.apply([_back(importer, row) for row in group], by)

    def remove(group: Sequence[ImportRow]) -> None:
        importer.remove([row.target_id for row in group if row.target_id is not None], by)

    stuck = {row.pk for row, _error in broken_in(changed, restore, lambda done: progress.set(done))}
    # The last ones made go first: they may hang on those before them.
    stuck |= {row.pk for row, _error in broken_in(made[::-1], remove, lambda done: progress.set(done))}
    undone = [row.pk for row in untouched if row.pk not in stuck]
    return undone, len(rows) - len(undone)


def _is_as_left(importer: Importer, row: ImportRow, now: Any) -> bool:
    if now is None:
        return False
    values = decode(importer, row.values)
    names = row.before if row.state == RowState.CHANGED else values
    return all(same(now[name], values.get(name)) for name in names if name in now)


def _back(importer: Importer, row: ImportRow) -> RowPlan:
    values, before = decode(importer, row.values), decode(importer, row.before)
    old = {name: values[name] for name in importer.key if name in values} | before
    changed = {name: values.get(name) for name in before}
    return RowPlan(row.number, RowState.CHANGED, row.key, old, changed, target_id=row.target_id)


def broken_in(
    items: Sequence[T], write: Callable[[Sequence[T]], None], tell: Callable[[int], None]
) -> Iterator[tuple[T, Exception]]:
    """Write all items in groups; give back those that cannot be written, each with why."""
    for start in range(0, len(items), GROUP):
        group = items[start : start + GROUP]
        try:
            with transaction.atomic():
                write(group)
        except BROKEN:
            for item in group:
                try:
                    with transaction.atomic():
                        write([item])
                except BROKEN as error:
                    yield item, error
        tell(min(start + GROUP, len(items)))


def reason_of(error: Exception) -> str:
    """Why, in words for the user; never the database's own, which may quote other people's data."""
    if isinstance(error, Refused):
        return error.message
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, IntegrityError):
        return _("Trái với một ràng buộc của dữ liệu (có thể trùng mã).")
    return _("Giá trị quá dài hoặc sai kiểu.")
