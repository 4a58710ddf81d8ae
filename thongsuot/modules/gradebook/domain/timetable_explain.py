"""Why there is no timetable, and which rules would have to give way for there to be one. Pure.

First by counting: rules that are lifted one after the other until nobody is asked for more slots than there are. When what
is left can be solved, those are the rules. Otherwise by search: any timetable without all the rules that can be lifted, then
the fewest of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic
from typing import Any

from .timetable_limits import Limit, limits
from .timetable_model import Built, add_lifting_cost, build_model
from .timetable_problem import Group, Problem
from .timetable_search import INFEASIBLE, Effort, Outcome, Watch, run_model

# Rules lifted by counting; a school that needs more has its assignments wrong.
MOST_LIFTED = 40
MISSING_COST = 1000


def explained(
    problem: Problem, effort: Effort, watch: Watch, began: float, found: tuple[Limit, ...]
) -> Outcome:
    """Why `problem` has no timetable. found: its limits."""
    lifted = lifted_by_counting(problem)
    if lifted and _has_timetable(replace(problem, lifted=lifted), effort, watch, began):
        return _outcome(began, found, lift=tuple(sorted(lifted)))
    return _by_search(problem, effort, watch, began, found)


def lifted_by_counting(problem: Problem) -> frozenset[Group]:
    """Rules without which nobody is asked for more slots than there are; empty where lifting rules is no help."""
    eased = problem
    while len(eased.lifted) < MOST_LIFTED:
        left = limits(eased)
        if not left:
            return eased.lifted
        better = _without(eased, left[0])
        if better is None:
            return frozenset()
        eased = better
    return frozenset()


def _without(problem: Problem, limit: Limit) -> Problem | None:
    """The problem without the first rule that removes the limit, or makes it smaller."""
    helps = None
    for group in _concerned(problem, limit):
        if group in problem.lifted:
            continue
        eased = replace(problem, lifted=problem.lifted | {group})
        again = [one for one in limits(eased) if one[0] == limit[0] and one[3:] == limit[3:]]
        if not again:
            return eased
        if helps is None and again[0].asked - again[0].there < limit.asked - limit.there:
            helps = eased
    return helps


def _concerned(problem: Problem, limit: Limit) -> Iterable[Group]:
    """Rules that a limit rests on: those about one person, class or place before those about all."""
    subjects = sorted({load.subject for load in problem.loads if load.staff_id == limit.staff_id})
    if limit.kind in ("teacher", "pair"):
        for rule in ("teacher_off", "teacher_per_day", "free_days"):
            yield Group(rule, staff_id=limit.staff_id)
        for subject in [limit.subject] if limit.subject else subjects:
            yield Group("barred", subject)
    if limit.kind == "subject":
        yield Group("per_day", limit.subject, limit.class_id)
        yield Group("barred", limit.subject)
    if limit.kind == "rooms":
        yield Group("rooms", limit.subject)
        pool = next(one for one in problem.rules.pools if one.name == limit.subject)
        yield from (Group("barred", subject) for subject in pool.subjects)
    if limit.kind not in ("fixed", "bond"):
        yield Group("closed")


def _has_timetable(problem: Problem, effort: Effort, watch: Watch, began: float) -> bool:
    from ortools.sat.python import cp_model

    # The same kind of search as for a timetable; it is told as part of the explaining.
    def told(_phase: str, seconds: float, found: int) -> None:
        watch("explain", seconds, found)

    _solver, status = run_model(build_model(problem).model, effort.search, effort, told, "search", began)
    return status in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def _by_search(
    problem: Problem, effort: Effort, watch: Watch, began: float, found: tuple[Limit, ...]
) -> Outcome:
    from ortools.sat.python import cp_model

    good = (cp_model.OPTIMAL, cp_model.FEASIBLE)
    bare = build_model(problem, lift=True)
    for switch in bare.lifted.values():
        bare.model.add(switch == 1)
    _all_placed(bare)
    solver, status = run_model(bare.model, effort.explain, effort, watch, "explain", began)
    if status not in good:
        return _least_missing(problem, effort, watch, began, found)
    built = build_model(problem, lift=True)
    _all_placed(built)
    for key, choice in built.place.items():
        built.model.add_hint(choice, solver.boolean_value(bare.place[key]))
    for switch in built.lifted.values():
        built.model.add_hint(switch, True)
    add_lifting_cost(built, missing_cost=MISSING_COST)
    solver, status = run_model(built.model, effort.explain, effort, watch, "explain", began)
    if status not in good:
        return _outcome(began, found, is_sure=False)
    lift = tuple(sorted(group for group, off in built.lifted.items() if solver.boolean_value(off)))
    return _outcome(began, found, lift=lift, is_sure=status == cp_model.OPTIMAL)


def _least_missing(
    problem: Problem, effort: Effort, watch: Watch, began: float, found: tuple[Limit, ...]
) -> Outcome:
    """Lessons that find no place whatever is lifted."""
    from ortools.sat.python import cp_model

    built = build_model(problem, lift=True)
    for switch in built.lifted.values():
        built.model.add(switch == 1)
    built.model.minimize(sum(built.missing.values()))
    solver, status = run_model(built.model, effort.explain, effort, watch, "explain", began)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _outcome(began, found, is_sure=False)
    missing = {
        problem.loads[number]: solver.value(many)
        for number, many in built.missing.items()
        if solver.value(many)
    }
    return _outcome(began, found, missing=missing, is_sure=status == cp_model.OPTIMAL)


def _all_placed(built: Built) -> None:
    for number in built.missing.values():
        built.model.add(number == 0)


def _outcome(began: float, found: tuple[Limit, ...], **more: Any) -> Outcome:
    return Outcome(INFEASIBLE, limits=found, seconds=monotonic() - began, **more)
