from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.documents.domain.numbering import (
    date_line,
    document_number,
    document_symbol,
    ended,
    heading_numbers,
    item_marker,
    letter,
    number_and_symbol,
    roman,
    signing_lines,
    type_abbreviation,
)
from thongsuot.modules.documents.types import SigningMode


@pytest.mark.parametrize(("number", "shown"), [(1, "01"), (9, "09"), (10, "10"), (535, "535")])
def test_numbers_below_ten_take_a_leading_zero(number, shown):
    assert document_number(number) == shown


def test_number_zero_does_not_exist():
    with pytest.raises(ValueError):
        document_number(0)


def test_symbols():
    assert document_symbol(type_abbreviation="BC", agency="SGDĐT") == "BC-SGDĐT"
    assert document_symbol(type_abbreviation="", agency="SGDĐT", office="QLCLGDCNTT") == "SGDĐT-QLCLGDCNTT"
    assert number_and_symbol(5, "BC-SGDĐT") == "Số: 05/BC-SGDĐT"
    assert number_and_symbol(None, "BC-SGDĐT") == "Số:      /BC-SGDĐT"


def test_days_below_ten_and_months_one_and_two_take_a_zero():
    assert date_line("Quảng Ngãi", date(2026, 2, 5)) == "Quảng Ngãi, ngày 05 tháng 02 năm 2026"
    assert date_line("Quảng Ngãi", date(2026, 3, 15)) == "Quảng Ngãi, ngày 15 tháng 3 năm 2026"
    assert date_line("Sa Thầy", None, date(2026, 3, 1)) == "Sa Thầy, ngày      tháng 3 năm 2026"


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({"mode": SigningMode.HEAD, "head_title": "Giám đốc"}, ("GIÁM ĐỐC",)),
        (
            {"mode": SigningMode.KT, "head_title": "Giám đốc", "signer_title": "Phó Giám đốc"},
            ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        ),
        (
            {"mode": SigningMode.KT, "head_title": "Chủ tịch", "signer_title": "Phó Chủ tịch"}
            | {"body": "Ủy ban nhân dân"},
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
        (
            {"mode": SigningMode.TL, "head_title": "Giám đốc", "signer_title": "Chánh Văn phòng"},
            ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"),
        ),
        ({"mode": SigningMode.ACTING, "head_title": "Giám đốc"}, ("Q. GIÁM ĐỐC",)),
    ],
)
def test_signing_lines(given, lines):
    assert signing_lines(**given) == lines


def test_headings_restart_under_their_parent():
    assert heading_numbers([1, 2, 2, 3, 3, 1, 2, 3]) == ["I.", "1.", "2.", "a)", "b)", "II.", "1.", "a)"]


@given(st.integers(1, 399))
def test_roman_numbers_read_back(number):
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    digits = [values[one] for one in roman(number)]
    assert sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True)) == number


def test_letters_follow_the_vietnamese_alphabet():
    assert [letter(index) for index in range(8)] == list("abcdđegh")
    assert letter(23) == "aa"


def test_items_and_endings():
    assert [item_marker(one, 1) for one in ("-", "1", "a", "(1)")] == ["-", "2.", "b)", "(2)"]
    assert ended(["Như trên.", " Lưu: VT ", ""]) == ("Như trên;", "Lưu: VT.")
    assert ended([]) == ()


def test_abbreviation_of_a_type_is_found_in_any_case():
    assert type_abbreviation("KẾ HOẠCH", {"Kế hoạch": "KH"}) == "KH"
    assert type_abbreviation("Công văn", {"Kế hoạch": "KH"}) == ""
