"""Parents and the dated facts of pupils: poverty, policy, disability, boarding. Few fields, as the law asks. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from thongsuot.config.demo.registry.cohorts import Population
from thongsuot.config.demo.registry.persons import BRAU, JOBS, KINH, RO_MAM, Persons
from thongsuot.config.demo.registry.rows import CharacteristicRow, ContactRow, Rows, StudentRow
from thongsuot.config.demo.registry.world import DemoSchool, World


class Families:
    def __init__(self, world: World, rows: Rows, persons: Persons) -> None:
        self.world, self.rows, self.persons = world, rows, persons
        self.schools = {one.unit_id: one for one in world.schools}
        self.since: dict[int, tuple[date, int | None]] = {}
        # Whose transcripts are made in the demo (transcripts.py), wherever they sit now.
        self.with_transcript: set[int] = set()
        for spell in rows.enrolments:
            self.since.setdefault(spell.student_id, (spell.entered_on, spell.grade))
            if world.is_shown(spell.unit_id):
                self.with_transcript.add(spell.student_id)

    def fill(self, population: Population) -> None:
        now = {seat.student.id for seat in population.seats}
        self.persons.rng = self.world.rng("families")
        for student in self.rows.students:
            school = self.schools[student.unit_id]
            self._facts(student, school)
            if student.id in now or student.id in self.with_transcript:
                self._parents(student)

    def _parents(self, student: StudentRow) -> None:
        persons, rng = self.persons, self.persons.rng
        # A transcript names the mother: where transcripts are made nearly every dossier does.
        with_both, mother = (0.94, 0.8) if student.id in self.with_transcript else (0.3, 0.6)
        both = rng.random() < with_both
        first = "mother" if rng.random() < mother else "father"
        relations = (first, "father" if first == "mother" else "mother") if both else (first,)
        born = student.birth_date.year if student.birth_date else self.world.year.year - 10
        for number, relation in enumerate(relations):
            sex = "female" if relation == "mother" else "male"
            minor = student.is_mother_minority if sex == "female" else student.is_father_minority
            name = persons.name(student.ethnicity if minor else KINH, sex)
            if relation == "father" and not minor and student.ethnicity == KINH:
                # A Kinh child has the father's family name.
                name = f"{student.full_name.split(' ')[0]} {name.split(' ', 1)[1]}"
            self.rows.add(
                "contacts",
                ContactRow,
                student_id=student.id,
                relation=relation,
                full_name=name,
                birth_year=born - rng.randrange(21, 40),
                occupation=persons.pick(JOBS) if rng.random() < 0.4 else "",
                # Every family can be reached by one number at least.
                phone=persons.phone() if number == 0 or rng.random() < 0.7 else "",
            )

    def _facts(self, student: StudentRow, school: DemoSchool) -> None:
        rng = self.persons.rng
        since, grade = self.since.get(student.id, (self.world.years[0].starts_on, None))
        minor = student.ethnicity != KINH
        poor = rng.random()
        if poor < (0.3 if minor else 0.06 if school.is_highland else 0.025):
            code = "poor" if rng.random() < 0.6 else "near_poor"
            until = date(2025, 12, 31) if rng.random() < 0.2 and since < date(2025, 12, 1) else None
            self._fact(student, "poverty", code, since, until)
            if minor and until is None:
                self._fact(student, "fee_relief", "", since)
        if rng.random() < 0.012:
            self._fact(student, "policy", self.persons.pick(("02", "03", "04", "05", "06", "07")), since)
        elif student.ethnicity in (BRAU, RO_MAM):
            self._fact(student, "policy", "11", since)
        if rng.random() < 0.008:
            self._fact(
                student, "disability", self.persons.pick(("01", "02", "03", "04", "05", "05", "06")), since
            )
        boards = 0.5 if school.is_boarding else 0.55 if grade is not None and grade > 12 else 0.0
        if rng.random() < boards:
            note = "Nội trú" if "nội trú" in school.name else "Bán trú"
            self._fact(student, "boarding", "", since, note=note)
        if grade is not None and 3 <= grade <= 9 and rng.random() < 0.15:
            day = min(since + timedelta(days=rng.randrange(30, 200)), self.world.today)
            self._fact(student, "swimming", "", max(day, since))

    def _fact(
        self,
        student: StudentRow,
        kind: str,
        code: str,
        since: date,
        until: date | None = None,
        note: str = "",
    ) -> None:
        self.rows.add(
            "characteristics",
            CharacteristicRow,
            student_id=student.id,
            unit_id=student.unit_id,
            kind=kind,
            code=code,
            valid_from=since,
            valid_to=until,
            note=note,
        )
