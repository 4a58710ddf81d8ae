"""A timetable problem as a CP-SAT model: one yes-or-no for each load and slot, every rule as a group that can be lifted.

What a timetable is (a class, a teacher, a room is in one place at a time) always holds. All else belongs to a group;
a model made to explain (`lift=True`) gives each group a switch, and the fewest are switched off. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

from .timetable import Slot
from .timetable_problem import Load, Problem

# What a lesson of a teacher without work in between costs, and a subject of two lessons on neighbouring days.
GAP_COST, CLOSE_COST = 3, 2


class Group(NamedTuple):
    """A rule that can be lifted as one. rule: its kind; what it is about: a subject, a class, a teacher, rooms."""

    rule: str
    subject: str = ""
    class_id: int = 0
    staff_id: int = 0


@dataclass
class Built:
    """place[load number, slot]: does the load stand there? lifted: groups and their "off" switches (lift=True);
    missing: load number -> how many of its lessons find no place (lift=True).
    """

    model: Any
    place: dict[tuple[int, Slot], Any]
    lifted: dict[Group, Any] = field(default_factory=dict)
    missing: dict[int, Any] = field(default_factory=dict)


def build_model(problem: Problem, *, lift: bool = False) -> Built:
    """The rules alone, nothing to be made least: `add_wishes` or `add_lifting_cost` say what is to be made least."""
    # The library takes seconds to load, and most processes never solve anything.
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    place = {
        (number, slot): model.new_bool_var(f"{number} {slot.code}")
        for number, load in enumerate(problem.loads)
        for slot in problem.open_slots(load.class_id)
    }
    rules = _Rules(problem, Built(model, place), lift)
    rules.all()
    return rules.built


class _Rules:
    def __init__(self, problem: Problem, built: Built, lift: bool) -> None:
        self.problem, self.built, self.lift = problem, built, lift
        self.model, self.place = built.model, built.place
        self.by_load: dict[int, list[Slot]] = defaultdict(list)
        for number, slot in built.place:
            self.by_load[number].append(slot)
        self.loads_of_class: dict[int, list[int]] = defaultdict(list)
        self.loads_of_staff: dict[int, list[int]] = defaultdict(list)
        for number, load in enumerate(problem.loads):
            self.loads_of_class[load.class_id].append(number)
            if load.staff_id is not None:
                self.loads_of_staff[load.staff_id].append(number)

    def all(self) -> None:
        self.lessons()
        self.one_place_at_a_time()
        self.closed_slots()
        self.rooms()
        self.days_of_subjects()
        self.whole_half_days()
        self.days_of_teachers()

    # -- how a rule is added ----------------------------------------------------------------------

    def add(self, constraint: Any, group: Group) -> None:
        if not self.lift:
            return
        if group not in self.built.lifted:
            self.built.lifted[group] = self.model.new_bool_var("-".join(str(part) for part in group))
        constraint.only_enforce_if(~self.built.lifted[group])

    def forbid(self, number: int, slots: Iterable[Slot], group: Group) -> None:
        for slot in slots:
            if (number, slot) in self.place:
                self.add(self.model.add(self.place[number, slot] == 0), group)

    # -- what a timetable is ----------------------------------------------------------------------

    def lessons(self) -> None:
        for number, load in enumerate(self.problem.loads):
            placed = sum(self.place[number, slot] for slot in self.by_load[number])
            if self.lift:
                missing = self.model.new_int_var(0, load.lessons, f"missing {number}")
                self.built.missing[number] = missing
                self.model.add(placed + missing == load.lessons)
            else:
                self.model.add(placed == load.lessons)

    def one_place_at_a_time(self) -> None:
        for class_id, numbers in self.loads_of_class.items():
            for slot in self.problem.open_slots(class_id):
                self.model.add_at_most_one(self.place[number, slot] for number in numbers)
        busy = {(one.staff_id, one.slot) for one in self.problem.fixed}
        for staff_id, numbers in self.loads_of_staff.items():
            at: dict[Slot, list[Any]] = defaultdict(list)
            for number in numbers:
                for slot in self.by_load[number]:
                    at[slot].append(self.place[number, slot])
            for slot, choices in at.items():
                if (staff_id, slot) in busy:
                    self.model.add(sum(choices) == 0)
                else:
                    self.model.add_at_most_one(choices)

    # -- rules that can be lifted -------------------------------------------------------------------

    def closed_slots(self) -> None:
        for number, load in enumerate(self.problem.loads):
            self.forbid(number, self.problem.closed, Group("closed"))
            self.forbid(number, self.problem.barred(load.subject), Group("barred", load.subject))
            if load.staff_id is not None:
                self.forbid(
                    number, self.problem.off(load.staff_id), Group("teacher_off", staff_id=load.staff_id)
                )

    def rooms(self) -> None:
        for pool in self.problem.rules.pools:
            at: dict[Slot, list[Any]] = defaultdict(list)
            for (number, slot), choice in self.place.items():
                if self.problem.pool_of(self.problem.loads[number]) == pool:
                    at[slot].append(choice)
            for slot, choices in at.items():
                held = sum(
                    1
                    for one in self.problem.fixed
                    if one.slot == slot and self.problem.rules.pool_of(one.subject) == pool
                )
                if len(choices) + held > pool.capacity:
                    self.add(
                        self.model.add(sum(choices) <= max(0, pool.capacity - held)),
                        Group("rooms", pool.name),
                    )

    def days_of_subjects(self) -> None:
        numbers: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number, load in enumerate(self.problem.loads):
            numbers[load.class_id, load.subject].append(number)
        for (class_id, subject), some in numbers.items():
            self._per_day(class_id, subject, some)
            for number in some:
                self._runs(number)

    def _per_day(self, class_id: int, subject: str, numbers: list[int]) -> None:
        most = self.problem.most_a_day(class_id, subject)
        for day in self.problem.week.days:
            choices = [
                self.place[number, slot]
                for number in numbers
                for slot in self.by_load[number]
                if slot.day == day
            ]
            held = sum(
                1
                for one in self.problem.fixed
                if one.class_id == class_id and one.subject == subject and one.slot.day == day
            )
            if len(choices) + held > most:
                self.add(
                    self.model.add(sum(choices) <= max(0, most - held)), Group("per_day", subject, class_id)
                )

    def _runs(self, number: int) -> None:
        """Lessons of one subject in one half-day stand together; some stand in pairs when the rule asks for pairs."""
        load = self.problem.loads[number]
        doubles = self.problem.rules.subject(load.subject).doubles
        halves: dict[tuple[int, int], dict[int, Any]] = defaultdict(dict)
        for slot in self.by_load[number]:
            halves[slot.day, slot.part][slot.lesson] = self.place[number, slot]
        pairs = []
        if self.problem.rules.together and self.problem.most_a_day(load.class_id, load.subject) > 1:
            for at in halves.values():
                for first, last in combinations(sorted(at), 2):
                    for between in range(first + 1, last):
                        middle = at.get(between, 0)
                        self.add(
                            self.model.add(at[first] + at[last] - 1 <= middle),
                            Group("together", load.subject),
                        )
        if doubles and load.lessons >= 2:
            for (day, part), at in halves.items():
                for lesson in sorted(at):
                    if lesson + 1 in at:
                        pair = self.model.new_bool_var(f"pair {number} {day} {part} {lesson}")
                        self.model.add_implication(pair, at[lesson])
                        self.model.add_implication(pair, at[lesson + 1])
                        pairs.append(pair)
            wanted = min(doubles, load.lessons // 2)
            self.add(self.model.add(sum(pairs) >= wanted), Group("doubles", load.subject))

    def whole_half_days(self) -> None:
        """A class begins with the first lesson and has none empty in between."""
        if not self.problem.rules.no_gaps:
            return
        for class_id, numbers in self.loads_of_class.items():
            taken = self.problem.taken.get(class_id, frozenset())
            for slot in self.problem.class_slots(class_id):
                after = slot._replace(lesson=slot.lesson + 1)
                if slot in taken or after not in self.problem.class_slots(class_id):
                    continue
                here = sum(self.place[number, slot] for number in numbers)
                there = 1 if after in taken else sum(self.place[number, after] for number in numbers)
                self.add(self.model.add(there <= here), Group("no_gaps", class_id=class_id))

    def days_of_teachers(self) -> None:
        for staff_id, numbers in self.loads_of_staff.items():
            rule = self.problem.rules.teacher(staff_id)
            most = rule.per_day or self.problem.rules.teacher_per_day
            if most is None and not rule.free_days:
                continue
            comes = []
            for day in self.problem.week.days:
                choices = [
                    self.place[number, slot]
                    for number in numbers
                    for slot in self.by_load[number]
                    if slot.day == day
                ]
                held = sum(
                    1 for one in self.problem.fixed if one.staff_id == staff_id and one.slot.day == day
                )
                if most is not None and len(choices) + held > most:
                    self.add(
                        self.model.add(sum(choices) <= max(0, most - held)),
                        Group("teacher_per_day", staff_id=staff_id),
                    )
                if rule.free_days:
                    comes.append(self._comes(choices, held, f"comes {staff_id} {day}"))
            if rule.free_days:
                days = len(self.problem.week.days) - rule.free_days
                self.add(self.model.add(sum(comes) <= days), Group("free_days", staff_id=staff_id))

    def _comes(self, choices: list[Any], held: int, name: str) -> Any:
        comes = self.model.new_bool_var(name)
        if held:
            self.model.add(comes == 1)
        for choice in choices:
            self.model.add_implication(choice, comes)
        return comes


# -- what is to be made least -----------------------------------------------------------------------


def add_wishes(problem: Problem, built: Built) -> None:
    """Few empty lessons of teachers between two of theirs; two lessons of a subject not on neighbouring days."""
    costs = [GAP_COST * gap for gap in _gaps(problem, built)]
    costs += [CLOSE_COST * close for close in _close(problem, built)]
    built.model.minimize(sum(costs))


def _gaps(problem: Problem, built: Built) -> list[Any]:
    model, gaps = built.model, []
    at: dict[tuple[int, int, int], dict[int, Any]] = defaultdict(lambda: defaultdict(int))
    for (number, slot), choice in built.place.items():
        staff_id = problem.loads[number].staff_id
        if staff_id is not None:
            at[staff_id, slot.day, slot.part][slot.lesson] += choice
    for one in problem.fixed:
        if one.staff_id is not None and (one.staff_id, one.slot.day, one.slot.part) in at:
            at[one.staff_id, one.slot.day, one.slot.part][one.slot.lesson] += 1
    for (staff_id, day, part), lessons in at.items():
        order = sorted(lessons)
        for here in order[1:-1]:
            name = f"{staff_id} {day} {part} {here}"
            before, after, gap = (model.new_bool_var(f"{word} {name}") for word in ("before", "after", "gap"))
            for other in order:
                if other < here:
                    model.add(before >= lessons[other])
                elif other > here:
                    model.add(after >= lessons[other])
            model.add(gap >= before + after - 1 - lessons[here])
            gaps.append(gap)
    return gaps


def _close(problem: Problem, built: Built) -> list[Any]:
    model, found = built.model, []
    for number, load in enumerate(problem.loads):
        if load.lessons != 2 or problem.rules.subject(load.subject).doubles:
            continue
        days: dict[int, list[Any]] = defaultdict(list)
        for slot in problem.open_slots(load.class_id):
            days[slot.day].append(built.place[number, slot])
        for day in sorted(days):
            if day + 1 in days:
                close = model.new_bool_var(f"close {number} {day}")
                model.add(close >= sum(days[day]) + sum(days[day + 1]) - 1)
                found.append(close)
    return found


def add_lifting_cost(built: Built, *, missing_cost: int) -> None:
    """As few groups lifted as can be, one that names a person or a class before one for all; lessons without a place
    cost more than any of them.
    """
    costs = [
        switch * (4 if group.rule == "closed" else 2 if not (group.class_id or group.staff_id) else 1)
        for group, switch in built.lifted.items()
    ]
    costs += [missing_cost * number for number in built.missing.values()]
    built.model.minimize(sum(costs))


def loads_in_slots(problem: Problem, built: Built, value: Any) -> list[tuple[Load, Slot]]:
    """(load, slot) of every lesson that a solution places; value: the solver's reading of a variable."""
    return [(problem.loads[number], slot) for (number, slot), choice in built.place.items() if value(choice)]
