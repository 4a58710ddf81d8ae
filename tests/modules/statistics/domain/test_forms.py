"""Forms as data: read with errors that name the cell, computed and checked by hand."""

from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kit.accounts.types import Refused
from thongsuot.modules.statistics.domain.form import Desk, FormFault
from thongsuot.modules.statistics.domain.form_checks import FindingKind, check_form, shown
from thongsuot.modules.statistics.domain.form_layout import Sheet, with_decimals
from thongsuot.modules.statistics.domain.form_reading import check_forms, parse_form
from thongsuot.modules.statistics.domain.form_values import values_of

STUDENTS = "registry.students"
DATA = {
    "code": "T-1",
    "slug": "t-1",
    "name": "Biểu thử",
    "period": "start_of_year",
    "as_of": {"month": 9, "day": 30},
    "due": {"school": {"month": 10, "day": 5}, "department": {"month": 1, "day": 31, "next_year": True}},
    "levels": ["primary"],
    "where": {STUDENTS: {"level": "primary"}},
    "sections": [
        {
            "code": "I",
            "name": "Học sinh",
            "columns": [
                {"code": "1", "name": "Tổng số"},
                {"code": "2", "name": "Nữ", "group": "Chia ra", "part_of": "1", "where": {"sex": "female"}},
                {"code": "3", "name": "Nam", "group": "Chia ra", "formula": "[1] - [2]"},
            ],
            "rows": [
                {"code": "A01", "name": "Học sinh", "compared": True, "measure": {"fact": STUDENTS}},
                {
                    "code": "A02",
                    "name": "Lớp 1",
                    "indent": 1,
                    "part_of": "A01",
                    "measure": {"fact": STUDENTS, "where": {"grade": 1}},
                },
                {"code": "A03", "name": "Tỷ lệ lớp 1", "formula": "A02 / A01 * 100", "decimals": 2},
                {"code": "A04", "name": "Cả hai hàng", "formula": "sum(A01.1:A02.1)", "columns": ["1"]},
            ],
        }
    ],
    "checks": [
        {"code": "K1", "kind": "equal", "left": "A01.1", "right": "A01.2 + A01.3", "name": "Nam và nữ"},
        {"code": "K2", "kind": "at_most", "left": "A02.1", "right": "A01.1"},
    ],
}


def form(**changed):
    return parse_form({**deepcopy(DATA), **changed}, "tệp t.json")


def measured(total, girls, first, first_girls):
    cells = form().cells
    numbers = {"A01.1": total, "A01.2": girls, "A02.1": first, "A02.2": first_girls}
    return {cells[code].measure: Decimal(number) for code, number in numbers.items()}


def test_cells_by_hand():
    """30 pupils, 16 girls; 8 in grade 1, 3 girls. 8 / 30 = 26.666..., half up 26.67; boys 14 and 5: 5/14 = 35.714."""
    found = values_of(form(), measured(30, 16, 8, 3))
    assert found == {
        "A01.1": 30, "A01.2": 16, "A01.3": 14, "A02.1": 8, "A02.2": 3, "A02.3": 5,
        "A03.1": Decimal("26.67"), "A03.2": Decimal("18.75"), "A03.3": Decimal("35.71"), "A04.1": 38,
    }  # fmt: skip


def test_a_share_of_nothing_is_left_out_and_zero_is_kept():
    found = values_of(form(), {})
    assert found["A01.1"] == 0
    assert "A03.1" not in found


def test_the_shared_condition_and_that_of_the_column_both_narrow():
    one = form().cells["A02.2"].measure
    assert {part.dimension for part in one.where.parts} == {"level", "grade", "sex"}


def test_days():
    assert form().day(2026) == date(2026, 9, 30)
    assert form().last_day(Desk.DEPARTMENT, 2026) == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": [{"code": "A01", "name": "x", "measure": {"fact": "registry.none"}}]}, "ô A01.1: không có bảng"),
        ({"rows": [{"code": "A01", "name": "x", "formula": "A09.1"}]}, "ô A01.1: không có ô A09.1"),
        ({"rows": [{"code": "A01", "name": "x", "formula": "1 +"}]}, "không đọc được công thức “1 +”"),
        ({"rows": [{"code": "A01", "name": "x", "formula": "A02"}, {"code": "A02", "name": "y", "formula": "A01"}]},
         "các ô tính vòng quanh nhau"),
        ({"rows": [{"code": "A01", "name": "x"}]}, "cần “measure” hoặc “formula”"),
        ({"rows": [{"code": "A01", "name": "x", "formula": "1", "colour": 1}]}, "không hiểu mục “colour”"),
        ({"rows": [{"code": "A01", "name": "x", "formula": "1"}] * 2}, "hàng A01 có hai lần"),
        ({"rows": [{"code": "A01", "name": "x", "formula": "1", "part_of": "A07"}]}, "A01 là phần của A07"),
        ({"rows": [{"code": "A01", "name": "x", "measure": {"fact": STUDENTS, "where": {"moon": 1}}}]},
         "ô A01.1: bảng “registry.students” không có chiều “moon”"),
        ({"columns": []}, "“columns” cần một danh sách không trống"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(change, said):
    section = {**deepcopy(DATA["sections"][0]), "columns": [{"code": "1", "name": "Tổng số"}], **change}
    with pytest.raises((FormFault, Refused)) as error:
        form(sections=[section], checks=[])
    assert str(error.value).startswith("tệp t.json")
    assert said in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [{"as_of": {"month": 2, "day": 29}}, {"period": "never"}, {"tolerance_percent": -1}, {"slug": "Đ"}],
)
def test_fields_of_the_form_are_checked(wrong):
    with pytest.raises(FormFault):
        form(**wrong)


def test_checks_between_forms_name_what_exists():
    across = [{"code": "X", "kind": "equal", "left": "A01.1", "right": "B09.1", "right_form": "T-2"}]
    one, other = form(checks=across), form(code="T-2", slug="t-2")
    with pytest.raises(FormFault, match=r"không có biểu T-2"):
        check_forms([one])
    with pytest.raises(FormFault, match=r"biểu T-2 không có ô B09.1"):
        check_forms([one, other])


def test_findings_between_cells_and_across_forms():
    values = {"A01.1": Decimal(30), "A01.2": Decimal(16), "A01.3": Decimal(13), "A02.1": Decimal(31)}
    found = {one.code: one for one in check_form(form(), values)}
    assert found["K1"].message == "Nam và nữ: 30 khác 29"
    assert found["K2"].message == "A02.1 / A01.1: 31 lớn hơn 30"
    assert found["part"].cells == ("A02.1", "A01.1")
    across = [
        {
            "code": "X",
            "kind": "equal",
            "left": "A01.1",
            "right": "A01.1",
            "right_form": "T-2",
            "name": "Sĩ số",
        }
    ]
    crossed = form(checks=across)
    assert check_form(crossed, {"A01.1": Decimal(2)}) == []
    (said,) = check_form(crossed, {"A01.1": Decimal(2)}, others={"T-2": {"A01.1": Decimal(3)}})
    assert said.message == "Sĩ số: 2 khác 3 ở biểu T-2"


@pytest.mark.parametrize(("now", "asked"), [(110, False), (111, True), (90, False), (89, True), (100, False)])
def test_beyond_ten_percent_asks_for_a_reason(now, asked):
    """Exactly ten percent is still within the tolerance."""
    found = check_form(form(checks=[]), {"A01.1": Decimal(now)}, {"A01.1": Decimal(100)})
    assert [one.kind for one in found] == ([FindingKind.REASON] if asked else [])


def test_small_changes_are_not_asked_about_and_new_figures_are():
    small = form(checks=[], least_change=5)
    assert check_form(small, {"A01.1": Decimal(6)}, {"A01.1": Decimal(2)}) == []
    (new,) = check_form(small, {"A01.1": Decimal(5)}, {"A01.1": Decimal(0)})
    assert "năm trước không có" in new.message


def test_the_paper():
    sheet = Sheet(
        form(), "Trường A", "A1", "UBND xã A", date(2026, 9, 30), values_of(form(), measured(1234, 0, 0, 0))
    )
    (block,) = sheet.blocks
    top, below = block.head
    assert [(one.text, one.at, one.columns, one.rows) for one in top] == [
        ("Tổng số", 0, 1, 2),
        ("Chia ra", 1, 2, 1),
    ]
    assert [one.text for one in below] == ["Nữ", "Nam"]
    numbers = [[place.number for place in line.places] for line in block.lines]
    assert numbers == [["1.234", "0", "1.234"], ["0", "0", "0"], ["0,00", "", "0,00"], ["1.234", "x", "x"]]


def test_numbers_as_readers_write_them():
    assert (shown(Decimal("1234567.50")), shown(Decimal(100)), with_decimals(Decimal("1234.5"), 2)) == (
        "1.234.567,5", "100", "1.234,50",
    )  # fmt: skip


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=1, max_size=5))
def test_counts_of_parts_add_up_to_the_whole(schools):
    """What is counted, and sums and differences of it, is additive over units; shares are computed anew."""
    each = [values_of(form(), measured(*one)) for one in schools]
    whole = values_of(form(), measured(*(sum(column) for column in zip(*schools, strict=True))))
    for code in ("A01.1", "A01.2", "A01.3", "A02.3", "A04.1"):
        assert whole[code] == sum(one[code] for one in each)
    total, first = whole["A01.1"], whole["A02.1"]
    assert whole.get("A03.1") == (None if total == 0 else Decimal(with_half_up(first, total)))


def with_half_up(part, whole):
    hundredths = (2 * 10000 * int(part) + int(whole)) // (2 * int(whole))
    return f"{hundredths // 100}.{hundredths % 100:02}"
