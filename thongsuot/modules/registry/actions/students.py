"""The pupil's dossier: the facts of the person, facts that hold for a time, guardians."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.text.vietnamese import clean_text

from ..domain import persons
from ..models import Contact, Enrolment, Student, StudentCharacteristic
from ..permissions import can_see_sensitive
from ..types import (
    ONE_AT_A_TIME,
    SENSITIVE_KINDS,
    BadValue,
    CharacteristicKind,
    ContactRelation,
    Poverty,
    StateConflict,
)
from .checking import locked, only_named, require_code, require_edit
from .persons import PERSON_FIELDS, write_person

STUDENT_FIELDS = PERSON_FIELDS | {"is_father_minority", "is_mother_minority"}
KIND_LISTS = {
    CharacteristicKind.POLICY.value: "dien_chinh_sach",
    CharacteristicKind.DISABILITY.value: "loai_khuyet_tat",
}


@transaction.atomic
def create_student(*, by: Actor, unit_id: int, facts: Mapping[str, Any]) -> Student:
    """A new dossier at the school `unit_id`; enrolling comes after. Until the ministry's code arrives it has a
    provisional one.

    facts: values by name (STUDENT_FIELDS); `personal_id` as 12 digits, kept sealed.
    Raises NotAllowed, BadValue (`field`), DuplicateCode (`field`).
    Legal source of the fields: TT 42/2021/TT-BGDĐT (cơ sở dữ liệu giáo dục và đào tạo).
    """
    require_edit(by=by, unit_id=unit_id)
    given = only_named(by=by, given=facts, allowed=STUDENT_FIELDS)
    given.setdefault("full_name", "")
    student = Student(unit_id=unit_id)
    write_person(by=by, row=student, given=given)
    if not student.ministry_code:
        student.provisional_code = persons.provisional_code(student.public_id)
    student.save()
    return student


@transaction.atomic
def update_student(
    *, by: Actor, student: Student, changes: Mapping[str, Any], seen: str = "", reason: str = ""
) -> Student:
    """Change only the fields that are named. The name in the open spell follows; spells that ended keep theirs.

    seen: the edition that the editor had before him (queries.edition_of); "" overwrites.
    Raises NotAllowed, BadValue, DuplicateCode, ChangedMeanwhile, StateConflict (merged, erased, restricted).
    Legal source: Luật 91/2025/QH15 (right to have personal data corrected).
    """
    require_edit(by=by, unit_id=student.unit_id)
    row = _open(by, locked(by=by, row=student, seen=seen))
    given = only_named(by=by, given=changes, allowed=STUDENT_FIELDS)
    before = row.full_name
    write_person(by=by, row=row, given=given)
    with acting(by, reason=reason):
        row.save()
        if row.full_name != before:
            now = Enrolment.objects.filter(student_id=row.pk, left_on__isnull=True)
            now.update(student_name=row.full_name)
    return row


@transaction.atomic
def correct_personal_id(*, by: Actor, student: Student, number: str, reason: str) -> Student:
    """Put the right personal id in place of a wrong one; "" takes it away, as when it is another child's.

    What was checked with the population database under the old number holds no longer. The history keeps that the
    number changed, when, by whom and why. Raises NotAllowed, BadValue (no reason, the same number, not 12 digits),
    DuplicateCode, StateConflict. Legal source: Luật Căn cước 26/2023/QH15 Điều 12; Luật 91/2025/QH15 (correction).
    """
    if not can_see_sensitive(by, student.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền sửa số định danh, dân tộc, tôn giáo."))
    reason = clean_text(reason)
    if not reason:
        raise BadValue(_("Hãy ghi lý do."), field="reason")
    before = bytes(student.personal_id_digest) if student.personal_id_digest else None
    if digest(persons.clean_personal_id(number)) == before:
        raise BadValue(_("Số này đang ghi trong hồ sơ."), field="number")
    return update_student(by=by, student=student, changes={"personal_id": number}, reason=reason)


def open_dossier(*, by: Actor, student: Student) -> Student:
    """The dossier, locked, when `by` keeps it and it may be written. Raises NotAllowed, StateConflict."""
    return _open(by, locked(by=by, row=student))


def _open(by: Actor, row: Student) -> Student:
    """The row still stands for a person, and the person has not forbidden its use."""
    require_edit(by=by, unit_id=row.unit_id)
    if row.merged_into_id or row.erased_at:
        raise StateConflict(_("Hồ sơ này đã gộp vào hồ sơ khác hoặc đã xóa."))
    if row.restricted_at:
        raise StateConflict(_("Hồ sơ này đang bị hạn chế xử lý theo yêu cầu của người liên quan."))
    return row


@transaction.atomic
def set_characteristic(
    *, by: Actor, student: Student, kind: str, code: str, valid_from: date, note: str = ""
) -> StudentCharacteristic:
    """From `valid_from` on this holds of the pupil; one of a kind that can be only one ends the one before.

    Raises NotAllowed (disability and health also need registry.view_sensitive), BadValue (kind, code not in the
    ministry's list, a day before birth), StateConflict (it already holds).
    """
    row = _open(by, locked(by=by, row=student))
    if kind not in CharacteristicKind.values:
        raise BadValue(_("Không có loại đặc điểm này."), field="kind")
    _require_sensitive(by, row, kind)
    code, note = clean_text(code), clean_text(note)
    _require_known(by, kind, code)
    if row.birth_date and valid_from < row.birth_date:
        raise BadValue(_("Ngày bắt đầu sớm hơn ngày sinh."), field="valid_from")
    running = row.characteristics.filter(kind=kind, valid_to__isnull=True)
    if running.filter(code=code).exists():
        raise StateConflict(_("Đặc điểm này đã được ghi và đang còn hiệu lực."), field="code")
    if kind in ONE_AT_A_TIME:
        for one in running:
            _end(one, valid_from - timedelta(days=1))
    return StudentCharacteristic.objects.create(
        student=row, unit_id=row.unit_id, kind=kind, code=code, note=note, valid_from=valid_from
    )


def _require_sensitive(by: Actor, row: Student, kind: str) -> None:
    if kind in SENSITIVE_KINDS and not can_see_sensitive(by, row.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền ghi thông tin sức khỏe, khuyết tật."))


def _require_known(by: Actor, kind: str, code: str) -> None:
    if kind in KIND_LISTS:
        if not code:
            raise BadValue(_("Cần chọn mã trong danh mục."), field="code")
        require_code(by=by, code_list=KIND_LISTS[kind], code=code, field="code")
    elif kind == CharacteristicKind.POVERTY and code not in Poverty.values:
        raise BadValue(_("Chọn hộ nghèo hoặc hộ cận nghèo."), field="code")
    elif len(code) > 20:
        raise BadValue(_("Dài quá %(limit)d ký tự.") % {"limit": 20}, field="code")


def _end(row: StudentCharacteristic, on: date) -> None:
    if on < row.valid_from:
        raise BadValue(_("Ngày kết thúc sớm hơn ngày bắt đầu."), field="valid_to")
    row.valid_to = on
    row.save(update_fields=["valid_to"])


@transaction.atomic
def close_characteristic(*, by: Actor, characteristic: StudentCharacteristic, on: date) -> None:
    """It holds for the last time on `on`. Raises NotAllowed, BadValue (before it began), StateConflict (ended)."""
    row = _open(by, locked(by=by, row=characteristic.student))
    _require_sensitive(by, row, characteristic.kind)
    fresh = locked(by=by, row=characteristic)
    if fresh.valid_to is not None:
        raise StateConflict(_("Đặc điểm này đã kết thúc."))
    _end(fresh, on)


CONTACT_FIELDS = frozenset({"relation", "full_name", "birth_year", "occupation", "phone", "email"})


@transaction.atomic
def save_contact(
    *,
    by: Actor,
    student: Student,
    facts: Mapping[str, Any],
    contact: Contact | None = None,
    seen: str = "",
) -> Contact:
    """A parent or guardian, new or changed (named fields only).

    Raises NotAllowed, BadValue, DuplicateCode (same person twice), ChangedMeanwhile.
    Legal source: Luật Giáo dục 43/2019/QH14 (duties of parents); as little as the school needs (Luật 91/2025/QH15).
    """
    row = _open(by, locked(by=by, row=student))
    given = only_named(by=by, given=facts, allowed=CONTACT_FIELDS)
    one = Contact(student=row) if contact is None else locked(by=by, row=contact, seen=seen)
    for name, value in given.items():
        setattr(one, name, value)
    one.full_name = persons.clean_name(one.full_name)
    if not persons.is_name(one.full_name):
        raise BadValue(_("Cần họ và tên bằng chữ, không có chữ số."), field="full_name")
    if one.relation not in ContactRelation.values:
        raise BadValue(_("Chọn quan hệ với học sinh."), field="relation")
    if one.birth_year and not 1900 <= one.birth_year <= timezone.localdate().year:
        raise BadValue(_("Năm sinh không hợp lý."), field="birth_year")
    twins = Contact.objects.filter(student=row, relation=one.relation, full_name=one.full_name)
    if twins.exclude(pk=one.pk).exists():
        raise BadValue(_("Người này đã có trong hồ sơ."), field="full_name")
    one.save()
    return one


@transaction.atomic
def remove_contact(*, by: Actor, contact: Contact) -> None:
    """The history keeps who it was. Raises NotAllowed, StateConflict."""
    _open(by, locked(by=by, row=contact.student))
    locked(by=by, row=contact).delete()
