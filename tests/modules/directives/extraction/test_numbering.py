"""Numbers in front of paragraphs and of table rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.extraction.numbering import may_follow, read_marker, roman_value

MARKS = [
    ("I. NHIỆM VỤ", "roman", 1),
    ("XIV. TỔ CHỨC", "roman", 14),
    ("1. Phòng", "number", 1),
    ("12. Phòng", "number", 12),
    ("1.1. Rà soát", "decimal2", 1),
    ("2.3 Rà soát", "decimal2", 3),
    ("1.2.3. Rà soát", "decimal3", 3),
    ("a) Văn phòng", "letter", 1),
    ("đ) Các phòng", "letter", 5),
    ("- Tổ chức", "dash", None),
    ("+ Tổ chức", "plus", None),
    ("(1) Tổ chức", "paren-decimal", 1),
    ("(i) Tổ chức", "paren-roman", 1),
    ("A. PHẦN", "capital", 1),
    ("Điều 3. Trách nhiệm", "dieu", 3),
    ("Chương II", "chuong", 2),
    ("- 100% giáo viên", "dash", None),
    ("• Tổ chức", "bullet", None),
    ("1) Tổ chức", "number-paren", 1),
    ("– Tổ chức", "dash", None),
]


@pytest.mark.parametrize(("text", "kind", "value"), MARKS)
def test_marks(text: str, kind: str, value: int | None) -> None:
    marker = read_marker(text)
    assert marker is not None
    assert (marker.kind, marker.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "30/12/2022 của Bộ",
        "2030, định hướng",
        "- 2030, định hướng",
        "V/v hướng dẫn",
        "2026; Ủy ban",
        "năm 2025",
        "",
        "100% hồ sơ",
        "1.200 học sinh",
        "TM. ỦY BAN",
        "31/3/2026.",
    ],
)
def test_not_marks(text: str) -> None:
    assert read_marker(text) is None


@pytest.mark.parametrize(
    ("before", "number", "may"),
    [
        (None, "1", True),
        (None, "1.1", True),
        (None, "3", False),
        ("1", "1.1", True),
        ("1", "2", True),
        ("1.1", "1.2", True),
        ("1.9", "2", True),
        ("2,3", "2.4", True),
        ("2.4", "2,5", True),
        ("1", "3", False),
        ("1.2", "2026", False),
        ("2", "2", False),
    ],
)
def test_rows_that_may_follow(before: str | None, number: str, may: bool) -> None:
    assert may_follow(before, number) is may


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    marker = read_marker(text)
    assert marker is None or 0 < marker.end <= len(text)
    assert may_follow(text, text) in (True, False)


@given(st.integers(1, 39))
def test_roman_numerals_count(value: int) -> None:
    tens, ones = divmod(value, 10)
    roman = "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]
    assert roman_value(roman) == value
    marker = read_marker(f"{roman}. NỘI DUNG")
    assert marker is not None
    assert marker.value == value
