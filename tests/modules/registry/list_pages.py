"""Rows for the house test of list pages: make_x(number, actor) adds rows that the actor sees."""

from __future__ import annotations

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit
from tests.factories.registry import (
    make_class,
    make_equipment,
    make_line,
    make_piece_of_land,
    make_report,
    make_room,
    make_staff,
    make_student,
)
from thongsuot.modules.organization.models import SchoolYear


def year():
    today = timezone.localdate()
    first = today.year if today.month >= 9 else today.year - 1
    return SchoolYear.objects.filter(starts_on__year=first).first() or make_school_year(first)


def school():
    return make_school(parent=make_unit("commune"))


def make_students(number, actor):
    for _ in range(number):
        unit = school()
        make_student(unit, school_class=make_class(unit, year()))


def make_classes(number, actor):
    for _ in range(number):
        unit = school()
        make_class(unit, year(), homeroom_teacher=make_staff(unit))


def make_people(number, actor):
    for _ in range(number):
        make_staff(school(), degree="03")


def each(maker):
    def make(number, actor):
        for _ in range(number):
            maker(school())

    return make


def make_reports(number, actor):
    for _ in range(number):
        make_report(make_student(school()))


ROWS = {
    "registry:student-list": make_students,
    "registry:class-list": make_classes,
    "registry:staff-list": make_people,
    "registry:room-list": each(make_room),
    "registry:land-list": each(make_piece_of_land),
    "registry:equipment-list": each(make_equipment),
    "registry:line-list": each(make_line),
    "registry:report-list": make_reports,
}
