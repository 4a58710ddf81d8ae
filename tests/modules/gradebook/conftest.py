"""A lower-secondary class of two and a primary one, with their teachers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.factories import registry
from tests.factories.gradebook import make_open_class
from tests.factories.organization import (
    make_actor,
    make_appointment,
    make_province,
    make_school_year,
    make_user,
)
from thongsuot.modules.organization.queries import actor_for


def _teacher(unit, subject_of=None):
    user = make_user()
    make_appointment(user, "teacher", unit)
    return registry.make_staff(unit, account=user), actor_for(user)


@pytest.fixture
def world(db):
    """secondary, primary: classes; maths: who teaches mathematics in the first; homeroom, primary_homeroom: who lead."""
    province, year = make_province(), make_school_year()
    school, primary_school = province.school_b2, province.school_b1
    maths_staff, maths = _teacher(school)
    homeroom_staff, homeroom = _teacher(school)
    primary_staff, primary_homeroom = _teacher(primary_school)
    secondary = make_open_class(
        school, year, grade=8, taught=[(maths_staff, "Toán")], homeroom_teacher=homeroom_staff
    )
    primary = make_open_class(primary_school, year, grade=3, homeroom_teacher=primary_staff)
    return SimpleNamespace(
        province=province, year=year, school=school, secondary=secondary, primary=primary, maths=maths,
        homeroom=homeroom, primary_homeroom=primary_homeroom, principal=make_actor("principal", school),
        now=timezone.now(), office=make_actor("school_office", school), stranger=make_actor("principal", primary_school),
    )  # fmt: skip
