"""The giving side: accept or return, extend, record events, pause, cancel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.organization import queries as organization

from ..domain.deadlines import deadline_after_event
from ..models import Assignment, ExtensionRequest, Submission
from ..permissions import assignments_visible, can_accept, can_manage, can_record_event, can_work_on
from ..queries import open_children
from ..types import OPEN_STATES, AssignmentState, DeadlineKind, DecisionState, SubmissionState
from .locking import person, reasoned, step, take
from .refusals import BadDeadline, OpenSubtasks, OwnWork, WrongState
from .telling import log_all, log_work, tell_doers, tell_giver

MOST_NAMED = 5


def _decide(row: Assignment, by: Actor, state: str, note: str, now: datetime) -> Submission | None:
    pending = row.submissions.filter(state=SubmissionState.PENDING).first()
    if pending is not None:
        if state == SubmissionState.ACCEPTED and pending.submitted_by_id == by.user_id:
            raise OwnWork(_("Người nộp không tự nghiệm thu kết quả của mình."))
        pending.state, pending.decision_note = state, note
        pending.decided_by_id, pending.decided_at = by.user_id, now
        pending.save(update_fields=["state", "decision_note", "decided_by", "decided_at"])
    return pending


@transaction.atomic
def accept_result(*, by: Actor, assignment: Assignment, now: datetime, note: str = "") -> Assignment:
    """The task is done: on the day of its document, or where it has none on the day of acceptance.

    Raises NotAllowed, WrongState, OwnWork, OpenSubtasks (lists those still open).
    """
    row = take(by=by, assignment=assignment, verb="accept", allowed=can_accept)
    _refuse_open_children(row)
    submission = _decide(row, by, SubmissionState.ACCEPTED, note.strip(), now)
    step(by=by, assignment=row, verb="accept")
    row.completed_on = (submission.issued_on if submission else None) or now.date()
    row.progress, row.last_activity_at = 100, now
    row.save(update_fields=["state", "completed_on", "progress", "last_activity_at"])
    row.extensions.filter(state=DecisionState.PENDING).update(
        state=DecisionState.REFUSED,
        decision_note=_("Nhiệm vụ đã hoàn thành."),
        decided_by_id=by.user_id,
        decided_at=now,
    )
    log_work(by=by, assignment=row, verb="accept", now=now, detail=note.strip())
    tell_doers(
        by=by, assignment=row, kind="directives.decided", title=_("Kết quả đã được nghiệm thu"), now=now
    )
    return row


def _refuse_open_children(row: Assignment) -> None:
    still_open = list(open_children(row)[: MOST_NAMED + 1])
    if still_open:
        names = ", ".join(child.unit.name for child in still_open[:MOST_NAMED])
        more = "…" if len(still_open) > MOST_NAMED else ""
        said = _("Còn nhiệm vụ giao xuống chưa xong: %(names)s%(more)s.") % {"names": names, "more": more}
        raise OpenSubtasks(said, children=still_open)


@transaction.atomic
def return_result(*, by: Actor, assignment: Assignment, reason: str, now: datetime) -> Assignment:
    """Send the product back with a reason. Raises NotAllowed, WrongState, MissingReason."""
    said = reasoned(by=by, reason=reason)
    row = take(by=by, assignment=assignment, verb="return", allowed=can_accept)
    _decide(row, by, SubmissionState.RETURNED, said, now)
    step(by=by, assignment=row, verb="return")
    row.last_activity_at = now
    row.save(update_fields=["state", "last_activity_at"])
    log_work(by=by, assignment=row, verb="return", now=now, detail=said)
    tell_doers(
        by=by, assignment=row, kind="directives.decided", title=_("Kết quả bị trả lại"), body=said, now=now
    )
    return row


# -- deadlines -----------------------------------------------------------------------------------


@transaction.atomic
def request_extension(
    *, by: Actor, assignment: Assignment, new_due_on: date, reason: str, now: datetime
) -> ExtensionRequest:
    """xin gia hạn: to a later day, with a reason; one request at a time.

    Raises NotAllowed, WrongState, MissingReason, BadDeadline.
    """
    said = reasoned(by=by, reason=reason)
    row = take(by=by, assignment=assignment, verb="extend", allowed=can_work_on)
    if row.due_on is None:
        raise BadDeadline(_("Nhiệm vụ này không có hạn cụ thể."))
    if new_due_on <= row.due_on or new_due_on < now.date():
        raise BadDeadline(_("Hạn xin đổi phải sau hạn hiện tại và chưa qua."))
    if row.extensions.filter(state=DecisionState.PENDING).exists():
        raise WrongState(_("Đã có một yêu cầu gia hạn đang chờ quyết định."))
    made = ExtensionRequest.objects.create(
        assignment=row,
        old_due_on=row.due_on,
        new_due_on=new_due_on,
        reason=said,
        requested_by_id=person(by=by),
        requested_at=now,
    )
    day = new_due_on.strftime("%d/%m/%Y")
    log_work(by=by, assignment=row, verb="extend", now=now, detail=f"{day}: {said}")
    title = _("%(unit)s xin gia hạn đến %(day)s") % {"unit": row.unit.name, "day": day}
    tell_giver(by=by, assignment=row, kind="directives.submitted", title=title, body=said, now=now)
    return made


@transaction.atomic
def decide_extension(
    *,
    by: Actor,
    request: ExtensionRequest,
    granted: bool,
    now: datetime,
    granted_due_on: date | None = None,
    note: str = "",
) -> ExtensionRequest:
    """Grant (the day asked for, or another) or refuse with a reason.

    Raises NotAllowed, WrongState (decided already), MissingReason, BadDeadline (after the day of the task
    above).
    """
    said = note.strip() if granted else reasoned(by=by, reason=note)
    row = take(by=by, assignment=request.assignment, verb="extend", allowed=can_accept)
    asked = ExtensionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if asked.state != DecisionState.PENDING:
        raise WrongState(_("Yêu cầu gia hạn đã được quyết định."))
    if asked.requested_by_id == by.user_id:
        raise OwnWork(_("Người xin gia hạn không tự quyết định."))
    asked.decision_note, asked.decided_by_id, asked.decided_at = said, by.user_id, now
    if granted:
        asked.state, asked.granted_due_on = DecisionState.GRANTED, granted_due_on or asked.new_due_on
        _move_deadline(row, asked.granted_due_on, now)
    else:
        asked.state = DecisionState.REFUSED
    asked.save(update_fields=["state", "granted_due_on", "decision_note", "decided_by", "decided_at"])
    day = (asked.granted_due_on or asked.new_due_on).strftime("%d/%m/%Y")
    verb, title = (
        ("grant", _("Được gia hạn đến %(day)s"))
        if granted
        else ("refuse", _("Không được gia hạn đến %(day)s"))
    )
    log_work(by=by, assignment=row, verb=verb, now=now, detail=f"{day} {said}".strip())
    tell_doers(
        by=by, assignment=row, kind="directives.decided", title=title % {"day": day}, body=said, now=now
    )
    return asked


def _move_deadline(row: Assignment, due_on: date, now: datetime) -> None:
    if due_on < now.date():
        raise BadDeadline(_("Hạn được duyệt đã qua."))
    above = (
        Assignment.objects.filter(pk=row.parent_id).values_list("due_on", flat=True).first()
        if row.parent_id
        else None
    )
    if above is not None and due_on > above:
        said = _("Hạn mới sau hạn của nhiệm vụ cấp trên (%(day)s): cần gia hạn cấp trên trước.")
        raise BadDeadline(said % {"day": above.strftime("%d/%m/%Y")})
    row.due_on, row.last_activity_at = due_on, now
    row.save(update_fields=["due_on", "last_activity_at"])


@transaction.atomic
def record_event(
    *,
    by: Actor,
    assignment: Assignment,
    occurred_on: date,
    now: datetime,
    document: str = "",
    due_on: date | None = None,
) -> list[Assignment]:
    """The condition of a deadline has come: from now on the task has a day, counted by the words of the order
    ("trong 15 ngày sau khi ..."), or `due_on` where they name no span.

    By the giving side it is recorded for all tasks of the order that wait for the same event; by the unit
    itself for its own. Returns the tasks it concerned. Raises NotAllowed, WrongState, BadDeadline.
    """
    if occurred_on > now.date():
        raise BadDeadline(_("Ngày điều kiện xảy ra chưa tới."))
    if due_on is not None and due_on < occurred_on:
        raise BadDeadline(_("Hạn không thể trước ngày điều kiện xảy ra."))
    row = take(by=by, assignment=assignment, verb="event", allowed=can_record_event)
    if row.deadline_kind != DeadlineKind.EVENT or row.event_occurred_on is not None:
        raise WrongState(_("Nhiệm vụ này không chờ điều kiện nào."))
    rows = _waiting_for_the_same(by, row)
    calendar = organization.work_calendar()
    for one in rows:
        words = f"{one.deadline_words} {one.deadline_event}"
        one.event_occurred_on, one.event_document, one.last_activity_at = (
            occurred_on,
            document.strip()[:200],
            now,
        )
        one.due_on = (
            one.due_on or due_on or deadline_after_event(words, occurred_on, after_working_days=calendar.add)
        )
        one.first_due_on = one.first_due_on or one.due_on
    fields = ["event_occurred_on", "event_document", "due_on", "first_due_on", "last_activity_at"]
    Assignment.objects.bulk_update(rows, fields, batch_size=1000)
    detail = f"{occurred_on.strftime('%d/%m/%Y')} {document.strip()}".strip()
    log_all(by=by, assignments=rows, verb="event", now=now, detail=detail)
    return rows


def _waiting_for_the_same(by: Actor, row: Assignment) -> list[Assignment]:
    if row.directive_id is None or not can_manage(by, row):
        return [row]
    alike = Assignment.objects.select_for_update(of=("self",)).filter(
        assignments_visible(by),
        directive_id=row.directive_id,
        deadline_kind=DeadlineKind.EVENT,
        event_occurred_on__isnull=True,
        state__in=(*OPEN_STATES, AssignmentState.PAUSED),
    )
    event = fold(row.deadline_event)
    return [one for one in alike.defer("search").order_by("pk") if fold(one.deadline_event) == event]


# -- stopping ------------------------------------------------------------------------------------


def _stop(by: Actor, assignment: Assignment, verb: str, reason: str, now: datetime, title: str) -> Assignment:
    row = take(by=by, assignment=assignment, verb=verb, allowed=can_manage)
    step(by=by, assignment=row, verb=verb)
    row.last_activity_at = now
    row.save(update_fields=["state", "last_activity_at"])
    log_work(by=by, assignment=row, verb=verb, now=now, detail=reason)
    tell_doers(by=by, assignment=row, kind="directives.decided", title=title, body=reason, now=now)
    return row


@transaction.atomic
def pause(*, by: Actor, assignment: Assignment, reason: str, now: datetime) -> Assignment:
    """Stop for a while; the clock does not count while paused. Raises NotAllowed, WrongState,
    MissingReason.
    """
    return _stop(by, assignment, "pause", reasoned(by=by, reason=reason), now, _("Nhiệm vụ tạm dừng"))


@transaction.atomic
def resume(*, by: Actor, assignment: Assignment, now: datetime, reason: str = "") -> Assignment:
    """Go on with what was paused. Raises NotAllowed, WrongState."""
    return _stop(by, assignment, "resume", reason.strip(), now, _("Nhiệm vụ được tiếp tục"))


@transaction.atomic
def cancel(*, by: Actor, assignment: Assignment, reason: str, now: datetime) -> Assignment:
    """End without a result, with all sub-tasks. Raises NotAllowed, WrongState, MissingReason; OpenSubtasks
    where a sub-task was handed in and waits for an answer.
    """
    said = reasoned(by=by, reason=reason)
    row = _stop(by, assignment, "cancel", said, now, _("Nhiệm vụ bị hủy"))
    level: Iterable[int] = [row.pk]
    while level:
        below = Assignment.objects.select_for_update(of=("self",)).filter(parent_id__in=level).defer("search")
        children = [
            c
            for c in below.order_by("pk")
            if c.state not in (AssignmentState.ACCEPTED, AssignmentState.CANCELLED)
        ]
        waiting = [c for c in children if c.state == AssignmentState.SUBMITTED]
        if waiting:
            raise OpenSubtasks(
                _("Có nhiệm vụ giao xuống đã nộp kết quả, hãy duyệt hoặc trả lại trước."), children=waiting
            )
        level = [c.pk for c in children]
        Assignment.objects.filter(pk__in=level).update(state=AssignmentState.CANCELLED, last_activity_at=now)
        log_all(by=by, assignments=children, verb="cancel", now=now, detail=said)
    return row
