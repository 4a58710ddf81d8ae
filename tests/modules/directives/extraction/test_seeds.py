"""The labelled directives, and the annex whose table came as running lines, in every format."""

from __future__ import annotations

import time

import pytest

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import read_file

from .annex_rows import ROWS
from .scoring import labels, same, shortfalls
from .seeds import ANNEX, FORMATS, LETTER, PLAN, file_of, found_in


@pytest.mark.parametrize("form", FORMATS)
def test_the_plan_agrees_with_its_labels(form: str) -> None:
    assert shortfalls(labels(PLAN), found_in(PLAN, form)) == {}


@pytest.mark.parametrize("form", FORMATS)
def test_the_letter_agrees_with_its_labels(form: str) -> None:
    assert shortfalls(labels(LETTER), found_in(LETTER, form)) == {}


@pytest.mark.parametrize("form", FORMATS)
def test_the_annex_has_42_tasks_in_9_groups(form: str) -> None:
    tasks = found_in(ANNEX, form)["tasks"]
    assert len(tasks) == 42
    assert len({task["group"] for task in tasks}) == 9
    assert all(task["lead"] == ["Phòng VH-XH"] for task in tasks)
    assert all(task["legal_basis"] or task["legal_basis_raw"] for task in tasks)


@pytest.mark.parametrize("form", FORMATS)
def test_the_annex_cell_by_cell(form: str) -> None:
    rows = {row[0]: row for row in ROWS}
    for task in found_in(ANNEX, form)["tasks"]:
        _, text, legal, _, coordinating, time_, product = rows[task["section"]]
        assert same(task["text"], text, 0.98), task["section"]
        assert same(task["legal_basis_raw"], legal, 0.95), task["section"]
        assert same(task["coordinating"], coordinating, 0.9), task["section"]
        assert same(task["product"], product, 0.9), task["section"]
        assert same(task["deadline"]["raw"], time_, 0.9), task["section"]


def test_source_lines_point_at_the_words() -> None:
    for name in (PLAN, LETTER, ANNEX):
        data, filename = file_of(name, "txt")
        document = read_file(data, filename)
        for task in extract(document).tasks:
            shown = document.excerpt(task.source.start_line, task.source.end_line)
            words = [word.strip(".,;:") for word in task.text.split()[:4]]
            assert all(word in shown for word in words), task.section


def test_source_lines_agree_with_the_labels() -> None:
    for name in (PLAN, LETTER):
        gold = {task["text"][:60]: task["source"] for task in labels(name)["tasks"]}
        for task in found_in(name, "txt")["tasks"]:
            wanted = gold.get(task["text"][:60])
            if wanted and "(" not in task["section"]:
                assert task["source"]["start_line"] == wanted["start_line"]
                assert abs(task["source"]["end_line"] - wanted["end_line"]) <= 1


def test_a_footnote_does_not_break_the_paragraph_over_the_page() -> None:
    task = next(t for t in found_in(LETTER, "txt")["tasks"] if t["section"] == "I.5")
    assert task["text"].endswith("(nền tảng và học liệu), tích hợp công nghệ trí tuệ nhân tạo (AI).")
    assert task["source"] == {"start_line": 66, "end_line": 82, "skip": [[69, 81]]}


def test_signature_stamps_and_printed_links_are_kept_out_of_the_text() -> None:
    found = found_in(LETTER, "txt")
    assert len(found["document"]["digital_signature_times"]) == 7
    assert not any(task["text"].startswith("http") for task in found["tasks"])


def test_duties_stand_apart_from_the_rows_of_the_plan() -> None:
    found = found_in(PLAN, "txt")
    bearers = {unit for task in found["responsibilities"] for unit in task["lead"] or []}
    assert len(found["responsibilities"]) >= 22
    assert {"Phòng Giáo dục Trung học", "Văn phòng Sở", "Các cơ sở giáo dục trực thuộc Sở"} <= bearers


def test_reporting_duties_of_the_letter() -> None:
    duties = [d for d in found_in(LETTER, "txt")["reporting"] if d["due"]]
    assert [d["due"]["date"] for d in duties] == ["2026-01-10", "2026-06-10", "2026-01-20", "2026-06-20"]
    assert duties[0]["who"] == ["Các đơn vị trường học"]
    assert duties[0]["to"] == "Ủy ban nhân dân xã"
    assert duties[0]["through"] == "Phòng Văn hóa - Xã hội"
    assert duties[2]["who"] == ["Ủy ban nhân dân xã"]
    assert duties[2]["to"] == "Sở Giáo dục và Đào tạo"
    assert duties[2]["through"] == "Phòng Quản lý chất lượng giáo dục và công nghệ thông tin"


@pytest.mark.parametrize("form", ["txt", "docx", "pdf"])
def test_it_is_quick(form: str) -> None:
    for name in (PLAN, LETTER, ANNEX):
        data, filename = file_of(name, form)
        start = time.process_time()
        extract(read_file(data, filename))
        assert time.process_time() - start < 4  # two seconds on an idle machine
