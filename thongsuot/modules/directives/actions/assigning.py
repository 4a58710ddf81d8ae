"""Giving work: new tasks, handing down, who does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.deadlines import due_for_kind
from ..domain.searching import searchable
from ..models import Assignment, AssignmentCoordinator, Directive, DirectiveRecipient
from ..permissions import acts_for, can_assign_to, can_hand_down
from ..queries import school_years
from ..types import AssignmentState, DeadlineKind
from .locking import take
from .refusals import BadDeadline, OutOfReach, WrongState
from .telling import link_of, log_all, log_work, tell_doers, tell_fan_out

# Kinds that say nothing without a day.
DATED = (
    DeadlineKind.DATE,
    DeadlineKind.MONTH,
    DeadlineKind.QUARTER,
    DeadlineKind.YEAR,
    DeadlineKind.SCHOOL_YEAR,
)


@dataclass(frozen=True)
class Deadline:
    """rõ thời gian. due_on: the last day, or any day of the month, quarter or year that is meant."""

    kind: str
    due_on: date | None = None
    words: str = ""
    event: str = ""
    period: str = ""


def _checked(deadline: Deadline) -> Deadline:
    if deadline.kind in DATED and deadline.due_on is None:
        raise BadDeadline(_("Cần ghi hạn cho loại thời hạn này."))
    if deadline.kind == DeadlineKind.EVENT and not deadline.event.strip():
        raise BadDeadline(_("Cần ghi điều kiện làm bắt đầu thời hạn."))
    due_on = due_for_kind(deadline.kind, deadline.due_on, school_years())
    return Deadline(deadline.kind, due_on, deadline.words, deadline.event.strip(), deadline.period)


def _giving_unit(by: Actor) -> Any:
    """The body for which the actor gives work: that of the appointment they act through, where it has the
    right.
    """
    acting = [by.acting, *by.holdings] if by.acting else []
    for holding in acting:
        if holding is not None and "directives.assign" in holding.rights:
            unit = organization.unit_detail(by, holding.unit_id)
            if unit is not None:
                return organization.body_of(unit)
    raise NotAllowed(_("Anh/chị không có quyền giao nhiệm vụ."))


def _check_reach(by: Actor, by_unit: Any, unit_ids: Sequence[int]) -> None:
    if not unit_ids:
        raise OutOfReach(_("Cần chọn ít nhất một đơn vị."))
    outside = [pk for pk in unit_ids if not can_assign_to(by, by_unit, pk)]
    if outside:
        raise OutOfReach(_("Có đơn vị ngoài phạm vi được giao việc của anh/chị."), units=outside)


@transaction.atomic
def create_assignment(
    *,
    by: Actor,
    text: str,
    unit_ids: Iterable[int],
    now: datetime,
    by_unit: Any = None,
    coordinating_ids: Iterable[int] = (),
    directive: Directive | None = None,
    deadline_kind: str = DeadlineKind.NONE,
    due_on: date | None = None,
    deadline_words: str = "",
    deadline_event: str = "",
    period: str = "",
    **rest: Any,
) -> list[Assignment]:
    """A task that no finding brought, one row for each lead unit; returns them.

    rest: product, legal_basis, responsibility, authority, section, group, person_id, leader_id (the last
    two for
    one unit). Raises NotAllowed, OutOfReach, BadDeadline. 06 rõ: QC 02-QC/BCĐTW and the provinces' own plans.
    """
    by_unit = by_unit or _giving_unit(by)
    if not acts_for(by, "directives.assign", by_unit):
        raise NotAllowed(_("Anh/chị không có quyền giao nhiệm vụ thay đơn vị này."))
    units = list(dict.fromkeys(unit_ids))
    _check_reach(by, by_unit, units)
    deadline = _checked(Deadline(deadline_kind, due_on, deadline_words, deadline_event, period))
    made = [_new(by, unit, by_unit.pk, text, deadline, now, directive=directive, **rest) for unit in units]
    Assignment.objects.bulk_create(made, batch_size=5000)
    _share_in(made, list(coordinating_ids), by_unit.pk)
    if directive is not None:
        _let_read([directive], [*units, *coordinating_ids])
    log_all(by=by, assignments=made, verb="assign", now=now)
    source = directive.number if directive is not None else ""
    tell_fan_out(by=by, made=made, source=source, url=link_of(by=by), now=now)
    return made


def _new(
    by: Actor, unit_id: int, by_unit_id: int, text: str, deadline: Deadline, now: datetime, **rest: Any
) -> Assignment:
    return Assignment(
        unit_id=unit_id,
        text=text.strip(),
        text_fold=searchable(text, rest.get("product") or "", rest.get("group") or ""),
        assigned_by_unit_id=by_unit_id,
        assigned_by_id=by.user_id,
        assigned_on=now.date(),
        deadline_kind=deadline.kind,
        deadline_words=deadline.words[:400],
        deadline_event=deadline.event,
        period=deadline.period,
        due_on=deadline.due_on,
        first_due_on=deadline.due_on,
        last_activity_at=now,
        **rest,
    )


def _share_in(made: Sequence[Assignment], coordinating: Sequence[int], by_unit_id: int) -> None:
    AssignmentCoordinator.objects.bulk_create(
        [
            AssignmentCoordinator(
                assignment=a, unit_id=unit, lead_unit_id=a.unit_id, assigned_by_unit_id=by_unit_id
            )
            for a in made
            for unit in dict.fromkeys(coordinating)
            if unit != a.unit_id
        ],
        batch_size=5000,
    )


def _let_read(directives: Iterable[Directive], unit_ids: Iterable[int]) -> None:
    """Units that have something to do in an order may read it; some lie outside the reach of the one who
    gives.
    """
    rows = [
        DirectiveRecipient(directive=d, unit_id=unit) for d in directives for unit in dict.fromkeys(unit_ids)
    ]
    with act_as(Actor.system()):
        DirectiveRecipient.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)


@transaction.atomic
def hand_down(
    *,
    by: Actor,
    assignment: Assignment,
    unit_ids: Iterable[int],
    now: datetime,
    text: str = "",
    product: str = "",
    due_on: date | None = None,
    person_id: int | None = None,
    leader_id: int | None = None,
) -> list[Assignment]:
    """Give the task (or a part of it: `text`) on to units below, or to a person of one's own unit.

    Sub-tasks keep the order, the section and the legal basis, and without `due_on` the deadline; the task
    itself is
    begun. Raises NotAllowed, WrongState, OutOfReach, BadDeadline (a day after that of the task above).
    """
    row = take(by=by, assignment=assignment, verb="hand_down", allowed=can_hand_down)
    units = list(dict.fromkeys(unit_ids))
    _check_reach(by, row.unit, units)
    if row.unit_id in units and person_id is None:
        raise OutOfReach(_("Giao trong chính đơn vị thì cần chọn người thực hiện."))
    _check_people(person_id, leader_id, units, now)
    words = text.strip() or row.text
    _refuse_twice(row, units, words)
    deadline = _below(row, due_on, now.date())
    passed_on = {
        name: getattr(row, name) for name in ("directive_id", "finding_id", "section", "group", "legal_basis")
    }
    extra = {"product": product or row.product, "person_id": person_id, "leader_id": leader_id, "parent": row}
    made = [_new(by, unit, row.unit_id, words, deadline, now, **passed_on, **extra) for unit in units]
    Assignment.objects.bulk_create(made, batch_size=5000)
    if row.directive_id is not None:
        _let_read([Directive(pk=row.directive_id)], units)
    if row.state == AssignmentState.ASSIGNED:
        row.state, row.started_on = AssignmentState.IN_PROGRESS, now.date()
    row.last_activity_at = now
    row.save(update_fields=["state", "started_on", "last_activity_at"])
    log_all(by=by, assignments=made, verb="assign", now=now)
    log_work(by=by, assignment=row, verb="hand_down", now=now, detail=_("%(n)d đơn vị") % {"n": len(units)})
    if person_id is not None and len(made) == 1:
        tell_doers(
            by=by, assignment=made[0], kind="directives.assigned", title=_("Nhiệm vụ mới được giao"), now=now
        )
    else:
        tell_fan_out(by=by, made=made, source=row.unit.name, url=link_of(by=by), now=now)
    return made


def _refuse_twice(parent: Assignment, units: Sequence[int], text: str) -> None:
    there = Assignment.objects.filter(parent=parent, unit_id__in=units, text=text).exclude(
        state=AssignmentState.CANCELLED
    )
    names = list(there.order_by("unit__sort_key").values_list("unit__name", flat=True)[:5])
    if names:
        raise WrongState(_("Việc này đã giao cho: %(names)s.") % {"names": ", ".join(names)})


def _below(row: Assignment, due_on: date | None, today: date) -> Deadline:
    if due_on is None:
        return Deadline(row.deadline_kind, row.due_on, row.deadline_words, row.deadline_event, row.period)
    if due_on < today:
        raise BadDeadline(_("Hạn giao xuống đã qua."))
    if row.due_on is not None and due_on > row.due_on:
        said = _("Hạn giao xuống không được sau hạn của nhiệm vụ cấp trên (%(day)s).")
        raise BadDeadline(said % {"day": row.due_on.strftime("%d/%m/%Y")})
    return Deadline(DeadlineKind.DATE, due_on)


def _check_people(person_id: int | None, leader_id: int | None, units: Sequence[int], now: datetime) -> None:
    people = {pk for pk in (person_id, leader_id) if pk is not None}
    if not people:
        return
    if len(units) != 1:
        raise OutOfReach(_("Chỉ chọn người khi giao cho một đơn vị."))
    if people - organization.people_of(units[0], people, today=now.date()):
        raise OutOfReach(_("Người được chọn không công tác tại đơn vị này."))


@transaction.atomic
def set_people(
    *, by: Actor, assignment: Assignment, person_id: int | None, leader_id: int | None, now: datetime
) -> Assignment:
    """Who does the task and which leader answers for it (rõ người); None clears. They must work at the unit.

    Raises NotAllowed, WrongState, OutOfReach.
    """
    row = take(by=by, assignment=assignment, verb="set_people", allowed=can_hand_down)
    _check_people(person_id, leader_id, [row.unit_id], now)
    new = {pk for pk in (person_id, leader_id) if pk is not None} - {row.person_id, row.leader_id}
    row.person_id, row.leader_id, row.last_activity_at = person_id, leader_id, now
    row.save(update_fields=["person", "leader", "last_activity_at"])
    names = organization.people_names(pk for pk in (person_id, leader_id) if pk is not None)
    log_work(by=by, assignment=row, verb="set_people", now=now, detail=", ".join(names))
    if new:
        tell_doers(
            by=by,
            assignment=row,
            kind="directives.assigned",
            title=_("Anh/chị được phân công một nhiệm vụ"),
            now=now,
        )
    return row
