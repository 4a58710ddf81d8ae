"""Transfers over the border of the province: out with the papers handed over, in with the record of the sending place.

Who comes back has one record all the same: the dossier is looked for by personal id and ministry code in the whole
province before a new one is made. Legal source: the procedure of chuyển trường as the province publishes it (QĐ
51/2002/QĐ-BGDĐT and what came in its place); which papers go along is a fact of data/registry/journeys.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.statuses import status_of
from ..models import Enrolment, SchoolClass, Student, Transfer
from ..permissions import can_transfer
from ..queries.facts import registry_fact
from ..types import (
    OPEN_TRANSFER,
    AlreadyEnrolled,
    BadValue,
    EntryType,
    ExitType,
    Outside,
    Returning,
    StateConflict,
    TransferPending,
    TransferState,
    WrongClass,
)
from .checking import locked, not_in_future
from .enrolments import enrol
from .persons import write_person
from .receiving import as_transferred, move_dossier
from .returning import Found, match_record
from .students import create_student
from .transferring import require_near

# What a new dossier is begun with; what an old one lacks is filled in from it.
FILLED = ("gender", "ministry_code", "birth_place")
# Found by name and date of birth alone: a person says whether it is the same child.
ASKED = (Returning.PERHAPS, Returning.TWIN)


def _clean_outside(by: Actor, outside: Outside, today: date) -> Outside:
    """The words of the other side, cleaned. Raises BadValue (no school, no place, unknown paper, a day not yet come)."""
    school, place = clean_text(outside.school)[:200], clean_text(outside.place)[:120]
    if not school:
        raise BadValue(_("Cần ghi tên trường ở nơi kia."), field="school")
    if not place:
        raise BadValue(_("Cần ghi tỉnh, thành phố hoặc nước."), field="place")
    if outside.document_on is not None and outside.document_on > today:
        raise BadValue(_("Ngày này chưa tới."), field="document_on")
    known = set(registry_fact(by, "transfer_papers").value)
    if not set(outside.papers) <= known:
        raise BadValue(_("Có loại giấy không còn trong danh mục: hãy chọn lại."), field="papers")
    return Outside(
        school, place, outside.is_abroad, clean_text(outside.document_number)[:60], outside.document_on,
        tuple(outside.papers),
    )  # fmt: skip


def _columns(outside: Outside) -> dict[str, Any]:
    return {
        "place": outside.place,
        "is_abroad": outside.is_abroad,
        "document_number": outside.document_number,
        "document_on": outside.document_on,
        "papers": list(outside.papers),
    }


@transaction.atomic
def transfer_out(
    *, by: Actor, student: Student, outside: Outside, on: date, now: datetime, reason: str = ""
) -> Transfer:
    """The pupil goes to another province or abroad with the papers named; `on` is the last day here. The dossier stays,
    without a class, and waits for whether the other place has received (`confirm_arrival`).

    Raises NotAllowed, BadValue (place, number of the paper, day), StateConflict (in no class), TransferPending.
    """
    if not can_transfer(by, student.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền cho học sinh này chuyển trường."))
    outside = _clean_outside(by, outside, now.date())
    if not outside.document_number:
        raise BadValue(_("Cần ghi số giấy giới thiệu chuyển trường."), field="document_number")
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
    as_transferred(
        by=by, spell=spell, on=on + timedelta(days=1), to_name=f"{outside.school}, {outside.place}"
    )
    return Transfer.objects.create(
        student=row,
        from_unit_id=row.unit_id,
        to_name=outside.school,
        **_columns(outside),
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
def confirm_arrival(*, by: Actor, transfer: Transfer, on: date, answer: str = "") -> Transfer:
    """The place outside has received the pupil on `on`, as its paper says. Raises NotAllowed, BadValue, StateConflict."""
    if transfer.from_unit_id is None or not can_transfer(by, transfer.from_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền ghi lần chuyển trường này."))
    not_in_future(by=by, day=on, field="on")
    row = locked(by=by, row=transfer)
    if row.to_unit_id or row.state != TransferState.COMPLETED or row.confirmed_on:
        raise StateConflict(_("Lần chuyển trường này không chờ xác nhận."))
    if on < row.effective_on - timedelta(days=1):
        raise BadValue(_("Ngày này sớm hơn ngày học cuối ở trường mình."), field="on")
    row.confirmed_on, row.answer = on, clean_text(answer)
    row.save(update_fields=["confirmed_on", "answer"])
    return row


@transaction.atomic
def take_back_transfer_out(*, by: Actor, transfer: Transfer, reason: str) -> Transfer:
    """A transfer out was written by mistake: the spell runs on as if nothing had been.

    Raises NotAllowed, BadValue (no reason), StateConflict (not such a transfer; the pupil has sat elsewhere since).
    """
    if transfer.from_unit_id is None or not can_transfer(by, transfer.from_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền hủy lần chuyển trường này."))
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do."), field="reason")
    row = locked(by=by, row=transfer)
    student = locked(by=by, row=row.student)
    ended = row.effective_on - timedelta(days=1)
    spell = student.enrolments.filter(
        exit_type=ExitType.TRANSFERRED_OUT, left_on=ended, unit_id=row.from_unit_id or 0
    ).last()
    later = student.enrolments.exclude(exit_type=ExitType.WITHDRAWN).filter(entered_on__gt=ended)
    if row.to_unit_id or row.state != TransferState.COMPLETED or spell is None or later.exists():
        raise StateConflict(_("Lần chuyển trường này không còn hủy được."))
    status = status_of(
        entry_type=spell.entry_type,
        entered_on=spell.entered_on,
        terms=list(spell.school_year.terms.values_list("number", "starts_on", "ends_on")),
    )
    Enrolment.objects.filter(pk=spell.pk).update(exit_type="", left_on=None, other_school="", status=status)
    row.state, row.reason = TransferState.CANCELLED, clean_text(reason)
    row.save(update_fields=["state", "reason"])
    return row


@transaction.atomic
def transfer_in(
    *,
    by: Actor,
    unit_id: int,
    facts: Mapping[str, Any],
    outside: Outside,
    school_class: SchoolClass,
    on: date,
    now: datetime,
    grade: int | None = None,
    same_person: bool | None = None,
) -> Transfer:
    """Take in a pupil from another province or from abroad, into a class from `on`. Who has a record is taken up by it.

    facts: full_name, birth_date, gender, personal_id, ministry_code, birth_place. same_person: the answer to "perhaps":
    True takes up the old record, False makes a new one. Raises NotAllowed, BadValue, WrongClass, AlreadyEnrolled (studies
    here), StateConflict (studies at another school: ask for a transfer; restricted; perhaps known and not answered).
    """
    if not can_transfer(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền nhận học sinh cho trường này."))
    outside = _clean_outside(by, outside, now.date())
    require_near(by=by, day=on, today=now.date(), field="on")
    if school_class.unit_id != unit_id:
        raise WrongClass(_("Lớp phải là lớp của trường tiếp nhận."), field="school_class")
    with act_as(Actor.system()):
        found = match_record(by=by, unit_id=unit_id, facts=facts)
        if found.student is not None:
            # Somebody else may be taking the same record up: wait, then look again.
            locked(by=by, row=found.student)
            found = match_record(by=by, unit_id=unit_id, facts=facts)
        _refuse(found, same_person)
        old = None if found.kind in ASKED and not same_person else found.student
        ledger = Ledger()
        student = _take_up(by, old, unit_id, facts, on, ledger) if old else None
        if student is None:
            student = create_student(by=Actor.system(), unit_id=unit_id, facts=_given(facts))
        spell = enrol(
            by=Actor.system(),
            student=student,
            school_class=school_class,
            on=on,
            entry_type=EntryType.TRANSFERRED_IN.value,
            grade=grade,
            other_school=f"{outside.school}, {outside.place}"[:200],
        )
        return Transfer.objects.create(
            student=student,
            to_unit_id=unit_id,
            from_name=outside.school,
            **_columns(outside),
            state=TransferState.COMPLETED,
            student_name=student.full_name,
            grade=spell.grade,
            effective_on=on,
            requested_by_id=by.user_id,
            requested_at=now,
            completed_at=now,
            made={"spell": spell.pk, "is_new": old is None, "ledger": ledger.as_json()},
        )


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    names = ("full_name", "birth_date", "personal_id", *FILLED)
    return {name: facts[name] for name in names if facts.get(name)}


def _refuse(found: Found, same_person: bool | None) -> None:
    if found.kind == Returning.HERE:
        raise AlreadyEnrolled(_("Học sinh này đang học ở trường mình."))
    is_twin = found.kind == Returning.TWIN and same_person
    if (found.kind == Returning.ELSEWHERE or is_twin) and found.student is not None:
        raise StateConflict(
            _("Học sinh đã có hồ sơ ở %(school)s: hãy dùng “Đề nghị nhận học sinh”.")
            % {"school": found.student.unit.name}
        )
    if found.kind == Returning.RESTRICTED:
        raise StateConflict(_("Hồ sơ này đang bị hạn chế xử lý theo yêu cầu của người liên quan."))
    if found.kind in ASKED and same_person is None:
        raise StateConflict(_("Có hồ sơ cũ có thể là em này: hãy chọn dùng lại hay lập mới."))


def _take_up(
    by: Actor, student: Student, unit_id: int, facts: Mapping[str, Any], on: date, ledger: Ledger
) -> Student:
    """The old record goes on: what it lacks is filled in, what it says stays."""
    if student.unit_id != unit_id:
        ledger.update(Student.objects.filter(pk=student.pk), unit_id=unit_id, local_code="")
        student.refresh_from_db()
        move_dossier(by=by, student=student, to_unit_id=unit_id, on=on, ledger=ledger)
    missing = {name: facts[name] for name in FILLED if facts.get(name) and not getattr(student, name)}
    if facts.get("personal_id") and not student.personal_id_digest:
        missing["personal_id"] = facts["personal_id"]
    if missing:
        write_person(by=Actor.system(), row=student, given=missing)
        student.save()
    return student


def blocks_take_back_in(*, by: Actor, transfer: Transfer) -> Sequence[str]:
    """Why a transfer in cannot be taken back, in words; empty when it can. Raises NotAllowed."""
    if transfer.to_unit_id is None or not can_transfer(by, transfer.to_unit_id):
        raise NotAllowed(_("Anh/chị không có quyền hủy lần chuyển trường này."))
    if transfer.state != TransferState.COMPLETED or "spell" not in transfer.made:
        return [_("Lần chuyển trường này không còn hủy được.")]
    spell = Enrolment.objects.filter(pk=transfer.made["spell"], unit_id=transfer.to_unit_id, left_on=None)
    student = Student.objects.filter(pk=transfer.student_id, unit_id=transfer.to_unit_id, merged_into=None)
    if not spell.exists() or not student.exists():
        return [_("Học sinh đã chuyển lớp, chuyển trường hoặc thôi học sau khi được nhận.")]
    if Transfer.objects.filter(student_id=transfer.student_id, state__in=OPEN_TRANSFER).exists():
        return [_("Học sinh này đang có một đề nghị chuyển trường chưa xong.")]
    with act_as(Actor.system()):
        faults = Ledger.of(transfer.made["ledger"]).faults()
    if faults:
        return [_("Chính sách, sức khỏe hoặc quá trình học trong hồ sơ đã được sửa từ khi nhận.")]
    return []


@transaction.atomic
def take_back_transfer_in(*, by: Actor, transfer: Transfer, reason: str) -> Transfer:
    """A transfer in was written by mistake: the spell counts nowhere, a record that was taken up lies again where it lay.

    So it does when the pupil came from a school of the province: there the spell that had ended runs on. A record that
    was new stays, in no class: nothing is deleted. Raises NotAllowed, BadValue, StateConflict.
    """
    if not clean_text(reason):
        raise BadValue(_("Cần ghi lý do."), field="reason")
    blocks_take_back_in(by=by, transfer=transfer)
    with act_as(Actor.system()):
        row = locked(by=by, row=transfer)
        locked(by=by, row=row.student)
        blocked = blocks_take_back_in(by=Actor.system(), transfer=row)
        if blocked:
            raise StateConflict(" ".join(blocked))
        spell = Enrolment.objects.get(pk=row.made["spell"])
        spell.exit_type, spell.left_on = ExitType.WITHDRAWN.value, max(spell.entered_on, row.effective_on)
        spell.save(update_fields=["exit_type", "left_on"])
        Ledger.of(row.made["ledger"]).take_back()
        _give_code_back(row)
        row.state, row.reason = TransferState.CANCELLED, clean_text(reason)
        row.save(update_fields=["state", "reason"])
    return row


def _give_code_back(row: Transfer) -> None:
    """The number that the old school had given, unless somebody else has it there by now."""
    code, student = row.made.get("local_code", ""), Student.objects.get(pk=row.student_id)
    taken = Student.objects.filter(unit_id=student.unit_id, local_code=code).exclude(pk=student.pk)
    if row.from_unit_id is not None:
        student.local_code = "" if not code or taken.exists() else code
        student.save(update_fields=["local_code", "updated_at"])
