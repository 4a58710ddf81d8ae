"""One rule of clashes for what is solved, moved and explained: groups of a class, classes together, sites of a school."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from thongsuot.modules.gradebook.domain.timetable import ClassWeek, Placed, Slot
from thongsuot.modules.gradebook.domain.timetable_bond_words import BondFault, read_members, write_members
from thongsuot.modules.gradebook.domain.timetable_changes import changes_by_class, changes_by_teacher
from thongsuot.modules.gradebook.domain.timetable_clash import Arrangement, Bond, Member, clashes
from thongsuot.modules.gradebook.domain.timetable_edit import option
from thongsuot.modules.gradebook.domain.timetable_explain import lifted_by_counting
from thongsuot.modules.gradebook.domain.timetable_model import Group
from thongsuot.modules.gradebook.domain.timetable_problem import Taught, build_problem
from thongsuot.modules.gradebook.domain.timetable_rules import TimetableRules
from thongsuot.modules.gradebook.domain.timetable_solver import INFEASIBLE, SOLVED, Effort, solve

QUICK = Effort(search=3, improve=0, explain=0.2, guard=30)
ENGLISH, FRENCH = Member(1, "Tiếng Anh", 21), Member(1, "Tiếng Pháp", 22)
GYM_1, GYM_2 = Member(1, "Thể dục", 23), Member(2, "Thể dục", 23)
GROUPS, JOINED = Bond("Ngoại ngữ", (ENGLISH, FRENCH)), Bond("Thể dục", (GYM_1, GYM_2))
BONDS = [{"name": bond.name, "members": [one._asdict() for one in bond.members]} for bond in (GROUPS, JOINED)]


def kinds(lessons, **more):
    return [one.kind for one in clashes(lessons, Arrangement(**more))]


def at(one, day, lesson, room=None):
    return Placed(*one, Slot(day, 0, lesson), room)


def test_groups_of_a_class_and_classes_together_are_no_clash_and_only_together():
    groups = [at(ENGLISH, 2, 1, 101), at(FRENCH, 2, 1, 102)]
    assert kinds(groups) == ["class"]
    assert kinds(groups, bonds=(GROUPS,)) == []
    assert kinds([groups[0], at(FRENCH, 2, 1, 101)], bonds=(GROUPS,)) == ["room"]
    assert kinds(groups[:1], bonds=(GROUPS,)) == ["apart"]
    assert kinds([*groups, Placed(1, "Toán", 24, Slot(2, 0, 1))], bonds=(GROUPS,)) == ["class", "class"]
    together = [at(GYM_1, 2, 1, 101), at(GYM_2, 2, 1, 101)]
    assert kinds(together) == ["teacher", "room"]
    assert kinds(together, bonds=(JOINED,)) == []
    assert kinds([together[0], at(GYM_2, 2, 2, 101)], bonds=(JOINED,)) == ["apart", "apart"]


def test_a_teacher_needs_time_between_two_sites():
    first, second = Placed(1, "Toán", 21, Slot(2, 0, 1)), Placed(2, "Toán", 21, Slot(2, 0, 2))
    sites = {"class_sites": {1: 7, 2: 8}}
    assert kinds([first, second]) == []
    assert kinds([first, second], **sites) == ["travel"]
    assert kinds([first, replace(second, slot=Slot(2, 0, 3))], **sites) == []
    assert kinds([first, replace(second, slot=Slot(2, 1, 1))], **sites) == []
    assert kinds([first, replace(second, slot=Slot(2, 0, 3))], ways={frozenset((7, 8)): 2}, **sites) == [
        "travel"
    ]
    assert kinds([first, second], usual_way=0, **sites) == []
    # Where the room is, the lesson is.
    assert kinds([first, replace(second, room_id=101)], room_sites={101: 7}, **sites) == []


@pytest.mark.parametrize(
    "bonds",
    [
        [{"members": [ENGLISH._asdict()]}],
        [{"members": [ENGLISH._asdict(), ENGLISH._asdict()]}],
        [{"members": [ENGLISH._asdict(), Member(1, "Tiếng Pháp", 21)._asdict()]}],
        [{"members": [GYM_1._asdict(), GYM_2._asdict()]}, {"members": [GYM_1._asdict(), ENGLISH._asdict()]}],
    ],
)
def test_bonds_that_cannot_be_are_refused(bonds):
    with pytest.raises(ValidationError):
        TimetableRules.model_validate({"bonds": bonds})


def problem_of(taught, said, *, sites=(None, None), **more):
    classes = [ClassWeek(n, 6, (0,), None, 100 + n, site) for n, site in enumerate(sites, start=1)]
    rules = TimetableRules.model_validate({"frame": {"days": [2, 3], "morning": 4}, "no_gaps": False, **said})
    return build_problem(
        classes, [Taught(*one, Decimal(many)) for one, many in taught.items()], rules, term=1, **more
    )


def schools():
    """Groups, classes together, a teacher on two sites, days off: with or without a timetable."""
    return st.builds(
        lambda gym, language, math, off, sites, per_day: problem_of(
            {
                GYM_1: gym,
                GYM_2: gym,
                ENGLISH: language,
                FRENCH: language,
                Member(1, "Toán", 24): math,
                Member(2, "Toán", 24): math,
            },
            {
                "bonds": BONDS,
                "teachers": {21: {"off": off}},
                "subjects": {"Toán": {"per_day": per_day}, "Thể dục": {"per_day": 1}},
            },
            sites=sites,
        ),
        st.integers(1, 2),
        st.integers(1, 3),
        st.integers(1, 4),
        st.sampled_from([[], ["2"], ["2", "3S1", "3S2"]]),
        st.sampled_from([(None, None), (7, 7), (7, 8)]),
        st.integers(1, 2),
    )


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(schools())
def test_a_solved_timetable_never_clashes_and_what_is_named_as_in_the_way_lets_it_be_solved(problem):
    outcome = solve(problem, QUICK)
    if outcome.state == SOLVED:
        assert clashes(outcome.placed, problem.arrangement) == []
        assert len(outcome.placed) == sum(load.lessons for load in problem.loads)
        return
    assert outcome.state == INFEASIBLE
    if outcome.lift:
        eased = solve(replace(problem, lifted=frozenset(outcome.lift)), QUICK)
        assert eased.state == SOLVED
        assert clashes(eased.placed, problem.arrangement) == []
    else:
        assert outcome.missing or outcome.limits


def test_rules_that_counting_shows_to_be_in_the_way():
    problem = problem_of(
        {Member(1, "Toán", 21): 4, Member(1, "Văn", 22): 2},
        {"teachers": {21: {"off": ["2", "3S1"], "free_days": 1}, 22: {"off": ["2", "3"]}}},
    )
    assert lifted_by_counting(problem) == {
        Group("teacher_off", staff_id=21),
        Group("teacher_off", staff_id=22),
    }


def test_what_is_held_together_moves_together_and_changes_places_with_what_is_there():
    placed = [at(GYM_1, 2, 1, 101), at(GYM_2, 2, 1, 101), Placed(1, "Toán", 24, Slot(2, 0, 2), 101)]
    placed += [Placed(2, "Văn", 25, Slot(2, 0, 2), 102), Placed(2, "Sử", 24, Slot(3, 0, 1), 102)]
    taught = dict.fromkeys(
        (GYM_1, GYM_2, *(Member(o.class_id, o.subject, o.staff_id) for o in placed[2:])), 1
    )
    problem = problem_of(taught, {"bonds": BONDS[1:]}, pinned=placed)
    found = option(problem, placed, placed[0], Slot(2, 0, 2), stands=True)
    assert not found.forbids
    assert {(o.class_id, o.subject, o.slot.lesson) for o in (*found.moved, *found.back)} == {
        (1, "Thể dục", 2), (2, "Thể dục", 2), (1, "Toán", 1), (2, "Văn", 1),
    }  # fmt: skip
    assert len({o.room_id for o in found.moved}) == 1
    # The teacher of Toán in 1 has Sử in 2 there.
    away = option(problem, placed, placed[0], Slot(3, 0, 1), stands=True)
    assert away.swap == placed[4]
    assert not away.forbids
    moved = option(problem, placed, placed[2], Slot(3, 0, 1), stands=True)
    assert [h.kind for h in moved.forbids] == ["teacher"]


def test_what_changes_is_told_by_class_and_by_teacher():
    before = [Placed(1, "Toán", 21, Slot(2, 0, 1), 101), Placed(1, "Văn", 22, Slot(2, 0, 2), 101)]
    after = [replace(before[0], pinned=True), replace(before[1], slot=Slot(3, 0, 1))]
    assert changes_by_class(before, before) == {}
    assert [c.slot.code for c in changes_by_class(before, after)[1]] == ["2S2", "3S1"]
    assert set(changes_by_teacher(before, after)) == {22}
    assert [(c.before, c.after) for c in changes_by_teacher(before, after)[22]] == [
        ((before[1],), ()),
        ((), (after[1],)),
    ]


def test_lessons_held_together_as_people_write_them():
    names = {"class_names": {1: "6A", 2: "6B"}, "room_names": {5: "Sân tập"}, "short": {}}
    taught = {1: {"Thể dục": {23: "Vũ Minh"}, "Tiếng Anh": {21: "Lê Hoa"}}, 2: {"Thể dục": {23: "Vũ Minh"}}}
    said = "6A, lớp 6B: Thể dục - Minh - sân tập"
    members = read_members(said, taught=taught, **names)
    assert [(m["class_id"], m["staff_id"], m["room"]) for m in members] == [(1, 23, 5), (2, 23, 5)]
    rule = TimetableRules.model_validate({"bonds": [{"members": members}]}).bonds[0]
    again = write_members(rule.members, names["class_names"], {23: "Vũ Minh"}, names["room_names"])
    assert again == "6A, 6B: Thể dục - Vũ Minh - Sân tập"
    assert read_members(again, taught=taught, **names) == members
    for wrong, kind in (
        ("6A Thể dục", "line"), ("6C: Thể dục - Minh", "class"), ("6B: Tiếng Anh - Hoa", "subject"),
        ("6A: Thể dục - Hoa", "teacher"), ("6A: Thể dục - Minh - nhà", "room"),
    ):  # fmt: skip
        with pytest.raises(BondFault) as fault:
            read_members(wrong, taught=taught, **names)
        assert fault.value.kind == kind
