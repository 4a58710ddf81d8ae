"""Units, people and appointments for tests. Names are invented."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import get_user_model

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold, sort_key
from thongsuot.modules.organization.models import (
    AdministrativeUnit,
    Appointment,
    School,
    SchoolSite,
    SchoolYear,
    Term,
    Unit,
)
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.organization.types import EducationLevel, UnitKind

TODAY = date(2026, 11, 23)
LONG_AGO = date(2025, 7, 1)
_numbers = itertools.count(1)


def make_user(username: str = "", full_name: str = "Nguyễn Thị Thử Nghiệm", **fields):
    """An account without a password that works; `username` is made up when empty."""
    username = username or f"nguoi{next(_numbers)}"
    user = get_user_model()(username=username, full_name=full_name, **fields)
    user.set_unusable_password()
    user.save()
    return user


def make_unit(
    kind: str,
    name: str = "",
    *,
    parent: Unit | None = None,
    code: str = "",
    valid_from: date = LONG_AGO,
    **fields,
) -> Unit:
    number = next(_numbers)
    name = name or f"{UnitKind(kind).label} {number}"
    unit = Unit.objects.create(
        kind=kind,
        name=name,
        code=code or f"T{number}",
        parent=parent,
        name_fold=fold(name),
        sort_key=sort_key(name),
        valid_from=valid_from,
        **fields,
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    return unit


def make_school(
    name: str = "",
    *,
    parent: Unit,
    levels: tuple[str, ...] = (EducationLevel.PRIMARY.value,),
    school_type: str = "public",
    **fields,
) -> Unit:
    """The unit of a new school with one main site; the school itself is `unit.school`."""
    unit = make_unit(
        UnitKind.SCHOOL.value, name or f"Trường Tiểu học Số {next(_numbers)}", parent=parent, **fields
    )
    school = School.objects.create(unit=unit, levels=list(levels), school_type=school_type)
    SchoolSite.objects.create(school=school, name="Điểm chính", is_main=True, valid_from=unit.valid_from)
    return unit


def make_appointment(
    user, role: str, unit: Unit, *, valid_from: date = LONG_AGO, valid_to: date | None = None, **fields
) -> Appointment:
    return Appointment.objects.create(
        user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, **fields
    )


def make_actor(role: str, unit: Unit, *, today: date = TODAY, username: str = "") -> Actor:
    """Somebody who holds `role` at `unit`, as the actor they are on `today`."""
    user = make_user(username)
    make_appointment(user, role, unit)
    return actor_for(user, today=today)


def make_administrative_unit(
    code: str, name: str, *, kind: str = "Xã", parent: AdministrativeUnit | None = None
) -> AdministrativeUnit:
    full_name = f"{kind} {name}"
    return AdministrativeUnit.objects.create(
        code=code,
        name=name,
        full_name=full_name,
        kind=kind,
        level="commune" if parent else "province",
        parent=parent,
        name_fold=fold(full_name),
        sort_key=sort_key(name),
        valid_from=LONG_AGO,
    )


def make_school_year(first: int = 2026) -> SchoolYear:
    year = SchoolYear.objects.create(
        name=f"{first}-{first + 1}", starts_on=date(first, 9, 5), ends_on=date(first + 1, 5, 31)
    )
    Term.objects.create(
        school_year=year, number=1, starts_on=date(first, 9, 5), ends_on=date(first + 1, 1, 17)
    )
    Term.objects.create(
        school_year=year, number=2, starts_on=date(first + 1, 1, 18), ends_on=date(first + 1, 5, 31)
    )
    return year


@dataclass
class Province:
    """A small province: the department with two offices, two communes, two schools in each, one
    upper-secondary school.

    actor("principal", "school_a1") makes somebody with that role at that unit, and remembers them.
    """

    committee: Unit
    department: Unit
    office: Unit
    staff_office: Unit
    commune_a: Unit
    commune_a_office: Unit
    school_a1: Unit
    school_a2: Unit
    commune_b: Unit
    commune_b_office: Unit
    school_b1: Unit
    school_b2: Unit
    upper_school: Unit
    actors: dict[tuple[str, str], Actor] = field(default_factory=dict)

    def actor(self, role: str, unit: str) -> Actor:
        if (role, unit) not in self.actors:
            self.actors[role, unit] = make_actor(role, getattr(self, unit))
        return self.actors[role, unit]


def make_province() -> Province:
    kinds = UnitKind
    committee = make_unit(kinds.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh Thử Nghiệm")
    department = make_unit(
        kinds.DEPARTMENT, "Sở Giáo dục và Đào tạo", parent=committee, short_name="Sở GDĐT", aliases=["Sở"]
    )
    commune_a = make_unit(kinds.COMMUNE, "Ủy ban nhân dân xã An Bình", parent=committee)
    commune_b = make_unit(kinds.COMMUNE, "Ủy ban nhân dân phường Hòa Lợi", parent=committee)
    office = {"short_name": "Phòng VH-XH", "aliases": ["Phòng Văn hóa - Xã hội"]}
    return Province(
        committee=committee,
        department=department,
        office=make_unit(kinds.DEPARTMENT_OFFICE, "Phòng Giáo dục Trung học", parent=department),
        staff_office=make_unit(kinds.DEPARTMENT_OFFICE, "Phòng Tổ chức cán bộ", parent=department),
        commune_a=commune_a,
        commune_a_office=make_unit(
            kinds.COMMUNE_OFFICE, "Phòng Văn hóa - Xã hội xã An Bình", parent=commune_a, **office
        ),
        school_a1=make_school("Trường Tiểu học An Bình", parent=commune_a),
        school_a2=make_school("Trường Mầm non Hoa Hồng", parent=commune_a, levels=("preschool",)),
        commune_b=commune_b,
        commune_b_office=make_unit(
            kinds.COMMUNE_OFFICE, "Phòng Văn hóa - Xã hội phường Hòa Lợi", parent=commune_b, **office
        ),
        school_b1=make_school("Trường Tiểu học Hòa Lợi", parent=commune_b),
        school_b2=make_school("Trường THCS Hòa Lợi", parent=commune_b, levels=("lower_secondary",)),
        upper_school=make_school("Trường THPT Số 1", parent=department, levels=("upper_secondary",)),
    )
