"""Who comes from outside the province: is there a record already? A narrow, traced door, like that of transferring.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import digest
from thongsuot.kit.text.vietnamese import fold

from ..domain import persons
from ..models import Student, Transfer
from ..permissions import can_transfer
from ..types import BadValue, ExitType, Returning, StateConflict, TransferState
from .transferring import LOOKED_FOR, require_looks_left


@dataclass(frozen=True)
class Found:
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
        found = match_record(by=by, unit_id=unit_id, facts=facts)
        is_told = found.student is not None and found.kind != Returning.RESTRICTED
        school = found.student.unit.name if found.student and is_told else ""
        subject = found.student
    record_reading(by=by, subject=subject or _unit_row(unit_id), purpose=LOOKED_FOR, ip=ip)
    return found.kind, school


def _unit_row(unit_id: int) -> Any:
    model: Any = Student._meta.get_field("unit").related_model
    return model._default_manager.get(pk=unit_id)


def match_record(*, by: Actor, unit_id: int, facts: Mapping[str, Any]) -> Found:
    """The record of who comes, wherever in the province it lies; called as the system, by whoever has asked for the right.

    Raises BadValue, StateConflict as find_returning.
    """
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


def _of_number(student: Student, name: str, number: str, unit_id: int) -> Found:
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
    return Found(student, _standing(student, unit_id))


def _of_name(name: str, born: date, number: str, unit_id: int) -> Found:
    rows = _living().filter(name_fold=fold(name), birth_date=born, is_birth_year_only=False)
    if number:
        # Whoever has another number is another person.
        rows = rows.filter(personal_id_digest=None)
    known = list(rows.select_related("unit").order_by("pk"))
    left = [one for one in known if _standing(one, unit_id) == Returning.BACK]
    if len(left) == 1:
        return Found(left[0], Returning.PERHAPS)
    # One name and one day may be two children: a person has to say so.
    return Found(known[0], Returning.TWIN) if known else Found(None, Returning.NEW)


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
