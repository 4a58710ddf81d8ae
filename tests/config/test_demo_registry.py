"""The generated registry: plausible, the same each time, wrong exactly where it says so."""

import re
import unicodedata
from collections import Counter
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from thongsuot.config.demo import defects, organization, people
from thongsuot.config.demo.context import DemoContext
from thongsuot.config.demo.registry import build as registry
from thongsuot.config.demo.registry.classes import LIMITS
from thongsuot.config.demo.registry.generate import generate
from thongsuot.config.demo.registry.world import AGE
from thongsuot.kit.sealing.sealing import digest, unseal
from thongsuot.kit.text.vietnamese import clean_text, fold, mend_d, person_sort_key
from thongsuot.modules.organization.models import AdministrativeUnit, Unit
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.models import (
    Contact,
    Employment,
    Enrolment,
    ErrorReport,
    SchoolClass,
    Staff,
    Student,
    Transfer,
)

# All of them: the test database is made only for tests that are marked.
pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PROVINCES = {"051", "062", "079", "048", "049", "052", "064", "066", "001", "075", "074", "056", "038", "040"}


@pytest.fixture(scope="module")
def tiny(django_db_setup, django_db_blocker, tmp_path_factory):
    """Sixteen schools, built once in a transaction that is rolled back: (what was generated, the world, its truth file)."""
    from django.conf import settings
    from django.db import transaction

    truth = tmp_path_factory.mktemp("demo") / "truth.json"
    context = DemoContext("tiny", TODAY, settings.DATA_DIR, lambda line: None, truth)
    with django_db_blocker.unblock(), transaction.atomic():
        for step in (organization.reference, organization.calendar, organization.units, people.people):
            step(context)
        # As it was before the levels of a school were made wrong.
        world = registry.world_of(context)
        made = registry.build(context)
        assert made is not None
        yield made, world, context
        transaction.set_rollback(True)


@pytest.fixture
def made(tiny):
    return tiny[0]


def test_figures_are_plausible(tiny, django_db_blocker):
    made, world, _ = tiny
    assert 1_500 < len(made.seats) < 3_000
    sizes = Counter(seat.spell.school_class_id for seat in made.seats if seat.spell is not None)
    running = [row for row in made.rows.classes if row.school_year_id == world.year.id]
    teachers = [job for job in made.rows.employments if job.group == "teacher" and job.valid_to is None]
    assert 18 < sum(sizes.values()) / len(running) < 35
    assert 1.3 < len(teachers) / len(running) < 2.4
    grades = Counter(seat.grade for seat in made.seats)
    assert set(grades) == set(AGE)
    # A cohort moves up: last year's grade 3 is this year's grade 4, but for those who went, came or repeated.
    by_year = {year.id: Counter() for year in world.years}
    for spell in made.rows.enrolments:
        by_year[spell.school_year_id][spell.grade] += spell.entry_type not in ("moved_class",)
    before, now = (by_year[year.id] for year in world.years[-2:])
    for grade in (2, 3, 4, 5, 7, 8, 9, 11, 12):
        assert now[grade] == pytest.approx(before[grade - 1], rel=0.12)
    kinds = Counter(spell.exit_type for spell in made.rows.enrolments)
    assert (
        min(kinds[k] for k in ("dropped_out", "transferred_out", "moved_class", "graduated", "year_end")) > 0
    )
    assert {"retained", "transferred_in"} <= {spell.entry_type for spell in made.rows.enrolments}


def test_the_same_world_gives_the_same_registry(tiny, django_db_blocker):
    made, world, _ = tiny
    again = generate(replace(world, say=lambda line: None))
    assert asdict(again.truth) == asdict(made.truth)
    assert again.rows.students == made.rows.students
    assert again.rows.enrolments == made.rows.enrolments
    assert again.rows.teaching == made.rows.teaching


def test_every_defect_is_seeded(made):
    assert set(defects.CODES) <= made.truth.codes()
    assert len(made.truth.pairs) >= 4


def is_right_id(number: str, row) -> bool:
    century = {19: 0, 20: 2}[row.birth_date.year // 100] + (row.gender == "female")
    return (
        re.fullmatch(r"\d{12}", number) is not None
        and number[:3] in PROVINCES
        and number[3:6] == f"{century}{row.birth_date.year % 100:02d}"
    )


def is_right_name(name: str) -> bool:
    return (
        name == clean_text(name) == mend_d(name)
        and unicodedata.is_normalized("NFC", name)
        and not any(c.isdigit() or c in "()" or c in "¹¨ª¬" for c in name)
        and name not in (name.upper() if len(name) > 4 else "", name.lower())
    )


def test_clean_pupils_are_clean(tiny, django_db_blocker):
    made, world, _ = tiny
    spoiled, seen = made.truth.spoiled("student"), Counter(row.personal_id for row in made.rows.students)
    codes = Counter(row.ministry_code for row in made.rows.students if row.ministry_code)
    parents = {row.student_id for row in made.rows.contacts}
    with django_db_blocker.unblock():
        communes = set(
            AdministrativeUnit.objects.filter(level="commune", valid_to__isnull=True).values_list(
                "code", flat=True
            )
        )
    clean = [seat for seat in made.seats if seat.student.id not in spoiled]
    assert len(clean) > 0.9 * len(made.seats)
    for seat in clean:
        row, spell = seat.student, seat.spell
        assert is_right_id(row.personal_id, row)
        assert seen[row.personal_id] == 1
        assert is_right_name(row.full_name), row.full_name
        assert world.year.year - row.birth_date.year == AGE[seat.grade] == AGE[spell.grade]
        assert (codes[row.ministry_code] == 1 and len(row.ministry_code) == 10) or seat.grade not in range(
            2, 13
        )
        assert bool(row.ministry_code) != bool(row.provisional_code)
        assert row.residence_commune_code in communes
        assert row.id in parents
        assert row.gender in ("male", "female")
        assert row.ethnicity in ("01", "19", "30", "14", "13", "27", "10", "52", "54")
        assert row.identity_status in ("matched", "waiting", "not_sent")
        assert spell.left_on is None
        assert spell.school_class_id is not None
        assert spell.student_name == row.full_name
        assert row.unit_id == spell.unit_id == seat.school.unit_id
    open_spells = Counter(spell.student_id for spell in made.rows.enrolments if spell.left_on is None)
    assert set(open_spells.values()) == {1}


def test_clean_classes_and_staff_are_clean(tiny):
    made, world, _ = tiny
    truth, year = made.truth, world.year
    sizes = Counter(s.school_class_id for s in made.rows.enrolments if s.left_on is None)
    grades = {school.unit_id: school.grades for school in world.schools}
    for row in made.rows.classes:
        is_running = row.school_year_id == year.id and row.valid_to is None
        if is_running and row.id not in truth.spoiled("class"):
            assert 0 < sizes[row.id] <= LIMITS[row.grade]
            assert row.homeroom_teacher_id is not None
            assert row.grade in grades[row.unit_id]
            assert row.grade > 12 or row.name.startswith(str(row.grade))
    heads = Counter()
    jobs = [job for job in made.rows.employments if job.valid_to is None and job.status == "working"]
    for job in jobs:
        heads[job.unit_id] += job.position in ("01", "05")
        if job.group == "teacher" and job.staff_id not in truth.spoiled("staff"):
            assert job.subjects
    bad = truth.spoiled("school")
    assert all(heads[school.unit_id] == 1 for school in world.schools if school.unit_id not in bad)
    emails = Counter(row.email for row in made.rows.staff)
    for row in made.rows.staff:
        if row.id not in truth.spoiled("staff"):
            assert is_right_id(row.personal_id, row)
            assert is_right_name(row.full_name)
            assert emails[row.email] == 1
    employed = {(job.staff_id, job.unit_id) for job in made.rows.employments}
    assert {(one.staff_id, one.unit_id) for one in made.rows.teaching} <= employed


CHECKS = {
    "student.personal_id.missing": lambda row: not row.personal_id,
    "student.personal_id.length": lambda row: len(row.personal_id) != 12,
    "student.personal_id.format": lambda row: not row.personal_id.isdigit(),
    "student.personal_id.province": lambda row: row.personal_id[:3] not in PROVINCES,
    "student.personal_id.gender": lambda row: not is_right_id(row.personal_id, row),
    "student.personal_id.century": lambda row: row.personal_id[3] in "01",
    "student.personal_id.birth_year": lambda row: row.personal_id[4:6] != f"{row.birth_date.year % 100:02d}",
    "student.full_name.nfc": lambda row: not unicodedata.is_normalized("NFC", row.full_name),
    "student.full_name.eth": lambda row: "\u00d0" in row.full_name or "\u00f0" in row.full_name,
    "student.full_name.spaces": lambda row: "  " in row.full_name,
    "student.full_name.nbsp": lambda row: "\u00a0" in row.full_name,
    "student.full_name.capitals": lambda row: row.full_name.isupper(),
    "student.full_name.lower_case": lambda row: row.full_name.islower(),
    "student.full_name.digits": lambda row: any(c.isdigit() for c in row.full_name),
    "student.full_name.punctuation": lambda row: "(" in row.full_name,
    "student.full_name.legacy_font": lambda row: any(c in row.full_name for c in "ÔÇ¹Þ¨ªå"),
    "student.birth_date.missing": lambda row: row.birth_date is None,
    "student.birth_date.future": lambda row: row.birth_date > TODAY,
    "student.birth_date.year_only": lambda row: (row.birth_date.month, row.birth_date.day) == (1, 1),
    "student.gender.missing": lambda row: not row.gender,
    "student.ethnicity.missing": lambda row: not row.ethnicity,
    "student.ministry_code.missing": lambda row: not row.ministry_code,
    "student.ministry_code.format": lambda row: not re.fullmatch(r"\d{10}", row.ministry_code),
    "student.residence_commune.missing": lambda row: not row.residence_commune_code,
    "student.updated_at.stale": lambda row: (TODAY - row.updated_at.date()).days > 400,
    "student.identity.mismatched": lambda row: row.identity_status == "mismatched",
    "staff.degree.below_standard": lambda row: row.degree == "18",
    "staff.email.missing": lambda row: not row.email,
    "class.homeroom_teacher.missing": lambda row: row.homeroom_teacher_id is None,
    "class.grade.missing": lambda row: row.grade is None,
    "enrolment.school_class.missing": lambda row: row.school_class_id is None,
    "enrolment.status.code": lambda row: row.status == "99",
    "room.area.missing": lambda row: row.area is None,
}  # fmt: skip
TABLE = {
    "student": "students",
    "staff": "staff",
    "class": "classes",
    "enrolment": "enrolments",
    "room": "rooms",
}


@pytest.mark.parametrize("code", CHECKS)
def test_a_seeded_defect_is_there(made, code):
    kind = code.split(".")[0]
    rows = {row.id: row for row in getattr(made.rows, TABLE[kind])}
    ids = {flaw.id for flaw in made.truth.flaws if flaw.code == code and flaw.kind == kind}
    assert ids
    assert all(CHECKS[code](rows[pk]) for pk in ids)


def test_what_is_wrong_between_rows(tiny, django_db_blocker):
    made, _, _ = tiny
    truth = made.truth
    people_by_id = {row.id: row for row in made.rows.students}
    for code, field in (
        ("student.personal_id.duplicate_in_school", "personal_id"),
        ("student.personal_id.duplicate_in_province", "personal_id"),
        ("student.ministry_code.duplicate", "ministry_code"),
    ):
        seen = Counter(getattr(row, field) for row in made.rows.students)
        assert all(seen[getattr(people_by_id[pk], field)] > 1 for pk in truth.ids(code))
    sizes = Counter(s.school_class_id for s in made.rows.enrolments if s.left_on is None)
    classes = {row.id: row for row in made.rows.classes}
    assert all(sizes[pk] > LIMITS[classes[pk].grade] for pk in truth.ids("class.size.over_limit"))
    assert all(sizes[pk] == 0 for pk in truth.ids("class.students.empty"))
    for pair in truth.pairs:
        first, second = people_by_id[pair.first], people_by_id[pair.second]
        assert (first.unit_id == second.unit_id) == (
            second.id in truth.ids("student.record.duplicate_in_school")
        )
        assert (
            sorted(fold(first.full_name)) == sorted(fold(second.full_name)) or pair.variant == "minority_form"
        )
    with django_db_blocker.unblock():
        valid = set(
            AdministrativeUnit.objects.filter(level="commune", valid_to__isnull=True).values_list(
                "code", flat=True
            )
        )
    invalid = truth.ids("student.residence_commune.invalid")
    assert not {people_by_id[pk].residence_commune_code for pk in invalid} & valid
    parents = {row.student_id for row in made.rows.contacts}
    assert not truth.ids("student.contacts.missing") & parents
    heads = Counter(
        j.unit_id for j in made.rows.employments if j.position in ("01", "05") and j.valid_to is None
    )
    assert all(
        heads[f.id] == 2
        for f in truth.flaws
        if (f.kind, f.code) == ("school", "school.headteacher.more_than_one")
    )


def test_the_database_holds_it(tiny, django_db_blocker):
    made, _, context = tiny
    with django_db_blocker.unblock():
        assert Student.objects.count() == len(made.rows.students)
        assert Enrolment.objects.filter(left_on__isnull=True).count() >= len(made.seats)
        row = Student.objects.get(pk=made.seats[0].student.id)
        assert unseal(row.personal_id_sealed) == made.seats[0].student.personal_id
        assert bytes(row.personal_id_digest) == digest(made.seats[0].student.personal_id)
        assert (row.name_fold, row.sort_key) == (fold(row.full_name), person_sort_key(row.full_name))
        assert made.truth.as_json() == Path(context.truth).read_text(encoding="utf-8")
        # The next row takes the next key.
        last = Contact.objects.order_by("-pk").first()
        fresh = Contact.objects.create(student=row, relation="guardian", full_name="Người Mới")
        assert fresh.pk == last.pk + 1
        fresh.delete()
        assert registry.build(context) is None


def test_the_accounts_of_the_sign_in_page_have_a_place(tiny, django_db_blocker):
    _, _, context = tiny
    with django_db_blocker.unblock():
        teacher = context.actor("giaovien")
        classes = list(queries.classes(teacher))
        assert SchoolClass.objects.filter(homeroom_teacher__account_id=teacher.user_id).exists()
        assert classes
        pupil = Student.objects.get(account__username="hocsinh")
        assert pupil.full_name == get_user_model().objects.get(username="hocsinh").full_name
        children = Contact.objects.filter(account__username="phuhuynh")
        assert pupil.pk in set(children.values_list("student_id", flat=True))
        assert children.count() == 2
        school = Unit.objects.get(code="51.23527.TH1")
        assert ErrorReport.objects.filter(unit=school, state="open").exists()
        assert Transfer.objects.filter(to_unit=school, state="requested").exists()
        assert Staff.objects.get(account__username="hieutruong").employments.get().position == "01"
        on = queries.enrolments(context.actor("hieutruong"), on=date(2025, 9, 30)).count()
        assert on == pytest.approx(
            queries.enrolments(context.actor("hieutruong"), on=TODAY).count(), rel=0.15
        )
        assert Employment.objects.filter(status="retired").exists()
