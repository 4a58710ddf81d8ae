"""The dossier of staff, their posts between dates, and what they teach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.context import acting
from thongsuot.kit.text.vietnamese import clean_text

from ..domain import persons
from ..models import Employment, SchoolClass, Staff, TeachingAssignment
from ..types import BadValue, StaffGroup, StaffStatus, StateConflict
from .checking import locked, only_named, require_code, require_edit
from .persons import PERSON_FIELDS, write_person

STAFF_FIELDS = PERSON_FIELDS | {
    "degree",
    "major",
    "political_theory",
    "foreign_language",
    "informatics",
    "professional_standard",
    "recruited_on",
    "is_party_member",
    "has_digital_skills",
}
POST_FIELDS = frozenset(
    {"group", "position", "contract", "rank", "salary_step", "status", "subjects", "duties"}
)
STAFF_LISTS = {"degree": "trinh_do_chuyen_mon", "professional_standard": "danh_gia_chuan_nghe_nghiep"}
POST_LISTS = {"position": "chuc_vu", "contract": "hinh_thuc_hop_dong"}
ENDS = frozenset({StaffStatus.MOVED.value, StaffStatus.RETIRED.value, StaffStatus.LEFT.value})


@transaction.atomic
def create_staff(
    *, by: Actor, unit_id: int, facts: Mapping[str, Any], post: Mapping[str, Any], valid_from: date
) -> Staff:
    """A new dossier with its first post at the school. facts: STAFF_FIELDS; post: POST_FIELDS.

    Raises NotAllowed, BadValue, DuplicateCode. Legal source: TT 42/2021/TT-BGDĐT; the law on public employees (no text of it was read).
    """
    require_edit(by=by, unit_id=unit_id)
    row = Staff(unit_id=unit_id)
    _write(by, row, only_named(by=by, given={"full_name": "", **facts}, allowed=STAFF_FIELDS))
    if not row.ministry_code:
        row.provisional_code = persons.provisional_code(row.public_id)
    row.save()
    begin_employment(by=by, staff=row, unit_id=unit_id, post=post, valid_from=valid_from)
    return row


@transaction.atomic
def update_staff(
    *, by: Actor, staff: Staff, changes: Mapping[str, Any], seen: str = "", reason: str = ""
) -> Staff:
    """Change only the fields that are named. Raises NotAllowed, BadValue, DuplicateCode, ChangedMeanwhile."""
    require_edit(by=by, unit_id=staff.unit_id)
    row = locked(by=by, row=staff, seen=seen)
    _write(by, row, only_named(by=by, given=changes, allowed=STAFF_FIELDS))
    with acting(by, reason=reason):
        row.save()
    return row


def _write(by: Actor, row: Staff, given: dict[str, Any]) -> None:
    for name, code_list in STAFF_LISTS.items():
        require_code(by=by, code_list=code_list, code=given.get(name, ""), field=name)
    write_person(by=by, row=row, given=given)
    if row.recruited_on and row.birth_date and row.recruited_on <= row.birth_date:
        raise BadValue(_("Ngày tuyển dụng phải sau ngày sinh."), field="recruited_on")


@transaction.atomic
def begin_employment(
    *, by: Actor, staff: Staff, unit_id: int, post: Mapping[str, Any], valid_from: date
) -> Employment:
    """A post at the school from `valid_from`. Raises NotAllowed, BadValue, StateConflict (one is running there)."""
    require_edit(by=by, unit_id=unit_id)
    locked(by=by, row=staff)
    if Employment.objects.filter(staff=staff, unit_id=unit_id, valid_to__isnull=True).exists():
        raise StateConflict(_("Người này đang có vị trí công tác ở trường: hãy thay đổi vị trí đó."))
    made = Employment(staff=staff, unit_id=unit_id, valid_from=valid_from)
    _write_post(by, made, post)
    made.save()
    return made


def _write_post(by: Actor, row: Employment, post: Mapping[str, Any]) -> None:
    given = only_named(by=by, given=post, allowed=POST_FIELDS)
    for name, code_list in POST_LISTS.items():
        require_code(by=by, code_list=code_list, code=given.get(name, ""), field=name)
    for name in ("subjects", "duties"):
        if name in given:
            given[name] = list(dict.fromkeys(clean_text(one) for one in given[name] if clean_text(one)))
    for name, value in given.items():
        setattr(row, name, value)
    if row.group not in StaffGroup.values:
        raise BadValue(_("Chọn vị trí việc làm."), field="group")
    if row.status not in StaffStatus.values:
        raise BadValue(_("Chọn trạng thái."), field="status")


@transaction.atomic
def change_employment(
    *, by: Actor, employment: Employment, post: Mapping[str, Any], valid_from: date, seen: str = ""
) -> Employment:
    """From `valid_from` the post is another: what was ends the day before and stays countable. On the day on which the
    post began, the post itself is put right. Raises NotAllowed, BadValue, StateConflict, ChangedMeanwhile.
    """
    require_edit(by=by, unit_id=employment.unit_id)
    row = _running(by, employment, seen)
    if valid_from < row.valid_from:
        raise BadValue(_("Ngày thay đổi sớm hơn ngày bắt đầu vị trí."), field="valid_from")
    if valid_from == row.valid_from:
        _write_post(by, row, post)
        row.save()
        return row
    made = Employment(
        staff_id=row.staff_id,
        unit_id=row.unit_id,
        valid_from=valid_from,
        **{name: getattr(row, name) for name in POST_FIELDS},
    )
    _write_post(by, made, post)
    row.valid_to = valid_from - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    made.save()
    return made


def _running(by: Actor, employment: Employment, seen: str = "") -> Employment:
    row = locked(by=by, row=employment, seen=seen)
    if row.valid_to is not None:
        raise StateConflict(_("Vị trí này đã kết thúc."))
    return row


@transaction.atomic
def end_employment(*, by: Actor, employment: Employment, on: date, status: str, reason: str = "") -> None:
    """`on` is the last day at the school; status: moved, retired or left. What the person teaches there ends too.

    Raises NotAllowed, BadValue, StateConflict (ended).
    """
    require_edit(by=by, unit_id=employment.unit_id)
    row = _running(by, employment)
    if status not in ENDS:
        raise BadValue(_("Chọn chuyển công tác, nghỉ hưu hoặc thôi việc."), field="status")
    if on < row.valid_from:
        raise BadValue(_("Ngày cuối sớm hơn ngày bắt đầu."), field="on")
    teaching = TeachingAssignment.objects.filter(
        staff_id=row.staff_id, unit_id=row.unit_id, valid_to__isnull=True
    )
    with acting(by, reason=clean_text(reason)):
        row.valid_to, row.status = on, status
        row.save(update_fields=["valid_to", "status"])
        teaching.filter(valid_from__gt=on).delete()
        teaching.update(valid_to=on)
        SchoolClass.objects.filter(
            homeroom_teacher_id=row.staff_id, unit_id=row.unit_id, school_year__ends_on__gte=on
        ).update(homeroom_teacher=None)


@transaction.atomic
def assign_teaching(
    *,
    by: Actor,
    staff: Staff,
    school_class: SchoolClass,
    subject: str,
    lessons_per_week: Decimal,
    valid_from: date,
) -> TeachingAssignment:
    """phân công giảng dạy. lessons_per_week: more than 0, at most 40, one decimal.

    Raises NotAllowed, BadValue, StateConflict (the same subject already). Legal source: the ministry's circular on the working hours of teachers (no text of it was read).
    """
    require_edit(by=by, unit_id=school_class.unit_id)
    locked(by=by, row=staff)
    subject = clean_text(subject)
    if not subject or len(subject) > 40:
        raise BadValue(_("Cần tên môn, không quá 40 ký tự."), field="subject")
    if not Decimal(0) < lessons_per_week <= 40:
        raise BadValue(_("Số tiết/tuần lớn hơn 0 và không quá 40."), field="lessons_per_week")
    if not staff.employments.filter(unit_id=school_class.unit_id, valid_to__isnull=True).exists():
        raise BadValue(_("Người này không đang làm việc ở trường."), field="school_class")
    if not school_class.valid_from <= valid_from <= school_class.school_year.ends_on:
        raise BadValue(_("Ngày bắt đầu nằm ngoài thời gian của lớp."), field="valid_from")
    running = staff.teaching.filter(school_class=school_class, subject=subject)
    if running.filter(valid_to__isnull=True).exists() or running.filter(valid_from=valid_from).exists():
        raise StateConflict(_("Người này đã được phân công môn đó ở lớp đó."), field="subject")
    return TeachingAssignment.objects.create(
        staff=staff,
        school_class=school_class,
        unit_id=school_class.unit_id,
        subject=subject,
        lessons_per_week=lessons_per_week,
        valid_from=valid_from,
    )


@transaction.atomic
def end_teaching(*, by: Actor, assignment: TeachingAssignment, on: date) -> None:
    """Teaches there for the last time on `on`. Raises NotAllowed, BadValue (before it began), StateConflict (ended)."""
    require_edit(by=by, unit_id=assignment.unit_id)
    row = locked(by=by, row=assignment)
    if row.valid_to is not None:
        raise StateConflict(_("Phân công này đã kết thúc."))
    if on < row.valid_from:
        raise BadValue(_("Ngày kết thúc sớm hơn ngày bắt đầu."), field="on")
    row.valid_to = on
    row.save(update_fields=["valid_to"])
