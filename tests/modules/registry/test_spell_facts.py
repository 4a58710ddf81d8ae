"""Pupils with several spells, also such as lie in each other: which spell speaks for the pupil, and what it says, against
plain Python."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_student
from thongsuot.kit.indicators import registry
from thongsuot.modules.organization.queries import is_in_school_year
from thongsuot.modules.registry.models import Enrolment

pytestmark = pytest.mark.django_db
DAY, BEGINS = date(2026, 11, 23), date(2026, 9, 5)
spells = st.lists(
    st.tuples(
        st.integers(0, 2),  # pupil
        st.integers(0, 1),  # school
        st.booleans(),  # of this year, or the one before
        st.integers(-9, 85),  # days from the first day of the year until it begins
        st.sampled_from([None, 0, 3, 40, 90, 200]),  # days until it ends
        st.sampled_from(["new", "retained", "promoted", "transferred_in", "moved_class"]),
        st.sampled_from(["dropped_out", "transferred_out", "moved_class", "withdrawn"]),
    ),
    max_size=9,
)


@pytest.fixture
def world():
    found = make_province()
    found.years = [make_school_year(2025), make_school_year(2026)]
    found.schools = [found.school_a1, found.school_b2]
    found.pupils = [make_student(found.school_a1) for _ in range(3)]
    return found


def write(world, drawn):
    rows, open_ones = [], set()
    for pupil, school, is_this, came, stayed, entry, ended in drawn:
        if stayed is None and pupil in open_ones:
            stayed = 30
        elif stayed is None:
            open_ones.add(pupil)
        year = world.years[is_this]
        begins = year.starts_on + timedelta(days=came)
        rows.append(
            Enrolment(
                student=world.pupils[pupil],
                unit=world.schools[school],
                school_year=year,
                grade=3,
                entry_type=entry,
                entered_on=begins,
                left_on=None if stayed is None else begins + timedelta(days=stayed),
                exit_type="" if stayed is None else ended,
                student_name="A",
            )
        )
    return Enrolment.objects.bulk_create(rows)


def read(code, columns, unit_ids):
    sql, params = registry.get_facts(code).select(DAY, unit_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(('record_id', *columns))} from ({sql}) f", params)
        return sorted(cursor.fetchall())


def students(rows):
    held = [one for one in rows if one.exit_type != "withdrawn" and one.entered_on <= DAY]
    return sorted(
        (
            one.pk,
            *(
                any(
                    other.entry_type == kind
                    for other in held
                    if (other.student_id, other.school_year_id) == (one.student_id, one.school_year_id)
                )
                for kind in ("retained", "new")
            ),
        )
        for one in held
        if one.left_on is None or one.left_on >= DAY
    )


def year_pupils(rows, year):
    held = {}
    for one in rows:
        if one.school_year_id == year.pk and one.exit_type != "withdrawn" and one.entered_on <= DAY:
            held.setdefault((one.student_id, one.unit_id), []).append(one)
    found = []
    for of_pupil in held.values():
        last = max(of_pupil, key=lambda one: (one.entered_on, one.pk))
        has_left = last.left_on is not None and last.left_on <= DAY
        found.append(
            (
                last.pk,
                min(one.entered_on for one in of_pupil) <= year.starts_on,
                has_left and last.exit_type == "dropped_out",
                has_left and last.exit_type == "transferred_out",
            )
        )
    return sorted(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=spells, of_one=st.booleans())
def test_spells_of_a_pupil(world, drawn, of_one):
    with transaction.atomic():
        rows = write(world, drawn)
        asked = [world.schools[0].pk] if of_one else None
        ours = {one.pk for one in rows if asked is None or one.unit_id in asked}
        expected = [row for row in students(rows) if row[0] in ours]
        assert read("registry.students", ("repeating", "is_new"), asked) == expected
        expected = [row for row in year_pupils(rows, world.years[1]) if row[0] in ours]
        found = read(
            "registry.year_pupils", ("began", "coalesce(dropped, false)", "coalesce(moved, false)"), asked
        )
        assert found == expected
        transaction.set_rollback(True)


def test_between_two_years_nobody_sits_in_a_class(world):
    summer = date(2026, 7, 15)
    days = (DAY, world.years[0].ends_on, summer)
    assert [is_in_school_year(day) for day in days] == [True, True, False]
    # Before the first year that is known nothing can be said of a summer.
    assert is_in_school_year(date(2020, 7, 15))
    for code, columns, counts in (
        ("students", set(), False),
        ("classes", set(), False),
        ("staff", set(), True),
        ("year_ends", set(), True),
        ("schools", {"level"}, True),
        ("schools", {"below_norm"}, False),
    ):
        assert registry.get_facts(f"registry.{code}").counts_on(summer, frozenset(columns)) is counts, code
