"""Sets of rules that fit their shape and still cannot be: a better mark would lead to a worse result."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.gradebook.domain.rules import rules_for
from thongsuot.modules.gradebook.queries import file_rules, read_rules
from thongsuot.modules.gradebook.types import BadRules

FILES = {one.code: json.loads(one.model_dump_json()) for one in file_rules()}


def changed(code, way, value):
    """The rules of a file with one value put elsewhere."""
    given = json.loads(json.dumps(FILES[code]))
    *steps, last = way.split(".")
    place = given
    for step in steps:
        place = place[int(step) if step.isdecimal() else step]
    place[int(last) if last.isdecimal() else last] = value
    return given


@pytest.mark.parametrize("code", FILES)
def test_every_file_makes_sense(code):
    assert read_rules(FILES[code]).code == code


@pytest.mark.parametrize(
    ("code", "way", "value", "field"),
    [
        ("TT22-2021", "learning.2.every", "5.5", "learning.2.every"),
        # Khá may then fail more comment subjects than Đạt.
        ("TT22-2021", "learning.1.comments_failed", 2, "learning.2.comments_failed"),
        ("TT22-2021", "learning.0.comments_failed", 2, "learning.1.comments_failed"),
        ("TT22-2021", "learning.1.subjects", 7, "learning.1.subjects"),
        ("TT22-2021", "conduct.fair.passed", "good", "conduct"),
        ("TT22-2021", "regular_by_score.2.number", 2, "regular_by_score"),
        ("TT22-2021", "regular_by_score.1.from_periods", 80, "regular_by_score"),
        ("TT22-2021", "weights.midterm", -1, "weights.midterm"),
        ("TT22-2021", "applies", [], "applies"),
        ("TT27-2020", "learning.2.subjects", "T", None),
        ("TT27-2020", "learning.2.tests", 8, "learning.2.tests"),
        ("TT27-2020", "learning.1.traits", "X", "learning.1.traits"),
    ],
)
def test_what_does_not_fit_is_named(code, way, value, field):
    given = changed(code, way, value)
    if field is None:
        assert read_rules(given)
        return
    with pytest.raises(BadRules) as refusal:
        read_rules(given)
    assert list(refusal.value.faults) == [field]


@given(st.lists(st.integers(2000, 2010), min_size=1, max_size=6), st.integers(1999, 2011))
def test_the_newest_and_of_these_the_last(years, asked):
    """Whatever order they were set in: the newest that has begun, of the same year the one set last."""
    known = [
        read_rules({**FILES["TT27-2020"], "code": f"v{place}", "applies": [{"level": "primary", "grade": 1, "from_year": year}]})
        for place, year in enumerate(years)
    ]  # fmt: skip
    found = rules_for(known, "primary", 1, asked)
    begun = [(year, place) for place, year in enumerate(years) if year <= asked]
    assert (found.code if found else None) == (f"v{max(begun)[1]}" if begun else None)
