"""Reads of periods and returns, within what the actor may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..domain.form import Form
from ..domain.form_layout import Sheet
from ..domain.return_steps import next_return_state
from ..models import ReportingPeriod, Return, ReturnLog, ReturnVersion
from ..permissions import can_confirm, can_review, can_sign_off, returns_visible
from ..types import OWED, ReturnState
from .forms_sheet import sheet_of
from .frozen import decimals
from .return_forms import form_of


def periods(actor: Actor) -> QuerySet[ReportingPeriod]:
    """All periods, with how many returns the actor sees and how many of them are not confirmed."""
    seen = _of_returns(actor)
    return ReportingPeriod.objects.select_related("school_year").annotate(
        return_count=Count("returns", filter=seen),
        owed_count=Count("returns", filter=seen & Q(returns__state__in=OWED)),
        signed_count=Count("returns", filter=seen & Q(returns__state=ReturnState.SIGNED_OFF)),
    )


def _of_returns(actor: Actor) -> Q:
    reach = actor.reach_of("statistics.view")
    return Q(returns__isnull=False) if reach is None else Q(returns__unit_id__in=reach)


def period(public_id: UUID) -> ReportingPeriod | None:
    return ReportingPeriod.objects.select_related("school_year").filter(public_id=public_id).first()


def unsigned(actor: Actor, period: ReportingPeriod) -> Counter[str]:
    """How many returns of the period that the actor sees are not signed off, by state."""
    rows = Return.objects.filter(returns_visible(actor), period=period).exclude(state=ReturnState.SIGNED_OFF)
    return Counter(dict(rows.order_by().values_list("state").annotate(n=Count("pk"))))


def returns(actor: Actor) -> QuerySet[Return]:
    return Return.objects.filter(returns_visible(actor)).select_related("period", "unit", "to_unit")


def return_by_id(actor: Actor, public_id: UUID) -> Return | None:
    return returns(actor).select_related("unit__parent").filter(public_id=public_id).first()


@dataclass(frozen=True)
class Steps:
    """What the actor can do with a return as it stands."""

    confirm: bool
    accept: bool
    send_back: bool
    sign_off: bool
    correct: bool


def steps(actor: Actor, one: Return, version: ReturnVersion | None) -> Steps:
    def is_open(verb: str) -> bool:
        return not one.period.is_closed and next_return_state(one.state, verb) is not None

    to_department = one.to_unit is not None and one.to_unit.kind == "department"
    own = can_confirm(actor, one)
    reviews = can_review(actor, one)
    return Steps(
        confirm=own and one.to_unit_id is not None and is_open("confirm"),
        accept=reviews and not to_department and is_open("accept"),
        send_back=reviews and is_open("return"),
        sign_off=can_sign_off(actor, one) and is_open("sign_off" if one.to_unit_id else "sign_off_own"),
        correct=own and version is not None and version.batch_id is not None and is_open("correct"),
    )


def versions(one: Return) -> list[ReturnVersion]:
    """The newest first."""
    found = ReturnVersion.objects.filter(owner=one).select_related("made_by", "signed_off_by", "batch")
    rows = list(found.order_by("-number"))
    for row in rows:
        row.owner = one
    return rows


def log(one: Return) -> list[ReturnLog]:
    return list(ReturnLog.objects.filter(owner=one).select_related("by"))


def frozen_sheet(one: Return, version: ReturnVersion) -> Sheet:
    """The form as frozen, ready to be shown and written."""
    words = {"number": version.number, "day": f"{version.made_at:%d/%m/%Y}"}
    state = (
        _("Sở đã duyệt, bản %(number)s") if version.signed_off_at else _("Đã chốt, bản %(number)s (%(day)s)")
    ) % words
    return sheet_of(form_of_return(one), one.unit, one.period.as_of, decimals(version.values), state=state)


def form_of_return(one: Return) -> Form:
    return form_of(one.period, one.form_code)


@dataclass(frozen=True)
class FindingLine:
    """What a check said of a version: fault, reason or note, and what the unit answered."""

    kind: str
    key: str
    cells: tuple[str, ...]
    said: str
    reason: str = ""


def finding_lines(version: ReturnVersion) -> list[FindingLine]:
    return [
        FindingLine(
            kind=one["kind"],
            key=one["key"],
            cells=tuple(one["cells"]),
            said=_(one["said"]) % one["words"],
            reason=version.reasons.get(one["key"], ""),
        )
        for one in version.findings
    ]


@dataclass(frozen=True)
class ValueChange:
    cell: str
    row: str
    column: str
    before: Any
    after: Any

    @property
    def by(self) -> Any:
        return (self.after or 0) - (self.before or 0)


def value_changes(form: Form, before: dict[str, Any], after: dict[str, Any]) -> list[ValueChange]:
    """Cells that differ, in the order of the paper."""
    return [
        ValueChange(code, cell.row.name, cell.column.name, before.get(code), after.get(code))
        for code, cell in form.cells.items()
        if before.get(code) != after.get(code)
    ]


# -- boards --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BoardLine:
    """A unit that hands its returns to the unit of the board: its returns by form; of an area also what lies below."""

    unit_id: int
    unit_name: str
    returns: dict[str, Return]
    below: Counter[str] = field(default_factory=Counter)
    is_late: bool = False

    @property
    def below_total(self) -> int:
        return self.below.total()

    @property
    def below_in(self) -> int:
        return self.below[ReturnState.ACCEPTED] + self.below[ReturnState.SIGNED_OFF]

    @property
    def owes(self) -> bool:
        return any(one.state in OWED and not one.period.is_closed for one in self.returns.values())


@dataclass(frozen=True)
class Board:
    lines: list[BoardLine]
    own: list[Return]
    states: Counter[str]
    late: int

    @property
    def owed_ids(self) -> list[int]:
        return [
            one.pk for line in self.lines if line.owes for one in line.returns.values() if one.state in OWED
        ]


def board(actor: Actor, period: ReportingPeriod, unit_id: int, *, today: date) -> Board:
    """Who has confirmed to this unit, who is late. Two statements however many units."""
    seen = returns(actor).filter(period=period).order_by("unit__sort_key", "unit_id", "form_code")
    by_unit: dict[int, dict[str, Return]] = {}
    for one in seen.filter(to_unit_id=unit_id):
        by_unit.setdefault(one.unit_id, {})[one.form_code] = one
    below: dict[int, Counter[str]] = {}
    counted = seen.filter(to_unit_id__in=by_unit).order_by()
    for to_unit, state, number in counted.values_list("to_unit_id", "state").annotate(n=Count("pk")):
        below.setdefault(to_unit, Counter())[state] += number
    lines = [
        BoardLine(
            unit_id=key,
            unit_name=next(iter(found.values())).unit.name,
            returns=found,
            below=below.get(key, Counter()),
            is_late=any(one.is_late_on(today) for one in found.values()),
        )
        for key, found in by_unit.items()
    ]
    # Who is late comes first.
    lines.sort(key=lambda line: not line.is_late)
    states = Counter(one.state for line in lines for one in line.returns.values())
    own = list(seen.filter(unit_id=unit_id))
    return Board(lines, own, states, sum(line.is_late for line in lines))
