from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.statistics.domain.report_template import day_in_year
from thongsuot.modules.statistics.domain.report_words import (
    changed_figures,
    figure_words,
    filled,
    number_words,
    pieces,
    replaced_line,
    word_changes,
)
from thongsuot.modules.statistics.queries.report_templates import read_template, report_template
from thongsuot.modules.statistics.types import BadTemplate, ReportKind

PUPILS = {"name": "Số học sinh", "unit": "học sinh", "decimals": 0, "value": "12345"}
SHARE = {"name": "Tỷ lệ", "unit": "%", "decimals": 1, "value": "98.5"}


def test_numbers_are_written_the_vietnamese_way():
    assert number_words("12345") == "12.345"
    assert number_words("1234.50", 2) == "1.234,5"
    assert number_words("100", 1) == "100"
    assert number_words("1000") == "1.000"
    assert number_words("0") == "0"
    assert number_words(None) == "–"


def test_an_override_is_printed_in_the_stead_of_the_computed_figure():
    assert figure_words(SHARE) == "98,5%"
    assert figure_words({**SHARE, "override": "97"}) == "97%"
    assert figure_words({**SHARE, "override": "0"}) == "0%"


def test_a_sentence_takes_its_figures_and_opens_each():
    text = "Có {a.pupils} học sinh, đạt {a.share}; {a.unknown}."
    figures = {"a.pupils": PUPILS, "a.share": SHARE}
    assert filled(text, figures) == "Có 12.345 học sinh, đạt 98,5%; –."
    cut = pieces(text, figures)
    assert "".join(one["text"] for one in cut) == filled(text, figures)
    assert [one["code"] for one in cut if "code" in one] == ["a.pupils", "a.share", "a.unknown"]


def test_words_that_changed():
    found = word_changes("Còn thiếu hai phòng học.", "Còn thiếu ba phòng học.")
    assert [(one.kind, one.text) for one in found] == [
        ("same", "Còn thiếu "),
        ("removed", "hai "),
        ("added", "ba "),
        ("same", "phòng học."),
    ]


words = st.text(alphabet="ab c\nđ", max_size=40)


@given(words, words)
def test_changes_hold_both_texts(old, new):
    found = word_changes(old, new)
    assert "".join(one.text for one in found if one.kind != "added") == old
    assert "".join(one.text for one in found if one.kind != "removed") == new


def test_figures_that_changed():
    assert changed_figures({"a": PUPILS, "b": SHARE}, {"a": {**PUPILS, "value": "12346"}, "b": SHARE}) == [
        ("Số học sinh", "12.345", "12.346")
    ]


def test_the_dates_of_a_school_year():
    assert day_in_year("12-31", 2026) == date(2026, 12, 31)
    assert day_in_year("01-10", 2026) == date(2027, 1, 10)
    assert day_in_year("06-20", 2026) == date(2027, 6, 20)


def test_a_line_from_below_takes_the_place_of_its_old_one_or_comes_last():
    text = "Lời của xã.\nTrường A: thiếu phòng."
    assert (
        replaced_line(text, "Trường A: thiếu phòng.", "Trường A: đủ phòng.")
        == "Lời của xã.\nTrường A: đủ phòng."
    )
    assert replaced_line(text, "Trường A: thiếu phòng.", "") == "Lời của xã."
    assert replaced_line("Đã viết lại.", "Trường A: cũ", "Trường A: mới") == "Đã viết lại.\nTrường A: mới"
    assert replaced_line("", "", "Trường A: mới") == "Trường A: mới"
    assert replaced_line("Giữ nguyên \n\n cách dòng", "", "") == "Giữ nguyên \n\n cách dòng"


def test_the_templates_of_the_product_are_sound_and_have_the_five_sections():
    for kind in ReportKind:
        template = report_template(kind)
        assert len(template.body["sections"]) == 5
        assert {"shortcomings", "causes", "proposals"} <= set(template.prose())
    due = report_template("first_term").body["due"], report_template("year").body["due"]
    assert due == ({"school": "01-10", "commune": "01-20"}, {"school": "06-10", "commune": "06-20"})


def test_a_template_that_is_wrong_names_file_and_place(tmp_path: Path):
    file = tmp_path / "sai.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(BadTemplate, match=r"sai\.json"):
        read_template(file)
    file.write_text('{"code": "x"}', encoding="utf-8")
    with pytest.raises(BadTemplate, match=r"sai\.json: name: thiếu"):
        read_template(file)
