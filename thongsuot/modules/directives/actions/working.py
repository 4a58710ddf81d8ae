"""Doing the work: begin, tell how far it has come, confirm a period, hand in the product."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor

from ..domain.periods import period_bounds, period_label
from ..models import Assignment, ProgressNote, Submission
from ..permissions import can_work_on
from ..queries import school_years
from ..queries.waiting import finished_period
from ..types import Period
from .difficulties import raise_difficulty
from .locking import person, step, take
from .refusals import MissingEvidence, WrongState
from .telling import log_work, tell_giver


@transaction.atomic
def start(*, by: Actor, assignment: Assignment, now: datetime) -> Assignment:
    """The unit has begun. Raises NotAllowed, WrongState."""
    row = take(by=by, assignment=assignment, verb="start", allowed=can_work_on)
    step(by=by, assignment=row, verb="start")
    row.started_on, row.last_activity_at = now.date(), now
    row.save(update_fields=["state", "started_on", "last_activity_at"])
    log_work(by=by, assignment=row, verb="start", now=now)
    return row


@transaction.atomic
def report_progress(
    *,
    by: Actor,
    assignment: Assignment,
    percent: int,
    note: str,
    now: datetime,
    difficulties: str = "",
    proposal: str = "",
    file: Any = None,
) -> Assignment:
    """How far the task has come, 0 to 100, and in words; difficulties go to whoever gave the task.

    Raises NotAllowed, WrongState, MissingEvidence (nothing said).
    """
    if not note.strip():
        raise MissingEvidence(_("Cần ghi kết quả, tiến độ."))
    if not 0 <= percent <= 100:
        raise WrongState(_("Tiến độ phải từ 0 đến 100%."))
    row = take(by=by, assignment=assignment, verb="report", allowed=can_work_on)
    step(by=by, assignment=row, verb="report")
    row.progress, row.last_activity_at = percent, now
    row.started_on = row.started_on or now.date()
    row.save(update_fields=["state", "progress", "started_on", "last_activity_at"])
    ProgressNote.objects.create(
        assignment=row, progress=percent, note=note.strip(), file=file, by_id=person(by=by), at=now
    )
    log_work(by=by, assignment=row, verb="report", now=now, detail=f"{percent}%: {note.strip()}")
    if difficulties.strip():
        raise_difficulty(by=by, assignment=row, text=difficulties, proposal=proposal, now=now)
    return row


@transaction.atomic
def confirm_period(
    *,
    by: Actor,
    assignment: Assignment,
    note: str,
    now: datetime,
    file: Any = None,
    period_start: date | None = None,
) -> ProgressNote:
    """What was done for an ongoing task in a period: the last one that has ended, or when that is
    confirmed the current one; `period_start` names another. A quarter where the order names no period.

    Raises NotAllowed, WrongState (the period is confirmed, or has not begun), MissingEvidence (nothing said).
    """
    if not note.strip():
        raise MissingEvidence(_("Cần ghi kết quả trong kỳ."))
    row = take(by=by, assignment=assignment, verb="confirm_period", allowed=can_work_on)
    first, last = _period_to_confirm(row, now.date(), period_start)
    label = period_label(row.period or Period.QUARTER, first, school_years())
    if row.notes.filter(period_start=first).exists():
        raise WrongState(_("%(period)s đã được xác nhận.") % {"period": label})
    made = ProgressNote.objects.create(
        assignment=row,
        progress=row.progress,
        note=note.strip(),
        period_start=first,
        period_end=last,
        file=file,
        by_id=person(by=by),
        at=now,
    )
    step(by=by, assignment=row, verb="report")
    row.started_on, row.last_activity_at = row.started_on or now.date(), now
    row.save(update_fields=["state", "started_on", "last_activity_at"])
    log_work(by=by, assignment=row, verb="confirm_period", now=now, detail=f"{label}: {note.strip()}")
    return made


def _period_to_confirm(row: Assignment, today: date, asked: date | None) -> tuple[date, date]:
    years = school_years()
    if asked is not None:
        if asked > today:
            raise WrongState(_("Kỳ này chưa bắt đầu."))
        return period_bounds(row.period or Period.QUARTER, asked, years)
    first, last = finished_period(row.period, today, years)
    if row.assigned_on > last or row.notes.filter(period_start=first).exists():
        return period_bounds(row.period or Period.QUARTER, today, years)
    return first, last


@transaction.atomic
def submit_result(
    *,
    by: Actor,
    assignment: Assignment,
    subject: str,
    now: datetime,
    number: str = "",
    symbol: str = "",
    issued_on: date | None = None,
    file: Any = None,
    link: str = "",
    note: str = "",
) -> Submission:
    """Hand in the product: what it is, and a file or link. A document has its number, symbol and date, all
    three.

    Raises NotAllowed, WrongState, MissingEvidence. On time is later measured by the document's date.
    """
    _check_product(subject, number, symbol, issued_on, file, link, now.date())
    row = take(by=by, assignment=assignment, verb="submit", allowed=can_work_on)
    step(by=by, assignment=row, verb="submit")
    row.started_on, row.last_activity_at = row.started_on or now.date(), now
    row.save(update_fields=["state", "started_on", "last_activity_at"])
    made = Submission.objects.create(
        assignment=row,
        number=number.strip(),
        symbol=symbol.strip(),
        issued_on=issued_on,
        subject=subject.strip(),
        file=file,
        link=link,
        note=note.strip(),
        submitted_by_id=person(by=by),
        submitted_at=now,
    )
    said = "/".join(part for part in (made.number, made.symbol) if part)
    log_work(by=by, assignment=row, verb="submit", now=now, detail=f"{said} {made.subject}".strip())
    title = _("%(unit)s đã nộp kết quả, chờ duyệt") % {"unit": row.unit.name}
    tell_giver(by=by, assignment=row, kind="directives.submitted", title=title, now=now)
    return made


def _check_product(
    subject: str, number: str, symbol: str, issued_on: date | None, file: Any, link: str, today: date
) -> None:
    if not subject.strip():
        raise MissingEvidence(_("Cần ghi trích yếu hoặc tên sản phẩm."))
    if file is None and not link:
        raise MissingEvidence(_("Cần có minh chứng: đính kèm tệp hoặc ghi liên kết."))
    parts = [bool(number.strip()), bool(symbol.strip()), issued_on is not None]
    if any(parts) and not all(parts):
        raise MissingEvidence(_("Sản phẩm là văn bản thì cần đủ số, ký hiệu và ngày."))
    if issued_on is not None and issued_on > today:
        raise MissingEvidence(_("Ngày văn bản chưa tới."))
