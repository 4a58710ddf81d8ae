"""Rows for the house test of list pages."""

from __future__ import annotations

from datetime import date

from tests.factories.organization import make_school, make_unit, make_user
from tests.factories.registry import make_student
from thongsuot.modules.quality.models import QualityCase


def make_cases(number, actor):
    for _ in range(number):
        school = make_school(parent=make_unit("commune"))
        QualityCase.objects.create(
            unit=school,
            rule="student.gender.missing",
            dataset="student",
            field="gender",
            object_id=make_student(school).pk,
            severity="error",
            owner=make_user(),
            opened_on=date(2026, 11, 20),
            due_on=date(2026, 11, 27),
        )


ROWS = {"quality:case-list": make_cases}
