"""Rows of one school that go on at another: what has ended stays, what runs ends there and begins here.

Every row keeps its dates, so that a figure of an earlier day is the same figure after the merger.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.ledger import Ledger

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Move:
    """From which school to which, and the last day at the old one."""

    gone_id: int
    into_id: int
    last_day: date

    @property
    def first_day(self) -> date:
        return self.last_day + timedelta(days=1)


def running(*, by: Actor, rows: QuerySet[M], last_day: date, ends: str = "valid_to") -> QuerySet[M]:
    """Rows that do not end on `last_day` or before."""
    return rows.filter(Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": last_day}))


def carry(
    *,
    by: Actor,
    rows: QuerySet[Any],
    move: Move,
    ledger: Ledger,
    columns: Sequence[str] = (),
    change: Callable[[Any], None] = lambda _row: None,
) -> dict[int, Any]:
    """End `rows` (already those of the old school that run) and let them go on at the new one: {old key: new row}.

    Rows that begin after the last day have not begun: they are moved as they are (old key: the row itself). change:
    what else is to be set on each row that goes on; `columns` names what it sets. One statement for all ends, one for
    all copies, one for all moves.
    """
    found: dict[int, Any] = {}
    begun: list[Any] = []
    later: list[Any] = []
    for row in rows:
        (begun if row.valid_from <= move.last_day else later).append(row)
    model = rows.model
    ledger.update(model._default_manager.filter(pk__in=[row.pk for row in begun]), valid_to=move.last_day)
    copies = []
    for row in begun:
        new = copy.copy(row)
        new._state = copy.copy(row._state)
        new.pk, new._state.adding = None, True
        new.unit_id, new.valid_from = move.into_id, move.first_day
        change(new)
        copies.append(new)
    made = model._default_manager.bulk_create(copies)
    ledger.add(made)
    found |= {row.pk: new for row, new in zip(begun, made, strict=True)}

    def move_over(row: Any) -> None:
        row.unit_id = move.into_id
        change(row)

    ledger.change(later, ["unit_id", *columns], move_over)
    return found | {row.pk: row for row in later}
