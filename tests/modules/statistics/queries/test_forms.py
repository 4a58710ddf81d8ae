"""Forms computed from records: by hand, as of past days, equal at school, commune and province; written as files."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_enrolment, make_room, make_staff, make_student
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.modules.organization.models import School
from thongsuot.modules.registry.models import Enrolment, StudentCharacteristic, YearResult
from thongsuot.modules.statistics.queries.computing import compute, compute_all
from thongsuot.modules.statistics.queries.forms import check, file_forms, form, forms
from thongsuot.modules.statistics.queries.forms_csv import form_csv
from thongsuot.modules.statistics.queries.forms_pdf import form_pdf
from thongsuot.modules.statistics.queries.forms_sdmx import forms_sdmx
from thongsuot.modules.statistics.queries.forms_sheet import cell_rows, live_sheet, may_open
from thongsuot.modules.statistics.queries.forms_xlsx import form_xlsx
from thongsuot.modules.statistics.types import NoForm

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 30)


@pytest.fixture
def world():
    """School A1 (primary): 1A with three girls (one of a minority) and a boy, 2A with two boys, one of whom drops out
    on 15 October; two teachers, one classroom. School B1 (primary): 1B with one girl."""
    p = make_province()
    year = make_school_year(2026)
    one_a, two_a = make_class(p.school_a1, year, grade=1), make_class(p.school_a1, year, grade=2)
    one_b = make_class(p.school_b1, year, grade=1)
    for ethnicity in ("01", "01", "19"):
        make_student(p.school_a1, school_class=one_a, ethnicity=ethnicity, birth_date=date(2020, 5, 1))
    make_student(p.school_a1, school_class=one_a, gender="male", birth_date=date(2020, 5, 1))
    make_student(p.school_a1, school_class=two_a, gender="male", birth_date=date(2019, 5, 1))
    gone = make_student(p.school_a1, gender="male", birth_date=date(2019, 5, 1))
    make_enrolment(gone, two_a, left_on=date(2026, 10, 15), exit_type="dropped_out")
    make_student(p.school_b1, school_class=one_b, birth_date=date(2020, 5, 1))
    make_staff(p.school_a1)
    make_staff(p.school_a1, gender="male")
    make_room(p.school_a1)
    p.year = year
    return p


def test_the_forms_of_the_product_can_be_read():
    assert [one.code for one in forms(DAY)] == [
        "01.ĐN-MN", "02.ĐN-TH", "03.ĐN-THCS", "04.ĐN-THPT", "01.CN-MN", "02.CN-TH", "03.CN-THCS", "04.CN-THPT",
    ]  # fmt: skip
    assert all(one.day(2026) in (date(2026, 9, 30), date(2027, 5, 31)) for one in file_forms())


def test_a_form_that_is_not_there():
    with pytest.raises(NoForm, match=r"Không có biểu “99\.X”"):
        form("99.X", DAY)


def test_cells_counted_by_hand(world):
    found = compute(form("02.ĐN-TH", DAY), [world.school_a1.pk, world.department.pk], DAY)
    school, province = found[world.school_a1.pk], found[world.department.pk]
    # 6 pupils: 4 in grade 1, 2 in grade 2; 3 girls, all in grade 1; one of a minority.
    assert [school[f"C01.{n}"] for n in range(1, 7)] == [6, 4, 2, 0, 0, 0]
    assert [school[f"C02.{n}"] for n in range(1, 4)] == [3, 3, 0]
    assert (school["C03.1"], school["C04.1"]) == (1, 1)
    # Born in 2020: 6 years; in 2019: 7.
    assert (school["D02.1"], school["D03.1"], school["D02.2"]) == (4, 2, 3)
    # Two teachers, a woman and a man; two classes; one room: 6 / 2, 2 / 2, 1 / 2.
    assert (school["E03.1"], school["E03.2"]) == (2, 1)
    assert (school["B06.1"], school["E10.1"], school["G07.1"]) == (3, 1, Decimal("0.5"))
    # No pupil in a third grade: no mean, not zero.
    assert "B06.4" not in school
    assert (province["C01.1"], province["B01.1"], province["B06.1"]) == (7, 3, Decimal("2.3"))
    assert province["A01.1"] == School.objects.filter(levels=["primary"]).count()


def test_a_past_day_stays_what_it_was(world):
    the_form = form("02.ĐN-TH", DAY)
    before, after = (
        compute(the_form, [world.school_a1.pk], day)[world.school_a1.pk] for day in (DAY, date(2026, 11, 1))
    )
    assert (before["C01.3"], after["C01.3"]) == (2, 1)


def test_the_end_of_the_year_counts_who_left(world):
    found = compute(form("02.CN-TH", DAY), [world.commune_a.pk], date(2026, 11, 1))[world.commune_a.pk]
    # One of six dropped out: 16.67 percent.
    assert (found["H01.1"], found["H05.1"], found["H06.1"]) == (1, 6, Decimal("16.67"))


def test_year_results_are_reported_on_the_last_day_of_the_year(world):
    """1A: two promoted, one held back, one assessed again in the summer; 2A: of the one who stayed nobody has said;
    5A: one promoted, which completes primary school, one not. Of the dropped out boy nothing is asked."""
    last_day, the_form = date(2027, 5, 31), form("02.CN-TH", DAY)
    school = world.school_a1

    def cells(day=last_day):
        found = compute(the_form, [school.pk], day)[school.pk]
        return [found.get(f"K0{n}.1") for n in range(1, 7)]

    assert cells() == [5, 0, 0, 0, 5, None]
    five = make_class(school, world.year, grade=5)
    eldest = [make_student(school, school_class=five, birth_date=date(2016, 5, 1)) for _number in range(2)]
    first = Enrolment.objects.filter(unit=school, grade=1).order_by("pk").values_list("student", flat=True)
    pupils = [*first, *(one.pk for one in eldest)]
    decisions = ("promoted", "promoted", "retained", "again", "promoted", "retained")
    for pupil, said in zip(pupils, decisions, strict=True):
        YearResult.objects.create(
            student_id=pupil, unit=school, school_year=world.year, grade=1, promotion=said
        )
    # 7 stayed to the end: 2 promoted, 1 completed, 2 held back, 2 not known; (2 + 1) / 5 = 60%.
    assert cells() == [7, 2, 1, 2, 2, 60]
    next_year = make_school_year(2027)
    again = Enrolment.objects.filter(student_id=pupils[3])
    again.update(left_on=last_day, exit_type="year_end")
    make_enrolment(
        again.get().student,
        make_class(school, next_year, grade=2),
        entry_type="promoted",
        entered_on=date(2027, 9, 5),
    )
    # The summer has decided: 3 promoted, 1 not known; (3 + 1) / 6 = 66.67%.
    assert cells() == [7, 3, 1, 2, 1, Decimal("66.67")]


def test_one_statement_for_each_fact_table(world, django_assert_max_num_queries):
    wanted = file_forms()
    facts = {one.fact for each in wanted for one in each.measures}
    # Besides: the units, and setting the actor of the system before and after.
    with django_assert_max_num_queries(len(facts) + 6):
        compute_all(wanted, [world.department.pk, world.commune_a.pk, world.school_a1.pk], DAY)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pupils=st.lists(
        st.tuples(
            st.sampled_from(["school_a1", "school_b1", "school_b2"]),
            st.integers(1, 9),
            st.sampled_from(["male", "female", ""]),
            st.sampled_from(["01", "19", ""]),
            st.integers(2010, 2021),
            st.sampled_from(["", "poor", "near_poor"]),
            st.sampled_from(["", "promoted", "again", "retained"]),
        ),
        max_size=10,
    ),
    staff=st.lists(st.sampled_from(["school_a2", "school_b2", "upper_school"]), max_size=3),
    # Of the start and of the end of the year: each reads other facts.
    day=st.sampled_from([DAY, date(2027, 5, 31)]),
)
def test_schools_add_up_to_communes_and_these_to_the_province(world, pupils, staff, day):
    for unit, grade, sex, ethnicity, born, poverty, decision in pupils:
        room = make_class(getattr(world, unit), world.year, grade=grade)
        one = make_student(
            room.unit,
            school_class=room,
            gender=sex,
            ethnicity=ethnicity,
            birth_date=date(born, 1, 2),
            personal_id="",
        )
        if poverty:
            StudentCharacteristic.objects.create(
                student=one, unit=room.unit, kind="poverty", code=poverty, valid_from=date(2026, 9, 5)
            )
        YearResult.objects.create(
            student=one, unit=room.unit, school_year=world.year, grade=grade, promotion=decision
        )
    for unit in staff:
        make_staff(getattr(world, unit))
        make_room(getattr(world, unit), build="temporary")
    schools = (world.school_a1, world.school_a2, world.school_b1, world.school_b2, world.upper_school)
    communes = (world.commune_a, world.commune_b)
    units = [one.pk for one in (*schools, *communes, world.department)]
    for code, found in compute_all(file_forms(), units, day).items():
        for cell in form(code, day).cells.values():
            if cell.measure is None:
                continue
            numbers = {unit_id: values[cell.code] for unit_id, values in found.items()}
            assert numbers[world.commune_a.pk] == sum(numbers[one.pk] for one in schools[:2])
            assert numbers[world.department.pk] == sum(numbers[one.pk] for one in schools)
            assert numbers[world.department.pk] == sum(
                numbers[one.pk] for one in (*communes, world.upper_school)
            )


def test_who_has_no_birth_date_is_found_by_the_checks(world):
    make_student(
        world.school_a1, birth_date=None, personal_id="", school_class=make_class(world.school_a1, world.year)
    )
    the_form = form("02.ĐN-TH", DAY)
    found = check(the_form, compute(the_form, [world.school_a1.pk], DAY)[world.school_a1.pk])
    assert [one.message for one in found] == ["Học sinh theo tuổi cộng lại bằng tổng số: 7 khác 6"]


def test_rows_behind_a_cell_within_ones_rights(world):
    the_form = form("02.ĐN-TH", DAY)
    girls, disabled = the_form.cells["C02.1"], the_form.cells["C05.1"]
    principal = world.actor("principal", "school_a1")
    assert cell_rows(principal, the_form, girls, world.school_a1.pk, DAY).rows.count() == 3
    assert cell_rows(principal, the_form, the_form.cells["B06.1"], world.school_a1.pk, DAY) is None
    commune = world.actor("commune_officer", "commune_a")
    assert not may_open(commune, disabled, world.school_a1.pk)
    with pytest.raises(NotAllowed):
        cell_rows(commune, the_form, disabled, world.school_a1.pk, DAY)
    other = world.actor("principal", "school_b1")
    assert cell_rows(other, the_form, girls, world.school_a1.pk, DAY).rows.count() == 0


def test_xlsx_in_the_layout_of_the_paper(world):
    sheet = live_sheet(form("02.ĐN-TH", DAY), world.school_a1, DAY)
    book = CalamineWorkbook.from_filelike(io.BytesIO(form_xlsx(sheet)))
    page = book.get_sheet_by_index(0)
    lines = page.to_python()
    texts = [cell for line in lines for cell in line if cell != ""]
    assert "Biểu số: 02.ĐN-TH" in texts
    assert "Đơn vị báo cáo: Trường Tiểu học An Bình" in texts
    assert "Số liệu tính đến ngày 30/09/2026" in texts
    assert {"NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"} <= set(texts)
    pupils = next(line for line in lines if line[1] == "C01")
    assert pupils[3:9] == [6, 4, 2, 0, 0, 0]
    teachers = next(line for line in lines if line[1] == "E10")
    assert teachers[3:8] == [1, "x", "x", "x", "x"]
    # "Chia ra" stretches over the five grades.
    assert any(end[1] - start[1] == 4 for start, end in page.merged_cell_ranges)


def test_pdf_and_csv(world):
    sheet = live_sheet(form("02.ĐN-TH", DAY), world.school_a1, DAY)
    made = form_pdf(sheet)
    assert made.startswith(b"%PDF-1.7")
    assert made == form_pdf(sheet)
    lines = list(csv.reader(io.StringIO(form_csv(sheet).decode("utf-8-sig"))))
    assert len(lines) == 1 + len(sheet.form.cells)
    by_cell = {line[6]: line[-1] for line in lines}
    assert (by_cell["C01.1"], by_cell["B06.4"]) == ("6", "")


def test_sdmx_json_2_says_the_same(world):
    """Fields as in the schema of the data message 2.0.0: what it requires is there, nothing that it does not know."""
    sheets = [live_sheet(form("02.ĐN-TH", DAY), unit, DAY) for unit in (world.school_a1, world.school_b1)]
    message = json.loads(json.dumps(forms_sdmx(sheets, prepared=datetime(2026, 10, 1, tzinfo=UTC))))
    assert set(message) == {"meta", "data", "errors"}
    assert {"id", "prepared", "sender"} <= set(message["meta"]) <= {
        "schema", "id", "test", "prepared", "contentLanguages", "name", "names", "sender", "receivers", "links",
    }  # fmt: skip
    (structure,), (data_set,) = message["data"]["structures"], message["data"]["dataSets"]
    assert set(data_set) == {
        "structure", "action", "links", "reportingBegin", "reportingEnd", "attributes", "observations",
    }  # fmt: skip
    assert set(structure["dimensions"]) == {"dataSet", "observation"}
    dimensions = structure["dimensions"]["observation"]
    for one in (*structure["dimensions"]["dataSet"], *dimensions):
        assert {"id", "keyPosition", "values"} <= set(one)
        assert all("value" in value or {"id", "name"} <= set(value) for value in one["values"])
        assert len({json.dumps(value) for value in one["values"]}) == len(one["values"]) > 0
    attributes = structure["attributes"]
    for one in (*attributes["dataSet"], *attributes["observation"]):
        assert {"id", "relationship", "values"} <= set(one)
        assert len(one["relationship"]) == 1
    places = [{value["id"]: at for at, value in enumerate(one["values"])} for one in dimensions]
    assert [one["id"] for one in dimensions] == ["REF_AREA", "ROW", "COLUMN"]
    key = ":".join(str(places[n][code]) for n, code in enumerate((world.school_a1.code, "C01", "III_2")))
    value, unit, decimals, confidence = data_set["observations"][key]
    assert value == 4
    named = attributes["observation"]
    assert named[0]["values"][unit] == {"value": "học sinh"}
    assert named[1]["values"][decimals] == {"value": "0"}
    assert named[2]["values"][confidence]["id"] == "V2"
    counts = [len(one["values"]) for one in dimensions]
    for place in data_set["observations"]:
        assert all(int(part) < most for part, most in zip(place.split(":"), counts, strict=True))


def test_one_message_is_of_one_form(world):
    sheets = [live_sheet(form(code, DAY), world.school_a1, DAY) for code in ("02.ĐN-TH", "02.CN-TH")]
    with pytest.raises(ValueError, match="one form"):
        forms_sdmx(sheets, prepared=datetime(2026, 10, 1, tzinfo=UTC))


def test_the_command(world, capsys, tmp_path):
    call_command("statistics", "02-dn-th", "--unit", world.school_a1.code, "--as-of", "2026-09-30", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["form"], found["as_of"], found["unit"]["code"]) == (
        "02.ĐN-TH",
        "2026-09-30",
        world.school_a1.code,
    )
    assert (found["cells"]["C01.1"], found["cells"]["G07.1"], found["cells"]["B06.4"]) == (6, 0.5, None)
    assert found["findings"] == []
    call_command("statistics", "02-dn-th", "--unit", world.school_a1.code, "--as-of", "2026-09-30")
    assert "C01  Học sinh" in capsys.readouterr().out
    path = tmp_path / "b.xlsx"
    call_command("statistics", "02-dn-th", "--as-of", "2026-09-30", "--out", str(path))
    assert path.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["99.X"], "Không có biểu “99.X”"),
        (["02-dn-th", "--unit", "không có"], "Không có đơn vị mã không có."),
        (["02-dn-th", "--as-of", "30/9"], "cần dạng 2026-09-30"),
    ],
)
def test_the_command_says_what_is_wrong(world, capsys, wrong, said):
    with pytest.raises(SystemExit) as stopped:
        call_command("statistics", *wrong)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
