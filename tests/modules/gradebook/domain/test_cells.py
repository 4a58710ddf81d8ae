"""Cells of the book: texts to marks and back, columns by circular; what looks wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.gradebook.domain.cells import (
    Line,
    Wrong,
    canonical,
    columns_of,
    read,
    write,
    write_all,
)
from thongsuot.modules.gradebook.domain.opening import subjects_of
from thongsuot.modules.gradebook.domain.rules import rules_for
from thongsuot.modules.gradebook.domain.suspicion import suspected
from thongsuot.modules.gradebook.queries import file_rules, programme

SECONDARY, PRIMARY = (
    rules_for(file_rules(), "lower_secondary", 8, 2026),
    rules_for(file_rules(), "primary", 4, 2026),
)
MATHS = columns_of(SECONDARY, "score", "mathematics", 8, 1, 4)
ARTS = columns_of(SECONDARY, "comment", "arts", 8, 1, 2)
BY_KEY = {one.key: one for one in (*ARTS, *MATHS)}


def test_columns_by_circular():
    assert [one.key for one in MATHS] == [
        *(f"regular.{n}" for n in range(4)),
        "midterm",
        "final",
        "remark",
        "exempt",
    ]
    assert [one.key for one in ARTS][:4] == [
        "regular_level.0",
        "regular_level.1",
        "midterm_level",
        "final_level",
    ]
    # Grades 4 and 5 have tests of Vietnamese and mathematics in the middle of a term too (TT 27/2020 Điều 7).
    for code, tests in (("mathematics", ["midterm", "final"]), ("science", ["final"]), ("ethics", [])):
        keys = [one.key for one in columns_of(PRIMARY, "score", code, 4, 2, 0)]
        assert [key for key in keys if key in ("midterm", "final")] == tests
        assert {"midterm_level", "final_level"} <= set(keys)


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("midterm", " 7,5 ", "7.5"), ("midterm", "10", "10.0"), ("midterm", "vắng", "V"), ("regular.0", "0", "0.0"),
        ("final_level", "ĐẠT", "Đ"), ("final_level", "cd", "CĐ"), ("regular_level.1", "Chưa đạt", "CĐ"),
        ("remark", " Có  tiến bộ ", "Có tiến bộ"), ("exempt", "x", "1"), ("midterm", "", ""),
    ],
)  # fmt: skip
def test_what_is_kept(key, text, kept):
    assert canonical(BY_KEY[key], text) == kept


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("midterm", "10.1"), ("midterm", "-1"), ("midterm", "7.25"), ("midterm", "khá"), ("regular.0", "V"),
        ("midterm", "NaN"), ("final_level", "T"), ("remark", "x" * 2001), ("exempt", "?"),
    ],
)  # fmt: skip
def test_what_cannot_be(key, text):
    found = canonical(BY_KEY[key], text)
    assert isinstance(found, Wrong)
    assert found.said % found.about


@given(
    st.dictionaries(
        st.sampled_from(MATHS[:6]), st.integers(0, 100).map(lambda one: f"{one / 10:.1f}") | st.just("")
    )
)
def test_what_is_written_is_read(texts):
    line = write_all(Line(), texts)
    assert {one: read(line, one) for one in texts} == texts
    # One after the other comes to the same.
    slowly = Line()
    for column, text in texts.items():
        slowly = write(slowly, column, text)
    assert slowly == line
    assert not line.regular or line.regular[-1] is not None


def test_absent_gives_way_to_a_mark():
    line = write(Line(), BY_KEY["final"], "V")
    assert (line.final_absent, line.final) == (True, None)
    line = write(line, BY_KEY["final"], "6.0")
    assert (line.final_absent, line.final) == (False, Decimal("6.0"))


def test_subjects_of_a_class():
    upper = rules_for(file_rules(), "upper_secondary", 10, 2026)
    taught = ("Toán", "Vật lý", "Hóa học", "Tiếng Anh", "Ngoại ngữ 2")
    found = {one.code: one for one in subjects_of(programme(), upper, "upper_secondary", 10, taught)}
    assert {
        "literature",
        "mathematics",
        "foreign_language_1",
        "history",
        "physics",
        "chemistry",
        "foreign_language_2",
    } <= set(found)
    assert not {"geography", "biology"} & set(found)
    assert found["foreign_language_2"].is_optional
    assert not found["physics"].is_optional
    assert "Vật lý" in found["physics"].taught_as
    assert (found["mathematics"].regular_count, found["history"].regular_count) == (4, 3)
    # The programme of continuing education is not known: what is taught.
    rules = rules_for(file_rules(), "continuing", 10, 2026)
    assert [one.code for one in subjects_of(programme(), rules, "continuing", 10, ("Toán", "Lịch sử"))] == [
        "mathematics",
        "history",
    ]


def _cells(**given):
    return {one.key: given.get(one.key.replace(".", "_"), "") for one in MATHS}


def test_what_is_worth_a_look():
    cells = {number: _cells(midterm="8.0", final=f"{number % 9}.0") for number in range(12)}
    cells[0] = _cells(midterm="8.0", final="8.0", regular_0="8.0", regular_1="8.0", regular_2="8.0")
    cells[5]["final"] = ""
    found = suspected(MATHS, cells, {3: Decimal("7.0"), 4: Decimal("7.0")})
    kinds = {(one.kind, one.student_id, one.column) for one in found}
    assert ("all_equal", None, "midterm") in kinds
    assert ("same_marks", 0, "") in kinds
    assert ("missing", 5, "final") in kinds
    # Nobody is told that a column is empty which nobody has begun.
    assert not any(one.column == "regular.3" for one in found)
    assert {(one.student_id, one.column, one.value) for one in found if one.kind == "jump"} == {
        (3, "final", "3.0"),
        (4, "final", "4.0"),
    }
