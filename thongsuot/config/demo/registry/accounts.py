"""The accounts of the sign-in page stand for people of the registry: a pupil, a parent of two, teachers with classes. Pure."""

from __future__ import annotations

from thongsuot.config.demo.registry.classes import Seat
from thongsuot.config.demo.registry.persons import Persons
from thongsuot.config.demo.registry.rows import Rows, StudentRow
from thongsuot.config.demo.registry.world import AccountHolder, DemoSchool, World

CHILDREN_OF_PARENT = 2


def link(world: World, rows: Rows, seats: list[Seat], persons: Persons) -> None:
    """Teachers hold their accounts already (staff.py); here come the pupil and the parent of the first school."""
    for username in ("giaovien", "giaovien2"):
        _lead_a_class(world, rows, username)
    pupil, parent = world.demo_people.get("hocsinh"), world.demo_people.get("phuhuynh")
    school = next((one for one in world.schools for h in one.holders if h.username == "hocsinh"), None)
    if pupil is None or parent is None or school is None:
        return
    child, second = _children(rows, seats, school, persons.sex_of(pupil.full_name))
    _rename(rows, child, pupil.full_name)
    child.account_id = pupil.user_id
    for student in (child, second):
        _parent(rows, student, parent, persons)


def _lead_a_class(world: World, rows: Rows, username: str) -> None:
    """The demo's teacher is a homeroom teacher: takes over from whoever leads the first class of the level."""
    holder = world.demo_people.get(username)
    member = next((one for one in rows.staff if holder and one.account_id == holder.user_id), None)
    if member is None:
        return
    own = [
        one for one in rows.classes if one.school_year_id == world.year.id and one.unit_id == member.unit_id
    ]
    if any(one.homeroom_teacher_id == member.id for one in own) or not own:
        return
    own[0].homeroom_teacher_id = member.id


def _children(rows: Rows, seats: list[Seat], school: DemoSchool, sex: str) -> tuple[StudentRow, StudentRow]:
    """A child in the class of the demo's teacher, and one two grades higher or lower."""
    at = [seat for seat in seats if seat.school is school and seat.student.gender == sex] or seats
    classes = {row.id: row for row in rows.classes}
    teachers = {one.id for one in rows.staff if one.account_id in {h.user_id for h in school.holders}}

    def led(seat: Seat) -> bool:
        row = classes.get(seat.spell.school_class_id or 0) if seat.spell else None
        return row is not None and row.homeroom_teacher_id in teachers and seat.grade >= 2

    first = next((seat for seat in at if led(seat)), at[0])
    second = next((seat for seat in at if abs(seat.grade - first.grade) >= 2), at[-1])
    return first.student, second.student


def _rename(rows: Rows, student: StudentRow, full_name: str) -> None:
    student.full_name = full_name
    for spell in rows.enrolments:
        if spell.student_id == student.id:
            spell.student_name = full_name


def _parent(rows: Rows, student: StudentRow, parent: AccountHolder, persons: Persons) -> None:
    relation = "mother" if persons.sex_of(parent.full_name) == "female" else "father"
    own = [one for one in rows.contacts if one.student_id == student.id]
    contact = next((one for one in own if one.relation == relation), own[0])
    contact.full_name, contact.email, contact.account_id = parent.full_name, parent.email, parent.user_id
    contact.relation = relation
