"""Transfers over the border of the province: out with the papers handed over, in with the record of the sending place.

Who comes back has one record all the same: the dossier is looked for by personal id and ministry code in the whole
province before a new one is made. Legal source: the procedure of chuyển trường as the province publishes it (QĐ
51/2002/QĐ-BGDĐT and what came in its place); which papers go along is a fact of data/registry/journeys.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.ledger import Ledger
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.text.vietnamese import clean_text, fold

from ..domain import persons
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
from .students import create_student
from .transferring import LOOKED_FOR, require_looks_left, require_near

# What a new dossier is begun with; what an old one lacks is filled in from it.
FILLED = ("gender", "ministry_code", "birth_place")


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
        exit_type=ExitType.TRANSFERRED_OUT, left_on=ended, unit_id=row.from_unit_id
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


@dataclass(frozen=True)
class _Found:
    student: Student | None
    kind: Returning


def find_returning(
    *, by: Actor, unit_id: int, facts: Mapping[str, Any], now: datetime, ip: str | None = None
) -> tuple[Returning, str]:
    """Whether who comes from outside has a record in the province already; (what was found, name of its school).

    By personal id or ministry code, with the name agreeing; without a hit by name and birth date among those who left the
    province. Always traced and counted like any look at other schools. Raises NotAllowed, BadValue (too little or a
    number that belongs to somebody of another name), StateConflict (too many looks; two records of one person).
    """
    if not can_transfer(by, unit_id):
        raise NotAllowed(_("Anh/chị không có quyền nhận học sinh cho trường này."))
    require_looks_left(by=by, now=now)
    with act_as(Actor.system()):
        found = _match(unit_id, facts)
        school = found.student.unit.name if found.student else ""
        subject = found.student
    record_reading(by=by, subject=subject or _unit_row(unit_id), purpose=LOOKED_FOR, ip=ip)
    return found.kind, school


def _unit_row(unit_id: int) -> Any:
    model: Any = Student._meta.get_field("unit").related_model
    return model._default_manager.get(pk=unit_id)


def _match(unit_id: int, facts: Mapping[str, Any]) -> _Found:
    """Read as the system: the dossier may lie anywhere in the province."""
    name = persons.clean_name(str(facts.get("full_name", "")))
    if not persons.is_name(name):
        raise BadValue(_("Cần họ và tên bằng chữ, không có chữ số."), field="full_name")
    if not facts.get("birth_date"):
        raise BadValue(_("Cần ngày sinh."), field="birth_date")
    number = persons.clean_personal_id(str(facts.get("personal_id", "")))
    if number and not persons.is_personal_id(number):
        raise BadValue(_("Số định danh cá nhân gồm đúng 12 chữ số."), field="personal_id")
    code = persons.clean_code(str(facts.get("ministry_code", "")))
    keys = Q(pk__in=[])
    if number:
        keys |= Q(personal_id_digest=digest(number))
    if code:
        keys |= Q(ministry_code=code)
    rows = list(_living().filter(keys).select_related("unit").order_by("pk")[:3])
    if len(rows) > 1:
        raise StateConflict(
            _(
                "Số định danh và mã của Bộ đang thuộc hai hồ sơ: đề nghị Sở gộp trước ở trang Hồ sơ nghi trùng."
            )
        )
    if rows:
        return _of_number(rows[0], name, number, unit_id)
    return _of_name(name, facts["birth_date"], number, unit_id)


def _living() -> QuerySet[Student]:
    return Student.objects.filter(merged_into=None, erased_at=None)


def _of_number(student: Student, name: str, number: str, unit_id: int) -> _Found:
    if student.name_fold != fold(name):
        # No word of whose it is: the asker has not shown to know the person.
        raise BadValue(
            _("Số định danh hoặc mã này đã thuộc một hồ sơ có họ tên khác: hãy đối chiếu lại giấy tờ."),
            field="full_name",
        )
    own = bytes(student.personal_id_digest or b"")
    if number and own and own != bytes(digest(number) or b""):
        raise BadValue(
            _("Hồ sơ mang mã này có số định danh khác: hãy đối chiếu lại giấy tờ."), field="personal_id"
        )
    return _Found(student, _standing(student, unit_id))


def _of_name(name: str, born: date, number: str, unit_id: int) -> _Found:
    rows = _living().filter(name_fold=fold(name), birth_date=born, is_birth_year_only=False)
    if number:
        # Whoever has another number is another person.
        rows = rows.filter(personal_id_digest=None)
    left = [
        one for one in rows.select_related("unit").order_by("pk") if _standing(one, unit_id) == Returning.BACK
    ]
    if len(left) == 1:
        return _Found(left[0], Returning.PERHAPS)
    return _Found(None, Returning.NEW)


def _standing(student: Student, unit_id: int) -> Returning:
    """Whether the dossier may be taken up by the school: it left the province, or lies here in no class."""
    if student.restricted_at:
        return Returning.RESTRICTED
    last = student.enrolments.exclude(exit_type=ExitType.WITHDRAWN).order_by("-entered_on", "-id").first()
    if last is not None and last.left_on is None:
        return Returning.HERE if last.unit_id == unit_id else Returning.ELSEWHERE
    if student.unit_id == unit_id:
        return Returning.BACK
    out = Transfer.objects.filter(student=student, to_unit=None, state=TransferState.COMPLETED)
    went = last is not None and last.exit_type == ExitType.TRANSFERRED_OUT and out.exists()
    return Returning.BACK if went else Returning.ELSEWHERE


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
        found = _match(unit_id, facts)
        if found.student is not None:
            # Somebody else may be taking the same record up: wait, then look again.
            locked(by=by, row=found.student)
            found = _match(unit_id, facts)
        _refuse(found, same_person)
        old = None if same_person is False and found.kind == Returning.PERHAPS else found.student
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


def _refuse(found: _Found, same_person: bool | None) -> None:
    if found.kind == Returning.HERE:
        raise AlreadyEnrolled(_("Học sinh này đang học ở trường mình."))
    if found.kind == Returning.ELSEWHERE and found.student is not None:
        raise StateConflict(
            _("Học sinh đã có hồ sơ ở %(school)s: hãy dùng “Đề nghị nhận học sinh”.")
            % {"school": found.student.unit.name}
        )
    if found.kind == Returning.RESTRICTED:
        raise StateConflict(_("Hồ sơ này đang bị hạn chế xử lý theo yêu cầu của người liên quan."))
    if found.kind == Returning.PERHAPS and same_person is None:
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
    if transfer.from_unit_id or transfer.state != TransferState.COMPLETED or "spell" not in transfer.made:
        return [_("Lần chuyển trường này không còn hủy được.")]
    spell = Enrolment.objects.filter(pk=transfer.made["spell"], unit_id=transfer.to_unit_id, left_on=None)
    student = Student.objects.filter(pk=transfer.student_id, unit_id=transfer.to_unit_id, merged_into=None)
    if not spell.exists() or not student.exists():
        return [_("Học sinh đã chuyển lớp, chuyển trường hoặc thôi học sau khi được nhận.")]
    if Transfer.objects.filter(student_id=transfer.student_id, state__in=OPEN_TRANSFER).exists():
        return [_("Học sinh này đang có một đề nghị chuyển trường chưa xong.")]
    with act_as(Actor.system()):
        faults = Ledger.of(transfer.made["ledger"]).faults()
    return [_("Chính sách, sức khỏe ghi trong hồ sơ đã được sửa từ khi nhận.")] if faults else []


@transaction.atomic
def take_back_transfer_in(*, by: Actor, transfer: Transfer, reason: str) -> Transfer:
    """A transfer in was written by mistake: the spell counts nowhere, a record that was taken up lies again where it lay.

    A record that was new stays, in no class: nothing is deleted. Raises NotAllowed, BadValue, StateConflict.
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
        row.state, row.reason = TransferState.CANCELLED, clean_text(reason)
        row.save(update_fields=["state", "reason"])
    return row
