"""One simple datum of a person set right, from the page of a data-quality case."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text, fold, mend_d, person_sort_key
from thongsuot.modules.organization import queries as organization

from ..models import Enrolment, Staff, Student
from ..permissions import can_edit
from ..types import Gender, IdentityStatus, WrongDatum

Person = Student | Staff
LISTS = {"ethnicity": "dan_toc", "religion": "ton_giao"}
# Compared with the population database: changed, they must be sent again.
VERIFIED = frozenset({"full_name", "birth_date", "gender"})
DISAGREED = frozenset(
    {IdentityStatus.MATCHED, IdentityStatus.MISMATCHED, IdentityStatus.NOT_FOUND, IdentityStatus.WITH_POLICE}
)
MENDABLE = frozenset(
    {
        "full_name",
        "birth_date",
        "gender",
        "ethnicity",
        "religion",
        "nationality",
        "ministry_code",
        "phone",
        "email",
    }
)


@transaction.atomic
def mend_person(*, by: Actor, model: type[Any], column: str, object_id: int, value: Any) -> Person:
    """Set one field of a pupil or staff member; a pupil's new name also stands in the books of the present class.

    A change of name, birth date or sex of somebody already compared with the population database makes the record
    "mended, to be sent again". Raises NotAllowed (no right over the unit, or no such person), WrongDatum.
    """
    if model not in (Student, Staff) or column not in MENDABLE:
        raise WrongDatum(_("Mục này phải sửa tại hồ sơ."))
    person = model.objects.select_for_update(of=("self",)).filter(pk=object_id).first()
    if person is None or not can_edit(by, person.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền sửa hồ sơ này."))
    checked = _checked(column, value)
    changed = [column, "updated_at"]
    setattr(person, column, checked)
    if column == "full_name":
        person.name_fold, person.sort_key = fold(checked), person_sort_key(checked)
        changed += ["name_fold", "sort_key"]
    if column == "birth_date":
        person.is_birth_year_only = False
        changed.append("is_birth_year_only")
    if column in VERIFIED and person.identity_status in DISAGREED:
        person.identity_status = IdentityStatus.MENDED
        changed.append("identity_status")
    try:
        person.clean_fields(exclude=[field.name for field in model._meta.fields if field.name not in changed])
    except ValidationError as error:
        raise WrongDatum(" ".join(error.messages), field="value") from error
    person.save(update_fields=changed)
    if model is Student and column == "full_name":
        Enrolment.objects.filter(student=person, unit_id=person.unit_id, left_on__isnull=True).update(
            student_name=checked
        )
    return person


def _checked(column: str, value: Any) -> Any:
    if column == "birth_date":
        if not isinstance(value, date):
            raise WrongDatum(_("Cần một ngày, dạng ngày/tháng/năm."), field="value")
        return value
    text = clean_text(str(value or ""))
    if column == "full_name":
        if not text:
            raise WrongDatum(_("Họ tên không được để trống."), field="value")
        return mend_d(text)
    if column == "gender" and text not in {Gender.MALE, Gender.FEMALE}:
        raise WrongDatum(_("Chọn Nam hoặc Nữ."), field="value")
    if column in LISTS and not organization.code_values(LISTS[column]).filter(code=text).exists():
        raise WrongDatum(_("Mã không có trong danh mục."), field="value")
    if column == "nationality":
        text = text.upper()
    if column == "phone":
        text = re.sub(r"[\s.\-]", "", text)
    return text
