"""What pupils and staff have in common when they are written: name, date of birth, personal id, codes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.sealing.sealing import digest, seal

from ..domain import persons
from ..permissions import can_see_sensitive
from ..types import SENSITIVE_FIELDS, BadValue, DuplicateCode, Gender, IdentityStatus
from .checking import require_code

PERSON_FIELDS = frozenset(
    {
        "full_name",
        "birth_date",
        "is_birth_year_only",
        "gender",
        "ethnicity",
        "religion",
        "nationality",
        "personal_id",
        "ministry_code",
        "local_code",
        "birth_place",
        "home_town",
        "residence_commune_code",
        "residence_address",
        "current_address",
        "phone",
        "email",
    }
)
LISTS = {"ethnicity": "dan_toc", "religion": "ton_giao"}
# What the check against the population database compares: changed, the answer no longer holds.
COMPARED = frozenset({"full_name", "birth_date", "gender", "personal_id"})


def write_person(*, by: Actor, row: Any, given: dict[str, Any]) -> None:
    """Put the named values on `row` (not saved). Raises NotAllowed, BadValue, DuplicateCode.

    Sensitive fields (NĐ 356/2025/NĐ-CP Điều 4) may only be written by whoever may read them.
    """
    if SENSITIVE_FIELDS & given.keys() and not can_see_sensitive(by, row.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền sửa số định danh, dân tộc, tôn giáo."))
    changed = COMPARED & {name for name, value in given.items() if _differs(row, name, value)}
    for name, value in given.items():
        _WRITERS.get(name, _plain)(by, row, name, value)
    if changed and row.pk and row.identity_status != IdentityStatus.NOT_SENT:
        row.identity_status = IdentityStatus.MENDED


def _differs(row: Any, name: str, value: Any) -> bool:
    if name == "personal_id":
        return digest(persons.clean_personal_id(value)) != (
            bytes(row.personal_id_digest) if row.personal_id_digest else None
        )
    return bool(getattr(row, name) != value)


def _plain(by: Actor, row: Any, name: str, value: Any) -> None:
    field = row._meta.get_field(name)
    limit = getattr(field, "max_length", None)
    if isinstance(value, str) and limit and len(value) > limit:
        raise BadValue(_("Dài quá %(limit)d ký tự.") % {"limit": limit}, field=name)
    setattr(row, name, value)


def _name(by: Actor, row: Any, name: str, value: str) -> None:
    if not persons.is_name(value):
        raise BadValue(_("Cần họ và tên bằng chữ, không có chữ số."), field=name)
    for column, text in persons.name_parts(value).items():
        _plain(by, row, column, text)


def _birth_date(by: Actor, row: Any, name: str, value: Any) -> None:
    if value is not None and not persons.is_birth_date(value, timezone.localdate()):
        raise BadValue(_("Ngày sinh phải từ năm 1900 đến hôm nay."), field=name)
    row.birth_date = value


def _gender(by: Actor, row: Any, name: str, value: str) -> None:
    if value not in Gender.values:
        raise BadValue(_("Giới tính là Nam hoặc Nữ."), field=name)
    row.gender = value


def _listed(by: Actor, row: Any, name: str, value: str) -> None:
    require_code(by=by, code_list=LISTS[name], code=value, field=name)
    _plain(by, row, name, value)


def _personal_id(by: Actor, row: Any, name: str, value: str) -> None:
    number = persons.clean_personal_id(value)
    if number and not persons.is_personal_id(number):
        raise BadValue(_("Số định danh cá nhân gồm đúng 12 chữ số."), field=name)
    hashed = digest(number)
    if number and _others(row).filter(personal_id_digest=hashed).exists():
        raise DuplicateCode(_("Trường đã có hồ sơ khác mang số định danh này."), field=name)
    if hashed != (bytes(row.personal_id_digest) if row.personal_id_digest else None):
        row.personal_id_sealed, row.personal_id_digest = seal(number), hashed


def _local_code(by: Actor, row: Any, name: str, value: str) -> None:
    code = persons.clean_code(value)
    if code and _others(row).filter(local_code=code).exists():
        raise DuplicateCode(_("Trường đã có hồ sơ khác mang mã “%(code)s”.") % {"code": code}, field=name)
    _plain(by, row, name, code)


def _ministry_code(by: Actor, row: Any, name: str, value: str) -> None:
    code = persons.clean_code(value)
    if code and _others(row).filter(ministry_code=code).exists():
        raise DuplicateCode(_("Trường đã có hồ sơ khác mang mã “%(code)s”.") % {"code": code}, field=name)
    _plain(by, row, name, code)
    # The ministry's code takes the place of the provisional one; the history keeps what it was.
    if code:
        row.provisional_code = ""
    elif not row.provisional_code:
        row.provisional_code = persons.provisional_code(row.public_id)


def _others(row: Any) -> Any:
    rows = type(row)._default_manager.filter(unit_id=row.unit_id).exclude(pk=row.pk)
    return rows.filter(merged_into__isnull=True) if hasattr(row, "merged_into_id") else rows


_WRITERS = {
    "full_name": _name,
    "birth_date": _birth_date,
    "gender": _gender,
    "ethnicity": _listed,
    "religion": _listed,
    "personal_id": _personal_id,
    "local_code": _local_code,
    "ministry_code": _ministry_code,
}
