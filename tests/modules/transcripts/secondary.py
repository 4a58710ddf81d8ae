"""Class 8A of the school: subject teachers, one of two subjects, one who has left the school."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tests.factories.organization import make_appointment, make_user
from tests.factories.registry import make_class, make_contact, make_staff, make_student, make_teaching
from tests.modules.transcripts.world import TODAY, World, issue_key, record, supplement
from thongsuot.modules.gradebook.models import ClassSubject
from thongsuot.modules.gradebook.types import PupilRecord, SubjectRecord, TermRecord
from thongsuot.modules.organization.queries import actor_for

SUBJECTS = {"mathematics": "Toán", "informatics": "Tin học", "literature": "Ngữ văn", "music": "Âm nhạc"}
LEFT_ON = date(2026, 5, 1)


def _subject(code: str, name: str, mark: str) -> SubjectRecord:
    term = TermRecord((), "", mark, "", "", mark, f"Tiến bộ môn {name}.")
    form = "comment" if mark == "Đ" else "score"
    return SubjectRecord(code, name, form, 140, (term, term), mark, mark, "", False, ())


class Secondary(World):
    def records(self, **changes: Any) -> list[PupilRecord]:
        said = {
            "grade": 8,
            "level": "lower_secondary",
            "rules": "TT22-2021",
            "subjects": tuple(
                _subject(code, name, "Đ" if code == "music" else "8.5") for code, name in SUBJECTS.items()
            ),
            "learning": ("good", "good", "good"),
            "conduct": ("good", "good", "good"),
            "traits": {},
            "award": "",
            **changes,
        }
        return [record(one, self.school_class, **said) for one in self.students]


def secondary(world: World, *, pupils: int = 2) -> Secondary:
    """`world` with class 8A in the place of 3A. Toán, Tin học: Vũ Thị Toán; Ngữ văn: Đỗ Văn Văn, who came in March after
    somebody else; Âm nhạc: Hồ Thị Nhạc, who left the school on 1 May and has no successor."""
    users = {name: make_user() for name in ("maths", "letters", "early")}
    for user in users.values():
        make_appointment(user, "teacher", world.school)
    staff = {
        "maths": make_staff(world.school, "Vũ Thị Toán", account=users["maths"], birth_date=date(1986, 1, 1)),
        "letters": make_staff(
            world.school, "Đỗ Văn Văn", account=users["letters"], birth_date=date(1987, 1, 1)
        ),
        "early": make_staff(world.school, "Lý Thị Sớm", account=users["early"], birth_date=date(1988, 1, 1)),
        "gone": make_staff(world.school, "Hồ Thị Nhạc", birth_date=date(1989, 1, 1)),
    }
    staff["gone"].employments.update(valid_to=LEFT_ON)
    school_class = make_class(world.school, world.year, "8A", grade=8, homeroom_teacher=world.teacher)
    begins = school_class.valid_from
    make_teaching(staff["maths"], school_class, "Toán", valid_to=world.year.ends_on)
    make_teaching(staff["maths"], school_class, "Tin học")
    make_teaching(staff["early"], school_class, "Ngữ văn", valid_to=date(2026, 2, 28))
    make_teaching(staff["letters"], school_class, "Ngữ văn", valid_from=date(2026, 3, 1))
    make_teaching(staff["gone"], school_class, "Âm nhạc", valid_from=begins, valid_to=LEFT_ON)
    for position, (code, name) in enumerate(SUBJECTS.items()):
        ClassSubject.objects.create(
            unit=world.school, school_year=world.year, school_class=school_class, code=code, name=name,
            form="comment" if code == "music" else "score", periods=140, taught_as=[name], position=position,
        )  # fmt: skip
    students = []
    for number in range(pupils):
        student = make_student(
            world.school, f"Bùi Văn Tám {number}", school_class=school_class, birth_date=date(2012, 3, 4),
            birth_place="Bến Tre", home_town="Vĩnh Long", current_address="3 Lê Lai",
        )  # fmt: skip
        make_contact(student, "Trần Thị Cúc")
        supplement(student, school_class, homeroom_remark="Chăm học.")
        students.append(student)
    for name in ("maths", "letters", "early"):
        issue_key(world, staff[name].full_name, staff=staff[name])
    made = Secondary(**{**replace(world).__dict__, "school_class": school_class, "students": students})
    made.actors = {**world.actors, **{name: actor_for(user, today=TODAY) for name, user in users.items()}}
    return made
