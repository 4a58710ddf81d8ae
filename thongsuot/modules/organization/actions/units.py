"""Founding, changing and closing units and schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.text.vietnamese import clean_text, fold, sort_key

from ..models import AdministrativeUnit, Appointment, School, SchoolSite, Unit
from ..permissions import can_edit_details, can_manage_unit
from ..types import SchoolType, UnitKind


class UnitStillInUse(Refused):
    """Units under it, or people appointed to it, are still there."""

    code = "unit_still_in_use"


class WrongPlace(Refused):
    """A unit of this kind does not stand under that one."""

    code = "wrong_place"


class CodeTaken(Refused):
    code = "code_taken"


# Under which kinds a unit stands (Luật Tổ chức chính quyền địa phương 2025: no district between province
# and commune).
STANDS_UNDER: dict[str, frozenset[str | None]] = {
    UnitKind.PROVINCE_COMMITTEE: frozenset({None}),
    UnitKind.DEPARTMENT: frozenset({UnitKind.PROVINCE_COMMITTEE}),
    UnitKind.DEPARTMENT_OFFICE: frozenset({UnitKind.DEPARTMENT}),
    UnitKind.COMMUNE: frozenset({UnitKind.PROVINCE_COMMITTEE}),
    UnitKind.COMMUNE_OFFICE: frozenset({UnitKind.COMMUNE}),
    UnitKind.SCHOOL: frozenset({UnitKind.DEPARTMENT, UnitKind.COMMUNE}),
    UnitKind.EXTERNAL: frozenset({None, UnitKind.PROVINCE_COMMITTEE}),
}


@dataclass(frozen=True)
class UnitFacts:
    """What is written about a unit; names are cleaned and kept in the legal spelling."""

    code: str
    name: str
    kind: str
    short_name: str = ""
    aliases: Sequence[str] = ()
    address: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class SchoolFacts:
    """levels: cấp học, at least one; school_type: loại hình."""

    levels: Sequence[str]
    school_type: str = SchoolType.PUBLIC.value
    ministry_code: str = ""
    is_boarding: bool = False
    is_hard_area: bool = False


def _names(name: str) -> dict[str, str]:
    return {"name": name, "name_fold": fold(name), "sort_key": sort_key(name)}


def _columns(facts: UnitFacts) -> dict[str, object]:
    values = asdict(facts)
    values["aliases"] = [clean_text(alias) for alias in facts.aliases if clean_text(alias)]
    for key in ("code", "short_name", "address", "phone"):
        values[key] = clean_text(values[key])
    return {**values, **_names(clean_text(facts.name))}


@transaction.atomic
def create_unit(
    *,
    by: Actor,
    facts: UnitFacts,
    parent: Unit | None,
    administrative_unit: AdministrativeUnit | None,
    valid_from: date,
) -> Unit:
    """A new unit under `parent`, in existence from `valid_from`. Raises NotAllowed, WrongPlace, CodeTaken."""
    if not can_manage_unit(by):
        raise NotAllowed(_("Anh/chị không có quyền thành lập đơn vị."))
    if (parent.kind if parent else None) not in STANDS_UNDER[facts.kind]:
        raise WrongPlace(_("Loại đơn vị này không trực thuộc đơn vị đã chọn."))
    if Unit.objects.filter(code=facts.code).exists():
        raise CodeTaken(_("Mã đơn vị đã có."))
    unit = Unit.objects.create(
        parent=parent, administrative_unit=administrative_unit, valid_from=valid_from, **_columns(facts)
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    return unit


@transaction.atomic
def update_unit(*, by: Actor, unit: Unit, facts: UnitFacts) -> Unit:
    """Rename, or correct what is written about a unit; its kind stays. Raises NotAllowed, CodeTaken."""
    if not can_manage_unit(by, unit):
        raise NotAllowed(_("Anh/chị không có quyền sửa đơn vị này."))
    if Unit.objects.filter(code=facts.code).exclude(pk=unit.pk).exists():
        raise CodeTaken(_("Mã đơn vị đã có."))
    for key, value in _columns(replace(facts, kind=unit.kind)).items():
        setattr(unit, key, value)
    unit.save()
    return unit


@transaction.atomic
def update_details(*, by: Actor, unit: Unit, address: str, email: str, phone: str) -> Unit:
    """Address and contacts, by whoever looks after the unit. Raises NotAllowed."""
    if not can_edit_details(by, unit):
        raise NotAllowed(_("Anh/chị không có quyền sửa đơn vị này."))
    unit.address, unit.email, unit.phone = clean_text(address), email.strip(), clean_text(phone)
    unit.save(update_fields=["address", "email", "phone"])
    return unit


@transaction.atomic
def close_unit(*, by: Actor, unit: Unit, on: date) -> Unit:
    """The unit exists for the last time on `on`. Raises NotAllowed, UnitStillInUse, Refused (closed before
    it began).
    """
    if not can_manage_unit(by, unit):
        raise NotAllowed(_("Anh/chị không có quyền giải thể đơn vị này."))
    if on < unit.valid_from:
        raise Refused(_("Ngày giải thể sớm hơn ngày thành lập."))
    later = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    if unit.children.filter(later).exists():
        raise UnitStillInUse(_("Còn đơn vị trực thuộc đang hoạt động."))
    if Appointment.objects.filter(later, unit=unit).exists():
        raise UnitStillInUse(_("Còn người đang được phân công tại đơn vị: bàn giao hoặc kết thúc trước."))
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    return unit


@transaction.atomic
def create_school(
    *,
    by: Actor,
    facts: UnitFacts,
    school: SchoolFacts,
    parent: Unit,
    administrative_unit: AdministrativeUnit | None,
    valid_from: date,
) -> School:
    """A school with its main site at the school's address. Raises as create_unit, and Refused without a
    level.
    """
    if not school.levels:
        raise Refused(_("Trường phải có ít nhất một cấp học."))
    unit = create_unit(
        by=by,
        facts=replace(facts, kind=UnitKind.SCHOOL.value),
        parent=parent,
        administrative_unit=administrative_unit,
        valid_from=valid_from,
    )
    row = School.objects.create(unit=unit, **{**asdict(school), "levels": list(school.levels)})
    SchoolSite.objects.create(
        school=row, name=_("Điểm chính"), address=unit.address, is_main=True, valid_from=valid_from
    )
    return row


@transaction.atomic
def update_school(*, by: Actor, school: School, facts: UnitFacts, of_school: SchoolFacts) -> School:
    """Correct what is written about a school. Raises as update_unit, and Refused without a level."""
    if not of_school.levels:
        raise Refused(_("Trường phải có ít nhất một cấp học."))
    update_unit(by=by, unit=school.unit, facts=facts)
    for key, value in {**asdict(of_school), "levels": list(of_school.levels)}.items():
        setattr(school, key, value)
    school.save()
    return school


def rebuild_paths(*, by: Actor) -> None:
    """Write every unit's path anew from its parents, in one statement (after units were copied in as
    rows).
    """
    if not (by.is_system or can_manage_unit(by)):
        raise NotAllowed(_("Anh/chị không có quyền sửa cây đơn vị."))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with recursive tree(id, path) as (
                select id, id || '.' from organization_unit where parent_id is null
                union all
                select child.id, tree.path || child.id || '.'
                from organization_unit child join tree on child.parent_id = tree.id
            )
            update organization_unit unit set path = tree.path
            from tree where tree.id = unit.id and unit.path is distinct from tree.path
            """
        )
