import random
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.factories.registry import make_class, make_student
from tests.modules.registry.imports.files import (
    STUDENT_HEAD,
    eth,
    messy,
    nfd,
    people,
    pupil,
    student_rows,
    upload,
    xlsx,
)
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.importing import actions, queries
from thongsuot.kit.importing.models import ImportRow
from thongsuot.kit.importing.registry import importer_of
from thongsuot.kit.importing.types import ImportRefused
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.sealing.sealing import unseal
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    SchoolClass,
    Student,
    StudentCharacteristic,
)

KIND = "registry.students"
pytestmark = pytest.mark.django_db


def brought(by, school, rows, *, apply=True, name="hoc-sinh.xlsx", **more):
    options = {"unit": str(school.pk) if school else "", "year": "2026-2027", **more}
    with act_as(by):
        run = actions.start_run(by=by, kind=KIND, upload=upload(xlsx(rows), name), options=options)
        (actions.apply_run if apply else actions.check_run)(by=by, run=run)
    run.refresh_from_db()
    return run


def reasons(run):
    found = ImportRow.objects.filter(run=run, state="rejected").order_by("number")
    return {row.number: [error["reason"] for error in row.errors] for row in found}


def test_a_plain_file_goes_in(clerk, school):
    rows = student_rows(
        [
            pupil("Nguyễn Thị An", code="0100000001", personal_id="051320000001"),
            pupil("Trần Văn Bé", code="HS2", gender="Nam", klass="1B", disability="Nhìn"),
        ]
    )
    run = brought(clerk, school, rows)
    assert reasons(run) == {}
    assert (run.counts["new"], run.counts["rejected"]) == (2, 0)
    first = Student.objects.get(full_name="Nguyễn Thị An")
    assert (first.ministry_code, first.local_code) == ("0100000001", "")
    assert first.birth_date == date(2020, 3, 8)
    second = Student.objects.get(full_name="Trần Văn Bé")
    assert second.characteristics.get().code == "03"
    assert second.enrolments.get().school_class.name == "1B"


def test_twice_gives_nothing_new(clerk, school):
    rows = student_rows(people(30, random.Random(1)))
    assert brought(clerk, school, rows).counts["new"] == 30
    again = brought(clerk, school, messy(people(30, random.Random(1)), random.Random(2)))
    assert reasons(again) == {}
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 30)
    assert Enrolment.objects.count() == 30


def test_everything_that_happens_to_files(clerk, school):
    rows = [
        ["PHÒNG VĂN HÓA - XÃ HỘI"],
        [],
        ["Mã\nlớp", nfd("Họ tên"), "Ngày\nsinh", "Giới tính", "Số định\ndanh cá nhân", "Mã học sinh"],
        ["Lớp 1A"],
        ["1A", nfd("Nguyễn Thị Hoà"), 43898, "Nữ", 1220000001.0, 74000001.0],
        ["Mã lớp", "Họ tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Mã học sinh"],
        ["1a", eth("Đặng Văn Đạt"), "08-03-2020", "nam", "051220000002", "TAM-051220000002"],
        ["1B", "H’Hen Niê", 2020, "Gái", None, None],
        ["1B", None, date(2020, 1, 1), "Nữ", None, "HS4"],
        ["9Z", "Lê Thị Lạc", date(2020, 1, 1), "Nữ", "123456789", None],
        ["Tổng cộng: 5 học sinh"],
        [None, "Người lập biểu", None, None, "Hiệu trưởng"],
    ]
    run = brought(clerk, school, rows)
    assert run.counts["new"] == 3
    assert set(reasons(run)) == {9, 10}
    assert len(reasons(run)[10]) == 2
    passed = ImportRow.objects.filter(run=run, state="passed").values_list("number", flat=True)
    assert sorted(passed) == [4, 6, 11, 12]
    first = Student.objects.get(full_name="Nguyễn Thị Hoà")
    assert (first.birth_date, unseal(first.personal_id_sealed)) == (date(2020, 3, 8), "001220000001")
    assert first.ministry_code == ""
    second = Student.objects.get(full_name="Đặng Văn Đạt")
    # Its provisional code was made of the personal id: that lies sealed.
    assert second.provisional_code.startswith("TAM-")
    assert "051220000002" not in second.provisional_code
    assert (unseal(second.personal_id_sealed), second.gender) == ("051220000002", "male")
    assert second.enrolments.get().school_class.code == "1A"
    third = Student.objects.get(full_name="H’Hen Niê")
    assert (third.birth_date, third.is_birth_year_only) == (date(2020, 1, 1), True)


def test_the_real_code_replaces_the_provisional_one(clerk, school):
    brought(clerk, school, student_rows([pupil("Lê Thị An", code="TAM-051320000009")]))
    rows = student_rows([pupil("Lê Thị An", code="7400000009", personal_id="051320000009")])
    run = brought(clerk, school, rows)
    assert (run.counts["new"], run.counts["changed"]) == (0, 1)
    one = Student.objects.get()
    assert (one.ministry_code, one.provisional_code) == ("7400000009", "")
    row = ImportRow.objects.get(run=run, state="changed")
    assert "051320000009" not in str(row.texts)
    assert brought(clerk, school, rows).counts["unchanged"] == 1


def test_a_change_shows_the_old_value_and_a_move_both_classes(clerk, school):
    brought(clerk, school, student_rows([pupil("Lê Thị An", code="HS1"), pupil("Lê Thị Ba", code="HS2")]))
    later = student_rows(
        [pupil("Lê Thị Ân", code="HS1", disability="Nhìn"), pupil("Lê Thị Ba", code="HS2", klass="1B")]
    )
    run = brought(clerk, school, later, effective_on=date(2026, 10, 1))
    assert (run.counts["changed"], run.counts["moved"]) == (1, 1)
    changed = ImportRow.objects.get(run=run, state="changed")
    assert changed.texts["full_name"] == ["Lê Thị Ân", "Lê Thị An"]
    assert "disability" in changed.before
    moved = ImportRow.objects.get(run=run, state="moved")
    assert moved.texts["class_code"] == ["1B", "1A"]
    old, new = Enrolment.objects.filter(student__local_code="HS2").order_by("entered_on")
    assert (old.left_on, old.exit_type) == (date(2026, 9, 30), "moved_class")
    assert (new.entered_on, new.entry_type, new.school_class.name) == (date(2026, 10, 1), "moved_class", "1B")
    assert Enrolment.objects.get(student__local_code="HS1").student_name == "Lê Thị Ân"


def test_who_is_not_in_the_file_is_named_and_stays(clerk, school):
    brought(clerk, school, student_rows([pupil("Lê Thị An", code="HS1"), pupil("Lê Thị Ba", code="HS2")]))
    run = brought(clerk, school, student_rows([pupil("Lê Thị Ba", code="HS2")]))
    assert run.counts["missing"] == 1
    assert ImportRow.objects.get(run=run, state="missing").key == "Lê Thị An"
    assert Student.objects.count() == Enrolment.objects.filter(left_on=None).count() == 2


def test_leaving_ends_the_spell(clerk, school):
    brought(clerk, school, student_rows([pupil("Lê Thị An", code="HS1")]))
    rows = student_rows([pupil("Lê Thị An", code="HS1", state="Thôi học kỳ 1", since=date(2026, 10, 20))])
    assert brought(clerk, school, rows).counts["changed"] == 1
    spell = Enrolment.objects.get()
    assert (spell.left_on, spell.exit_type, spell.status) == (date(2026, 10, 20), "dropped_out", "05")
    assert brought(clerk, school, rows).counts["unchanged"] == 1


def test_a_pupil_of_another_school_is_refused(clerk, school, province, year):
    theirs = make_class(province.school_b1, year, "1A", code="1A")
    there = make_student(
        province.school_b1,
        "Lê Thị An",
        personal_id="051320000009",
        ministry_code="7400000009",
        school_class=theirs,
    )
    before = Student.objects.filter(pk=there.pk).values().get()
    for code, personal_id in (("7400000009", None), (None, "051320000009")):
        rows = student_rows([pupil("Lê Thị An", code=code, personal_id=personal_id)])
        assert "Chuyển trường" in reasons_of_one(brought_all_refused(clerk, school, rows))
    stranger = student_rows([pupil("Trần Thị Khác", code="7400000009", born=date(2019, 1, 1))])
    assert "người khác" in reasons_of_one(brought_all_refused(clerk, school, stranger))
    assert Student.objects.filter(pk=there.pk).values().get() == before
    assert Student.objects.count() == 1


def brought_all_refused(by, school, rows):
    run = brought(by, school, rows, apply=False)
    assert run.counts["rejected"] == 1
    with act_as(by), pytest.raises(ImportRefused):
        actions.apply_run(by=by, run=run)
    return run


def reasons_of_one(run):
    return next(iter(reasons(run).values()))[0]


def test_a_pupil_who_has_left_another_school_comes_with_the_dossier(clerk, school, province, year):
    theirs = make_class(province.school_b1, year, "1A", code="1A")
    there = make_student(province.school_b1, "Lê Thị An", ministry_code="7400000009", school_class=theirs)
    there.enrolments.update(left_on=date(2026, 9, 20), exit_type="transferred_out")
    run = brought(clerk, school, student_rows([pupil("Lê Thị An", code="7400000009")]))
    assert (run.counts["new"], run.counts["changed"]) == (0, 1)
    there.refresh_from_db()
    assert there.unit_id == school.pk
    assert there.enrolments.get(left_on=None).unit_id == school.pk
    with act_as(clerk):
        actions.undo_run(by=clerk, run=run)
    there.refresh_from_db()
    assert there.unit_id == province.school_b1.pk
    assert there.enrolments.count() == 1


def test_the_wrong_year_is_noticed(clerk, school):
    rows = student_rows([pupil(code=f"HS{n}", since=date(2025, 9, 5)) for n in range(3)])
    assert "2025-2026" in brought(clerk, school, rows, apply=False).message


def test_only_the_own_school(clerk, school, province):
    rows = student_rows([pupil()])
    with pytest.raises(NotAllowed):
        brought(clerk, province.school_b1, rows)
    leader = province.actor("department_leader", "department")
    with pytest.raises(NotAllowed):
        brought(leader, school, rows)
    other = [["Mã trường", *STUDENT_HEAD[1:]], [province.school_b1.code, *pupil()[1:]]]
    run = brought(clerk, school, other, apply=False)
    assert "trường khác" in reasons_of_one(run)
    run = brought(clerk, None, other, apply=False)
    assert run.counts["rejected"] == 1


def test_what_is_kept_of_parents(clerk, school, settings):
    head = [*STUDENT_HEAD, "Họ tên mẹ", "Năm sinh mẹ", "Nghề nghiệp mẹ", "SĐT mẹ"]
    rows = student_rows([[*pupil(code="HS1"), "Lê Thị Mẹ", 1990, "Nông dân", "0912345678"]], head=head)
    run = brought(clerk, school, rows)
    mother = Contact.objects.get()
    assert (mother.full_name, mother.birth_year, mother.phone, mother.occupation) == (
        "Lê Thị Mẹ",
        1990,
        "",
        "",
    )
    assert "0912345678" not in str(list(ImportRow.objects.filter(run=run).values()))
    settings.REGISTRY_KEEP_CONTACTS = "full"
    assert brought(clerk, school, rows).counts["changed"] == 1
    assert Contact.objects.get().phone == "0912345678"
    settings.REGISTRY_KEEP_CONTACTS = "none"
    assert brought(clerk, school, rows).counts["unchanged"] == 1


def snapshot():
    """Everything that an import may write, without what a clock writes."""
    tables = (Student, Enrolment, StudentCharacteristic, Contact, SchoolClass)
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name != "updated_at"}
            for row in model.objects.order_by("pk").values()
        ]
        for model in tables
    }


def test_undo_restores_exactly(clerk, school):
    first = student_rows([pupil("Lê Thị An", code="HS1", disability="Nhìn"), pupil("Lê Ba", code="HS2")])
    brought(clerk, school, first)
    before = snapshot()
    second = student_rows(
        [
            pupil("Lê Thị Ân", code="HS1", disability="Không", ethnicity="Tày", personal_id="051320000009"),
            pupil("Lê Ba", code="HS2", klass="1C"),
            pupil("Lê Tư", code="HS3", klass="1C"),
        ]
    )
    run = brought(clerk, school, second, make_classes=True, effective_on=date(2026, 10, 1))
    assert (run.counts["new"], run.counts["changed"], run.counts["moved"]) == (1, 1, 1)
    assert snapshot() != before
    with act_as(clerk):
        actions.undo_run(by=clerk, run=run)
    run.refresh_from_db()
    assert snapshot() == before
    assert (run.counts["undone"], run.counts["kept"]) == (3, 0)


def test_undo_leaves_whom_somebody_has_worked_on(clerk, school):
    run = brought(clerk, school, student_rows([pupil("Lê An", code="HS1"), pupil("Lê Ba", code="HS2")]))
    Student.objects.filter(local_code="HS1").update(phone="0912345678")
    with act_as(clerk):
        actions.undo_run(by=clerk, run=run)
    run.refresh_from_db()
    assert (run.counts["undone"], run.counts["kept"]) == (1, 1)
    assert Student.objects.get().local_code == "HS1"
    assert Enrolment.objects.get().student_name == "Lê An"


def test_the_error_file_gives_back_the_rows(clerk, school):
    rows = student_rows([pupil("Lê An", code="HS1"), pupil("Lê Ba", born="hôm qua"), pupil(None, code="HS3")])
    run = brought(clerk, school, rows)
    with queries.error_file(run, importer_of(KIND)) as made:
        lines = CalamineWorkbook.from_filelike(made).get_sheet_by_index(0).to_python()
    assert [line[3] for line in lines[1:]] == ["Lê Ba", ""]
    assert all(line[-1] for line in lines[1:])


@settings_of(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), number=st.integers(1, 25), bad=st.integers(0, 6))
def test_no_row_is_lost(clerk, school, seed, number, bad):
    """Rows in = new + changed + moved + unchanged + rejected, each with a reason; twice gives nothing new."""
    luck = random.Random(seed)
    with transaction.atomic():
        there = people(number, luck)
        for _ in range(bad):
            spoiled = luck.choice(there)
            spoiled[luck.choice([1, 3, 4, 5, 10])] = luck.choice([None, "???", "32/13/2020", "9Z"])
        rows = messy(there, luck)
        run = brought(clerk, school, rows, apply=False)
        counts = run.counts
        outcomes = ("new", "changed", "moved", "unchanged", "rejected")
        assert sum(counts[name] for name in outcomes) == number
        data = [n for n, row in enumerate(rows, start=1) if any(row)]
        listed = ImportRow.objects.filter(run=run).exclude(state="missing").values_list("number", flat=True)
        # Everything below the head is accounted for: by an outcome, or as a line that is no data.
        assert sorted(listed) == [n for n in data if n > run.header_row + 1]
        assert all(reasons(run).values())
        if counts["new"]:
            applied = brought(clerk, school, rows)
            assert {n: applied.counts[n] for n in outcomes} == {n: counts[n] for n in outcomes}
            again = brought(clerk, school, rows, apply=False)
            assert again.counts["new"] == again.counts["changed"] == again.counts["moved"] == 0
            assert Student.objects.count() == counts["new"]
        transaction.set_rollback(True)
