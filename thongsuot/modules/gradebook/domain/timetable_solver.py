"""Solving a timetable problem: first any timetable that keeps to all rules, then better ones until the time is up. Pure.

The same problem, seed and number of workers give the same timetable: time is counted in the solver's own steps
(`max_deterministic_time`), the clock is only a guard against a slow machine.
"""

from __future__ import annotations

from collections import defaultdict
from time import monotonic

from .timetable import Placed, Slot, quality
from .timetable_edit import with_room
from .timetable_explain import explained
from .timetable_limits import limits
from .timetable_model import CLOSE_COST, GAP_COST, add_wishes, build_model, loads_in_slots
from .timetable_problem import Load, Problem
from .timetable_search import INFEASIBLE, SOLVED, TIMED_OUT, Effort, Outcome, Watch, run_model

__all__ = ["INFEASIBLE", "SOLVED", "TIMED_OUT", "Effort", "Outcome", "effort_for", "in_rooms", "solve"]


def effort_for(problem: Problem) -> Effort:
    """More steps to make a larger school's timetable better; a small one is as good as it gets after a few."""
    lessons = sum(load.lessons for load in problem.loads)
    return Effort(improve=min(Effort.improve, 0.2 + lessons / 60))


def _unwatched(phase: str, seconds: float, found: int) -> None:
    return None


USUAL = Effort()


def solve(problem: Problem, effort: Effort = USUAL, watch: Watch = _unwatched) -> Outcome:
    """A timetable, or why there is none. What `watch` raises stops the search and is raised here."""
    began = monotonic()
    found_limits = limits(problem)
    if found_limits:
        return explained(problem, effort, watch, began, tuple(found_limits))
    from ortools.sat.python import cp_model

    built = build_model(problem)
    solver, status = run_model(built.model, effort.search, effort, watch, "search", began)
    if status == cp_model.INFEASIBLE:
        return explained(problem, effort, watch, began, ())
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome(TIMED_OUT, seconds=monotonic() - began)
    best = loads_in_slots(problem, built, solver.boolean_value)
    if effort.improve:
        for choice in built.place.values():
            built.model.add_hint(choice, solver.boolean_value(choice))
        add_wishes(problem, built)
        solver, status = run_model(built.model, effort.improve, effort, watch, "improve", began)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            better = loads_in_slots(problem, built, solver.boolean_value)
            best = min((best, better), key=lambda some: _cost(problem, some))
    placed = in_rooms(problem, best)
    return Outcome(SOLVED, placed, quality(placed), seconds=monotonic() - began)


def _cost(problem: Problem, lessons: list[tuple[Load, Slot]]) -> int:
    found = quality(in_rooms(problem, lessons))
    return GAP_COST * found.gaps + CLOSE_COST * found.close


def in_rooms(problem: Problem, lessons: list[tuple[Load, Slot]]) -> tuple[Placed, ...]:
    """Lessons with their rooms; classes that sit together in one."""
    found = list(problem.fixed)
    by_slot: dict[Slot, list[Placed]] = defaultdict(list)
    for one in problem.fixed:
        by_slot[one.slot].append(one)
    for load, slot in sorted(lessons, key=lambda item: (item[1], item[0].class_id, item[0].subject)):
        bare = Placed(load.class_id, load.subject, load.staff_id, slot)
        lesson = with_room(problem, by_slot[slot], bare)
        by_slot[slot].append(lesson)
        found.append(lesson)
    return tuple(sorted(found, key=lambda one: (one.class_id, one.slot, one.subject, one.staff_id or 0)))
