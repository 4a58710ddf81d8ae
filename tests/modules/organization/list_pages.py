"""Rows for the house test of list pages: make_x(number, actor) adds rows that the actor sees."""

from __future__ import annotations

from tests.factories.organization import (
    make_administrative_unit,
    make_appointment,
    make_school,
    make_school_year,
    make_unit,
    make_user,
)
from thongsuot.modules.organization.models import AdministrativeUnitChange, CodeList, CodeValue


def make_units(number, actor):
    place = make_administrative_unit(f"9{number}000", "Thử")
    parent = make_unit("province_committee")
    for _ in range(number):
        make_unit("department_office", parent=parent, administrative_unit=place)


def make_communes(number, actor):
    place = make_administrative_unit(f"8{number}000", "Thử")
    for _ in range(number):
        make_school(
            parent=make_unit("commune", parent=make_unit("province_committee"), administrative_unit=place)
        )


def make_schools(number, actor):
    place = make_administrative_unit(f"7{number}000", "Thử")
    for _ in range(number):
        make_school(parent=make_unit("commune"), administrative_unit=place)


def make_administrative(number, actor):
    province = make_administrative_unit(f"6{number}", "Thử", kind="Tỉnh")
    for index in range(number):
        make_administrative_unit(f"6{number}{index:03d}", "Thử", parent=province)


def make_changes(number, actor):
    province = make_administrative_unit(f"5{number}", "Thử", kind="Tỉnh")
    for index in range(number):
        AdministrativeUnitChange.objects.create(
            level="province",
            old_code=f"4{index}",
            old_name="Cũ",
            old_name_fold="cu",
            new_unit=province,
            effective_on="2025-07-01",
        )


def make_appointments(number, actor):
    for _ in range(number):
        make_appointment(make_user(), "teacher", make_school(parent=make_unit("commune")))


def make_years(number, actor):
    for index in range(number):
        make_school_year(2000 + 10 * number + index)


def make_code_lists(number, actor):
    for index in range(number):
        code_list = CodeList.objects.create(code=f"l{number}-{index}", name="Danh mục")
        CodeValue.objects.create(code_list=code_list, code="1", name="Một")


def make_code_values(number, actor):
    code_list, _made = CodeList.objects.get_or_create(code="gia-tri", defaults={"name": "Danh mục"})
    there = code_list.values.count()
    for index in range(number):
        CodeValue.objects.create(code_list=code_list, code=f"v{there + index}", name="Một")
    return {"code": code_list.code}


ROWS = {
    "organization:unit-list": make_units,
    "organization:commune-list": make_communes,
    "organization:school-list": make_schools,
    "organization:administrative-list": make_administrative,
    "organization:change-list": make_changes,
    "organization:appointment-list": make_appointments,
    "organization:year-list": make_years,
    "organization:codelist-list": make_code_lists,
    "organization:codevalue-list": make_code_values,
}
