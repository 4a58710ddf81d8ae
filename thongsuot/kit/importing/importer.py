"""What a module declares of one kind of file, and the rules that all kinds share.

`columns.py` shows a whole importer. The life of a file: clean each row, look up what is there (one query for
all rows), compare, show; then apply, in groups, each group in a savepoint. A record that the file does not
name is never touched.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.columns import Column, Reference, text_of
from thongsuot.kit.importing.headers import DataRow
from thongsuot.kit.importing.types import CellError, Found, ImportRefused, RowError, RowPlan, RowState

Key = tuple[Hashable, ...]


class Importer:
    """One kind of importable file. Instances hold nothing of a run: they may be shared."""

    kind: str = ""
    title: Any = ""
    # Who may import: the actor must hold it (somewhere); rows are checked by `check_rows` and by the actions.
    right: str = ""
    columns: Sequence[Column] = ()
    # Columns that identify a record.
    key: Sequence[str] = ()
    help: Any = ""
    can_undo = True
    # A file that is only checked: nothing of it is kept (say in `help` why).
    check_only = False

    # -- what a module writes ---------------------------------------------------------------------

    def existing(self, keys: set[Key], actor: Actor) -> Mapping[Key, Found]:
        """The records that are there, by key, with their present values; in a fixed number of queries."""
        raise NotImplementedError

    def check_rows(self, plans: Sequence[RowPlan], actor: Actor) -> Iterable[tuple[int, RowError]]:
        """Rules that see whole rows: (row number, error) for each row that must be rejected. Set-based."""
        return ()

    def apply(self, plans: Sequence[RowPlan], by: Actor) -> Mapping[int, int]:
        """Write NEW and CHANGED rows through the module's actions; {row number: id of the record}.

        A Refused or a broken constraint undoes the group that it happens in; the rows of that group are then
        applied one by one, so that only the broken ones are rejected.
        """
        raise NotImplementedError

    def present(self, ids: Sequence[int], actor: Actor) -> Mapping[int, Mapping[str, Any]]:
        """Present values of records by id, for undoing. Without it an import cannot be undone."""
        raise NotImplementedError

    def remove(self, ids: Sequence[int], by: Actor) -> None:
        """Take back records that an import has made."""
        raise ImportRefused(_("Loại dữ liệu này không xóa được khi hoàn tác."))

    def questions(self, actor: Actor) -> dict[str, forms.Field]:
        """What is asked beside the file; the answers stand in `run.options` as `options` gave them."""
        return {}

    def options(self, data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        """Clean answers as JSON. Raises Refused where the actor may not, or they do not fit."""
        return {}

    def for_run(self, options: Mapping[str, Any]) -> Importer:
        """The importer that knows the answers; itself when it asks nothing."""
        return self

    # -- what all kinds share ---------------------------------------------------------------------

    def allowed(self, actor: Actor) -> bool:
        return not self.right or actor.can(self.right)

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def key_of(self, values: Mapping[str, Any]) -> Key:
        return tuple(values.get(name) for name in self.key)

    def plan(self, rows: Sequence[DataRow], actor: Actor) -> list[RowPlan]:
        """What each row would do, in the order of the file. Writes nothing."""
        plans = self._clean(rows, actor)
        sound = [plan for plan in plans if not plan.errors]
        self._find_twice(sound)
        sound = [plan for plan in sound if not plan.errors]
        found = self.existing({self.key_of(plan.values) for plan in sound}, actor) if sound else {}
        for plan in sound:
            self._compare(plan, found.get(self.key_of(plan.values)))
        by_number = {plan.number: plan for plan in sound}
        for number, error in self.check_rows([p for p in sound if p.state != RowState.UNCHANGED], actor):
            by_number[number].errors.append(error)
        for plan in plans:
            if plan.errors:
                plan.state = RowState.REJECTED
        self._describe(plans, rows)
        return plans

    def _describe(self, plans: Sequence[RowPlan], rows: Sequence[DataRow]) -> None:
        """What people read of each row: the text of the file, and of what was there."""
        columns = {column.key: column for column in self.columns}
        names = {
            key: column.names_of({plan.before[key] for plan in plans if plan.before.get(key) is not None})
            for key, column in columns.items()
            if isinstance(column, Reference)
        }
        for plan, row in zip(plans, rows, strict=True):
            for key, cell in row.cells.items():
                old = plan.before.get(key)
                said = names[key].get(old, "") if key in names else columns[key].show(old)
                plan.texts[key] = [text_of(cell), said if key in plan.before else ""]

    def _clean(self, rows: Sequence[DataRow], actor: Actor) -> list[RowPlan]:
        used = [c for c in self.columns if rows and c.key in rows[0].cells]
        prepared = {
            column.key: column.prepare({text_of(row.cells[column.key]) for row in rows} - {""}, actor)
            for column in used
        }
        return [self._clean_row(row, used, prepared) for row in rows]

    def _clean_row(self, row: DataRow, used: Sequence[Column], prepared: Mapping[str, Any]) -> RowPlan:
        plan = RowPlan(row.number, RowState.NEW)
        for column in used:
            cell = row.cells[column.key]
            try:
                value = column.read(cell, prepared[column.key])
            except CellError as error:
                plan.errors.append(RowError(column.key, str(column.label), text_of(cell), str(error)))
            else:
                if value is not None or column.clears:
                    plan.values[column.key] = value
        plan.key = " · ".join(text_of(row.cells.get(name)) for name in self.key)
        return plan

    def _find_twice(self, plans: Sequence[RowPlan]) -> None:
        """A record may stand in a file once; the second row says where the first one is."""
        first: dict[Key, int] = {}
        for plan in plans:
            key = self.key_of(plan.values)
            number = first.setdefault(key, plan.number)
            if number != plan.number:
                reason = _("Trùng với dòng %(number)d của tệp.") % {"number": number}
                plan.errors.append(RowError(self.key[0] if self.key else "", "", plan.key, reason))

    def _compare(self, plan: RowPlan, found: Found | None) -> None:
        if found is None:
            return
        plan.target_id = found.id
        plan.before = {
            name: found.values.get(name)
            for name, value in plan.values.items()
            if name in found.values and not same(found.values[name], value)
        }
        plan.state = RowState.CHANGED if plan.before else RowState.UNCHANGED


def same(old: Any, new: Any) -> bool:
    """Whether a value would change: an empty text and nothing are the same."""
    return old == new or (old in (None, "", []) and new in (None, "", []))
