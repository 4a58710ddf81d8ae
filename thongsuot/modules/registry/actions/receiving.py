"""The dossier moves: a pupil is received from another school of the province."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.postgres.isolation import act_as

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
    EntryType,
    ErrorReportState,
    ExitType,
    StateConflict,
    TransferState,
    WrongClass,
)
from .checking import locked
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
    as a transfer. What is written is noted, so that outside.take_back_transfer_in can undo it. Raises NotAllowed,
    StateConflict (not released, restricted meanwhile), WrongClass, BadValue.
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
        ledger, old_code = Ledger(), student.local_code
        entry_type = _end_there(by, student, on, str(row.to_unit), ledger)
        # The old school's own number means nothing at the new one, which may give its own: that is no part of the ledger.
        student.local_code = ""
        student.save(update_fields=["local_code", "updated_at"])
        ledger.update(Student.objects.filter(pk=student.pk), unit_id=row.to_unit_id)
        student.refresh_from_db()
        move_dossier(by=by, student=student, to_unit_id=student.unit_id, on=on, ledger=ledger)
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
        row.made = {"spell": made.pk, "is_new": False, "local_code": old_code, "ledger": ledger.as_json()}
        row.save(update_fields=["state", "completed_at", "effective_on", "made"])
    return made


def _end_there(by: Actor, student: Student, on: date, to_name: str, ledger: Ledger) -> str:
    """End what runs at the sending school; returns how the pupil then enters at the other."""
    last = student.enrolments.exclude(exit_type=ExitType.WITHDRAWN).select_related("school_year")
    spell = last.order_by("-entered_on", "-id").first()
    if spell is None or (spell.left_on is not None and spell.exit_type != ExitType.DROPPED_OUT):
        return EntryType.NEW.value
    if spell.left_on is not None:
        return EntryType.RETURNED.value
    if spell.entered_on > on - timedelta(days=1):
        spell.exit_type, spell.left_on = ExitType.WITHDRAWN.value, spell.entered_on
        _keep(spell, ("exit_type", "left_on"), ledger)
        before = last.filter(left_on__lt=on).order_by("-entered_on", "-id").first()
        if before is None or before.unit_id != student.unit_id or before.exit_type != ExitType.YEAR_END:
            return EntryType.TRANSFERRED_IN.value
        spell = before
    else:
        spell.left_on = on - timedelta(days=1)
    as_transferred(by=by, spell=spell, on=on, to_name=to_name, ledger=ledger)
    return EntryType.TRANSFERRED_IN.value


def _keep(spell: Enrolment, names: tuple[str, ...], ledger: Ledger | None) -> None:
    """Save what was set on the spell, with what stood there before in the ledger."""
    if ledger is None:
        spell.save(update_fields=names)
        return

    def take(row: Enrolment) -> None:
        for name in names:
            setattr(row, name, getattr(spell, name))

    ledger.change([Enrolment.objects.get(pk=spell.pk)], names, take)


def as_transferred(
    *, by: Actor, spell: Enrolment, on: date, to_name: str, ledger: Ledger | None = None
) -> None:
    """The spell ended as a transfer; `on` is the first day at the other school. The ministry's word follows."""
    spell.exit_type, spell.other_school = ExitType.TRANSFERRED_OUT.value, to_name[:200]
    spell.status = status_of(
        entry_type=spell.entry_type,
        entered_on=spell.entered_on,
        exit_type=spell.exit_type,
        left_on=on - timedelta(days=1),
        terms=list(spell.school_year.terms.values_list("number", "starts_on", "ends_on")),
    )
    _keep(spell, ("exit_type", "left_on", "other_school", "status"), ledger)


def move_dossier(*, by: Actor, student: Student, to_unit_id: int, on: date, ledger: Ledger) -> None:
    """What hangs on a dossier that has just become `to_unit_id`'s goes along; facts that still run end at the old school
    and go on at the new, so that its figure of an earlier day stays the same.
    """
    running = student.characteristics.exclude(valid_to__lt=on).exclude(unit_id=to_unit_id)
    begun = list(running.filter(valid_from__lt=on))
    ledger.update(running.filter(valid_from__gte=on), unit_id=to_unit_id)
    keys = [one.pk for one in begun]
    ledger.update(StudentCharacteristic.objects.filter(pk__in=keys), valid_to=on - timedelta(days=1))
    made = StudentCharacteristic.objects.bulk_create(
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
    ledger.add(made)
    reports = ErrorReport.objects.filter(student=student, state=ErrorReportState.OPEN)
    ledger.update(reports, soft=True, unit_id=to_unit_id)
    ledger.update(MatchCandidate.objects.filter(first=student), soft=True, first_unit_id=to_unit_id)
    ledger.update(MatchCandidate.objects.filter(second=student), soft=True, second_unit_id=to_unit_id)


def year_of_transfer(*, by: Actor, transfer: Transfer) -> int | None:
    """The school year of the spell that a transfer in began; None where none is known. Raises NotAllowed."""
    if transfer.to_unit_id is None or not can_transfer(by, transfer.to_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền hủy lần chuyển trường này."))
    spell = Enrolment.objects.filter(pk=transfer.made.get("spell", 0))
    return spell.values_list("school_year_id", flat=True).first()
