"""Finding people: the same answer by index (province) and row by row (school), within row-level security."""

from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_staff, make_student
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import Student
from thongsuot.modules.registry.queries import register, sampling, search


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
    monkeypatch.setattr(register, "FEW", -1)
    with act_as(actor), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plan = queries.students_matching(actor, Student.objects.order_by(), "duc huy").explain()
    assert "registry_student_words" in plan, plan


SYLLABLES = ("n", "an", "anh", "do", "duc", "nguyen", "thi", "tr", "uy", "vy", "h'm", "hs", "kh", "x", "7900")
NAMES = (
    "Nguyễn Thị Đức", "Nguyễn Văn Anh", "Nguyễn Ánh Đức", "Đỗ Anh Vỹ", "Vy Thị An", "Trần Vy", "Đô", "H'Mông Anh", "Đỗ Thị Vy",
    "Nguyễn Thị Đức", "Ân", "Hà Uyên Vy", "Trần Đỗ Uy", "Nguyễn Thị Anh Thư", "Y Khuyết",
)  # fmt: skip


@pytest.fixture
def crowd(db):
    province, year = make_province(), make_school_year()
    room = make_class(province.school_a1, year, "3A1", grade=3)
    for number, name in enumerate(NAMES):
        make_student(
            (province.school_a1, province.school_b1)[number % 2], name, birth_date=date(2015 + number % 2, 3, 1 + number % 9),
            local_code=("", f"HS{number}", f"VY-{number}")[number % 3], school_class=room if number % 4 == 0 else None,
        )  # fmt: skip
    return province


def meant(text, *conditions):
    """Everybody in order whom the words mean, read row by row."""
    found = []
    for row in Student.objects.filter(*conditions).order_by("sort_key", "id"):
        line = f"{row.name_fold} {row.local_code} {row.ministry_code} {row.provisional_code}".lower().split()
        if all(any(word.startswith(part) for word in line) for part in text.split()):
            found.append(row.pk)
    return found


counts = st.integers(0, 60)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), few=st.sampled_from([0, 1, 3, 1000]), number=st.integers(1, 16))
def test_whatever_a_sample_says_the_same_are_found(crowd, data, few, number):
    """Every road leads to the rows of a plain filter, in their order; a sample only chooses the road."""
    text = " ".join(data.draw(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3, unique=True)))
    year = data.draw(st.sampled_from(["", " 2015"]))
    leader = crowd.actor("department_leader", "department")
    with pytest.MonkeyPatch.context() as patched, act_as(leader):
        patched.setattr(register, "FEW", few)
        patched.setattr(register, "GATHERED", data.draw(st.sampled_from([0, 100, 10**6])))
        patched.setattr(register, "DEEPEST", data.draw(st.sampled_from([0, 3, 10**6])))
        sought = queries.SoughtStudents(leader, text + year)
        said = sought.register.sample
        sought.register.__dict__["sample"] = sampling.Sample(
            total=data.draw(st.sampled_from([0.0, 20.0, 5e5])),
            looked=60,
            meant=data.draw(counts),
            scattered=data.draw(counts),
            having={word: data.draw(counts) for word in said.having},
            elsewhere={word: data.draw(counts) for word in said.elsewhere},
            coded=data.draw(st.sampled_from([0, 0, 1])),
            named=data.draw(counts),
            marks=data.draw(st.sampled_from([(), ("2",), ("9",)])),
        )
        everybody = meant(text, *([Q(birth_date__year=2015)] if year else []))
        if data.draw(st.booleans(), "counted first, as a page of a list does"):
            sought.counted(number + data.draw(st.integers(0, 20)))
        assert list(sought.first(number)) == everybody[:number]
        assert sought.counted(number) in (min(len(everybody), number), len(everybody))
        assert set(sought.among(Student.objects.all())) == set(Student.objects.filter(pk__in=everybody))
        rows = queries.FoundRows(sought, queries.listed_students(leader))
        assert [row.pk for row in rows.part(2, number)] == everybody[2:number]


def test_a_sample_of_all_rows_is_exact(crowd, monkeypatch):
    # Other tests leave empty pages behind.
    monkeypatch.setattr(register, "PAGES", 10**9)
    leader = crowd.actor("department_leader", "department")
    with act_as(leader):
        sample = queries.SoughtStudents(leader, "vy thi").register.sample
    assert (sample.looked, sample.meant, sample.scattered) == (len(NAMES), 2, 2)
    assert sample.having == {"vy": 7, "thi": 5}
    assert sample.elsewhere == {"vy": 6, "thi": 5}
    assert (sample.coded, sample.named) == (5, 2)
    assert not sample.is_surely_over(3)
    keys = [row.sort_key for row in Student.objects.order_by("sort_key")]
    assert sample.marks == (keys[0],) * 6 + (keys[1],) * 4  # up to a tenth of fifteen
    assert sample.rows_before(keys[0]) == len(NAMES) / 100
    assert sample.rows_before(keys[9]) == float("inf")


@pytest.mark.parametrize(
    ("pages_meant", "pages", "number", "is_over"),
    [
        (12, 36, 1000, True),  # of 18,207 pages; about 2 would hold somebody
        (9, 36, 1000, False),
        (3, 36, 20, False),
        (4, 36, 20, True),
        (36, 36, 18_000, False),
        (36, 36, 30_000, False),  # more than there are pages
        (9, 18, 1000, False),  # half of the table holds nobody: a page that does holds more
        (0, 0, 10, False),
    ],
)
def test_what_is_surely_more_than_a_number(pages_meant, pages, number, is_over):
    sample = sampling.Sample(
        total=450_000, looked=890, meant=20, scattered=20, having={}, elsewhere={}, pages=pages,
        pages_meant=pages_meant, pages_in_all=18_207, share=45 / 18_207,
    )  # fmt: skip
    assert sample.is_surely_over(number) is is_over


def test_chance_of_hits():
    assert sampling.chance_of(0, 7, 0.3) == pytest.approx(1)
    assert sampling.chance_of(7, 7, 0.5) == pytest.approx(1 / 128)
    assert sampling.chance_of(1, 2, 1 / 6) == pytest.approx(11 / 36)
    assert sampling.chance_of(3, 36, 1.7) == 1


def test_a_class_beside_words_over_the_province(crowd, monkeypatch):
    leader = crowd.actor("department_leader", "department")
    sits = Q(enrolments__school_class__name="3A1")
    for few in (0, 1000):
        monkeypatch.setattr(search, "FEW", few)
        for text, words in (("3a1", ""), ("lop 3a1", ""), ("vy 3a1", "vy"), ("nguyen lop 3a1", "nguyen")):
            with act_as(leader):
                found = queries.SoughtStudents(leader, text)
                assert list(found.first(9)) == meant(words, sits)[:9], text
                assert found.counted(100) == len(meant(words, sits)), text
