"""The dossier moves: a pupil is received from another school, or goes to another province and perhaps comes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.statuses import status_of
from ..models import (
    Enrolment,
    ErrorReport,
    MatchCandidate,
    SchoolClass,
    Student,
    StudentCharacteristic,
    Transfer,
)
from ..permissions import can_transfer
from ..types import (
    OPEN_TRANSFER,
    BadValue,
    EntryType,
    ErrorReportState,
    ExitType,
    StateConflict,
    TransferPending,
    TransferState,
    WrongClass,
)
from .checking import locked, not_in_future
from .enrolments import enrol


@transaction.atomic
def complete_transfer(
    *,
    by: Actor,
    transfer: Transfer,
    school_class: SchoolClass,
    on: date,
    now: datetime,
    grade: int | None = None,
) -> Enrolment:
    """The receiving school takes the pupil into a class from `on`: the other school's spell ends the day before, the
    dossier with guardians and running facts becomes the receiving school's; what has ended stays where it was.

    A pupil without a class (end of a level, dropped out) is taken in as new, as returning. In the summer, when the
    sending school has already promoted the pupil, that spell never began: it is withdrawn and the one before ends
    as a transfer. Raises NotAllowed, StateConflict (not released, restricted meanwhile), WrongClass, BadValue.
    """
    if transfer.to_unit_id is None or not can_transfer(by, transfer.to_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền tiếp nhận học sinh này."))
    row = locked(by=by, row=transfer)
    if row.state != TransferState.RELEASED:
        raise StateConflict(_("Trường đi chưa đồng ý, hoặc đề nghị đã kết thúc."))
    if school_class.unit_id != row.to_unit_id:
        raise WrongClass(_("Lớp phải là lớp của trường tiếp nhận."), field="school_class")
    # Rows of both schools are written from here on; the right has been looked at.
    with act_as(Actor.system()):
        student = locked(by=by, row=row.student)
        if student.unit_id != row.from_unit_id or student.merged_into_id or student.erased_at:
            raise StateConflict(_("Hồ sơ không còn ở trường đi: hãy rút và đề nghị lại."))
        entry_type = _end_there(student, on, str(row.to_unit))
        _move_dossier(student, row.to_unit_id or 0, on)
        made = enrol(
            by=Actor.system(),
            student=student,
            school_class=school_class,
            on=on,
            entry_type=entry_type,
            grade=grade,
            other_school=str(row.from_unit),
        )
        row.state, row.completed_at, row.effective_on = TransferState.COMPLETED, now, on
        row.save(update_fields=["state", "completed_at", "effective_on"])
    return made


def _end_there(student: Student, on: date, to_name: str) -> str:
    """End what runs at the sending school; returns how the pupil then enters at the other."""
    last = student.enrolments.exclude(exit_type=ExitType.WITHDRAWN).select_related("school_year")
    spell = last.order_by("-entered_on", "-id").first()
    if spell is None or (spell.left_on is not None and spell.exit_type != ExitType.DROPPED_OUT):
        return EntryType.NEW.value
    if spell.left_on is not None:
        return EntryType.RETURNED.value
    if spell.entered_on > on - timedelta(days=1):
        spell.exit_type, spell.left_on = ExitType.WITHDRAWN.value, spell.entered_on
        spell.save(update_fields=["exit_type", "left_on"])
        before = last.filter(left_on__lt=on).order_by("-entered_on", "-id").first()
        if before is None or before.unit_id != student.unit_id or before.exit_type != ExitType.YEAR_END:
            return EntryType.TRANSFERRED_IN.value
        spell = before
    else:
        spell.left_on = on - timedelta(days=1)
    _as_transferred(spell, on, to_name)
    return EntryType.TRANSFERRED_IN.value


def _as_transferred(spell: Enrolment, on: date, to_name: str) -> None:
    spell.exit_type, spell.other_school = ExitType.TRANSFERRED_OUT.value, to_name[:200]
    spell.status = status_of(
        entry_type=spell.entry_type,
        entered_on=spell.entered_on,
        exit_type=spell.exit_type,
        left_on=on - timedelta(days=1),
        terms=list(spell.school_year.terms.values_list("number", "starts_on", "ends_on")),
    )
    spell.save(update_fields=["exit_type", "left_on", "other_school", "status"])


def _move_dossier(student: Student, to_unit_id: int, on: date) -> None:
    from_unit_id = student.unit_id
    # The old school's own number means nothing at the new one.
    student.unit_id, student.local_code = to_unit_id, ""
    student.save(update_fields=["unit", "local_code", "updated_at"])
    _move_characteristics(student, to_unit_id, on)
    ErrorReport.objects.filter(student=student, state=ErrorReportState.OPEN).update(unit_id=to_unit_id)
    MatchCandidate.objects.filter(first=student, first_unit_id=from_unit_id).update(first_unit_id=to_unit_id)
    MatchCandidate.objects.filter(second=student, second_unit_id=from_unit_id).update(
        second_unit_id=to_unit_id
    )


def _move_characteristics(student: Student, to_unit_id: int, on: date) -> None:
    """What still runs ends at the old school and goes on at the new: its figure of an earlier day stays the same."""
    day_before = on - timedelta(days=1)
    running = student.characteristics.exclude(valid_to__lt=on)
    begun = list(running.filter(valid_from__lt=on))
    running.filter(valid_from__gte=on).update(unit_id=to_unit_id)
    running.filter(pk__in=[one.pk for one in begun]).update(valid_to=day_before)
    StudentCharacteristic.objects.bulk_create(
        [
            StudentCharacteristic(
                student=student,
                unit_id=to_unit_id,
                kind=one.kind,
                code=one.code,
                note=one.note,
                valid_from=on,
                valid_to=one.valid_to,
            )
            for one in begun
        ]
    )


@transaction.atomic
def transfer_out_of_province(
    *, by: Actor, student: Student, to_name: str, on: date, now: datetime, reason: str = ""
) -> Transfer:
    """The pupil goes to a school of another province; `on` is the last day here. The dossier stays, without a class.

    Raises NotAllowed, BadValue (no school named, day), StateConflict (in no class), TransferPending.
    """
    if not can_transfer(by, student.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền cho học sinh này chuyển trường."))
    to_name = clean_text(to_name)
    if not to_name:
        raise BadValue(_("Cần ghi tên trường, tỉnh chuyển đến."), field="to_name")
    not_in_future(by=by, day=on, field="on")
    row = locked(by=by, row=student)
    if Transfer.objects.filter(student=row, state__in=OPEN_TRANSFER).exists():
        raise TransferPending(_("Học sinh này đang có một đề nghị chuyển trường chưa xong."))
    spell = row.enrolments.select_related("school_year").filter(left_on__isnull=True).first()
    if spell is None:
        raise StateConflict(_("Học sinh hiện không học ở lớp nào."))
    if on < spell.entered_on:
        raise BadValue(_("Ngày cuối sớm hơn ngày vào lớp."), field="on")
    spell.left_on = on
    _as_transferred(spell, on + timedelta(days=1), to_name)
    return Transfer.objects.create(
        student=row,
        from_unit_id=row.unit_id,
        to_name=to_name,
        state=TransferState.COMPLETED,
        reason=clean_text(reason),
        student_name=row.full_name,
        grade=spell.grade,
        effective_on=on + timedelta(days=1),
        requested_by_id=by.user_id,
        requested_at=now,
        completed_at=now,
    )


@transaction.atomic
def take_back_transfer_out(*, by: Actor, transfer: Transfer, reason: str) -> Transfer:
    """A transfer to another province was written by mistake: the spell runs on as if nothing had been.

    Raises NotAllowed, BadValue (no reason), StateConflict (not such a transfer; the pupil has sat elsewhere since).
    """
    if not can_transfer(by, transfer.from_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền hủy lần chuyển trường này."))
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do."), field="reason")
    row = locked(by=by, row=transfer)
    student = locked(by=by, row=row.student)
    ended = row.effective_on - timedelta(days=1)
    spell = student.enrolments.filter(
        exit_type=ExitType.TRANSFERRED_OUT, left_on=ended, unit_id=row.from_unit_id
    ).last()
    later = student.enrolments.exclude(exit_type=ExitType.WITHDRAWN).filter(entered_on__gt=ended)
    if row.to_unit_id or row.state != TransferState.COMPLETED or spell is None or later.exists():
        raise StateConflict(_("Lần chuyển trường này không còn hủy được."))
    Enrolment.objects.filter(pk=spell.pk).update(
        exit_type="", left_on=None, other_school="", status=_status_of_beginning(spell)
    )
    row.state, row.reason = TransferState.CANCELLED, clean_text(reason)
    row.save(update_fields=["state", "reason"])
    return row


def _status_of_beginning(spell: Enrolment) -> str:
    return status_of(
        entry_type=spell.entry_type,
        entered_on=spell.entered_on,
        terms=list(spell.school_year.terms.values_list("number", "starts_on", "ends_on")),
    )
