"""The cells of forms, computed from the records: one scan of each fact table for all cells, forms and units."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from thongsuot.kit.indicators.queries import rolled_up, totals, unit_nodes
from thongsuot.kit.indicators.types import UnitNode

from ..domain.form import Form
from ..domain.form_values import order_of, values_of

CellValues = dict[str, Decimal]


def compute(form: Form, unit_ids: Collection[int], as_of: date) -> dict[int, CellValues]:
    """{unit id: {cell code: number}} of each unit with all below it, as its records stood on the day.

    The same whoever asks. An id that is no unit of that day or today is left out. A cell without a value (a share of
    nothing) is not in it.
    """
    return compute_all([form], unit_ids, as_of)[form.code]


def compute_all(
    forms: Iterable[Form], unit_ids: Collection[int], as_of: date
) -> dict[str, dict[int, CellValues]]:
    """{code of the form: {unit id: {cell code: number}}} of several forms with the same scans."""
    return values_of_units(list(forms), unit_nodes(unit_ids, as_of), as_of)


def values_of_units(
    forms: Collection[Form], nodes: Mapping[int, UnitNode], as_of: date
) -> dict[str, dict[int, CellValues]]:
    """The same of units already looked up."""
    covers = {key: node.covers for key, node in nodes.items()}
    covered = frozenset().union(*covers.values()) if covers else frozenset()
    wanted = {measure for form in forms for measure in form.measures}
    own = totals(wanted, as_of, covered) if covered else {}
    sums: dict[int, dict[Any, Decimal]] = {key: {} for key in nodes}
    for measure, numbers in own.items():
        for (unit_id,), number in rolled_up(numbers, covers).items():
            sums[unit_id][measure] = number
    found: dict[str, dict[int, CellValues]] = {}
    for form in forms:
        order = order_of(form)
        found[form.code] = {key: values_of(form, sums[key], order) for key in nodes}
    return found
