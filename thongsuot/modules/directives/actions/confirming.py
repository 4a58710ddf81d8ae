"""A reviewed order becomes work: tasks, targets and reports of the units that it names. And the end of an
order.

A plan that fans out to 1,000 schools is a handful of statements: rows are made together, never one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.files.actions import share
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.found import deadline_of, last_day_of, legal_words, operator_of, period_of, value_of
from ..domain.periods import YearDates
from ..domain.searching import searchable
from ..models import (
    Assignment,
    AssignmentCoordinator,
    Directive,
    DirectiveRecipient,
    Finding,
    Submission,
    Target,
    TargetUnit,
)
from ..permissions import can_confirm
from ..queries import review_progress, school_years
from ..types import (
    OPEN_STATES,
    AssignmentState,
    DeadlineKind,
    DirectiveState,
    FindingKind,
    FindingState,
    SubmissionState,
)
from .refusals import NotReviewed, WrongState
from .reporting import create_duty
from .telling import link_of, log_all, tell_fan_out

# A group that works with another group ("UBND các xã" with "các trường"): each with those below it, not
# all with all.
MANY = 20
MOST_NAMED = 3


def _locked(by: Actor, directive: Directive) -> Directive:
    rows = Directive.objects.select_for_update(of=("self",)).select_related("owner_unit", "file")
    row = rows.defer("source_text").get(pk=directive.pk)
    if not can_confirm(by, row):
        raise NotAllowed(_("Anh/chị không có quyền xác nhận văn bản này."))
    return row


@transaction.atomic
def confirm_directive(*, by: Actor, directive: Directive, now: datetime) -> Directive:
    """Create what the accepted findings say, one task for each lead unit, and let the units read the order.

    Doing it again changes nothing. Raises NotAllowed, WrongState (withdrawn, closed), NotReviewed
    (something is still proposed, has unknown lead units, or nothing was accepted).
    """
    row = _locked(by, directive)
    if row.state == DirectiveState.IN_FORCE:
        return row
    if row.state != DirectiveState.REVIEWING:
        raise WrongState(_("Văn bản đã kết thúc hoặc đã thu hồi."))
    _refuse_unready(by, row)
    findings = list(row.findings.filter(state=FindingState.ACCEPTED).order_by("position", "id"))
    years = school_years()
    row.state, row.confirmed_by_id, row.confirmed_at = DirectiveState.IN_FORCE, by.user_id, now
    row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    tasks = [f for f in findings if f.kind == FindingKind.TASK]
    made = _create_tasks(by, row, tasks, years, now)
    concerned = {a.unit_id for a in made} | {pk for f in tasks for pk in f.units.get("coordinating", [])}
    concerned |= _create_targets(row, [f for f in findings if f.kind == FindingKind.TARGET], now)
    concerned |= _create_duties(by, row, [f for f in findings if f.kind == FindingKind.REPORTING], years, now)
    _let_read(by, row, concerned)
    log_all(by=by, assignments=made, verb="assign", now=now)
    url = link_of(by=by, directive=str(row.public_id))
    tell_fan_out(by=by, made=made, source=row.number or row.type, url=url, now=now)
    return row


def _refuse_unready(by: Actor, row: Directive) -> None:
    stand = review_progress(by, row)
    said = []
    if stand.proposed:
        said.append(_("Còn %(n)d nội dung chưa rà soát.") % {"n": stand.proposed})
    if stand.unmatched:
        words = list(dict.fromkeys(word for _pk, found in stand.unmatched for word in found))
        named = "; ".join(words[:MOST_NAMED]) + ("…" if len(words) > MOST_NAMED else "")
        said.append(_("Chưa nhận ra đơn vị: %(words)s.") % {"words": named})
    if stand.without_lead:
        said.append(_("%(n)d nội dung chưa có đơn vị thực hiện.") % {"n": len(stand.without_lead)})
    if not stand.accepted and not said:
        said.append(_("Chưa có nội dung nào được nhận."))
    if said:
        details = {
            "proposed": stand.proposed,
            "unmatched": dict(stand.unmatched),
            "without_lead": stand.without_lead,
        }
        raise NotReviewed(" ".join(said), **details)


# -- tasks ---------------------------------------------------------------------------------------


def _create_tasks(
    by: Actor, row: Directive, findings: list[Finding], years: list[YearDates], now: datetime
) -> list[Assignment]:
    made = []
    for finding in findings:
        shared = _task_fields(by, row, finding, years, now)
        made += [Assignment(unit_id=unit, **shared) for unit in dict.fromkeys(finding.units["lead"])]
    Assignment.objects.bulk_create(made, batch_size=5000)
    AssignmentCoordinator.objects.bulk_create(_coordinators(row, findings, made), batch_size=5000)
    return made


def _task_fields(
    by: Actor, row: Directive, finding: Finding, years: list[YearDates], now: datetime
) -> dict[str, Any]:
    data = finding.data
    deadline = deadline_of(data.get("deadline"), years)
    text, product, group = data.get("text") or "", data.get("product") or "", data.get("group") or ""
    return {
        "directive": row,
        "finding": finding,
        "section": (data.get("section") or "")[:40],
        "group": group,
        "text": text,
        "text_fold": searchable(text, product, group),
        "legal_basis": legal_words(data),
        "product": product,
        "authority": data.get("authority") or "",
        "assigned_by_unit_id": row.owner_unit_id,
        "assigned_by_id": by.user_id,
        "assigned_on": now.date(),
        "deadline_kind": deadline.kind,
        "deadline_words": deadline.words[:400],
        "deadline_event": deadline.event or (deadline.words if deadline.kind == DeadlineKind.EVENT else ""),
        "period": deadline.period,
        "due_on": deadline.due_on,
        "first_due_on": deadline.due_on,
        "last_activity_at": now,
    }


def _coordinators(
    row: Directive, findings: list[Finding], made: list[Assignment]
) -> list[AssignmentCoordinator]:
    wanted = {f.pk: list(dict.fromkeys(f.units.get("coordinating", []))) for f in findings}
    leads = {f.pk: len(f.units["lead"]) for f in findings}
    crowded = {pk for pk, units in wanted.items() if len(units) > MANY and leads[pk] > 1}
    above = {}
    if crowded:
        places = organization.unit_places({unit for pk in crowded for unit in wanted[pk]})
        above = {place.id: place.parent_id for place in places.values()}
    return [
        AssignmentCoordinator(
            assignment=a, unit_id=unit, lead_unit_id=a.unit_id, assigned_by_unit_id=row.owner_unit_id
        )
        for a in made
        for unit in wanted[a.finding_id or 0]
        if unit != a.unit_id and (a.finding_id not in crowded or above.get(unit) == a.unit_id)
    ]


# -- targets and reports ---------------------------------------------------------------------------


def _create_targets(row: Directive, findings: list[Finding], now: datetime) -> set[int]:
    """A target that names nobody is the owner's own."""
    year = (row.issued_on or now.date()).year
    made = []
    for finding in findings:
        value, measure = value_of(finding.data)
        period = finding.data.get("period") or ""
        made.append(
            Target(
                directive=row,
                finding=finding,
                owner_unit_id=row.owner_unit_id,
                text=finding.data.get("text") or "",
                operator=operator_of(finding.data),
                value=value,
                measure=measure,
                period=period[:120],
                due_on=last_day_of(period, year=year),
            )
        )
    Target.objects.bulk_create(made)
    given = [
        TargetUnit(target=target, unit_id=unit, owner_unit_id=row.owner_unit_id)
        for target, finding in zip(made, findings, strict=True)
        for unit in dict.fromkeys(finding.units.get("lead") or [row.owner_unit_id])
    ]
    TargetUnit.objects.bulk_create(given, batch_size=5000)
    return {one.unit_id for one in given}


def _create_duties(
    by: Actor, row: Directive, findings: list[Finding], years: list[YearDates], now: datetime
) -> set[int]:
    places = organization.unit_places({pk for f in findings for pk in f.units["lead"]} | {row.owner_unit_id})
    concerned: set[int] = set()
    for finding in findings:
        data = finding.data
        owing = _owing(finding.units, places, row.owner_unit_id)
        concerned |= {unit for unit, _to in owing}
        due = deadline_of(data.get("due"), years)
        create_duty(
            by=by,
            owner_unit=row.owner_unit,
            directive=row,
            finding=finding,
            what=data.get("what") or data.get("text") or "",
            owing=owing,
            first_due_on=due.due_on,
            period=period_of(data.get("period")) or due.period,
            who_words="; ".join(data.get("who") or []),
            to_words=data.get("to") or "",
            due_words=due.words,
            now=now,
        )
    return concerned


def _owing(units: dict[str, Any], places: dict[int, Any], owner_id: int) -> list[tuple[int, int]]:
    """(who, to whom): what an order of the Sở asks of a commune's school goes by way of its commune, which
    then owes the same."""
    asked = (units.get("to") or [None])[0]
    owing: dict[int, int] = {}
    for unit in units["lead"]:
        place = places.get(unit)
        to = asked or owner_id
        if to == unit:
            to = (place.parent_id if place else None) or owner_id
        if place and place.kind == "school" and place.parent_kind == "commune" and to != place.parent_id:
            owing.setdefault(place.parent_id, to)
            to = place.parent_id
        owing[unit] = to
    return sorted(owing.items())


def _let_read(by: Actor, row: Directive, unit_ids: Iterable[int]) -> None:
    """Those concerned may open the order and its file; some lie outside the reach of the one who confirms."""
    wanted = sorted(set(unit_ids) - {row.owner_unit_id})
    with act_as(Actor.system()):
        DirectiveRecipient.objects.bulk_create(
            [DirectiveRecipient(directive=row, unit_id=unit) for unit in wanted],
            ignore_conflicts=True,
            batch_size=5000,
        )
    if row.file is not None and wanted:
        share(by=by, file=row.file, unit_ids=wanted)


# -- the end of an order ---------------------------------------------------------------------------


def _end(by: Actor, row: Directive, state: str, tasks: Any, detail: str, now: datetime) -> Directive:
    ended = list(tasks.select_for_update(of=("self",)).defer("search").order_by("pk"))
    Submission.objects.filter(assignment__in=ended, state=SubmissionState.PENDING).update(
        state=SubmissionState.RETURNED, decided_by_id=by.user_id, decided_at=now, decision_note=detail
    )
    Assignment.objects.filter(pk__in=[a.pk for a in ended]).update(
        state=AssignmentState.CANCELLED, last_activity_at=now
    )
    log_all(by=by, assignments=ended, verb="cancel", now=now, detail=detail)
    row.state = state
    row.save(update_fields=["state"])
    return row


@transaction.atomic
def withdraw_directive(*, by: Actor, directive: Directive, now: datetime, reason: str = "") -> Directive:
    """The order is taken back: its open tasks are cancelled, what is done stays. Raises NotAllowed,
    WrongState.
    """
    row = _locked(by, directive)
    if row.state not in (DirectiveState.REVIEWING, DirectiveState.IN_FORCE):
        raise WrongState(_("Văn bản đã kết thúc hoặc đã thu hồi."))
    open_tasks = row.assignments.filter(state__in=(*OPEN_STATES, AssignmentState.PAUSED))
    detail = reason.strip() or _("Văn bản bị thu hồi")
    return _end(by, row, DirectiveState.WITHDRAWN, open_tasks, detail, now)


@transaction.atomic
def close_directive(*, by: Actor, directive: Directive, now: datetime) -> Directive:
    """The order is done with: nothing but ongoing tasks may be open, and these end with it.

    Raises NotAllowed, WrongState.
    """
    row = _locked(by, directive)
    if row.state != DirectiveState.IN_FORCE:
        raise WrongState(_("Chỉ kết thúc được văn bản đang thực hiện."))
    open_tasks = row.assignments.filter(state__in=(*OPEN_STATES, AssignmentState.PAUSED))
    left = open_tasks.exclude(deadline_kind=DeadlineKind.ONGOING).count()
    if left:
        raise WrongState(_("Còn %(n)d nhiệm vụ chưa xong nên chưa kết thúc được.") % {"n": left})
    ongoing = row.assignments.filter(state__in=(*OPEN_STATES, AssignmentState.PAUSED))
    return _end(by, row, DirectiveState.CLOSED, ongoing, _("Kết thúc theo dõi văn bản"), now)
