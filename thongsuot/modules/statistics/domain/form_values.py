"""What the cells of a form come to: measures given, formulas computed in the order in which they need each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from .form import Cell, Form, FormFault, gettext_noop

if TYPE_CHECKING:
    from thongsuot.kit.indicators.measures import Measure

ZERO = Decimal(0)


def order_of(form: Form, place: str = "") -> list[Cell]:
    """Cells with a formula, each after those that it needs. Raises FormFault when they need each other in a circle."""
    needs = {cell.code: cell.formula.cells for cell in form.cells.values() if cell.formula is not None}
    try:
        found = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise FormFault(
            place or form.code, gettext_noop("các ô tính vòng quanh nhau: %(circle)s"), circle=circle
        ) from error
    return [form.cells[code] for code in found if code in needs]


def values_of(
    form: Form, measured: Mapping[Measure, Decimal], order: list[Cell] | None = None
) -> dict[str, Decimal]:
    """All cells of one unit. measured: numbers already added up for it; what is missing there is zero.

    Formulas see exact values; what is given is rounded half up to the decimals of the row. A share of nothing is left
    out: it is not zero.
    """
    exact = {
        cell.code: measured.get(cell.measure, ZERO)
        for cell in form.cells.values()
        if cell.measure is not None
    }
    for cell in order_of(form) if order is None else order:
        found = cell.formula.value(exact) if cell.formula is not None else None
        if found is not None:
            exact[cell.code] = found
    return {
        code: exact[code].quantize(Decimal(1).scaleb(-cell.row.decimals), ROUND_HALF_UP)
        for code, cell in form.cells.items()
        if code in exact
    }
