"""Staff by the norms of the list dinh_muc_giao_vien_lop: posts, degrees, subjects, homerooms, who teaches what. Pure.

Some schools lack teachers, most have as many as the norm gives or one more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import cycle
from math import ceil

from thongsuot.config.demo.context import EMAIL_DOMAIN
from thongsuot.config.demo.registry.persons import KINH, Persons, peoples
from thongsuot.config.demo.registry.rows import ClassRow, EmploymentRow, Rows, StaffRow, TeachingRow
from thongsuot.config.demo.registry.world import AccountHolder, DemoSchool, World

# Teachers of the norm that a school has: at the least, at the most, and most often.
FILLED = (0.86, 1.08, 1.0)
# The list has no line for centres of continuing education.
OF_CENTRES = 1.8
# Lessons a week by subject (framework of the 2018 programme, rounded; from memory); of primary schools: of specialists.
LESSONS: dict[str, dict[str, str]] = {
    "primary_special": {"Tiếng Anh": "4", "Tin học": "1", "Âm nhạc": "1", "Mỹ thuật": "1", "Giáo dục thể chất": "2"},
    "lower_secondary": {
        "Ngữ văn": "4", "Toán": "4", "Tiếng Anh": "3", "Khoa học tự nhiên": "4", "Lịch sử và Địa lí": "3",
        "Giáo dục công dân": "1", "Công nghệ": "1.5", "Tin học": "1", "Giáo dục thể chất": "2", "Âm nhạc": "1",
        "Mỹ thuật": "1", "Hoạt động trải nghiệm, hướng nghiệp": "3",
    },
    "upper_secondary": {
        "Ngữ văn": "3", "Toán": "3", "Tiếng Anh": "3", "Lịch sử": "1.5", "Vật lí": "2", "Hóa học": "2", "Sinh học": "2",
        "Địa lí": "2", "Giáo dục kinh tế và pháp luật": "2", "Tin học": "2", "Giáo dục thể chất": "2",
        "Giáo dục quốc phòng và an ninh": "1", "Hoạt động trải nghiệm, hướng nghiệp": "3",
    },
    "continuing": {
        "Ngữ văn": "3", "Toán": "3", "Lịch sử": "2", "Vật lí": "2", "Hóa học": "2", "Địa lí": "2", "Tin học": "2",
    },
}  # fmt: skip
# What the homeroom teacher of a primary class teaches, grades 1 to 5: 25, 25, 28, 30 and 30 lessons a week with the
# specialists' subjects.
OF_HOMEROOM: dict[str, tuple[int, ...]] = {
    "Tiếng Việt": (12, 10, 7, 7, 7), "Toán": (3, 5, 5, 5, 5), "Đạo đức": (1, 1, 1, 1, 1),
    "Tự nhiên và Xã hội": (2, 2, 2, 0, 0), "Lịch sử và Địa lí": (0, 0, 0, 2, 2), "Khoa học": (0, 0, 0, 2, 2),
    "Công nghệ": (0, 0, 1, 1, 1), "Hoạt động trải nghiệm": (3, 3, 3, 3, 3),
}  # fmt: skip
MOST_LESSONS = 26
CARE = "Chăm sóc, giáo dục trẻ"
# (position by the list chuc_vu, how many)
EMPLOYEES = (("16", 1), ("15", 1), ("17", 1))
# Health and library: in schools of a dozen classes and more.
MORE_EMPLOYEES = (("11", 1), ("09", 1))
LARGE = 12
# Specialists of a primary school, the first ones first.
SPECIALISTS = (
    ("Tiếng Anh",),
    ("Âm nhạc", "Mỹ thuật"),
    ("Giáo dục thể chất", "Tin học"),
    ("Tiếng Anh",),
    ("Giáo dục thể chất",),
    ("Tin học",),
)
RANKS = {
    "preschool": "V.07.02",
    "primary": "V.07.03",
    "lower_secondary": "V.07.04",
    "upper_secondary": "V.07.05",
}


def level_of(grade: int | None, school: DemoSchool) -> str:
    if grade is None or grade > 12:
        return "preschool"
    if grade <= 5:
        return "primary"
    if grade <= 9:
        return "lower_secondary"
    return "continuing" if "continuing" in school.levels else "upper_secondary"


@dataclass
class Body:
    """The staff of one school while it is made. `members`: with the level at which they teach."""

    school: DemoSchool
    teachers: dict[str, list[StaffRow]] = field(default_factory=dict)
    since: dict[int, date] = field(default_factory=dict)
    ends: dict[int, date] = field(default_factory=dict)
    subjects: dict[int, tuple[str, ...]] = field(default_factory=dict)


class Faculty:
    """Fills staff, employments, homeroom teachers and teaching assignments of every school."""

    def __init__(self, world: World, rows: Rows, persons: Persons) -> None:
        self.world, self.rows, self.persons = world, rows, persons
        self.classes: dict[int, list[ClassRow]] = {}
        # Assignments of the schools that are done.
        self.taught = 0
        for row in rows.classes:
            self.classes.setdefault(row.unit_id, []).append(row)

    def employ(self) -> None:
        for school in self.world.schools:
            self.persons.rng = self.world.rng("faculty", school.code)
            self.shares = peoples(school.commune, self.world.rng("peoples", school.commune))
            body = Body(school)
            classes = self.classes.get(school.unit_id, [])
            running = [one for one in classes if one.school_year_id == self.world.year.id]
            self._office(body, len(running))
            self._teachers(body, running)
            self._homerooms(body, classes)
            self._lessons(body, running)
            self._share(body, running)

    # -- posts -------------------------------------------------------------------------------------

    def _office(self, body: Body, classes: int) -> None:
        school = body.school
        is_centre = "continuing" in school.levels
        holders = list(school.holders)
        heads = [one for one in holders if one.role == "principal"]
        head = next((one for one in heads if not one.title.startswith("Phó")), None)
        deputies = [one for one in heads if one.title.startswith("Phó")]
        self._member(body, "manager", "05" if is_centre else "01", head)
        for number in range(max(2 if classes >= 28 else 1, len(deputies))):
            holder = deputies[number] if number < len(deputies) else None
            self._member(body, "manager", "06" if is_centre else "02", holder)
        kitchen = ceil(classes / 4) if "preschool" in school.levels else 0
        more = MORE_EMPLOYEES if classes >= LARGE else ()
        for position, many in (*EMPLOYEES, *more, ("20", kitchen)):
            role = {"16": "school_office", "15": "accountant"}.get(position)
            holder = next((one for one in holders if one.role == role), None)
            for _ in range(many):
                self._member(body, "employee", position, holder)

    def _teachers(self, body: Body, running: list[ClassRow]) -> None:
        by_level: dict[str, int] = {}
        needed: dict[str, float] = {}
        for row in running:
            level = level_of(row.grade, body.school)
            by_level[level] = by_level.get(level, 0) + 1
            needed[level] = needed.get(level, 0) + self._norm(row, level)
        filled = self.world.rng("filled", body.school.code).triangular(*FILLED)
        holders = sorted(
            (one for one in body.school.holders if one.role == "teacher"),
            key=lambda one: (one.username not in self.world.demo_people, one.username),
        )
        for level, many in by_level.items():
            wanted = max(round(needed[level] * filled), many + 1)
            subjects = cycle(_shares_of_subjects(level, many))
            for _ in range(wanted):
                given = next(subjects)
                member = self._member(body, "teacher", "", holders.pop(0) if holders else None, level, given)
                body.teachers.setdefault(level, []).append(member)
        self._gone(body, by_level)

    def _norm(self, row: ClassRow, level: str) -> float:
        line = "nursery" if row.grade in (13, 14, 15) else level
        if not (row.is_two_sessions or row.is_boarding) and level in ("preschool", "primary"):
            line = f"{line}_one_session"
        return self.world.teacher_norms.get(line, OF_CENTRES)

    def _gone(self, body: Body, by_level: dict[str, int]) -> None:
        """Those who retired or went in the last years, and one now and then on leave."""
        rng, years = self.persons.rng, self.world.years
        for level, many in by_level.items():
            for _ in range(round(many * 0.08 * (len(years) - 1) + rng.random() * 0.9)):
                year = years[rng.randrange(max(len(years) - 1, 1))]
                subjects = _shares_of_subjects(level, 2)[0]
                day = date(year.ends_on.year, 7, 31)
                if day < self.world.today:
                    status = "retired" if rng.random() < 0.6 else self.persons.pick(("moved", "left"))
                    self._member(body, "teacher", "", None, level, subjects, ends=(day, status))
        teachers = [one for members in body.teachers.values() for one in members if one.account_id is None]
        if len(teachers) > 12 and rng.random() < 0.5:
            job = next(one for one in reversed(self.rows.employments) if one.staff_id == teachers[-1].id)
            job.status = "on_leave"
            body.ends[teachers[-1].id] = date.min

    def _member(
        self,
        body: Body,
        group: str,
        position: str,
        holder: AccountHolder | None,
        level: str = "",
        subjects: tuple[str, ...] = (),
        ends: tuple[date, str] | None = None,
    ) -> StaffRow:
        persons, school, rng = self.persons, body.school, self.persons.rng
        retires = ends is not None and ends[1] == "retired"
        people = persons.share(self.shares) if rng.random() < 0.5 else KINH
        sex = "female" if rng.random() < (0.97 if level == "preschool" else 0.66) else "male"
        if position == "17":
            sex = "male"
        age = rng.randrange(58, 61) if retires else rng.randrange(24, 56)
        age = max(age, 38 if group == "manager" else 30 if ends else age)
        birth_date = persons.day_in(self.world.year.year - age)
        full_name = persons.name(people, sex)
        if holder is not None:
            full_name, people = holder.full_name, KINH
            sex = persons.sex_of(full_name)
        province = persons.birth_province(school.commune)
        recruited = date(birth_date.year + 23 + rng.randrange(2), 9, 1)
        if holder is not None:
            recruited = min(recruited, holder.since)
        member: StaffRow = self.rows.add(
            "staff",
            StaffRow,
            unit_id=school.unit_id,
            public_id=persons.public_id(),
            full_name=full_name,
            birth_date=birth_date,
            gender=sex,
            ethnicity=people,
            personal_id=persons.personal_id(birth_date, sex, province),
            religion=persons.religion(),
            ministry_code=persons.ministry_code(school.commune),
            residence_commune_code=school.commune,
            residence_address=f"{school.commune_name}, tỉnh Quảng Ngãi",
            current_address=f"{school.commune_name}, tỉnh Quảng Ngãi",
            home_town=f"{school.commune_name}, tỉnh Quảng Ngãi",
            phone=persons.phone(),
            account_id=holder.user_id if holder else None,
            degree=self._degree(group, position, level),
            major=_major(group, level, subjects),
            political_theory="Trung cấp" if group == "manager" else "",
            foreign_language="Tiếng Anh B1" if rng.random() < 0.6 else "Tiếng Anh A2",
            informatics="Ứng dụng CNTT cơ bản",
            professional_standard=persons.pick("1122223") if group != "employee" else "",
            recruited_on=recruited,
            is_party_member=group == "manager" or rng.random() < 0.4,
            has_digital_skills=rng.random() < 0.7,
        )
        member.local_code = f"CB{member.id:06d}"
        member.email = holder.email if holder else f"cb{member.id:06d}@{EMAIL_DOMAIN}"
        self._jobs(body, member, group, position, level, subjects, ends)
        return member

    def _jobs(
        self,
        body: Body,
        member: StaffRow,
        group: str,
        position: str,
        level: str,
        subjects: tuple[str, ...],
        ends: tuple[date, str] | None,
    ) -> None:
        rng, school = self.persons.rng, body.school
        begins = member.recruited_on or date(2015, 9, 1)
        # Some worked elsewhere in the province before.
        if begins.year < 2018 and rng.random() < 0.12 and member.account_id is None:
            other = self.persons.pick(self.world.schools)
            if other is not school:
                moved = date(rng.randrange(begins.year + 2, 2023), 8, 31)
                self._job(member, other.unit_id, group, "", begins, level, subjects, until=moved)
                begins = date(moved.year, 9, 1)
        self._job(
            member, school.unit_id, group, position, begins, level, subjects, until=ends[0] if ends else None
        )
        body.since[member.id], body.subjects[member.id] = begins, subjects
        if ends is not None:
            body.ends[member.id] = ends[0]
            body.teachers.setdefault(f"gone {level}", []).append(member)
            after = date(ends[0].year, 8, 1)
            self._job(member, school.unit_id, group, "", after, level, subjects, status=ends[1])

    def _job(
        self,
        member: StaffRow,
        unit_id: int,
        group: str,
        position: str,
        begins: date,
        level: str,
        subjects: tuple[str, ...],
        until: date | None = None,
        status: str = "working",
    ) -> None:
        rng = self.persons.rng
        rank = f"{RANKS.get(level, RANKS['upper_secondary'])}.{'30' if rng.random() < 0.5 else '31'}"
        self.rows.add(
            "employments",
            EmploymentRow,
            staff_id=member.id,
            unit_id=unit_id,
            group=group,
            position=position,
            valid_from=begins,
            valid_to=until,
            contract=self.persons.pick("1111113") if group != "employee" else self.persons.pick("112"),
            rank=rank if group != "employee" else "",
            salary_step=f"Bậc {1 + min((self.world.year.year - begins.year) // 3, 8)}"
            if begins.year > 1990
            else "",
            status=status,
            subjects=list(subjects),
            duties=["Tổ trưởng chuyên môn"] if group == "teacher" and rng.random() < 0.08 else [],
        )

    def _degree(self, group: str, position: str, level: str) -> str:
        """Codes of the list trinh_do_chuyen_mon, never below the standard of the level (Luật Giáo dục 2019 Điều 72)."""
        if group == "employee":
            return str({"17": "06", "20": "05"}.get(position) or self.persons.pick(("03", "04")))
        if group == "manager":
            return str(self.persons.pick(("16", "16", "02")))
        if level == "preschool":
            return str(self.persons.pick(("17", "16", "16")))
        return str(self.persons.pick(("16",) * 16 + ("13", "02")))

    # -- who teaches what --------------------------------------------------------------------------

    def _homerooms(self, body: Body, classes: list[ClassRow]) -> None:
        """One teacher a class and year, of those who worked there when the year began."""
        for year in self.world.years:
            taken: set[int] = set()
            for row in classes:
                if row.school_year_id != year.id:
                    continue
                level = level_of(row.grade, body.school)
                there = body.teachers.get(level, []) + body.teachers.get(f"gone {level}", [])
                free = [
                    one
                    for one in there
                    if body.since[one.id] <= year.starts_on
                    and body.ends.get(one.id, year.ends_on) >= year.ends_on
                    and one.id not in taken
                ]
                # Whoever teaches a subject to many classes seldom has one of their own.
                own = [one for one in free if body.subjects[one.id][0] not in LESSONS["primary_special"]]
                chosen = next(iter(own or free or there), None)
                if chosen is not None:
                    row.homeroom_teacher_id = chosen.id
                    taken.add(chosen.id)

    def _lessons(self, body: Body, running: list[ClassRow]) -> None:
        load: dict[int, Decimal] = {}
        for row in running:
            level = level_of(row.grade, body.school)
            teachers = body.teachers.get(level, [])
            own = row.homeroom_teacher_id
            if level == "preschool":
                if own is not None:
                    self._teach(row, own, CARE, "20")
                continue
            if level == "primary":
                for subject, by_grade in OF_HOMEROOM.items():
                    lessons = str(by_grade[(row.grade or 1) - 1])
                    if own is not None and lessons != "0":
                        load[own] = load.get(own, Decimal(0)) + Decimal(lessons)
                        self._teach(row, own, subject, lessons)
            plan = LESSONS["primary_special" if level == "primary" else level]
            for subject, lessons in plan.items():
                if level == "primary" and subject in ("Tiếng Anh", "Tin học") and (row.grade or 0) < 3:
                    continue
                able = [
                    one for one in teachers if subject in body.subjects[one.id] and one.id not in body.ends
                ]
                # A school that lacks teachers leaves lessons to nobody rather than to one person all of them.
                least = min(able, key=lambda one: load.get(one.id, Decimal(0)), default=None)
                if least is not None and load.get(least.id, Decimal(0)) + Decimal(lessons) <= MOST_LESSONS:
                    load[least.id] = load.get(least.id, Decimal(0)) + Decimal(lessons)
                    self._teach(row, least.id, subject, lessons)

    def _share(self, body: Body, running: list[ClassRow]) -> None:
        """Teachers who got nothing yet: the second one of a preschool group, others beside a colleague of the subject."""
        busy = {one.staff_id for one in self.rows.teaching[self.taught :]}
        self.taught = len(self.rows.teaching)
        led = {row.homeroom_teacher_id for row in running}
        for level, teachers in body.teachers.items():
            rooms = [row for row in running if level_of(row.grade, body.school) == level]
            idle = [one for one in teachers if one.id not in busy | led and one.id not in body.ends]
            for number, one in enumerate(idle if rooms else ()):
                subject = body.subjects[one.id][0]
                self._teach(
                    rooms[number % len(rooms)], one.id, subject, "20" if level == "preschool" else "2"
                )

    def _teach(self, row: ClassRow, staff_id: int, subject: str, lessons: str) -> None:
        self.rows.add(
            "teaching",
            TeachingRow,
            staff_id=staff_id,
            school_class_id=row.id,
            unit_id=row.unit_id,
            subject=subject,
            lessons_per_week=Decimal(lessons),
            valid_from=row.valid_from,
        )


def _shares_of_subjects(level: str, classes: int) -> list[tuple[str, ...]]:
    """What teachers teach, in the order in which they are employed: as many of each subject as its lessons ask for."""
    if level == "preschool":
        return [(CARE,)]
    if level == "primary":
        own: list[tuple[str, ...]] = [tuple(OF_HOMEROOM)] * classes
        return [*own, *SPECIALISTS]
    plan = LESSONS[level]
    if classes < 8:
        names = list(plan)
        # Few classes: each teacher has two subjects, so that none is without.
        return [(names[i], names[(i + len(names) // 2) % len(names)]) for i in range(len(names))]
    if level == "continuing":
        return [(subject,) for subject in plan]
    queue: list[tuple[str, ...]] = [(subject,) for subject in plan]
    heavy = sorted(plan, key=lambda subject: -Decimal(plan[subject]))
    # One more than half: the only teacher of physical education of a dozen classes has fewer free slots than lessons.
    return queue + [(subject,) for subject in heavy[: len(heavy) // 2 + 1]]


def _major(group: str, level: str, subjects: tuple[str, ...]) -> str:
    if group == "employee":
        return ""
    if level == "preschool":
        return "Giáo dục Mầm non"
    if level == "primary" and len(subjects) > 1:
        return "Giáo dục Tiểu học"
    return f"Sư phạm {subjects[0]}" if subjects else "Quản lý giáo dục"
