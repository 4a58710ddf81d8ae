"""The cells of forms, computed from the records: one scan of each fact table for all cells, forms and units."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from thongsuot.kit.indicators.facts import FactTable
from thongsuot.kit.indicators.measures import Measure
from thongsuot.kit.indicators.queries import area_totals, unit_nodes
from thongsuot.kit.indicators.types import UnitNode

from ..domain.form import Form
from ..domain.form_values import order_of, values_of

CellValues = dict[str, Decimal]
Told = Callable[[FactTable], None]


def compute(form: Form, unit_ids: Collection[int], as_of: date) -> dict[int, CellValues]:
    """{unit id: {cell code: number}} of each unit with all below it, as its records stood on the day.

    The same whoever asks. An id that is no unit of that day or today is left out. A cell without a value (a share of
    nothing) is not in it.
    """
    return compute_all([form], unit_ids, as_of)[form.code]


def compute_all(
    forms: Iterable[Form], unit_ids: Collection[int], as_of: date, told: Told | None = None
) -> dict[str, dict[int, CellValues]]:
    """{code of the form: {unit id: {cell code: number}}} of several forms with the same scans.

    told: called with each fact table before it is read.
    """
    return values_of_units(list(forms), unit_nodes(unit_ids, as_of), as_of, told)


def values_of_units(
    forms: Collection[Form], nodes: Mapping[int, UnitNode], as_of: date, told: Told | None = None
) -> dict[str, dict[int, CellValues]]:
    """The same of units already looked up."""
    covers = {key: node.covers for key, node in nodes.items()}
    wanted = dict.fromkeys(measure for form in forms for measure in form.measures)
    sums: dict[int, dict[Measure, Decimal]] = {key: {} for key in nodes}
    for measure, numbers in area_totals(wanted, as_of, covers, told=told).items():
        for (key,), number in numbers.items():
            sums[key][measure] = number
    found: dict[str, dict[int, CellValues]] = {}
    for form in forms:
        order = order_of(form)
        found[form.code] = {key: values_of(form, sums[key], order) for key in nodes}
    return found
