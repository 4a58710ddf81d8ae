"""A file of marks: dry run, nothing twice, nothing lost, taken back."""

from __future__ import annotations

import pytest

from tests.factories.gradebook import make_line
from thongsuot.kit.importing.headers import DataRow
from thongsuot.kit.importing.types import RowState
from thongsuot.modules.gradebook.actions import lock_term
from thongsuot.modules.gradebook.imports import MarksImporter
from thongsuot.modules.gradebook.models import SubjectMarks
from thongsuot.modules.gradebook.types import BookLocked


@pytest.fixture
def importer(world):
    return MarksImporter().for_run(MarksImporter().options({"year": world.year.pk}, world.office))


def rows(world, *lines):
    # A file has every column in every row.
    empty = dict.fromkeys((name for line in lines for name in line), "")
    usual = {**empty, "class_name": world.secondary.school_class.name, "term": "HK I"}
    return [DataRow(number, {**usual, **line}) for number, line in enumerate(lines, 2)]


def plan(world, importer, *lines, by=None):
    return importer.plan(rows(world, *lines), by or world.office)


def test_in_twice_and_out_again(world, importer):
    first, second = world.secondary.students
    maths = world.secondary.subjects["mathematics"]
    make_line(maths, second, regular=[7, None, 6], remark="Chăm học")
    lines = (
        {"student": first.local_code, "subject": "Toán", "regular.0": "8", "regular.1": 7.5, "midterm": "v"},
        {"student": second.local_code, "subject": "toan", "regular.0": "7,0", "regular.1": "9", "final": ""},
        {"student": first.local_code, "subject": "Âm nhạc", "regular.0": "đ", "midterm": "CĐ"},
    )
    plans = plan(world, importer, *lines)
    assert [(one.state, one.errors) for one in plans] == [
        (RowState.NEW, []), (RowState.CHANGED, []), (RowState.NEW, []),
    ]  # fmt: skip
    assert plans[1].before == {"regular.1": ""}
    assert SubjectMarks.objects.count() == 1
    ids = importer.apply(plans, world.office)
    assert set(ids) == {2, 3, 4}
    row = SubjectMarks.objects.get(class_subject=maths, student=second)
    # What the file does not say stays.
    assert ([str(one) for one in row.regular], row.remark) == (["7.0", "9.0", "6.0"], "Chăm học")
    comment = SubjectMarks.objects.get(class_subject__code="arts")
    assert (comment.regular_levels, comment.midterm_level) == (["Đ"], "CĐ")
    assert {one.state for one in plan(world, importer, *lines)} == {RowState.UNCHANGED}
    assert importer.present([row.pk], world.office)[row.pk]["regular.1"] == "9.0"
    importer.remove([ids[2], ids[4]], world.office)
    assert SubjectMarks.objects.get(class_subject=maths, student=first).regular == []


def test_bad_rows_name_their_field(world, importer):
    first, second = world.secondary.students
    plans = plan(
        world,
        importer,
        {"student": first.local_code, "subject": "Toán", "regular.0": "11"},
        {"student": "không có", "subject": "Toán", "regular.0": "8"},
        {"student": first.local_code, "subject": "Triết học", "regular.0": "8"},
        {"student": second.local_code, "subject": "Toán", "final_level": "T"},
        {"student": first.local_code, "subject": "Ngữ văn", "term": "3", "final": "8"},
        {"student": first.local_code, "subject": "Tin học", "final": "8"},
        {"student": first.local_code, "subject": "Tin học", "final": "9"},
    )
    found = [(one.number, error.field) for one in plans for error in one.errors]
    assert found == [
        (2, "regular.0"), (3, "student"), (4, "subject"), (5, "final_level"), (6, "term"), (8, "class_name"),
    ]  # fmt: skip


def test_a_teacher_brings_in_what_is_taught(world, importer):
    first, _second = world.secondary.students
    line = {"student": first.local_code, "final": "8"}
    own, other = plan(
        world, importer, {**line, "subject": "Toán"}, {**line, "subject": "Ngữ văn"}, by=world.maths
    )
    assert (own.errors, [one.field for one in other.errors]) == ([], ["subject"])
    lock_term(by=world.principal, unit=world.school, school_year=world.year, term=1, now=world.now)
    with pytest.raises(BookLocked):
        importer.apply([own], world.maths)
    assert not importer.allowed(world.province.actor("accountant", "school_b2"))
