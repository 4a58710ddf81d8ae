"""Solving a timetable problem: first any timetable that keeps to all rules, then better ones until the time is up. Pure.

The same problem, seed and number of workers give the same timetable: time is counted in the solver's own steps
(`max_deterministic_time`), the clock is only a guard against a slow machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic
from typing import Any

from .timetable import Placed, Quality, Slot, quality
from .timetable_limits import Limit, limits
from .timetable_model import (
    CLOSE_COST,
    GAP_COST,
    Group,
    add_lifting_cost,
    add_wishes,
    build_model,
    loads_in_slots,
)
from .timetable_problem import Load, Problem

# Told while it runs: phase (search, improve, explain), seconds since it began, solutions found so far.
Watch = Callable[[str, float, int], None]
SOLVED, INFEASIBLE, TIMED_OUT = "solved", "infeasible", "timed_out"
TICK = 0.2
# Kinds of search that take turns on one core when a timetable is made better.
INTERLEAVED = 8


@dataclass(frozen=True)
class Effort:
    """search, improve, explain: steps of the solver (about seconds of one core); guard: seconds by the clock for each."""

    search: float = 60
    improve: float = 15
    explain: float = 30
    guard: float = 300
    workers: int = 1
    seed: int = 2026


def effort_for(problem: Problem) -> Effort:
    """More steps to make a larger school's timetable better; a small one is as good as it gets after a few."""
    lessons = sum(load.lessons for load in problem.loads)
    return Effort(improve=min(Effort.improve, 0.2 + lessons / 60))


@dataclass(frozen=True)
class Outcome:
    """state: solved, infeasible, or timed_out (nothing found, nothing proved). limits: what asks for more slots than
    there are; lift: rules that, lifted together, would let everything be placed; missing: lessons that have no place
    even then.
    """

    state: str
    placed: tuple[Placed, ...] = ()
    quality: Quality | None = None
    limits: tuple[Limit, ...] = ()
    lift: tuple[Group, ...] = ()
    missing: Mapping[Load, int] = field(default_factory=dict)
    seconds: float = 0.0


def _unwatched(phase: str, seconds: float, found: int) -> None:
    return None


def solve(problem: Problem, effort: Effort = Effort(), watch: Watch = _unwatched) -> Outcome:
    """A timetable, or why there is none. What `watch` raises stops the search and is raised here."""
    began = monotonic()
    found_limits = limits(problem)
    if found_limits:
        return _explained(problem, effort, watch, began, tuple(found_limits))
    from ortools.sat.python import cp_model

    built = build_model(problem)
    solver, status = _run(built.model, effort.search, effort, watch, "search", began)
    if status == cp_model.INFEASIBLE:
        return _explained(problem, effort, watch, began, ())
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome(TIMED_OUT, seconds=monotonic() - began)
    best = loads_in_slots(problem, built, solver.boolean_value)
    if effort.improve:
        for choice in built.place.values():
            built.model.add_hint(choice, solver.boolean_value(choice))
        add_wishes(problem, built)
        solver, status = _run(built.model, effort.improve, effort, watch, "improve", began)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            better = loads_in_slots(problem, built, solver.boolean_value)
            best = min((best, better), key=lambda some: _cost(problem, some))
    placed = in_rooms(problem, best)
    return Outcome(SOLVED, placed, quality(placed), seconds=monotonic() - began)


def _cost(problem: Problem, lessons: list[tuple[Load, Slot]]) -> int:
    found = quality(in_rooms(problem, lessons))
    return GAP_COST * found.gaps + CLOSE_COST * found.close


def _explained(
    problem: Problem, effort: Effort, watch: Watch, began: float, found_limits: tuple[Limit, ...]
) -> Outcome:
    """The fewest rules that would have to give way, and the lessons that find no place even then."""
    from ortools.sat.python import cp_model

    built = build_model(problem, lift=True)
    add_lifting_cost(built, missing_cost=1000)
    solver, status = _run(built.model, effort.explain, effort, watch, "explain", began)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome(INFEASIBLE, limits=found_limits, seconds=monotonic() - began)
    lift = tuple(sorted(group for group, off in built.lifted.items() if solver.boolean_value(off)))
    missing = {
        problem.loads[number]: solver.value(many)
        for number, many in built.missing.items()
        if solver.value(many)
    }
    return Outcome(INFEASIBLE, limits=found_limits, lift=lift, missing=missing, seconds=monotonic() - began)


def in_rooms(problem: Problem, lessons: list[tuple[Load, Slot]]) -> tuple[Placed, ...]:
    """Lessons with their rooms: the class's own, or one of the subject's rooms that is free in the slot."""
    held: dict[Slot, set[int]] = defaultdict(set)
    for one in problem.fixed:
        if one.room_id is not None:
            held[one.slot].add(one.room_id)
    found = list(problem.fixed)
    for load, slot in sorted(lessons, key=lambda item: (item[1], item[0].class_id, item[0].subject)):
        pool = problem.pool_of(load)
        room_id = problem.classes[load.class_id].room_id if pool is None else None
        if pool is not None and pool.rooms:
            room_id = next((room for room in pool.rooms if room not in held[slot]), None)
        if room_id is not None:
            held[slot].add(room_id)
        found.append(Placed(load.class_id, load.subject, load.staff_id, slot, room_id))
    return tuple(sorted(found, key=lambda one: (one.class_id, one.slot)))


def _run(model: Any, steps: float, effort: Effort, watch: Watch, phase: str, began: float) -> tuple[Any, Any]:
    """Solve in a thread, so that this one can tell how far it is and be stopped."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = steps
    solver.parameters.max_time_in_seconds = effort.guard
    solver.parameters.num_workers = effort.workers
    solver.parameters.random_seed = effort.seed
    # With the linear relaxation a school of 30 classes is not placed in minutes; without it, in two seconds.
    solver.parameters.linearization_level = 0
    if phase == "improve":
        # Searches of several kinds take turns, in a fixed order: one of them alone stays at what it began with.
        solver.parameters.num_workers = max(effort.workers, INTERLEAVED)
        solver.parameters.interleave_search = effort.workers == 1
    counter = _Counter()
    ended: dict[str, Any] = {}

    def work() -> None:
        try:
            ended["status"] = solver.solve(model, counter.callback)
        except BaseException as error:  # brought to the thread that waits
            ended["error"] = error

    thread = Thread(target=work, name="timetable", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            watch(phase, monotonic() - began, counter.found)
            thread.join(TICK)
    except BaseException:
        solver.stop_search()
        thread.join()
        raise
    if "error" in ended:
        raise ended["error"]
    return solver, ended["status"]


class _Counter:
    """Counts solutions as they are found."""

    def __init__(self) -> None:
        from ortools.sat.python import cp_model

        outer = self

        class Callback(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                outer.found += 1

        self.found = 0
        self.callback = Callback()
