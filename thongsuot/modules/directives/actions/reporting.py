"""Reports owed: opened, submitted, returned, accepted, gathered and forwarded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.queries import school_years

from ..domain.periods import YearDates, due_series
from ..domain.transitions import next_obligation_state
from ..models import ObligationLog, ReportingDuty, ReportObligation
from ..permissions import acts_for, can_decide_report, can_report
from ..types import ObligationState

# How far ahead a recurring report is put on the calendar.
OPEN_AHEAD_DAYS = 60


class ReportStep(Refused):
    """The report is not in a state that allows this step."""

    code = "report_step"


class ReportIncomplete(Refused):
    """Neither a file nor a text was handed in, or a reason is missing."""

    code = "report_incomplete"


def _years() -> list[YearDates]:
    """The province's school years, with their terms, as the rules of periods want them."""
    found = school_years().prefetch_related("terms")
    return [
        YearDates(
            y.starts_on,
            y.ends_on,
            tuple((t.starts_on, t.ends_on) for t in sorted(y.terms.all(), key=lambda t: t.number)),
        )
        for y in found
    ]


@transaction.atomic
def create_duty(
    *,
    by: Actor,
    owner_unit: Any,
    what: str,
    owing: Iterable[tuple[int, int]],
    first_due_on: date | None,
    now: datetime,
    last_due_on: date | None = None,
    period: str = "",
    due_offset_days: int = 0,
    directive: Any = None,
    finding: Any = None,
    who_words: str = "",
    to_words: str = "",
    due_words: str = "",
) -> ReportingDuty:
    """A report that units owe, once or each period; opens what falls due within the next 60 days, at least
    the first.

    `owing`: (unit that reports, unit that receives). Without a first due day and without a period there is
    nothing
    to put on a calendar ("khi có sự cố"): the duty is kept and no obligation opened. Raises NotAllowed
    unless the actor may assign for `owner_unit`.
    """
    if not acts_for(by, "directives.assign", owner_unit) and not acts_for(
        by, "directives.confirm", owner_unit
    ):
        raise NotAllowed(_("Anh/chị không được đặt chế độ báo cáo cho đơn vị này."))
    duty = ReportingDuty.objects.create(
        directive=directive,
        finding=finding,
        owner_unit=owner_unit,
        what=what,
        who_words=who_words[:400],
        to_words=to_words[:400],
        due_words=due_words[:300],
        period=period,
        due_offset_days=due_offset_days,
        first_due_on=first_due_on,
        last_due_on=last_due_on,
    )
    _open(
        duty,
        list(owing),
        start=first_due_on or now.date(),
        until=now.date() + timedelta(days=OPEN_AHEAD_DAYS),
    )
    return duty


def _open(duty: ReportingDuty, owing: Sequence[tuple[int, int]], *, start: date, until: date) -> int:
    """Obligations of the duty due from `start` to `until`, the first one in any case; those that exist are
    left alone.
    """
    if duty.period:
        last = duty.last_due_on or date.max
        series = [
            (due.due_on, due.label)
            for due in due_series(
                duty.period,
                first_due_on=duty.first_due_on,
                offset_days=duty.due_offset_days,
                start=start,
                until=min(max(until, start + timedelta(days=366)), last),
                school_years=_years(),
            )
        ]
        series = [pair for i, pair in enumerate(series) if i == 0 or pair[0] <= until]
    else:
        series = [(duty.first_due_on, "")] if duty.first_due_on else []
    rows = [
        ReportObligation(
            duty=duty,
            unit_id=unit,
            to_unit_id=to,
            owner_unit_id=duty.owner_unit_id,
            due_on=due_on,
            period_label=label,
        )
        for due_on, label in series
        for unit, to in owing
    ]
    before = duty.obligations.count()
    ReportObligation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return duty.obligations.count() - before


@transaction.atomic
def open_obligations(*, by: Actor, today: date) -> int:
    """Put the next 60 days of every recurring duty on the calendar; returns how many were opened. Idempotent.

    The units are those of the duty's last due day, so that a unit waived once is not asked again by itself.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống tự làm."))
    until = today + timedelta(days=OPEN_AHEAD_DAYS)
    opened = 0
    duties = (
        ReportingDuty.objects.exclude(period="").annotate(latest=Max("obligations__due_on")).order_by("pk")
    )
    for duty in duties.filter(latest__isnull=False, latest__lt=until):
        if duty.last_due_on and duty.latest >= duty.last_due_on:
            continue
        owing = list(
            duty.obligations.filter(due_on=duty.latest)
            .order_by("unit_id")
            .values_list("unit_id", "to_unit_id")
        )
        series = [
            due
            for due in due_series(
                duty.period,
                first_due_on=duty.first_due_on,
                offset_days=duty.due_offset_days,
                start=duty.latest + timedelta(days=1),
                until=min(until, duty.last_due_on or until),
                school_years=_years(),
            )
        ]
        rows = [
            ReportObligation(
                duty=duty,
                unit_id=unit,
                to_unit_id=to,
                owner_unit_id=duty.owner_unit_id,
                due_on=due.due_on,
                period_label=due.label,
            )
            for due in series
            for unit, to in owing
        ]
        ReportObligation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
        opened += len(rows)
    return opened


def _step(obligation: ReportObligation, verb: str) -> ReportObligation:
    """The row, locked, in the state after `verb`; Refused when somebody else was quicker or it makes no
    sense.
    """
    row = ReportObligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    after = next_obligation_state(row.state, verb)
    if after is None:
        raise ReportStep(
            _("Báo cáo đang ở trạng thái “%(state)s” nên không làm được việc này.")
            % {"state": row.get_state_display()}
        )
    row.state = after
    return row


def _tell(by: Actor, row: ReportObligation, unit_id: int, title: str, now: datetime) -> None:
    """The desk of one of the two units; whoever sent the report in any case."""
    desk = set(organization.desk_users("directives.report", [unit_id], today=now.date()).get(unit_id, []))
    if unit_id == row.unit_id and row.submitted_by_id is not None:
        desk.add(row.submitted_by_id)
    url = reverse("directives:obligation-detail", args=[row.public_id])
    notify(recipients=desk, kind="directives.reports", title=title, body=row.duty.what, url=url, by=by)


def _keep(
    row: ReportObligation, by: Actor, verb: str, detail: str, now: datetime, **fields: object
) -> ReportObligation:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *fields])
    ObligationLog.objects.create(obligation=row, verb=verb, detail=detail, by_id=by.user_id, at=now)
    return row


@transaction.atomic
def submit_report(
    *, by: Actor, obligation: ReportObligation, summary: str, now: datetime, file: Any = None
) -> ReportObligation:
    """Hand the report in: a file, a text or both. Raises NotAllowed, ReportIncomplete, ReportStep."""
    if not can_report(by, obligation):
        raise NotAllowed(_("Anh/chị không được nộp báo cáo thay đơn vị này."))
    if not summary.strip() and file is None:
        raise ReportIncomplete(_("Cần đính kèm tệp báo cáo hoặc ghi nội dung báo cáo."))
    row = _step(obligation, "submit")
    kept = _keep(
        row,
        by,
        "submit",
        "",
        now,
        summary=summary.strip(),
        file=file or row.file,
        submitted_by_id=by.user_id,
        submitted_at=now,
        decided_by_id=None,
        decided_at=None,
        decision_note="",
    )
    _tell(by, kept, kept.to_unit_id, _("%(unit)s đã nộp báo cáo") % {"unit": kept.unit.name}, now)
    return kept


@transaction.atomic
def return_report(*, by: Actor, obligation: ReportObligation, reason: str, now: datetime) -> ReportObligation:
    """Send the report back with a reason. Raises NotAllowed, ReportIncomplete (no reason), ReportStep."""
    if not can_decide_report(by, obligation):
        raise NotAllowed(_("Chỉ nơi nhận báo cáo mới trả lại được."))
    if not reason.strip():
        raise ReportIncomplete(_("Cần ghi lý do trả lại."))
    row = _step(obligation, "return")
    kept = _keep(
        row,
        by,
        "return",
        reason.strip(),
        now,
        decided_by_id=by.user_id,
        decided_at=now,
        decision_note=reason.strip(),
    )
    _tell(by, kept, kept.unit_id, _("Báo cáo bị trả lại: %(reason)s") % {"reason": reason.strip()[:120]}, now)
    return kept


@transaction.atomic
def accept_report(
    *, by: Actor, obligation: ReportObligation, now: datetime, note: str = ""
) -> ReportObligation:
    """Take the report in. Raises NotAllowed, ReportStep."""
    if not can_decide_report(by, obligation):
        raise NotAllowed(_("Chỉ nơi nhận báo cáo mới duyệt được."))
    row = _step(obligation, "accept")
    kept = _keep(
        row,
        by,
        "accept",
        note.strip(),
        now,
        decided_by_id=by.user_id,
        decided_at=now,
        decision_note=note.strip(),
    )
    _tell(by, kept, kept.unit_id, _("Báo cáo đã được nhận"), now)
    return kept


@transaction.atomic
def waive(*, by: Actor, obligation: ReportObligation, reason: str, now: datetime) -> ReportObligation:
    """The unit need not report this time. Raises NotAllowed, ReportIncomplete (no reason), ReportStep."""
    if not can_decide_report(by, obligation):
        raise NotAllowed(_("Chỉ nơi nhận báo cáo mới miễn được."))
    if not reason.strip():
        raise ReportIncomplete(_("Cần ghi lý do miễn báo cáo."))
    row = _step(obligation, "waive")
    return _keep(
        row,
        by,
        "waive",
        reason.strip(),
        now,
        decided_by_id=by.user_id,
        decided_at=now,
        decision_note=reason.strip(),
    )


@transaction.atomic
def forward_reports(
    *,
    by: Actor,
    obligation: ReportObligation,
    gathered: Iterable[int],
    summary: str,
    now: datetime,
    file: Any = None,
) -> ReportObligation:
    """Submit a unit's own report together with those it received and accepted from below.

    `gathered`: ids of obligations owed to the reporting unit; those not accepted, or not owed to it, are
    refused by name. Raises NotAllowed, ReportIncomplete, ReportStep.
    """
    wanted = set(gathered)
    rows = list(
        ReportObligation.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    foreign = wanted - {row.pk for row in rows if row.to_unit_id == obligation.unit_id}
    if foreign:
        raise NotAllowed(_("Có báo cáo không gửi về đơn vị này."))
    unready = [row.unit.name for row in rows if row.state != ObligationState.ACCEPTED]
    if unready:
        raise ReportStep(_("Chưa duyệt báo cáo của: %(names)s.") % {"names": ", ".join(unready[:5])})
    sent = submit_report(by=by, obligation=obligation, summary=summary, file=file, now=now)
    ReportObligation.objects.filter(pk__in=wanted).update(forwarded_in=sent)
    ObligationLog.objects.bulk_create(
        [ObligationLog(obligation=row, verb="forward", detail="", by_id=by.user_id, at=now) for row in rows]
    )
    return sent
