"""Timetables: slots and clashes, what is solved, what is explained, how cells are read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thongsuot.modules.gradebook.domain.timetable import (
    ClassWeek,
    Placed,
    Slot,
    Week,
    quality,
    slot_of,
)
from thongsuot.modules.gradebook.domain.timetable_clash import clashes
from thongsuot.modules.gradebook.domain.timetable_edit import options
from thongsuot.modules.gradebook.domain.timetable_model import Group
from thongsuot.modules.gradebook.domain.timetable_problem import Taught, build_problem
from thongsuot.modules.gradebook.domain.timetable_rules import TimetableRules
from thongsuot.modules.gradebook.domain.timetable_sheet import (
    match_subject,
    match_teacher,
    read_grid,
    split_cell,
)
from thongsuot.modules.gradebook.domain.timetable_solver import INFEASIBLE, SOLVED, Effort, solve
from thongsuot.modules.gradebook.domain.timetable_words import read_slots, write_slots

QUICK = Effort(search=5, improve=0.02, explain=2, guard=60)
# Enough to name some rules in the way, not to prove that fewer would not do.
NAMED = replace(QUICK, explain=0.2)
RULES_FOLDER = Path(__file__).parents[4] / "data" / "timetable"
NAMES = {"day": "T%d", "sunday": "CN", "S": "sáng", "C": "chiều", "lesson": "tiết"}


def rules(**said):
    return TimetableRules.model_validate({"frame": {"days": [2, 3, 4], "morning": 4}, **said})


def made(classes, taught, said=None, **more):
    return build_problem(
        classes,
        [Taught(c, s, t, Decimal(n)) for c, s, t, n in taught],
        said or rules(),
        **{"term": 1, **more},
    )


def two_classes():
    return [ClassWeek(1, 6, (0,), 11, 101), ClassWeek(2, 6, (0,), 12, 102)]


def test_codes_and_patterns_of_slots():
    assert slot_of("7C3") == Slot(7, 1, 3)
    assert slot_of("7C3").code == "7C3"
    week = Week({(2, 0): 2, (2, 1): 1, (3, 0): 2})
    assert week.matching(["2S", "*S2"]) == {Slot(2, 0, 1), Slot(2, 0, 2), Slot(3, 0, 2)}
    assert week.matching(["2"]) == set(week.slots()) - week.matching(["3"])
    for wrong in ("9S1", "2X", "2S12", ""):
        with pytest.raises(ValueError):
            week.matching([wrong])


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Thứ 2 sáng", ("2S",)),
        ("T5 chiều 3-4; T7", ("5C3", "5C4", "7")),
        ("thứ năm tiết 1, 2", ("5*1", "5*2")),
        ("sáng tiết 5", ("*S5",)),
        ("CN", ("8",)),
        ("", ()),
    ],
)
def test_slots_as_people_write_them(said, codes):
    assert read_slots(said) == codes
    assert read_slots(write_slots(codes, NAMES)) == codes


def test_words_that_are_no_slots_are_named():
    with pytest.raises(ValueError, match="buổi tối"):
        read_slots("T2 sáng; buổi tối")


def test_a_clash_names_what_is_shared():
    first = Placed(1, "Toán", 11, Slot(2, 0, 1), 101)
    assert [c.kind for c in clashes([first, Placed(1, "Văn", 12, Slot(2, 0, 1), 101)])] == ["class"]
    assert [c.kind for c in clashes([first, Placed(2, "Toán", 11, Slot(2, 0, 1), 102)])] == ["teacher"]
    assert [c.kind for c in clashes([first, Placed(2, "Văn", 12, Slot(2, 0, 1), 101)])] == ["room"]
    assert clashes([first, Placed(2, "Toán", 11, Slot(2, 0, 2), 101)]) == []


def test_quality_counts_empty_lessons_between():
    lessons = [Placed(1, "Toán", 11, Slot(2, 0, n)) for n in (1, 4)] + [Placed(1, "Văn", 11, Slot(3, 0, 1))]
    found = quality(lessons)
    assert (found.gaps, found.days, dict(found.gaps_of)) == (2, 2, {11: 2})


def test_fixed_activities_come_off_the_lessons_they_are_part_of():
    fixed = [
        {"name": "Chào cờ", "day": "first", "lesson": "first", "part_of": ["HĐTN"]},
        {"name": "Sinh hoạt lớp", "day": "last", "lesson": "last", "part_of": ["HĐTN"]},
    ]
    problem = made(two_classes(), [(1, "HĐTN", 11, 3), (2, "Toán", 11, 2)], rules(fixed=fixed))
    assert {(one.class_id, one.subject, one.slot.code, one.staff_id) for one in problem.fixed} == {
        (1, "Chào cờ", "2S1", 11), (1, "Sinh hoạt lớp", "4S4", 11),
        (2, "Chào cờ", "2S1", 12), (2, "Sinh hoạt lớp", "4S4", 12),
    }  # fmt: skip
    assert [(load.class_id, load.subject, load.lessons) for load in problem.loads] == [
        (1, "HĐTN", 1),
        (2, "Toán", 2),
    ]


def test_one_and_a_half_lessons_are_two_in_one_term_and_one_in_the_other():
    for term, lessons in ((1, 2), (2, 1)):
        problem = made(two_classes(), [(1, "Công nghệ", 11, "1.5")], term=term)
        assert [load.lessons for load in problem.loads] == [lessons]


def test_the_rules_of_every_level_are_read():
    for name in ("primary", "lower_secondary", "upper_secondary"):
        found = TimetableRules.model_validate_json(
            (RULES_FOLDER / f"{name}.json").read_text(encoding="utf-8")
        )
        assert found.code == name
        assert found.legal_source


@st.composite
def schools(draw):
    """A small school that may or may not have a timetable: 1-3 classes, up to 4 teachers, a room, days off."""
    classes = [ClassWeek(n, 6, (0,), None, 100 + n) for n in range(1, draw(st.integers(1, 3)) + 1)]
    subjects = draw(
        st.lists(st.sampled_from(["Toán", "Văn", "Tin", "Sử"]), min_size=1, max_size=4, unique=True)
    )
    taught = [
        (one.class_id, subject, draw(st.integers(11, 14)), draw(st.integers(1, 5)))
        for one in classes
        for subject in subjects
    ]
    said = rules(
        pools=[{"name": "Phòng tin", "subjects": ["Tin"], "rooms": [201]}],
        teachers={
            11: {
                "off": draw(st.sampled_from([[], ["2"], ["2", "3S1"]])),
                "free_days": draw(st.integers(0, 1)),
            }
        },
        subjects={"Toán": {"per_day": draw(st.integers(1, 2)), "doubles": draw(st.integers(0, 1))}},
        no_gaps=draw(st.booleans()),
    )
    return made(classes, taught, said)


@settings(max_examples=15)
@given(schools())
def test_what_is_solved_never_clashes_and_what_is_not_is_explained(problem):
    outcome = solve(problem, NAMED)
    if outcome.state == SOLVED:
        assert clashes(outcome.placed) == []
        placed = Counter((o.class_id, o.subject, o.staff_id) for o in outcome.placed)
        assert placed == Counter({(x.class_id, x.subject, x.staff_id): x.lessons for x in problem.loads})
        assert all(o.slot not in problem.off(o.staff_id) for o in outcome.placed)
        assert all(o.room_id == 201 for o in outcome.placed if o.subject == "Tin")
        if problem.rules.no_gaps:
            for class_id in problem.classes:
                for day in problem.week.days:
                    at = sorted(
                        o.slot.lesson for o in outcome.placed if (o.class_id, o.slot.day) == (class_id, day)
                    )
                    assert at == list(range(1, len(at) + 1))
    else:
        assert outcome.state == INFEASIBLE
        assert outcome.limits or outcome.lift or outcome.missing
        for limit in outcome.limits:
            assert limit.asked > limit.there


def test_the_same_problem_is_solved_the_same_way():
    problem = made(
        two_classes(), [(1, "Toán", 11, 4), (1, "Văn", 12, 3), (2, "Toán", 11, 4), (2, "Văn", 12, 3)]
    )
    assert solve(problem, QUICK).placed == solve(problem, QUICK).placed


@pytest.mark.parametrize(
    ("taught", "said", "kind", "numbers"),
    [
        ([(1, "Toán", 11, 7), (1, "Văn", 12, 7)], {}, "class", (14, 12)),
        ([(1, "Toán", 11, 7), (2, "Toán", 11, 7)], {}, "teacher", (14, 12)),
        ([(1, "Toán", 11, 5)], {"teachers": {11: {"off": ["2", "3"]}}}, "pair", (5, 4)),
        ([(1, "Toán", 11, 4), (2, "Toán", 11, 4)], {"teachers": {11: {"free_days": 2}}}, "teacher", (8, 4)),
        ([(1, "Tin", 11, 7), (2, "Tin", 12, 7)], {"pools": [{"name": "P", "subjects": ["Tin"], "rooms": [9]}]}, "rooms", (14, 12)),
        ([(1, "Toán", 11, 4)], {"subjects": {"Toán": {"per_day": 1}}}, "subject", (4, 3)),
    ],
)  # fmt: skip
def test_who_is_asked_for_more_slots_than_there_are(taught, said, kind, numbers):
    outcome = solve(made(two_classes(), taught, rules(**said)), QUICK)
    assert outcome.state == INFEASIBLE
    assert (kind, *numbers) in [(one.kind, one.asked, one.there) for one in outcome.limits]


def test_the_rule_that_would_have_to_give_way_is_named_and_then_it_can_be_solved():
    """Nobody is asked for too much, yet both teachers of class 1 are free only in the same slots."""
    taught = [(1, "Toán", 11, 3), (1, "Văn", 12, 3)]
    said = {"no_gaps": False, "subjects": {"Toán": {"per_day": 3}, "Văn": {"per_day": 3}}}
    busy = {**said, "teachers": {11: {"off": ["2", "3"]}, 12: {"off": ["2", "3"]}}}
    outcome = solve(made(two_classes(), taught, rules(**busy)), QUICK)
    assert (outcome.state, outcome.limits) == (INFEASIBLE, ())
    assert len(outcome.lift) == 1
    assert outcome.lift[0] in (Group("teacher_off", staff_id=11), Group("teacher_off", staff_id=12))
    del busy["teachers"][outcome.lift[0].staff_id]
    assert solve(made(two_classes(), taught, rules(**busy)), QUICK).state == SOLVED


def test_what_watches_may_stop_the_search():
    class Stopped(Exception):
        pass

    def watch(phase, seconds, found):
        raise Stopped

    with pytest.raises(Stopped):
        solve(made(two_classes(), [(1, "Toán", 11, 2)]), QUICK, watch)


def test_where_a_lesson_may_go_and_what_is_in_the_way():
    taught = [(1, "Toán", 11, 1), (1, "Văn", 12, 1), (2, "Toán", 11, 1)]
    math, literature = Placed(1, "Toán", 11, Slot(2, 0, 1), 101), Placed(1, "Văn", 12, Slot(3, 0, 1), 101)
    other = Placed(2, "Toán", 11, Slot(2, 0, 2), 102)
    placed = [math, literature, other]
    problem = made(two_classes(), taught, rules(subjects={"Toán": {"forbidden": ["4"]}}), pinned=placed)
    found = {one.slot.code: one for one in options(problem, placed, math, stands=True)}
    assert [h.kind for h in found["2S2"].forbids] == ["teacher"]
    assert found["2S2"].forbids[0].other == other
    assert found["3S1"].swap == literature
    assert not found["3S1"].forbids
    assert [h.kind for h in found["4S1"].warns] == ["barred"]
    assert not found["4S1"].forbids
    assert not found["2S3"].forbids
    assert not found["2S3"].warns
    assert found["2S3"].swap is None
    assert "2S1" not in found


def test_moving_a_fixed_activity_warns():
    fixed = [{"name": "Chào cờ", "day": "first", "lesson": "first"}]
    flag, math = Placed(1, "Chào cờ", 11, Slot(2, 0, 1), 101), Placed(1, "Toán", 12, Slot(2, 0, 2), 101)
    problem = made(two_classes(), [(1, "Toán", 12, 1)], rules(fixed=fixed), pinned=[flag, math])
    found = {one.slot.code: one for one in options(problem, [flag, math], math, stands=True)}
    assert found["2S1"].swap == flag
    assert [(h.kind, h.of.subject) for h in found["2S1"].warns] == [("fixed", "Chào cờ")]
    assert not found["2S3"].warns


# -- sheets -----------------------------------------------------------------------------------------


def test_a_grid_as_schools_write_it():
    rows = [
        ["TRƯỜNG THCS A", None, None, None],
        ["Thứ", "Tiết", "6A", "6B"],
        ["Thứ 2", 1, "Chào cờ", "Chào cờ"],
        [None, 2.0, "Toán - Hoa", None],
        ["Ba", "1", "Văn (Lan)", "T.Anh\nMai"],
        [None, 7, "Tin", None],
        [None, None, "ghi chú", None],
    ]
    grid = read_grid(rows, ["6A", "6B"])
    assert [(c.row, c.class_name, c.slot.code, c.subject, c.teacher) for c in grid.cells] == [
        (3, "6A", "2S1", "Chào cờ", ""), (3, "6B", "2S1", "Chào cờ", ""), (4, "6A", "2S2", "Toán", "Hoa"),
        (5, "6A", "3S1", "Văn", "Lan"), (5, "6B", "3S1", "T.Anh", "Mai"), (6, "6A", "3C2", "Tin", ""),
    ]  # fmt: skip
    assert grid.unread == (7,)
    # Groups of a class in one cell; the half-day said once holds until another is said.
    halves = [
        ["Thứ", "Buổi", "Tiết", "6A", "6B"],
        ["2", "Chiều", 1, "T.Anh - Hoa / Tin - Mai", None],
        [None, None, 2, "Văn", None],
    ]
    found = read_grid(halves, ["6A", "6B"])
    assert [(c.slot.code, c.subject, c.teacher) for c in found.cells] == [
        ("2C1", "T.Anh", "Hoa"), ("2C1", "Tin", "Mai"), ("2C2", "Văn", ""),
    ]  # fmt: skip
    assert read_grid([["a", "b"]], ["6A", "6B"]) is None


def test_subjects_and_teachers_by_their_usual_names():
    taught = ["Ngữ văn", "Toán", "Tiếng Anh", "Lịch sử và Địa lí"]
    short = {"van": ("Ngữ văn",), "anh": ("Tiếng Anh", "Ngoại ngữ 1")}
    assert match_subject("Văn", taught, short) == "Ngữ văn"
    assert match_subject("ngữ Văn ", taught, short) == "Ngữ văn"
    assert match_subject("Anh", taught, short) == "Tiếng Anh"
    assert match_subject("Lịch sử", taught, short) == "Lịch sử và Địa lí"
    assert match_subject("T", taught, short) is None
    assert match_subject("Hóa", ["Hoạt động trải nghiệm"], short) is None
    people = {1: "Nguyễn Thị Hoa", 2: "Trần Văn Hoa", 3: "Lê Mai"}
    assert match_teacher("Mai", people) == 3
    assert match_teacher("Cô Mai", people) == 3
    assert match_teacher("N.T.Hoa", people) == 1
    assert match_teacher("Văn Hoa", people) == 2
    assert match_teacher("Hoa", people) is None
    assert match_teacher("", {1: "Nguyễn Thị Hoa"}) == 1
    assert split_cell("Toán-N.T.Hoa") == ("Toán", "N.T.Hoa")
    assert split_cell("GDKT&PL - Lan") == ("GDKT&PL", "Lan")
