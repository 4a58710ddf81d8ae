"""Three years of a province's pupils: born, taken in, moved up, moved away, lost, come back. Pure.

Births fall slowly, so cohorts shrink; each pupil keeps one dossier and has one spell a class and year. Rates are made up.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import floor

from django.utils import timezone

from thongsuot.config.demo.registry.classes import LIMITS, Seat, YearBook, enter, make_classes
from thongsuot.config.demo.registry.persons import KINH, PROVINCE_NAMES, Persons, peoples
from thongsuot.config.demo.registry.rows import Rows, StudentRow, TransferRow
from thongsuot.config.demo.registry.world import (
    AGE,
    LOWER,
    NEXT,
    PRESCHOOL,
    PRIMARY,
    UPPER,
    DemoSchool,
    World,
    YearSpan,
    day_between,
    having,
)

# Of all children of an age: who comes to the group or grade.
TAKING_PART = {13: 0.02, 14: 0.08, 15: 0.24, 16: 0.86, 17: 0.95, 18: 0.985}
TO_UPPER, TO_CONTINUING = 0.74, 0.08
BIRTHS_FALL = 0.018
# In a year, by stage: thôi học, chuyển đi ngoài tỉnh, chuyển trường trong tỉnh, chuyển lớp.
RATES = {
    "small": (0.004, 0.003, 0.003, 0.002),
    "primary": (0.001, 0.004, 0.006, 0.003),
    "lower": (0.006, 0.003, 0.004, 0.002),
    "upper": (0.014, 0.002, 0.002, 0.002),
}
RETAINED = {1: 0.012, 2: 0.003, 3: 0.003, 4: 0.002, 6: 0.005, 7: 0.005, 8: 0.004, 10: 0.008, 11: 0.004}
COMING_BACK = 0.3
FROM_ELSEWHERE = 0.003
ELSEWHERE = "Trường ở tỉnh khác"
# Dossiers younger than so many days wait for the code of the ministry and for the population database.
LATELY = 45
# Families of a shown primary school who move to where a shown secondary school is; of a small school (so many times fewer
# pupils) none.
FAR, FAR_AMONG = 9, 5
REASONS = ("01", "01", "02", "03", "06", "08")


def stage(grade: int) -> str:
    return "small" if grade > 12 else "primary" if grade <= 5 else "lower" if grade <= 9 else "upper"


class Population:
    """`live()` fills students, classes, enrolments and transfers; `seats` are then those who sit in a class today."""

    def __init__(self, world: World, rows: Rows, persons: Persons) -> None:
        self.world, self.rows, self.persons = world, rows, persons
        self.communes = world.by_commune()
        self.shares = {code: peoples(code, world.rng("peoples", code)) for code in self.communes}
        self.seats: list[Seat] = []
        self.returning: list[Seat] = []
        self.books: list[YearBook] = []

    def live(self) -> None:
        self.seats = self._first_year()
        for year in self.world.years:
            self.persons.rng = self.world.rng("year", year.year)
            self.books.append(make_classes(self.world, self.rows, year, self.seats))
            self._within(year)
            if year is not self.world.year:
                self.seats = self._next_year(year)
            self.world.say(f"  {year.year}-{year.year + 1}: {len(self.rows.enrolments)} lượt học")

    # -- who comes ---------------------------------------------------------------------------------

    def _births(self, commune: str, year: int) -> float:
        schools = sum(one.weight for one in having(self.communes[commune], 1))
        noise = self.world.rng("births", commune, year).uniform(0.97, 1.03)
        return self.world.per_school * schools * (1 - BIRTHS_FALL) ** (year - 2018) * noise

    def _first_year(self) -> list[Seat]:
        year, seats = self.world.years[0].year, []
        for commune, schools in self.communes.items():
            self.persons.rng = self.world.rng("pupils", commune)
            for grade in (*PRESCHOOL, *PRIMARY, *LOWER):
                many = self._births(commune, year - AGE[grade]) * TAKING_PART.get(grade, 0.985)
                for school, part in _spread(having(schools, grade), many):
                    entry = "promoted" if grade in (17, 18, 2, 3, 4, 5, 7, 8, 9) else "new"
                    seats += [self._new(school, grade, year, entry) for _ in range(part)]
        ninth = sum(1 for seat in seats if seat.grade == 9)
        for is_continuing, share in ((False, TO_UPPER), (True, TO_CONTINUING)):
            for grade in UPPER:
                for school, part in _spread(
                    having(self.world.schools, grade, continuing=is_continuing), ninth * share
                ):
                    seats += [
                        self._new(school, grade, year, "new" if grade == 10 else "promoted")
                        for _ in range(part)
                    ]
        return seats

    def _new(self, school: DemoSchool, grade: int, year: int, entry: str, other_school: str = "") -> Seat:
        persons, commune = self.persons, school.commune
        people, sex = persons.share(self.shares[commune]), persons.sex()
        born = year - AGE[grade]
        # Groups of the smallest are by months: born in spring, a child is old enough in September.
        birth_date = persons.day_in(born, last={13: 150, 14: 240, 15: 240}.get(grade, 365))
        province = persons.birth_province(commune)
        place = f"{school.commune_name}, tỉnh Quảng Ngãi"
        minor = people != KINH
        street = (
            f"{'Tổ dân phố' if place.startswith('Phường') else 'Thôn'} {1 + int(persons.rng.random() * 9)}"
        )
        student = self.rows.add(
            "students",
            StudentRow,
            unit_id=school.unit_id,
            public_id=persons.public_id(),
            full_name=persons.name(people, sex),
            birth_date=birth_date,
            gender=sex,
            ethnicity=people,
            personal_id=persons.personal_id(birth_date, sex, province),
            religion=persons.religion(),
            ministry_code=persons.ministry_code(commune),
            birth_place=PROVINCE_NAMES[province],
            home_town=place,
            residence_commune_code=commune,
            residence_address=f"{street}, {place}",
            current_address=f"{street}, {place}",
            is_father_minority=minor and persons.rng.random() < 0.97,
            is_mother_minority=minor and persons.rng.random() < 0.97,
        )
        student.local_code = f"HS{student.id:07d}"
        student.created_at = self._dossier_made(year, grade)
        if student.created_at > moment(self.world.today - timedelta(days=LATELY), 0):
            student.ministry_code, student.provisional_code = "", f"TAM-{student.id:07d}"
        return Seat(student, school, grade, entry, other_school=other_school)

    def _dossier_made(self, year: int, grade: int) -> datetime:
        """At the beginning of the school year; now and then a nursery writes a child down weeks later."""
        rng, first = self.persons.rng, date(year, 9, 3)
        late = grade > 12 and year == self.world.year.year and rng.random() < 0.08
        day = self.world.today - timedelta(days=2 + int(rng.random() * (LATELY - 10))) if late else first
        return moment(max(day, first), 7)

    # -- a year ------------------------------------------------------------------------------------

    def _within(self, year: YearSpan) -> None:
        """What happens to single pupils between September and May."""
        first, last = (
            year.starts_on + timedelta(days=16),
            min(year.ends_on, self.world.last_day) - timedelta(days=12),
        )
        if first >= last:
            return
        rng, staying = self.persons.rng, []
        for seat in self.seats:
            chance, rates = rng.random(), RATES[stage(seat.grade)]
            room = self.books[-1].classes[seat.school.unit_id, seat.grade][seat.section]
            # The last ones of a small group stay, or it would be open and empty.
            if chance >= sum(rates) or room.count <= 2:
                staying.append(seat)
                continue
            day = day_between(rng, first, last)
            if chance < rates[0]:
                self._drop_out(seat, year, day)
            elif chance < rates[0] + rates[1]:
                self._end(seat, year, day, "transferred_out", ELSEWHERE)
                self._moved(seat, day, seat.school, None)
            elif chance < sum(rates[:3]):
                self._move_school(seat, year, day)
                staying.append(seat)
            else:
                self._move_class(seat, day)
                staying.append(seat)
        self.seats = staying

    def _end(self, seat: Seat, year: YearSpan, day: date, exit_type: str, other_school: str = "") -> None:
        spell = seat.spell
        assert spell is not None  # noqa: S101 - every seat of a running year has one
        spell.left_on, spell.exit_type = day, exit_type
        term = 0 if day < year.second_term_on else 1
        codes = {"transferred_out": ("04", "08"), "dropped_out": ("05", "09")}
        spell.status = codes[exit_type][term] if exit_type in codes else spell.status
        spell.other_school = other_school or spell.other_school
        self.books[-1].classes[seat.school.unit_id, seat.grade][seat.section].count -= 1

    def _drop_out(self, seat: Seat, year: YearSpan, day: date) -> None:
        self._end(seat, year, day, "dropped_out")
        if seat.spell is not None:
            seat.spell.exit_reason = self.persons.pick(REASONS)
        if seat.grade <= 12 and self.persons.rng.random() < COMING_BACK:
            seat.entry_type = "returned"
            self.returning.append(seat)

    def _move_school(self, seat: Seat, year: YearSpan, day: date) -> None:
        near = having(
            self.communes[seat.school.commune], seat.grade, continuing="continuing" in seat.school.levels
        )
        others = [one for one in near if one is not seat.school and self._free(one, seat.grade) is not None]
        if not others:
            return
        target = self.persons.pick(others)
        old, index = seat.school, self._free(target, seat.grade)
        self._end(seat, year, day - timedelta(days=1), "transferred_out", target.name)
        seat.school, seat.section, seat.entry_type = target, index or 0, "transferred_in"
        seat.other_school, seat.student.unit_id = old.name, target.unit_id
        enter(
            self.rows,
            self.books[-1],
            seat,
            self.books[-1].classes[target.unit_id, seat.grade][seat.section],
            day,
        )
        self._moved(seat, day, old, target)

    def _moved(self, seat: Seat, day: date, old: DemoSchool, target: DemoSchool | None) -> None:
        """The transfer as both schools went through it; no target: a school of another province."""
        self.rows.add(
            "transfers",
            TransferRow,
            student_id=seat.student.id,
            from_unit_id=old.unit_id,
            to_unit_id=target.unit_id if target else None,
            to_name="" if target else ELSEWHERE,
            state="completed",
            student_name=seat.student.full_name,
            grade=seat.grade,
            effective_on=day,
            reason=self.persons.pick(("Gia đình chuyển nơi ở", "Cha mẹ chuyển nơi làm việc", "Học gần nhà")),
            requested_at=moment(day - timedelta(days=9), 9),
            decided_at=moment(day - timedelta(days=4), 10),
            answer="Đồng ý cho chuyển",
            completed_at=moment(day, 8),
        )

    def _free(self, school: DemoSchool, grade: int) -> int | None:
        rooms = self.books[-1].classes.get((school.unit_id, grade), [])
        free = [index for index, room in enumerate(rooms) if room.count < LIMITS[grade] - 1]
        return min(free, key=lambda index: rooms[index].count) if free else None

    def _move_class(self, seat: Seat, day: date) -> None:
        rooms = self.books[-1].classes[seat.school.unit_id, seat.grade]
        others = [
            i for i, room in enumerate(rooms) if i != seat.section and room.count < LIMITS[seat.grade] - 1
        ]
        if not others:
            return
        self._end(seat, self.books[-1].year, day - timedelta(days=1), "moved_class")
        seat.section, seat.entry_type, seat.other_school = others[0], "moved_class", ""
        enter(self.rows, self.books[-1], seat, rooms[others[0]], day)

    # -- from year to year -------------------------------------------------------------------------

    def _next_year(self, year: YearSpan) -> list[Seat]:
        rng = self.persons.rng
        going_on: list[Seat] = []
        finished: dict[tuple[str, int], list[Seat]] = {}
        for seat in self.seats:
            grade, is_last = seat.grade, seat.grade not in NEXT
            self._end(seat, year, year.ends_on, "graduated" if is_last else "year_end")
            if is_last:
                finished.setdefault((seat.school.commune, grade), []).append(seat)
                continue
            retained = rng.random() < RETAINED.get(grade, 0)
            seat.grade = grade if retained else NEXT[grade]
            seat.entry_type, seat.other_school = "retained" if retained else "promoted", ""
            going_on.append(seat)
        for seat in self.returning:
            seat.other_school, seat.section = "", -1
        going_on += self.returning
        self.returning = []
        ninth = self._change_level(finished, going_on)
        self._to_upper(ninth, going_on)
        self._newcomers(year.year + 1, going_on)
        return going_on

    def _change_level(self, finished: dict[tuple[str, int], list[Seat]], going_on: list[Seat]) -> list[Seat]:
        """From preschool to grade 1 and from primary school to grade 6, near home; gives those who finished grade 9."""
        for commune, schools in self.communes.items():
            for last, first in ((18, 1), (5, 6)):
                pupils = finished.get((commune, last), [])
                parts = _spread(having(schools, first), len(pupils))
                # Whoever can stay in the same school does.
                at = iter([school for school, part in parts for _ in range(part)])
                far = self._far_away(pupils, first)
                for seat, school in zip(sorted(pupils, key=lambda one: one.school.code), at, strict=False):
                    going_on.append(self._move_up(seat, far.get(seat.student.id, school), first))
        return [seat for (_, last), pupils in sorted(finished.items()) if last == 9 for seat in pupils]

    def _far_away(self, pupils: list[Seat], first: int) -> dict[int, DemoSchool]:
        """Between the schools of the sign-in page a few families move in the summer: {pupil: the school far from home}."""
        shown = [one for one in having(self.world.schools, first) if self.world.is_shown(one.unit_id)]
        leaving = [
            seat for seat in pupils
            if first in LOWER and self.world.is_shown(seat.school.unit_id) and seat.school not in shown
        ]  # fmt: skip
        if not shown or len(leaving) < FAR * FAR_AMONG:
            return {}
        moving = leaving[:FAR]
        for seat in moving:
            seat.student.current_address = f"Tổ dân phố 3, {shown[0].commune_name}, tỉnh Quảng Ngãi"
        return {seat.student.id: shown[0] for seat in moving}

    def _move_up(self, seat: Seat, school: DemoSchool, grade: int) -> Seat:
        seat.school, seat.grade, seat.entry_type, seat.section, seat.other_school = (
            school,
            grade,
            "new",
            -1,
            "",
        )
        seat.student.unit_id = school.unit_id
        return seat

    def _to_upper(self, ninth: list[Seat], going_on: list[Seat]) -> None:
        self.persons.rng.shuffle(ninth)
        left = {
            commune: [seat for seat in ninth if seat.school.commune == commune] for commune in self.communes
        }
        rest: list[Seat] = []
        places: list[DemoSchool] = []
        for is_continuing, share in ((False, TO_UPPER), (True, TO_CONTINUING)):
            schools = having(self.world.schools, 10, continuing=is_continuing)
            for school, part in _spread(schools, len(ninth) * share):
                near = left[school.commune]
                for _ in range(min(part, len(near))):
                    going_on.append(self._move_up(near.pop(), school, 10))
                    part -= 1
                places += [school] * part
        rest = [seat for pupils in left.values() for seat in pupils]
        for seat, school in zip(rest, places, strict=False):
            going_on.append(self._move_up(seat, school, 10))

    def _newcomers(self, year: int, going_on: list[Seat]) -> None:
        """Children of the commune who were nowhere yet, and those who come from other provinces."""
        counts: dict[tuple[str, int], int] = {}
        for seat in going_on:
            counts[seat.school.commune, seat.grade] = counts.get((seat.school.commune, seat.grade), 0) + 1
        for commune, schools in self.communes.items():
            self.persons.rng = self.world.rng("newcomers", commune, year)
            for grade in (*PRESCHOOL, 1):
                wanted = self._births(commune, year - AGE[grade]) * TAKING_PART.get(grade, 0.985)
                for school, part in _spread(
                    having(schools, grade), max(wanted - counts.get((commune, grade), 0), 0)
                ):
                    going_on += [self._new(school, grade, year, "new") for _ in range(part)]
            for grade in (*PRIMARY, *LOWER):
                coming = counts.get((commune, grade), 0) * FROM_ELSEWHERE
                if self.persons.rng.random() < coming % 1:
                    coming += 1
                for school, part in _spread(having(schools, grade), floor(coming)):
                    going_on += [
                        self._new(school, grade, year, "transferred_in", ELSEWHERE) for _ in range(part)
                    ]


def _spread(schools: list[DemoSchool], many: float) -> list[tuple[DemoSchool, int]]:
    """`many` shared out by the weights of the schools, whole, nobody lost."""
    total, given, done, parts = sum(one.weight for one in schools), 0, 0.0, []
    for school in schools:
        done += many * school.weight / total
        part = round(done) - given
        given += part
        parts.append((school, part))
    return parts


def moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 5)))
