"""A school with classes, teachers and a pupil of every awkward kind; another school beside it."""

from datetime import date

import pytest
from django.core.cache import cache

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import (
    make_class,
    make_contact,
    make_enrolment,
    make_staff,
    make_student,
    make_teaching,
)

DAY = date(2026, 11, 23)


@pytest.fixture
def province(db):
    cache.clear()  # counts are kept for a minute
    found = make_province()
    year = make_school_year()
    school = found.school_a1
    leader = make_staff(school, "Phạm Thị Thu Hà")
    found.leader, found.year = leader, year
    room = make_class(school, year, "1A", homeroom_teacher=leader, code="1A")
    found.room = room
    other_teacher = make_staff(school, 'Lê Văn, "Tư"')
    make_staff(school, "Nguyễn Quản Lý", group="manager")
    make_staff(school, "Đã Nghỉ Hưu", status="retired")
    make_teaching(leader, room, "Toán")
    make_teaching(other_teacher, room, "Mĩ thuật")
    make_teaching(other_teacher, room, "Âm nhạc")
    make_student(school, "Đinh", school_class=room)
    child = make_student(
        school, "Trần Thị Ngọc Ánh", school_class=room, email="anh@example.vn", ministry_code="0512345678"
    )
    make_contact(child, "Trần Văn Cha", relation="father", phone="0912345678")
    make_contact(child, "Hồ Thị Giám Hộ", relation="guardian")
    found.child = child
    make_student(
        school, "Năm Sinh Thôi", school_class=room, is_birth_year_only=True, birth_date=date(2020, 1, 1)
    )
    gone = make_student(school, "Đã Chuyển Đi")
    make_enrolment(gone, room, left_on=date(2026, 10, 1), exit_type="transferred_out")
    made = make_student(school, "Nhập Nhầm")
    make_enrolment(made, room, left_on=date(2026, 12, 1), exit_type="withdrawn")
    make_student(school, "Đã Xóa", school_class=room, erased_at="2026-11-01T00:00:00Z")
    other = make_class(found.school_b1, year, "1B")
    found.stranger = make_student(found.school_b1, "Bùi Trường Khác", school_class=other)
    make_contact(found.stranger, "Bùi Mẹ", relation="mother")
    return found
