"""A pupil leaves during the year: the school of before owes the result to date, the school of now waits for it. Both learn
of it, with a day; whoever is late is reminded, once before and once after it (QĐ 1789 Điều 22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from ..domain.steps import LIVE
from ..models import AwaitedResult, Transcript
from ..permissions import PREPARE, SIGN_LEADER, can_prepare
from ..queries.awaiting import OPEN, open_awaited
from ..queries.layouts import deadlines
from ..types import TranscriptFault, TranscriptKind
from .keeping import _tell_school

SOON = 2
# Years that ended so long ago are nobody's work any more.
LOOKED_BACK = 60


@transaction.atomic
def await_results(
    *, by: Actor, today: date, now: datetime, student_ids: Collection[int] | None = None
) -> int:
    """Write down whose result to date is owed, tell both schools, remind of what is due soon or late; returns how many are
    new. student_ids: only of these pupils, without reminding. A transfer that was taken back owes nothing any more. Run
    again, nobody is told twice. The system only. Raises NotAllowed.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    spells = _left(by, today, student_ids)
    known = AwaitedResult.objects.filter(student_id__in={one[0] for one in spells})
    have = set(known.values_list("student_id", "school_class_id"))
    new = [one for one in spells if (one[0], one[2]) not in have]
    days = deadlines().named("result_to_date").working_days or 0
    calendar = organization.work_calendar()
    units = _units_of({one[0] for one in spells})
    rows = [
        AwaitedResult(
            student_id=student_id, student_name=name[:120], school_class_id=class_id, school_year_id=year_id,
            from_unit_id=unit_id, to_unit_id=_other(units.get(student_id), unit_id), left_on=left_on,
            class_name=class_name[:60], due_on=calendar.add(max(left_on, today), days), told_at=now,
        )
        for student_id, name, class_id, year_id, unit_id, left_on, class_name in new
    ]  # fmt: skip
    AwaitedResult.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    _settle(student_ids, units)
    _tell_new(by, rows, now)
    if student_ids is None:
        _remind(by, today, now)
    return len(rows)


def _left(by: Actor, today: date, student_ids: Collection[int] | None) -> list[Any]:
    """Spells that ended as a transfer before their year did: (pupil, name, class, year, school, last day, name of
    the class)."""
    years = [
        one.pk
        for one in organization.school_years()
        if one.starts_on <= today and (today - one.ends_on).days <= LOOKED_BACK
    ]
    spells = registry.enrolments(by).filter(
        exit_type="transferred_out", school_year__in=years, school_class__grade__gte=1,
        left_on__lt=F("school_year__ends_on"), student__erased_at__isnull=True,
    )  # fmt: skip
    if student_ids is not None:
        spells = spells.filter(student_id__in=student_ids)
    return list(
        spells.order_by("student_id", "left_on").values_list(
            "student_id",
            "student_name",
            "school_class_id",
            "school_year_id",
            "unit_id",
            "left_on",
            "school_class__name",
        )
    )


def _units_of(student_ids: Collection[int]) -> dict[int, int]:
    held = registry.students(Actor.system()).filter(pk__in=student_ids)
    return dict(held.order_by().values_list("pk", "unit_id"))


def _other(unit_id: int | None, from_unit_id: int) -> int | None:
    return unit_id if unit_id != from_unit_id else None


def _settle(student_ids: Collection[int] | None, units: dict[int, int]) -> None:
    """What is owed against what is there: the school of now, the result that was made meanwhile, transfers taken back."""
    found = open_awaited(Actor.system())
    rows = list(found if student_ids is None else found.filter(student_id__in=student_ids))
    made = {
        (row.student_id, row.school_class_id): row.pk
        for row in Transcript.objects.filter(
            student_id__in={one.student_id for one in rows}, kind=TranscriptKind.PARTIAL, state__in=sorted(LIVE)
        ).defer("data_sealed")
    }  # fmt: skip
    changed, gone = [], []
    left = set(
        registry.enrolments(Actor.system())
        .filter(student_id__in={one.student_id for one in rows}, exit_type="transferred_out")
        .values_list("student_id", "school_class_id")
    )
    for row in rows:
        if (row.student_id, row.school_class_id) not in left and row.transcript_id is None:
            gone.append(row.pk)
            continue
        to_unit = _other(units.get(row.student_id, row.to_unit_id), row.from_unit_id)
        transcript = made.get((row.student_id, row.school_class_id))
        if (row.to_unit_id, row.transcript_id) != (to_unit, transcript):
            row.to_unit_id, row.transcript_id = to_unit, transcript
            changed.append(row)
    AwaitedResult.objects.bulk_update(changed, ["to_unit", "transcript"], batch_size=500)
    AwaitedResult.objects.filter(pk__in=gone).delete()


def _tell_new(by: Actor, rows: Collection[AwaitedResult], now: datetime) -> None:
    """One notice a school, however many pupils."""
    url = reverse("transcripts:awaited-list")
    for unit_id, number in Counter(row.from_unit_id for row in rows).items():
        due = min(row.due_on for row in rows if row.from_unit_id == unit_id)
        said = _("%(n)d học sinh chuyển đi giữa năm: lập kết quả đến khi chuyển trường, hạn %(day)s")
        _tell_school(by, unit_id, PREPARE, said % {"n": number, "day": f"{due:%d/%m/%Y}"}, now, url=url)
    for unit_id, number in Counter(row.to_unit_id for row in rows if row.to_unit_id).items():
        said = _("%(n)d học sinh mới đến: trường đang chờ trường cũ lập kết quả đến khi chuyển trường")
        _tell_school(by, unit_id, PREPARE, said % {"n": number}, now, url=url)


def _remind(by: Actor, today: date, now: datetime) -> None:
    rows = AwaitedResult.objects.filter(OPEN)
    last = organization.work_calendar().add(today, SOON)
    soon = rows.filter(due_on__gte=today, due_on__lte=last, reminded_on__isnull=True, told_at__date__lt=today)
    late = rows.filter(due_on__lt=today, escalated_on__isnull=True)
    url = reverse("transcripts:awaited-list")
    for found, column, right, said in (
        (soon, "reminded_on", PREPARE, _("Sắp đến hạn lập kết quả đến khi chuyển trường: %(n)d học sinh")),
        (late, "escalated_on", SIGN_LEADER, _("Quá hạn lập kết quả đến khi chuyển trường: %(n)d học sinh")),
    ):
        chosen = list(found.values_list("pk", "from_unit_id", "to_unit_id"))
        for unit_id, number in Counter(one[1] for one in chosen).items():
            _tell_school(by, unit_id, right, said % {"n": number}, now, url=url)
        if column == "escalated_on":
            words = _("Trường cũ chậm lập kết quả đến khi chuyển trường của %(n)d học sinh")
            for unit_id, number in Counter(one[2] for one in chosen if one[2]).items():
                _tell_school(by, unit_id, PREPARE, words % {"n": number}, now, url=url)
        AwaitedResult.objects.filter(pk__in=[one[0] for one in chosen]).update(**{column: today})


@transaction.atomic
def excuse_result(*, by: Actor, awaited: AwaitedResult, reason: str, now: datetime) -> AwaitedResult:
    """The school of before says why there will be no result to date (left before any mark, for one); the other school is
    told. Raises NotAllowed, TranscriptFault (no reason, one is made already)."""
    if not can_prepare(by, awaited.from_unit_id):
        raise NotAllowed(_("Chỉ trường cũ mới trả lời được."))
    row = AwaitedResult.objects.select_for_update(of=("self",)).get(pk=awaited.pk)
    why = clean_text(reason)
    if not why:
        raise TranscriptFault(_("Cần ghi lý do."), field="reason")
    if row.transcript_id is not None:
        raise TranscriptFault(_("Đã lập kết quả cho học sinh này."))
    row.excused_for = why[:300]
    row.save(update_fields=["excused_for"])
    if row.to_unit_id:
        said = _("Trường cũ không lập kết quả đến khi chuyển trường: xem lý do")
        _tell_school(by, row.to_unit_id, PREPARE, said, now, url=reverse("transcripts:awaited-list"))
    return row
