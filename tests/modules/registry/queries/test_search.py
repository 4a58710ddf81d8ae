"""Finding people: the same answer by index (province) and row by row (school), within row-level security."""

from datetime import date
from functools import partial

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_staff, make_student
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import Student
from thongsuot.modules.registry.queries import search


@pytest.fixture
def world(db):
    province, year = make_province(), make_school_year()
    a1, b1 = province.school_a1, province.school_b1
    class_a = make_class(a1, year, "1A2", grade=1)
    make_student(
        a1, "Nguyễn Thị Đức", school_class=class_a, birth_date=date(2020, 3, 8), local_code="HS-001",
        personal_id="051320000777", ministry_code="7900012345",
    )  # fmt: skip
    make_student(a1, "H'Mông Điểu Ré", birth_date=date(2019, 1, 2), local_code="0042")
    make_student(a1, "Trần Đức Ánh", school_class=make_class(a1, year, "Lá 1", grade=18), local_code="1A2")
    make_student(
        b1, "Nguyễn Đức Huy", birth_date=date(2020, 3, 8), local_code="HS-001", provisional_code="TAM-77"
    )
    make_staff(a1, "Lê Đức Dạy", local_code="GV9")
    return province


def names(actor, text):
    with act_as(actor):
        pupils, staff = queries.find_people(actor, text)
    return [one.name for one in pupils], [one.name for one in staff]


@pytest.mark.parametrize(
    ("text", "pupils", "staff"),
    [
        ("", [], []),
        ("duc nguyen", ["Nguyễn Thị Đức"], []),
        ("đức", ["Trần Đức Ánh", "Nguyễn Thị Đức"], ["Lê Đức Dạy"]),
        ("uc", [], []),
        ("h'mo", ["H'Mông Điểu Ré"], []),
        ("hs-001", ["Nguyễn Thị Đức"], []),
        ("0042", ["H'Mông Điểu Ré"], []),
        ("42", [], []),
        ("7900012345", ["Nguyễn Thị Đức"], []),
        ("051320000777", ["Nguyễn Thị Đức"], []),
        ("051320000778", [], []),
        ("08/03/2020", ["Trần Đức Ánh", "Nguyễn Thị Đức"], []),
        ("2019", ["H'Mông Điểu Ré"], []),
        ("1a2", ["Trần Đức Ánh", "Nguyễn Thị Đức"], []),  # a class for one, a code for the other
        ("nguyen 1a2", ["Nguyễn Thị Đức"], []),
        ("lớp lá 1", ["Trần Đức Ánh"], []),
        ("gv9", [], ["Lê Đức Dạy"]),
        ("tam-77", [], []),
    ],
)
def test_a_school_finds_its_own(world, text, pupils, staff):
    assert names(world.actor("school_office", "school_a1"), text) == (pupils, staff)


def test_the_department_finds_everybody(world):
    leader = partial(names, world.actor("department_leader", "department"))
    assert leader("nguyen duc")[0] == ["Nguyễn Thị Đức", "Nguyễn Đức Huy"]
    assert leader("tam-77")[0] == ["Nguyễn Đức Huy"]
    assert leader("1a2 nguyen")[0] == ["Nguyễn Thị Đức"]
    assert leader("h'mong")[0] == ["H'Mông Điểu Ré"]


@pytest.mark.parametrize("role", ["teacher", "accountant", "parent", "pupil"])
def test_others_find_nobody(world, role):
    assert names(world.actor(role, "school_a1"), "duc") == ([], [])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="aeđứcnhmoạ'-0123456789 /\\%_:&|!*<>()", max_size=14))
def test_index_and_rows_agree(world, text):
    """Both ways find the same, whatever is typed; nothing typed is syntax."""
    wide = world.actor("department_leader", "department")
    near = world.actor("school_office", "school_a1")
    mine = Student.objects.filter(unit=world.school_a1)
    found = [set(queries.students_matching(who, mine, text)) for who in (wide, near)]
    assert found[0] == found[1]


def test_the_index_serves_the_province(world, monkeypatch):
    """With row-level security in force; so few rows are read at once unless that is forbidden."""
    actor = world.actor("department_leader", "department")
    monkeypatch.setattr(search, "FEW", -1)
    with act_as(actor), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plan = queries.students_matching(actor, Student.objects.order_by(), "duc huy").explain()
    assert "registry_student_words" in plan, plan


def test_common_and_rare_words_find_the_same(world, monkeypatch):
    """Whether rows are few is a matter of speed; what is found is not."""
    leader = world.actor("department_leader", "department")
    usual = [names(leader, text) for text in ("duc", "1a2", "051320000777", "nguyen huy")]
    monkeypatch.setattr(search, "FEW", 0)
    assert [names(leader, text) for text in ("duc", "1a2", "051320000777", "nguyen huy")] == usual


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(st.sampled_from(["n", "du", "duc", "nguyen", "thi", "tr", "h'm", "x"]), min_size=1).map(
        " ".join
    ),
    near=st.integers(1, 6),
    most=st.integers(0, 4),
)
def test_the_top_of_the_register_and_the_whole_find_the_same(world, text, near, most):
    """The first rows in the order of a register, wherever looking through its top ends."""
    leader = world.actor("department_leader", "department")
    with pytest.MonkeyPatch.context() as patched, act_as(leader):
        patched.setattr(search, "NEAR", near)
        found, _staff = queries.find_people(leader, text, most=most)
    everybody = [(row.full_name, row.name_fold.split()) for row in Student.objects.order_by("sort_key", "id")]
    meant = [
        name
        for name, words in everybody
        if all(any(word.startswith(part) for word in words) for part in text.split())
    ]
    assert [one.name for one in found] == meant[: most + 1]


def test_the_planner_is_given_back_its_choices(world):
    names(world.actor("department_leader", "department"), "duc")
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('enable_seqscan'), current_setting('enable_indexscan')")
        assert cursor.fetchone() == ("on", "on")
