"""A form of a unit on a day, put together for showing and writing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.measures import fact_of
from thongsuot.kit.indicators.opening import rows_behind, tells_sensitive
from thongsuot.kit.indicators.queries import unit_nodes
from thongsuot.kit.indicators.types import DrillDown, Indicator, Part
from thongsuot.modules.organization import queries as organization

from ..domain.form import Cell, Form, Values
from ..domain.form_layout import Sheet
from ..permissions import VIEW, may
from .computing import compute
from .forms import check, message_of


def live_sheet(form: Form, unit: Any, as_of: date) -> Sheet:
    """The form as the records stand now for that day. unit: an organization unit."""
    values = compute(form, [unit.pk], as_of).get(unit.pk, {})
    return sheet_of(form, unit, as_of, values, state=_("Số liệu sống, chưa chốt"))


def sheet_of(form: Form, unit: Any, as_of: date, values: Values, *, state: str = "") -> Sheet:
    """The same with values already there: computed for many units, or frozen with a return."""
    above = unit.parent.name if unit.parent_id and unit.kind != "department" else ""
    return Sheet(form, unit.name, unit.code, above, as_of, values, state)


def unit_for_form(actor: Actor, unit_id: int | None) -> Any | None:
    """The unit whose form the actor may see: this one, or his own; None: there is none for him."""
    if unit_id is None:
        unit_id = actor.acting.unit_id if actor.acting is not None else None
    if unit_id is None or not may(actor, VIEW, unit_id):
        return None
    return organization.unit_detail(actor, unit_id)


def cell_rows(actor: Actor, form: Form, cell: Cell, unit_id: int, as_of: date) -> DrillDown | None:
    """The records behind a cell that the actor may see; None where it is a formula or nothing can be opened.

    Raises NotAllowed where the condition tells of sensitive data that he may not read there.
    """
    node = unit_nodes([unit_id], as_of).get(unit_id)
    if node is None or cell.measure is None or fact_of(cell.measure).drill_down is None:
        return None
    indicator = Indicator(
        f"{form.slug}.{cell.code}", cell.row.name, cell.row.unit or "-", numerator=cell.measure
    )
    return rows_behind(actor, indicator, node, as_of, Part.NUMERATOR)


def may_open(actor: Actor, cell: Cell, unit_id: int) -> bool:
    """Whether the number can be a link for him."""
    if cell.measure is None:
        return False
    fact = fact_of(cell.measure)
    if fact.drill_down is None:
        return False
    return not tells_sensitive(fact, cell.measure.where) or fact.may_open_sensitive(actor, unit_id)


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    """As data/forms/README.md says; decimal numbers as they are, null where a cell has no value."""
    return {
        "form": sheet.form.code,
        "version": sheet.form.version,
        "name": sheet.form.name,
        "unit": {"code": sheet.unit_code, "name": sheet.unit_name},
        "as_of": sheet.as_of.isoformat(),
        "cells": values_json(sheet.form, sheet.values),
        "findings": [
            {"kind": one.kind.value, "code": one.code, "cells": list(one.cells), "message": message_of(one)}
            for one in check(sheet.form, sheet.values)
        ],
    }


def values_json(form: Form, values: Values) -> dict[str, int | float | None]:
    """{cell: number}, null where it has no value."""
    return {
        code: None if (value := values.get(code)) is None else _plain(value, cell.row.decimals)
        for code, cell in form.cells.items()
    }


def _plain(value: Any, decimals: int) -> int | float:
    return float(value) if decimals else int(value)
