"""A timetable problem as a CP-SAT model: one yes-or-no for each load and slot, every rule as a group that can be lifted.

What a timetable is (a class, a teacher, a room is in one place at a time) always holds. All else belongs to a group;
a model made to explain (`lift=True`) gives each group a switch, and the fewest are switched off. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from .timetable import Slot
from .timetable_clash import member
from .timetable_problem import Group, Load, Problem
from .timetable_rules import RoomPool

# What a lesson of a teacher without work in between costs, and a subject of two lessons on neighbouring days.
GAP_COST, CLOSE_COST = 3, 2


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
        self.never = built.model.new_constant(0)
        self.by_load: dict[int, list[Slot]] = defaultdict(list)
        for number, slot in built.place:
            self.by_load[number].append(slot)
        self.loads_of_class: dict[int, list[int]] = defaultdict(list)
        self.loads_of_staff: dict[int, list[int]] = defaultdict(list)
        # Of the groups of a class, and of the classes of one lesson, the first stands for all.
        for number in self.once(lambda load: load.class_id):
            self.loads_of_class[problem.loads[number].class_id].append(number)
        for number in self.once(lambda load: load.staff_id):
            staff_id = problem.loads[number].staff_id
            if staff_id is not None:
                self.loads_of_staff[staff_id].append(number)

    def once(self, what: Callable[[Load], Hashable]) -> list[int]:
        """Numbers of loads: of those held together that are one and the same to `what`, the first."""
        kept = {id(load) for load in self.problem.arrangement.once(self.problem.loads, what)}
        return [number for number, load in enumerate(self.problem.loads) if id(load) in kept]

    def all(self) -> None:
        self.lessons()
        self.held_together()
        self.one_place_at_a_time()
        self.closed_slots()
        self.rooms()
        self.days_of_subjects()
        self.whole_half_days()
        self.days_of_teachers()
        self.journeys()

    # -- how a rule is added ----------------------------------------------------------------------

    def add(self, constraint: Any, group: Group) -> None:
        if group in self.problem.lifted:
            constraint.only_enforce_if(self.never)
            return
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

    def held_together(self) -> None:
        """Where one member of a bond stands, all of them stand."""
        numbers = {member(load): number for number, load in enumerate(self.problem.loads)}
        fixed = {(member(one), one.slot) for one in self.problem.fixed}
        for bond in self.problem.arrangement.bonds:
            lead = bond.members[0]
            for mate in bond.members[1:]:
                for slot in self.problem.week.slots():
                    here, there = (
                        1 if (one, slot) in fixed else self.place.get((numbers.get(one, -1), slot), 0)
                        for one in (lead, mate)
                    )
                    if isinstance(here, int) and isinstance(there, int):
                        if here != there:
                            self.model.add_bool_or([])
                    else:
                        self.model.add(here == there)

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
        problem = self.problem
        # Classes that sit together need one room.
        numbers = self.once(lambda load: (load.subject, load.staff_id))
        for pool in problem.rules.pools:
            held: dict[tuple[Slot, tuple[int, ...]], int] = defaultdict(int)
            fixed = [one for one in problem.fixed if problem.rules.pool_of(one.subject) == pool]
            for one in problem.arrangement.once(fixed, lambda one: (one.subject, one.staff_id, one.slot)):
                held[one.slot, problem.rooms_of(pool, one.class_id)] += 1
            at: dict[tuple[Slot, tuple[int, ...]], list[Any]] = defaultdict(list)
            for number in numbers:
                load = problem.loads[number]
                if problem.pool_of(load) == pool:
                    for slot in self.by_load[number]:
                        at[slot, problem.rooms_of(pool, load.class_id)].append(self.place[number, slot])
            for (slot, rooms), choices in at.items():
                there = len(rooms) if pool.rooms else pool.at_once
                left = there - held[slot, rooms]
                if len(choices) > left:
                    self.add(self.model.add(sum(choices) <= max(0, left)), Group("rooms", pool.name))
            self._whole_pool(pool, at, held)

    def _whole_pool(self, pool: RoomPool, at: Mapping[Any, list[Any]], held: Mapping[Any, int]) -> None:
        """Rooms that more than one site uses are not counted twice."""
        if len({rooms for _slot, rooms in at}) < 2:
            return
        for slot in {slot for slot, _rooms in at}:
            choices = [one for key, some in at.items() if key[0] == slot for one in some]
            left = len(pool.rooms) - sum(many for key, many in held.items() if key[0] == slot)
            if len(choices) > left:
                self.add(self.model.add(sum(choices) <= max(0, left)), Group("rooms", pool.name))

    def days_of_subjects(self) -> None:
        numbers: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number in self.once(lambda load: (load.class_id, load.subject)):
            load = self.problem.loads[number]
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
            most, free_days = self.problem.most_of(staff_id), self.problem.free_days(staff_id)
            if most is None and not free_days:
                continue
            comes = []
            for day in self.problem.week.days:
                choices = [
                    self.place[number, slot]
                    for number in numbers
                    for slot in self.by_load[number]
                    if slot.day == day
                ]
                held = len(
                    {o.slot for o in self.problem.fixed if o.staff_id == staff_id and o.slot.day == day}
                )
                if most is not None and len(choices) + held > most:
                    self.add(
                        self.model.add(sum(choices) <= max(0, most - held)),
                        Group("teacher_per_day", staff_id=staff_id),
                    )
                if free_days:
                    comes.append(self._comes(choices, held, f"comes {staff_id} {day}"))
            if free_days:
                days = len(self.problem.week.days) - free_days
                self.add(self.model.add(sum(comes) <= days), Group("free_days", staff_id=staff_id))

    def journeys(self) -> None:
        """A teacher is not at two sites of the school in lessons that are too near to each other."""
        arrangement = self.problem.arrangement
        if not arrangement.class_sites:
            return
        for staff_id, numbers in self.loads_of_staff.items():
            at: dict[tuple[int, int], dict[tuple[int, int], list[Any]]] = defaultdict(
                lambda: defaultdict(list)
            )
            for number in numbers:
                site = arrangement.class_sites.get(self.problem.loads[number].class_id, 0)
                for slot in self.by_load[number]:
                    at[slot.day, slot.part][slot.lesson, site].append(self.place[number, slot])
            for one in self.problem.fixed:
                if one.staff_id == staff_id:
                    at[one.slot.day, one.slot.part][one.slot.lesson, arrangement.site_of(one)].append(1)
            for half in at.values():
                for (lesson, site), (other, other_site) in combinations(sorted(half), 2):
                    way = arrangement.way(site, other_site)
                    if way and lesson != other and abs(lesson - other) <= way:
                        both = sum(half[lesson, site]) + sum(half[other, other_site])
                        if not isinstance(both, int):
                            self.add(self.model.add(both <= 1), Group("travel", staff_id=staff_id))

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
    kept = {id(load) for load in problem.arrangement.once(problem.loads, lambda load: load.staff_id)}
    for (number, slot), choice in built.place.items():
        staff_id = problem.loads[number].staff_id
        if staff_id is not None and id(problem.loads[number]) in kept:
            at[staff_id, slot.day, slot.part][slot.lesson] += choice
    fixed = {(one.staff_id, one.slot): one for one in problem.fixed}
    for one in fixed.values():
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
