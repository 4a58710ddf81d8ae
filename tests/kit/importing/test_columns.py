import contextlib
from datetime import date, datetime
from decimal import Decimal as Number

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kit.importing.columns import (
    Ambiguous,
    Boolean,
    Choice,
    Code,
    Date,
    Decimal,
    Integer,
    Reference,
    Text,
    text_of,
)
from thongsuot.kit.importing.types import CellError

DAY = date(2015, 9, 5)


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        datetime(2015, 9, 5, 7, 30),
        "05/09/2015",
        "5/9/2015",
        "5-9-2015",
        "05.09.2015",
        "2015-09-05",
        "2015-09-05T00:00:00",
        "05/09/2015 00:00:00",
        "5/9/15",
        "ngày 5 tháng 9 năm 2015",
        " 05 / 09 / 2015 ",
        42252,
        42252.0,
        "42252",
    ],
)
def test_dates(cell):
    assert Date("d", "Ngày").read(cell) == DAY


@pytest.mark.parametrize(
    "cell", ["13/13/2015", "09/25/2015", "31/02/2015", "2015", "x", 5, "5/2015", True, "1/1/0001"]
)
def test_no_dates(cell):
    with pytest.raises(CellError):
        Date("d", "Ngày").read(cell)


def test_date_within_bounds():
    with pytest.raises(CellError):
        Date("d", "Ngày", earliest=date(2020, 1, 1)).read("05/09/2015")
    assert Date("d", "Ngày").read("1/2/58") == date(1958, 2, 1)


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)))
def test_dates_as_people_write_them(day):
    column = Date("d", "Ngày")
    assert column.read(f"{day.day}/{day.month}/{day.year}") == day
    assert column.read(column.show(day)) == day
    assert column.decode(column.encode(day)) == day


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (Code("c", "Mã"), "00123", "00123"),
        (Code("c", "Mã", width=5), 123.0, "00123"),
        (Code("c", "Mã", width=5), "A1", "A1"),
        (Code("c", "Mã"), " 79 123 ", "79123"),
        (Code("c", "Mã"), "'001", "001"),
        (Code("c", "Mã"), 79123456789.0, "79123456789"),
        (Code("c", "Mã", upper=True), "ab1", "AB1"),
        (Integer("n", "Số"), "1.234.567", 1234567),
        (Integer("n", "Số"), "1,234", 1234),
        (Integer("n", "Số"), "1 234", 1234),
        (Integer("n", "Số"), 7.0, 7),
        (Integer("n", "Số"), "-5", -5),
        (Decimal("n", "Số"), "8,5", Number("8.5")),
        (Decimal("n", "Số"), "8.5", Number("8.5")),
        (Decimal("n", "Số"), "1.234.567,8", Number("1234567.8")),
        (Decimal("n", "Số"), "1,234,567.8", Number("1234567.8")),
        (Decimal("n", "Số"), "1.234.567", Number("1234567")),
        (Decimal("n", "Số"), "95 %", Number("95")),
        (Decimal("n", "Số"), 8.25, Number("8.25")),
        (Text("t", "Chữ"), " Ðặng\n Thị\u00a0 Ba ", "Đặng Thị Ba"),
        (Text("t", "Chữ"), 5.0, "5"),
        (Boolean("b", "Có"), "X", True),
        (Boolean("b", "Có"), "không", False),
        (Boolean("b", "Có"), 1.0, True),
        (Boolean("b", "Có"), None, None),
        (Boolean("b", "Có", empty_is_no=True), "", False),
        (Choice("k", "Loại", choices=[("public", "Công lập"), ("private", "Tư thục")]), "CONG LAP", "public"),
        (Choice("k", "Loại", choices=[("public", "Công lập")]), "Public", "public"),
        (Choice("k", "Loại", choices=[(1, "Một")], also={"I": 1}), "i", 1),
    ],
)
def test_cells(column, cell, expected):
    assert column.read(cell) == expected


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (Code("c", "Mã"), 1.5),
        (Code("c", "Mã"), 1.2345678901234567e19),
        (Code("c", "Mã", pattern=r"\d{5}"), "12"),
        (Integer("n", "Số"), 1.5),
        (Integer("n", "Số"), "1.5"),
        (Integer("n", "Số"), "năm"),
        (Integer("n", "Số", least=1), 0),
        (Integer("n", "Số", most=9), 10),
        (Decimal("n", "Số"), "x"),
        (Decimal("n", "Số"), "NaN"),
        (Decimal("n", "Số", most=10), "10,5"),
        (Text("t", "Chữ", required=True), "  "),
        (Text("t", "Chữ", max_length=3), "abcd"),
        (Boolean("b", "Có"), "có thể"),
        (Choice("k", "Loại", choices=[("a", "A")]), "B"),
    ],
)
def test_refused_cells(column, cell):
    with pytest.raises(CellError) as caught:
        column.read(cell)
    assert str(caught.value)


def test_more_checks_of_a_value():
    def even(value):
        if value % 2:
            raise CellError("Phải chẵn.")
        return value

    assert Integer("n", "Số", check=even).read("4") == 4
    with pytest.raises(CellError, match="Phải chẵn"):
        Integer("n", "Số", check=even).read("5")


def test_reference():
    column = Reference("r", "Đơn vị", resolver=lambda texts, actor: {"A": 1, "B": Ambiguous(["B1", "B2"])})
    prepared = column.prepare({"A", "B", "C"}, None)
    assert column.read(" A ", prepared) == 1
    for text, reason in (("B", "nhiều kết quả: B1; B2"), ("C", "Không tìm thấy")):
        with pytest.raises(CellError, match=reason):
            column.read(text, prepared)


def test_text_of():
    assert text_of(datetime(2026, 9, 5, 7, 30)) == "05/09/2026 07:30"
    assert text_of(1e20) == "100000000000000000000"
    assert text_of(False) == "Không"


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)


@given(cells)
def test_no_cell_breaks_a_column(cell):
    for kind in (Text, Code, Date, Integer, Decimal, Boolean):
        with contextlib.suppress(CellError):
            kind("a", "a").read(cell)
