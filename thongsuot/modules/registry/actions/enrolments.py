"""Spells of pupils in classes: entering, moving class, leaving, coming back."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.context import acting
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.grades import mixed_grades
from ..domain.statuses import TermDates, status_of
from ..models import Enrolment, SchoolClass, Student
from ..types import AlreadyEnrolled, BadValue, EntryType, ExitType, StateConflict, WrongClass
from .checking import locked, not_in_future, require_code, require_edit


@transaction.atomic
def enrol(
    *,
    by: Actor,
    student: Student,
    school_class: SchoolClass,
    on: date,
    entry_type: str = EntryType.NEW.value,
    grade: int | None = None,
    other_school: str = "",
) -> Enrolment:
    """The pupil sits in the class from `on`. grade: the pupil's own, in a mixed class; else that of the class.

    Raises NotAllowed, AlreadyEnrolled (an open spell, here or elsewhere), WrongClass (another school, closed, grade),
    BadValue (a day outside the class, inside an earlier spell), StateConflict (dossier merged or erased).
    Legal source: the school charter (TT 15/2026/TT-BGDĐT, in place of TT 28/2020 and TT 32/2020; preschool: TT 52/2020).
    """
    require_edit(by=by, unit_id=student.unit_id)
    row = locked(by=by, row=student)
    if row.merged_into_id or row.erased_at:
        raise StateConflict(_("Hồ sơ này đã gộp vào hồ sơ khác hoặc đã xóa."))
    _require_class(row.unit_id, school_class, on)
    if row.enrolments.filter(left_on__isnull=True).exists():
        raise AlreadyEnrolled(_("Học sinh đang học ở một lớp: hãy chuyển lớp hoặc cho thôi học trước."))
    if row.enrolments.filter(left_on__gte=on).exclude(exit_type=ExitType.WITHDRAWN).exists():
        raise BadValue(_("Ngày vào lớp nằm trong thời gian học đã ghi trước đó."), field="on")
    made = Enrolment(
        student=row,
        unit_id=row.unit_id,
        school_year_id=school_class.school_year_id,
        school_class=school_class,
        grade=_grade(school_class, grade),
        entry_type=entry_type,
        entered_on=on,
        student_name=row.full_name,
        other_school=clean_text(other_school),
    )
    _set_status(made)
    made.save()
    return made


def _require_class(unit_id: int, school_class: SchoolClass, on: date) -> None:
    if school_class.unit_id != unit_id:
        raise WrongClass(_("Lớp thuộc trường khác: hãy làm thủ tục chuyển trường."), field="school_class")
    if on < school_class.valid_from or (school_class.valid_to and on > school_class.valid_to):
        raise BadValue(_("Ngày này lớp chưa mở hoặc đã đóng."), field="on")
    if on > school_class.school_year.ends_on:
        raise BadValue(_("Ngày này năm học của lớp đã kết thúc."), field="on")


def _grade(school_class: SchoolClass, wanted: int | None) -> int | None:
    if wanted is None or wanted == school_class.grade:
        return school_class.grade
    if wanted not in mixed_grades(school_class.mixed_grades):
        raise WrongClass(_("Lớp không dạy khối này."), field="grade")
    return wanted


def _terms(spell: Enrolment) -> list[TermDates]:
    return list(spell.school_year.terms.values_list("number", "starts_on", "ends_on"))


def _set_status(spell: Enrolment) -> None:
    spell.status = status_of(
        entry_type=spell.entry_type,
        entered_on=spell.entered_on,
        exit_type=spell.exit_type,
        left_on=spell.left_on,
        terms=_terms(spell),
    )


def _open_spell(by: Actor, student: Student) -> Enrolment:
    """The open spell, the pupil locked first: two people at once meet one after the other."""
    row = locked(by=by, row=student)
    spell = row.enrolments.select_related("school_year").filter(left_on__isnull=True).first()
    if spell is None:
        raise StateConflict(_("Học sinh hiện không học ở lớp nào."))
    require_edit(by=by, unit_id=spell.unit_id)
    return spell


@transaction.atomic
def move_class(*, by: Actor, student: Student, to_class: SchoolClass, on: date) -> Enrolment:
    """From `on` the pupil sits in another class of the same school and year: one spell ends the day before, one begins.

    On the very day on which the spell began, the spell itself is put right. The ministry's word for the pupil's
    coming (transferred, returned) moves along. Raises NotAllowed, WrongClass, BadValue, StateConflict.
    """
    spell = _open_spell(by, student)
    if to_class.pk == spell.school_class_id:
        raise WrongClass(_("Học sinh đang ở lớp này rồi."), field="school_class")
    if to_class.school_year_id != spell.school_year_id:
        raise WrongClass(_("Lớp thuộc năm học khác."), field="school_class")
    _require_class(spell.unit_id, to_class, on)
    if on < spell.entered_on:
        raise BadValue(_("Ngày chuyển sớm hơn ngày vào lớp hiện nay."), field="on")
    same_grade = spell.grade in {to_class.grade, *mixed_grades(to_class.mixed_grades)}
    grade = spell.grade if same_grade else to_class.grade
    if on == spell.entered_on:
        spell.school_class, spell.grade = to_class, grade
        spell.save(update_fields=["school_class", "grade"])
        return spell
    spell.exit_type, spell.left_on = ExitType.MOVED_CLASS.value, on - timedelta(days=1)
    spell.save(update_fields=["exit_type", "left_on"])
    return Enrolment.objects.create(
        student_id=spell.student_id,
        unit_id=spell.unit_id,
        school_year_id=spell.school_year_id,
        school_class=to_class,
        grade=grade,
        status=spell.status,
        entry_type=EntryType.MOVED_CLASS.value,
        entered_on=on,
        student_name=spell.student_name,
    )


@transaction.atomic
def leave(*, by: Actor, student: Student, on: date, reason_code: str, note: str = "") -> Enrolment:
    """Thôi học: `on` is the last day in class; reason_code from the ministry's list ly_do_thoi_hoc.

    Not chuyển đi (a transfer): dropout counts this one only. Raises NotAllowed, BadValue (reason, day), StateConflict
    (not in any class).
    """
    spell = _open_spell(by, student)
    if not reason_code:
        raise BadValue(_("Cần chọn lý do thôi học."), field="reason_code")
    require_code(by=by, code_list="ly_do_thoi_hoc", code=reason_code, field="reason_code")
    _end(by, spell, ExitType.DROPPED_OUT.value, on)
    spell.exit_reason = reason_code
    _set_status(spell)
    with acting(by, reason=clean_text(note)):
        spell.save()
    return spell


def _end(by: Actor, spell: Enrolment, exit_type: str, on: date) -> None:
    not_in_future(by=by, day=on, field="on")
    if on < spell.entered_on:
        raise BadValue(_("Ngày cuối sớm hơn ngày vào lớp."), field="on")
    spell.exit_type, spell.left_on = exit_type, on


@transaction.atomic
def return_to_school(*, by: Actor, student: Student, school_class: SchoolClass, on: date) -> Enrolment:
    """Nghỉ học xin học lại: somebody who had left sits in a class again; counts as studying.

    Raises as enrol, and StateConflict when the pupil never left.
    """
    last = student.enrolments.exclude(exit_type=ExitType.WITHDRAWN).order_by("-entered_on", "-id").first()
    if last is None or (last.left_on is not None and last.exit_type != ExitType.DROPPED_OUT):
        raise StateConflict(_("Học sinh chưa từng thôi học ở đây: hãy xếp lớp như học sinh mới."))
    return enrol(
        by=by, student=student, school_class=school_class, on=on, entry_type=EntryType.RETURNED.value
    )


@transaction.atomic
def withdraw(*, by: Actor, enrolment: Enrolment, reason: str) -> Enrolment:
    """The spell was written by mistake: it stays in the history and counts nowhere.

    Raises NotAllowed, BadValue (no reason), StateConflict (already).
    """
    require_edit(by=by, unit_id=enrolment.unit_id)
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do."), field="reason")
    row = locked(by=by, row=enrolment)
    if row.exit_type == ExitType.WITHDRAWN:
        raise StateConflict(_("Mục này đã hủy."))
    row.exit_type = ExitType.WITHDRAWN.value
    row.left_on = row.left_on or max(row.entered_on, timezone.localdate())
    with acting(by, reason=clean_text(reason)):
        row.save(update_fields=["exit_type", "left_on"])
    return row
