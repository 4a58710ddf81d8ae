"""A year of plausible progress, written in sets as the actions would have written it one by one."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.modules.directives.domain.periods import period_bounds
from thongsuot.modules.directives.models import (
    Assignment,
    Difficulty,
    ExtensionRequest,
    ObligationLog,
    ProgressNote,
    ReportObligation,
    Submission,
    Target,
    TargetUnit,
    TargetValue,
    WorkLog,
)
from thongsuot.modules.directives.types import (
    AssignmentState,
    DeadlineKind,
    ObligationState,
    Period,
    SubmissionState,
    TargetValueState,
)
from thongsuot.modules.organization.queries import desk_users

STEPS = (
    "Đã phân công, đang triển khai",
    "Đã tập huấn cho giáo viên",
    "Đã hoàn thành phần lớn nội dung",
    "Đang rà soát lần cuối",
)
TROUBLES = (
    ("Máy tính của trường đã cũ, thiếu so với định mức", "Bổ sung kinh phí mua sắm thiết bị năm tới"),
    ("Đường truyền ở điểm trường lẻ không ổn định", "Đề nghị nhà mạng nâng cấp đường truyền"),
    ("Giáo viên lớn tuổi còn lúng túng khi dùng phần mềm", "Tổ chức thêm lớp tập huấn tại chỗ"),
    ("Chưa có hướng dẫn về kinh phí chữ ký số", "Đề nghị Sở hướng dẫn nguồn chi"),
    ("Dữ liệu học sinh chuyển đến chưa khớp số định danh", "Phối hợp công an xã đối chiếu dữ liệu"),
)


@dataclass
class _Written:
    """Rows to be written at the end, each table at once."""

    notes: list[ProgressNote] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    log: list[WorkLog] = field(default_factory=list)
    extensions: list[ExtensionRequest] = field(default_factory=list)
    difficulties: list[Difficulty] = field(default_factory=list)


@dataclass(frozen=True)
class _Task:
    """A task with the people on both sides of it."""

    row: Assignment
    doer: int
    giver: int
    rng: random.Random
    today: date


def live_through(context: DemoContext) -> None:
    rows = list(Assignment.objects.select_related("unit").defer("search").order_by("-parent_id", "pk"))
    places = {row.unit_id for row in rows} | {row.assigned_by_unit_id for row in rows}
    desks = desk_users("directives.report", places, today=context.today)
    written = _Written()
    open_below: set[int] = set()
    # Sub-tasks first: nobody finishes before those below have.
    for row in sorted(rows, key=lambda r: r.parent_id is None):
        giver = row.assigned_by_id or 0
        doers = desks.get(row.unit_id) or [giver]
        task = _Task(row, doers[0], giver, context.random("task", row.unit_id, row.text), context.today)
        _live(task, written, may_finish=row.pk not in open_below)
        if row.parent_id and row.state != AssignmentState.ACCEPTED:
            open_below.add(row.parent_id)
    fields = ["state", "progress", "started_on", "completed_on", "due_on", "last_activity_at"]
    Assignment.objects.bulk_update(rows, fields, batch_size=500)
    tables: tuple[tuple[Any, list[Any]], ...] = (
        (ProgressNote, written.notes),
        (Submission, written.submissions),
        (WorkLog, written.log),
        (ExtensionRequest, written.extensions),
        (Difficulty, written.difficulties),
    )
    for model, made in tables:
        model.objects.bulk_create(made, batch_size=2000)
    _report(context)
    _measure(context)


def at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))


def _quality(task: _Task) -> float:
    """Some units are always in time, some never: the same unit behaves the same way."""
    return quality_of(task.row.unit_id)


def quality_of(unit_id: int) -> float:
    return 0.45 + 0.52 * random.Random(f"unit:{unit_id}").random()  # noqa: S311 - invented data


def _live(task: _Task, written: _Written, *, may_finish: bool) -> None:
    row, rng = task.row, task.rng
    if row.due_on is None:
        done_on = row.assigned_on + timedelta(days=rng.randrange(40, 500))
        if row.deadline_kind == DeadlineKind.NONE and may_finish and done_on < task.today - timedelta(days=2):
            _finish(task, done_on, written)
        else:
            _go_on(task, written)
        return
    length = max((row.due_on - row.assigned_on).days, 5)
    finished_on = row.due_on - timedelta(days=rng.randrange(0, max(length // 3, 2)))
    if rng.random() > _quality(task):
        finished_on = row.due_on + timedelta(days=rng.choice((2, 5, 9, 20, 45, 90, 200, 400)))
    finished_on = max(finished_on, row.assigned_on + timedelta(days=1))
    if finished_on <= task.today - timedelta(days=2) and may_finish:
        _finish(task, finished_on, written)
    else:
        _stand(task, finished_on, written, may_submit=may_finish)


def _start(task: _Task, written: _Written, day: date) -> None:
    row = task.row
    row.state, row.started_on, row.last_activity_at = AssignmentState.IN_PROGRESS, day, at(day, 8)
    written.log.append(_line(task, "start", day, 8, task.doer))


def _line(task: _Task, verb: str, day: date, hour: int, who: int, detail: str = "") -> WorkLog:
    row = task.row
    unit = row.unit_id if who == task.doer else row.assigned_by_unit_id
    return WorkLog(
        assignment=row,
        verb=verb,
        detail=detail,
        by_id=who,
        by_unit_id=unit,
        at=at(min(day, task.today), hour),
    )


def _note(task: _Task, written: _Written, day: date, percent: int) -> None:
    text = STEPS[min(percent // 30, 3)]
    row = task.row
    row.progress, row.last_activity_at = percent, at(day, 10)
    written.notes.append(
        ProgressNote(assignment=row, progress=percent, note=text, by_id=task.doer, at=at(day, 10))
    )
    written.log.append(_line(task, "report", day, 10, task.doer, f"{percent}%: {text}"))


def _between(task: _Task, last: date, share: float) -> date:
    first = task.row.assigned_on
    return min(first + timedelta(days=int((last - first).days * share)), task.today)


def _submission(
    task: _Task, written: _Written, day: date, state: str, decided_on: date | None = None
) -> None:
    row, rng = task.row, task.rng
    number = str(rng.randrange(12, 480))
    subject = f"{row.product or 'Báo cáo kết quả'}: {row.text}"[:200]
    written.submissions.append(
        Submission(
            assignment=row,
            number=number,
            symbol="BC-" + "".join(word[0] for word in row.unit.name.split()[:4]).upper(),
            issued_on=day,
            subject=subject,
            link=f"https://vanban.demo.invalid/{rng.randrange(10**6, 10**7)}",
            submitted_by_id=task.doer,
            submitted_at=at(day, 14),
            state=state,
            decided_by_id=task.giver if decided_on else None,
            decided_at=at(decided_on, 9) if decided_on else None,
            decision_note="" if state != SubmissionState.RETURNED else "Bổ sung số liệu minh chứng",
        )
    )
    written.log.append(_line(task, "submit", day, 14, task.doer, f"{number} {subject}"))


def _finish(task: _Task, day: date, written: _Written) -> None:
    row = task.row
    _start(task, written, _between(task, day, 0.2))
    _note(task, written, _between(task, day, 0.6), task.rng.choice((50, 60, 70, 80)))
    decided_on = min(day + timedelta(days=task.rng.randrange(0, 3)), task.today)
    _submission(task, written, day, SubmissionState.ACCEPTED, decided_on)
    row.state, row.progress, row.completed_on = AssignmentState.ACCEPTED, 100, day
    row.last_activity_at = at(decided_on, 9)
    written.log.append(_line(task, "accept", decided_on, 9, task.giver))


def _stand(task: _Task, finished_on: date, written: _Written, *, may_submit: bool) -> None:
    """Open still: not begun, under way, handed in or sent back."""
    row, rng = task.row, task.rng
    gone = (task.today - row.assigned_on).days
    if gone < 4 or (rng.random() < 0.15 and row.state == AssignmentState.ASSIGNED):
        return
    _start(task, written, _between(task, task.today, 0.3))
    whole = max((finished_on - row.assigned_on).days, 1)
    percent = min(90, max(10, int(gone / whole * 90) // 5 * 5))
    _note(task, written, task.today - timedelta(days=min(rng.randrange(1, 9), gone)), percent)
    last = task.today - timedelta(days=1)
    chance = rng.random()
    if may_submit and chance < 0.22:
        _submission(task, written, last, SubmissionState.PENDING)
        row.state, row.last_activity_at = AssignmentState.SUBMITTED, at(last, 14)
    elif may_submit and chance < 0.3:
        _submission(task, written, last - timedelta(days=1), SubmissionState.RETURNED, last)
        row.state, row.last_activity_at = AssignmentState.RETURNED, at(last, 15)
        written.log.append(_line(task, "return", last, 15, task.giver, "Bổ sung số liệu minh chứng"))
    elif chance < 0.42:
        _ask_for_time(task, written, last)
    if rng.random() < 0.12:
        _complain(task, written, last)


def _ask_for_time(task: _Task, written: _Written, day: date) -> None:
    row = task.row
    if row.due_on is None or row.due_on > task.today + timedelta(days=10) or row.parent_id:
        return
    wanted = max(row.due_on, task.today) + timedelta(days=15)
    reason = "Chờ hướng dẫn của cấp trên và bố trí kinh phí"
    written.extensions.append(
        ExtensionRequest(
            assignment=row,
            old_due_on=row.due_on,
            new_due_on=wanted,
            reason=reason,
            requested_by_id=task.doer,
            requested_at=at(day, 16),
        )
    )
    written.log.append(_line(task, "extend", day, 16, task.doer, f"{wanted:%d/%m/%Y}: {reason}"))


def _complain(task: _Task, written: _Written, day: date) -> None:
    row = task.row
    text, proposal = task.rng.choice(TROUBLES)
    answered = task.rng.random() < 0.4
    written.difficulties.append(
        Difficulty(
            assignment=row,
            text=text,
            proposal=proposal,
            raised_by_unit_id=row.unit_id,
            raised_by_id=task.doer,
            raised_at=at(day, 11),
            routed_to_id=row.assigned_by_unit_id,
            decision="Đồng ý đề xuất, sẽ bố trí trong quý tới." if answered else "",
            decided_by_id=task.giver if answered else None,
            decided_at=at(task.today, 8) if answered else None,
        )
    )
    written.log.append(_line(task, "difficulty", day, 11, task.doer, text))


def _go_on(task: _Task, written: _Written) -> None:
    """Ongoing work: confirmed for each quarter that has ended, by most units."""
    row = task.row
    if row.state != AssignmentState.ASSIGNED:
        return
    first, last = period_bounds(row.period or Period.QUARTER, row.assigned_on)
    _start(task, written, min(row.assigned_on + timedelta(days=2), task.today))
    while last < task.today:
        day = min(last + timedelta(days=task.rng.randrange(1, 12)), task.today)
        if task.rng.random() < _quality(task):
            written.notes.append(
                ProgressNote(
                    assignment=row,
                    progress=row.progress,
                    note="Đã thực hiện thường xuyên, đúng kế hoạch.",
                    period_start=first,
                    period_end=last,
                    by_id=task.doer,
                    at=at(day, 10),
                )
            )
            written.log.append(
                _line(task, "confirm_period", day, 10, task.doer, f"{first:%d/%m/%Y} - {last:%d/%m/%Y}")
            )
            row.last_activity_at = at(day, 10)
        first, last = period_bounds(row.period or Period.QUARTER, last + timedelta(days=1))


# -- reports and targets ---------------------------------------------------------------------------


def _report(context: DemoContext) -> None:
    rows = list(ReportObligation.objects.filter(due_on__lte=context.today + timedelta(days=3)).order_by("pk"))
    places = {row.unit_id for row in rows} | {row.to_unit_id for row in rows}
    desks = desk_users("directives.report", places, today=context.today)
    log = []
    for row in rows:
        rng = context.random("report", row.unit_id, row.due_on, row.duty_id)
        quality = quality_of(row.unit_id)
        late = rng.random() > quality
        day = (
            row.due_on + timedelta(days=rng.randrange(1, 14))
            if late
            else row.due_on - timedelta(days=rng.randrange(0, 6))
        )
        who, above = desks.get(row.unit_id), desks.get(row.to_unit_id)
        if day >= context.today or not who or not above:
            continue
        row.state, row.summary = ObligationState.ACCEPTED, "Báo cáo đầy đủ theo mẫu."
        row.submitted_by_id, row.submitted_at = who[0], at(day, 14)
        log.append(ObligationLog(obligation=row, verb="submit", by_id=who[0], at=at(day, 14)))
        if day > context.today - timedelta(days=6):
            row.state = ObligationState.SUBMITTED
            continue
        row.decided_by_id, row.decided_at = above[0], at(min(day + timedelta(days=2), context.today), 9)
        log.append(ObligationLog(obligation=row, verb="accept", by_id=above[0], at=row.decided_at))
    fields = ["state", "summary", "submitted_by", "submitted_at", "decided_by", "decided_at"]
    ReportObligation.objects.bulk_update(rows, fields, batch_size=500)
    ObligationLog.objects.bulk_create(log, batch_size=2000)


def _measure(context: DemoContext) -> None:
    """Each quarter a figure of every unit that a target is given to, a little better each time."""
    made = []
    given = TargetUnit.objects.filter(
        target__measure="%", target__value__isnull=False, target__indicator_code=""
    ).order_by("pk")
    desks = desk_users("directives.report", set(given.values_list("unit_id", flat=True)), today=context.today)
    leaders = desk_users(
        "directives.approve_value",
        set(Target.objects.values_list("owner_unit_id", flat=True)),
        today=context.today,
    )
    for one in given.select_related("target"):
        rng = context.random("target", one.target_id, one.unit_id)
        who, above = desks.get(one.unit_id), leaders.get(one.owner_unit_id)
        if not who or not above:
            continue
        whole, part = rng.randrange(40, 400), rng.uniform(0.45, 0.8)
        for ago in (270, 180, 90, 12):
            part = min(part + rng.uniform(0.0, 0.14), 1.0)
            day = context.today - timedelta(days=ago)
            counted = int(whole * part)
            pending = ago == 12 and rng.random() < 0.2
            value = (Decimal(counted) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
            made.append(
                TargetValue(
                    target=one.target,
                    unit_id=one.unit_id,
                    approver_unit_id=one.owner_unit_id,
                    as_of=day,
                    numerator=counted,
                    denominator=whole,
                    value=value,
                    link=f"https://vanban.demo.invalid/{rng.randrange(10**6, 10**7)}",
                    state=TargetValueState.SUBMITTED if pending else TargetValueState.APPROVED,
                    reported_by_id=who[0],
                    reported_at=at(day, 10),
                    decided_by_id=None if pending else above[0],
                    decided_at=None if pending else at(day + timedelta(days=2), 9),
                )
            )
    TargetValue.objects.bulk_create(made, batch_size=2000)
