"""Whatever the pupils of a small world are: schools add up to communes, communes to the province, and all of it to what
plain Python counts."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.kit.indicators import queries, registry
from thongsuot.modules.registry.models import Enrolment, Student

pytestmark = pytest.mark.django_db
DAY, BEGINS = date(2026, 11, 23), date(2026, 9, 5)
SCHOOLS = ("school_a1", "school_a2", "school_b1", "school_b2", "upper_school")
GRADES = (1, 6, 10, 18)
CODES = (
    "pupils", "pupils_primary", "girls_share", "pupils_minority", "pupils_verified", "dropout_rate", "pupils_per_class",
)  # fmt: skip
pupils = st.fixed_dictionaries(
    {
        "school": st.integers(0, len(SCHOOLS) - 1),
        "grade": st.sampled_from(GRADES),
        "gender": st.sampled_from(["female", "male", ""]),
        "ethnicity": st.sampled_from(["01", "19", "55", ""]),
        "matched": st.booleans(),
        # Days after the first: when the pupil came, and how and when the spell ended.
        "came": st.integers(0, 60),
        "exit": st.sampled_from(["", "", "dropped_out", "transferred_out", "withdrawn"]),
        "stayed": st.integers(0, 90),
    }
)


@pytest.fixture
def world():
    found = make_province()
    year = make_school_year(2026)
    found.schools = [getattr(found, name) for name in SCHOOLS]
    found.classes = {
        (at, grade): make_class(unit, year, grade=grade)
        for at, unit in enumerate(found.schools)
        for grade in GRADES
    }
    found.pattern = make_student(found.school_a1, personal_id="")
    return found


def fill(world, drawn):
    """Rows as the factories make them, in two statements."""
    columns = {
        field.attname: getattr(world.pattern, field.attname)
        for field in Student._meta.concrete_fields
        if not field.primary_key and not field.unique and not getattr(field, "generated", False)
    }
    students = Student.objects.bulk_create(
        Student(
            **{
                **columns,
                "unit_id": world.schools[one["school"]].pk,
                "local_code": f"T{number}",
                "gender": one["gender"],
                "ethnicity": one["ethnicity"],
                "identity_status": "matched" if one["matched"] else "unchecked",
            }
        )
        for number, one in enumerate(drawn)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            student=student,
            unit_id=school_class.unit_id,
            school_year_id=school_class.school_year_id,
            school_class=school_class,
            grade=one["grade"],
            entered_on=BEGINS + timedelta(days=one["came"]),
            left_on=BEGINS + timedelta(days=one["came"] + one["stayed"]) if one["exit"] else None,
            exit_type=one["exit"],
            student_name=student.full_name,
        )
        for student, one in zip(students, drawn, strict=True)
        for school_class in [world.classes[one["school"], one["grade"]]]
    )


def counted(drawn):
    """{code: {school: (numerator, denominator or None)}} in the plainest way."""
    found = {code: {at: Counter() for at in range(len(SCHOOLS))} for code in CODES}
    for one in drawn:
        if one["exit"] == "withdrawn":
            continue
        leaves = BEGINS + timedelta(days=one["came"] + one["stayed"]) if one["exit"] else None
        here, gone = leaves is None or leaves >= DAY, leaves is not None and leaves <= DAY
        at = one["school"]
        began = one["came"] == 0
        found["dropout_rate"][at]["below"] += began
        found["dropout_rate"][at]["top"] += gone and one["exit"] == "dropped_out"
        if here:
            for code, top in {
                "pupils": True,
                "pupils_primary": one["grade"] == 1,
                "girls_share": one["gender"] == "female",
                "pupils_minority": one["ethnicity"] == "19",
                "pupils_verified": one["matched"],
                "pupils_per_class": True,
            }.items():
                found[code][at]["top"] += top
                found[code][at]["below"] += code != "pupils_per_class"
    for at in range(len(SCHOOLS)):
        found["pupils_per_class"][at]["below"] = len(GRADES)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pupils, max_size=25))
def test_totals_agree_between_school_commune_and_province(world, drawn):
    with transaction.atomic():
        fill(world, drawn)
        nodes = queries.unit_nodes(as_of=DAY)
        asked = [registry.get(f"registry.{code}") for code in CODES]
        found = queries.figures_of(asked, nodes, DAY)
        expected = counted(drawn)
        for one in asked:
            figures = found[one.code]
            of_schools = [figures[unit.pk] for unit in world.schools]
            by_hand = expected[one.code.removeprefix("registry.")]
            assert [figure.numerator for figure in of_schools] == [by_hand[at]["top"] for at in by_hand], (
                one.code
            )
            for name in ("numerator", "denominator"):
                numbers = [getattr(figure, name) for figure in of_schools]
                if name == "denominator":
                    if one.denominator is None:
                        assert set(numbers) == {None}
                        continue
                    assert numbers == [by_hand[at]["below"] for at in by_hand], one.code
                communes = [getattr(figures[unit.pk], name) for unit in (world.commune_a, world.commune_b)]
                assert communes == [sum(numbers[:2]), sum(numbers[2:4])], one.code
                for whole in (world.committee, world.department):
                    assert getattr(figures[whole.pk], name) == sum(numbers), one.code
            for code in one.breakdowns:
                lines = queries.breakdown(one, nodes[world.committee.pk], DAY, code)
                top = figures[world.committee.pk].numerator
                assert sum(line.figure.numerator for line in lines) == top, (one.code, code)
        transaction.set_rollback(True)
