from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.documents.domain.composition import compose
from thongsuot.modules.documents.domain.layout import layout_in_force
from thongsuot.modules.documents.domain.widths import balanced, width_mm
from thongsuot.modules.documents.queries import layout_on, layouts_dir, symbol_for
from thongsuot.modules.documents.types import Column, Row, Table

from .samples import letter, report

LAYOUT = layout_in_force(layouts_dir(), date(2026, 1, 5))


def test_measures_lie_within_the_decree():
    assert 20 <= LAYOUT.margins_mm["top"] <= 25
    assert 20 <= LAYOUT.margins_mm["bottom"] <= 25
    assert 30 <= LAYOUT.margins_mm["left"] <= 35
    assert 15 <= LAYOUT.margins_mm["right"] <= 20
    assert 13 <= LAYOUT.sizes_pt["body"] <= 14
    assert LAYOUT.font == "Times New Roman"
    assert len(LAYOUT.types) == 28  # the 29th, công văn, has no abbreviation of its own


def test_no_layout_before_the_decree():
    with pytest.raises(LookupError):
        layout_on(date(2019, 1, 1))


def test_symbol_by_type():
    day = date(2026, 1, 5)
    assert symbol_for(type_name="Báo cáo", agency="SGDĐT", on=day) == "BC-SGDĐT"
    assert symbol_for(type_name="", agency="SGDĐT", office="VP", on=day) == "SGDĐT-VP"


def test_words_of_a_report():
    words = compose(report(), LAYOUT)
    assert words["parent_agency"] == "ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NGÃI"
    assert words["number_line"] == "Số: 05/BC-SGDĐT"
    assert words["recipients"] == ["- UBND tỉnh (báo cáo);", "- Các phòng thuộc Sở;", "- Lưu: VT, GDTrH."]
    assert [one["label"] for one in words["appendices"]] == ["Phụ lục I", "Phụ lục II"]
    reference = words["appendices"][0]["reference"].replace("\n", " ")
    assert reference.startswith("(Kèm theo Báo cáo số 05/BC-SGDĐT ngày 05 tháng 01 năm 2026 của Sở Giáo dục")
    assert [one["text"] for one in words["blocks"] if one["kind"] == "heading"] == [
        "I. TÌNH HÌNH CHUNG",
        "1. Hạ tầng",
        "a) Đường truyền",
        "II. KIẾN NGHỊ",
    ]
    assert words["draft"] == "DỰ THẢO"


def test_words_of_a_letter():
    words = compose(letter(), LAYOUT)
    assert words["abstract"].startswith("V/v báo cáo")
    assert words["addressed_to"] == ["- Ủy ban nhân dân các xã, phường;", "- Các đơn vị trực thuộc."]
    assert words["draft"] == ""


def test_a_table_refuses_a_row_of_another_length():
    with pytest.raises(ValueError):
        Table((Column("A"), Column("B")), (Row(("1",)),))


def test_an_empty_table_says_so():
    words = compose(report(), LAYOUT)
    assert words["appendices"][1]["blocks"][0]["rows"] == [{"group": "Không có."}]


WORDS = st.lists(st.text("ABCĐỦYabcđủ", min_size=1, max_size=8), min_size=1, max_size=12)


@given(WORDS, st.integers(40, 120))
def test_balanced_lines_fit_and_lose_nothing(words, room):
    lines = balanced(" ".join(words), 12, room).split("\n")
    assert " ".join(lines).split() == words
    assert all(width_mm(line, 12) <= room or " " not in line for line in lines)


def test_width_of_the_motto_is_known():
    assert 55 < width_mm("Độc lập - Tự do - Hạnh phúc", 13) < 62
