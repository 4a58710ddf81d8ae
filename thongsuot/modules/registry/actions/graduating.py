"""Completing a level: the last grade of a school looked at pupil by pupil, decided with number and date, taken back.

Legal source: TT 27/2020/TT-BGDĐT (primary: confirmed in the transcript), TT 22/2021/TT-BGDĐT (secondary), Luật 123/2025/QH15
(from 2026 the principal confirms the completion of lower secondary school). Who has completed is the school's decision and
comes in from outside; whether the marks allow it is not known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import clean_text
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import EducationLevel

from ..domain.promotion import LAST_OF_LEVEL, next_grade
from ..models import Completion, Enrolment, Graduation, SchoolClass, Transfer
from ..types import OPEN_TRANSFER, BadValue, ExitType, StateConflict
from .promotion_plan import grades_taught, require_not_too_early, require_promote


@dataclass(frozen=True)
class PupilDecision:
    """What a decision says of one pupil. blocked: why the records do not allow it; lacks: what the next level will miss."""

    spell: Enrolment
    completes: bool
    reason: str
    blocked: str
    lacks: tuple[str, ...]


@dataclass
class GraduationPlan:
    """classes: (class or None, pupils). ends_here: the school does not teach on, so the spells of who completes end."""

    unit_id: int
    school_year: Any
    grade: int
    ends_here: bool
    classes: list[tuple[SchoolClass | None, list[PupilDecision]]] = field(default_factory=list)

    @property
    def pupils(self) -> list[PupilDecision]:
        return [one for _class, pupils in self.classes for one in pupils]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter("completed" if one.completes else "held_back" for one in self.pupils)
        return {"completed": found["completed"], "held_back": found["held_back"]}


def final_grades(*, by: Actor, unit_id: int) -> list[int]:
    """Grades of the school that complete a level: 5, 9, 12 and the oldest group of preschool. Raises NotAllowed."""
    require_promote(by=by, unit_id=unit_id)
    return sorted(grades_taught(by=by, unit_id=unit_id) & LAST_OF_LEVEL)


def plan_graduation(*, by: Actor, unit_id: int, school_year: Any, grade: int) -> GraduationPlan:
    """Who of the grade would complete, who not and why; writes nothing.

    Left out is who a standing decision of this year says has completed. Raises NotAllowed, StateConflict (no final grade).
    """
    if grade not in final_grades(by=by, unit_id=unit_id):
        raise StateConflict(_("Trường không có khối cuối cấp này."))
    draft = _draft(unit_id, school_year, grade)
    return _plan(
        by,
        unit_id,
        school_year,
        grade,
        draft.held_back if draft else {},
        _running(unit_id, school_year, grade),
    )


def _draft(unit_id: int, school_year: Any, grade: int) -> Graduation | None:
    rows = Graduation.objects.filter(unit_id=unit_id, school_year=school_year, grade=grade, done_at=None)
    return rows.first()


def _running(unit_id: int, school_year: Any, grade: int) -> QuerySet[Enrolment]:
    of_grade = Q(grade=grade) | Q(grade=None, school_class__grade=grade)
    done = Completion.objects.filter(
        completes=True,
        graduation__done_at__isnull=False,
        graduation__undone_at=None,
        graduation__unit_id=unit_id,
    )
    rows = Enrolment.objects.filter(of_grade, unit_id=unit_id, school_year=school_year, left_on=None)
    rows = rows.exclude(pk__in=done.order_by().values("enrolment_id"))
    return rows.select_related("student", "school_class").order_by(
        "school_class__name", "school_class_id", "student__sort_key", "pk"
    )


def _plan(
    by: Actor,
    unit_id: int,
    school_year: Any,
    grade: int,
    held_back: Mapping[str, str],
    spells: Iterable[Enrolment],
    last_day: date | None = None,
) -> GraduationPlan:
    plan = GraduationPlan(
        unit_id, school_year, grade, next_grade(grade) not in grades_taught(by=by, unit_id=unit_id)
    )
    rows = list(spells)
    leaving = Transfer.objects.filter(
        student_id__in=[row.student_id for row in rows], state__in=OPEN_TRANSFER
    )
    moving = set(leaving.values_list("student_id", flat=True))
    groups: dict[int | None, list[PupilDecision]] = {}
    classes: dict[int | None, SchoolClass | None] = {}
    for row in rows:
        blocked = _blocked(row, row.student_id in moving, last_day)
        reason = blocked or held_back.get(str(row.pk), "")
        classes[row.school_class_id] = row.school_class
        groups.setdefault(row.school_class_id, []).append(
            PupilDecision(row, not reason, reason, blocked, _lacks(row.student))
        )
    plan.classes = [(classes[key], pupils) for key, pupils in groups.items()]
    return plan


def _blocked(spell: Enrolment, is_moving: bool, last_day: date | None) -> str:
    if spell.student.restricted_at:
        return _("Hồ sơ đang bị hạn chế xử lý")
    if is_moving:
        return _("Đang có đề nghị chuyển trường chưa xong")
    if last_day is not None and spell.entered_on > last_day:
        return _("Vào lớp sau ngày học cuối")
    return ""


def _lacks(student: Any) -> tuple[str, ...]:
    wanted = (
        (student.birth_date and not student.is_birth_year_only, _("ngày sinh")),
        (student.personal_id_digest, _("số định danh")),
        (student.ministry_code, _("mã của Bộ")),
        (student.birth_place, _("nơi sinh")),
    )
    return tuple(str(words) for there, words in wanted if not there)


@transaction.atomic
def hold_back(
    *, by: Actor, unit_id: int, school_year: Any, grade: int, reasons: Mapping[int, str]
) -> Graduation:
    """Keep who does not complete: {spell: reason}, "" for who does after all. Written when the decision is.

    Raises NotAllowed, StateConflict (a spell that is not running in this grade; no final grade), BadValue (too long).
    """
    plan = plan_graduation(by=by, unit_id=unit_id, school_year=school_year, grade=grade)
    known = {one.spell.pk for one in plan.pupils}
    draft = _draft(unit_id, school_year, grade)
    kept = dict(draft.held_back) if draft else {}
    for key, reason in reasons.items():
        if key not in known:
            raise StateConflict(_("Có học sinh không còn học ở trường: hãy tải lại trang."))
        words = clean_text(reason)
        if len(words) > 300:
            raise BadValue(_("Dài quá %(limit)d ký tự.") % {"limit": 300}, field=f"reason-{key}")
        kept.pop(str(key), None)
        if words:
            kept[str(key)] = words
    row, _new = Graduation.objects.update_or_create(
        unit_id=unit_id,
        school_year=school_year,
        grade=grade,
        done_at=None,
        defaults={"held_back": kept, "done_by_id": by.user_id},
    )
    return row


@transaction.atomic
def graduate(
    *,
    by: Actor,
    unit_id: int,
    school_year: Any,
    grade: int,
    decision_number: str,
    decided_on: date,
    last_day: date,
    today: date,
    now: datetime,
) -> Graduation:
    """Write the decision: spells of who completes end on `last_day` where the school does not teach on; who is held back
    sits on, and stays in the grade when the year is ended unless the school says otherwise.

    Two people at once: the second waits and finds nobody left. Raises NotAllowed, TooEarly (but for continuing education),
    BadValue (number, days), StateConflict (no final grade, nobody completes).
    """
    if grade not in final_grades(by=by, unit_id=unit_id):
        raise StateConflict(_("Trường không có khối cuối cấp này."))
    _require_decision(decision_number, decided_on, last_day, school_year, today)
    school = organization.school_detail(by, unit_id)
    if school is None or EducationLevel.CONTINUING.value not in school.levels:
        require_not_too_early(by=by, year=school_year, today=today)
    locked = Enrolment.objects.select_for_update(of=("self",)).filter(
        pk__in=_running(unit_id, school_year, grade).order_by().values("pk")
    )
    keys = list(locked.order_by("pk").values_list("pk", flat=True))
    draft = _draft(unit_id, school_year, grade)
    rows = _running(unit_id, school_year, grade).filter(pk__in=keys)
    held_back = draft.held_back if draft else {}
    plan = _plan(by, unit_id, school_year, grade, held_back, rows, last_day)
    done = [one.spell.pk for one in plan.pupils if one.completes]
    if not done:
        raise StateConflict(_("Không có học sinh nào để ghi hoàn thành."))
    row = draft or Graduation(unit_id=unit_id, school_year=school_year, grade=grade)
    row.decision_number, row.decided_on = clean_text(decision_number), decided_on
    row.last_day, row.done_by_id, row.done_at = last_day, by.user_id, now
    row.counts, row.held_back = {**plan.counts, "ended": len(done) if plan.ends_here else 0}, {}
    row.save()
    Completion.objects.bulk_create(
        [
            Completion(graduation=row, enrolment=one.spell, completes=one.completes, reason=one.reason)
            for one in plan.pupils
        ]
    )
    if plan.ends_here:
        Enrolment.objects.filter(pk__in=done).update(exit_type=ExitType.GRADUATED, left_on=last_day)
    return row


def _require_decision(number: str, decided_on: date, last_day: date, year: Any, today: date) -> None:
    if not clean_text(number) or len(clean_text(number)) > 60:
        raise BadValue(_("Cần số quyết định, không quá 60 ký tự."), field="decision_number")
    if decided_on > today:
        raise BadValue(_("Ngày này chưa tới."), field="decided_on")
    if decided_on < year.starts_on:
        raise BadValue(_("Ngày quyết định sớm hơn ngày đầu năm học."), field="decided_on")
    if not year.starts_on <= last_day <= max(today, year.ends_on):
        raise BadValue(_("Ngày học cuối nằm ngoài năm học."), field="last_day")


def blocks_undo(*, by: Actor, graduation: Graduation) -> list[str]:
    """Why a decision cannot be taken back, in words; empty when it can. Raises NotAllowed."""
    require_promote(by=by, unit_id=graduation.unit_id)
    if graduation.done_at is None or graduation.undone_at is not None:
        return [_("Quyết định này đã được hoàn tác.")]
    mine = Enrolment.objects.filter(completions__graduation=graduation)
    finished = mine.filter(completions__completes=True, completions__graduation=graduation)
    said = []
    if graduation.counts.get("ended"):
        standing = finished.filter(
            exit_type=ExitType.GRADUATED, left_on=graduation.last_day, student__unit_id=graduation.unit_id
        )
        since = Enrolment.objects.filter(entered_on__gt=graduation.last_day).exclude(
            exit_type=ExitType.WITHDRAWN
        )
        standing = standing.exclude(student_id__in=since.order_by().values("student_id"))
        if number := graduation.counts["ended"] - standing.count():
            said.append(
                _("%(count)d học sinh đã được trường khác tiếp nhận, vào lớp khác hoặc đã sửa.")
                % {"count": number}
            )
        sitting = mine.filter(completions__completes=False, completions__graduation=graduation)
    else:
        sitting = mine
    if number := sitting.exclude(left_on=None).count():
        said.append(
            _("%(count)d học sinh trong quyết định đã kết thúc năm học hoặc rời lớp: hoàn tác việc đó trước.")
            % {"count": number}
        )
    return said


@transaction.atomic
def undo_graduation(*, by: Actor, graduation: Graduation, now: datetime) -> Graduation:
    """Take the decision back: the pupils sit in their class again. The decision itself stays readable as taken back.

    Raises NotAllowed, StateConflict (see blocks_undo).
    """
    require_promote(by=by, unit_id=graduation.unit_id)
    row = Graduation.objects.select_for_update(of=("self",)).get(pk=graduation.pk)
    keys = Completion.objects.filter(graduation=row, completes=True).order_by().values("enrolment_id")
    spells = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    closed = list(spells.order_by("pk").values_list("pk", flat=True))
    blocked = blocks_undo(by=by, graduation=row)
    if blocked:
        raise StateConflict(" ".join(blocked))
    if row.counts.get("ended"):
        Enrolment.objects.filter(pk__in=closed).update(exit_type="", left_on=None)
    row.undone_by_id, row.undone_at = by.user_id, now
    row.save(update_fields=["undone_by", "undone_at"])
    return row
