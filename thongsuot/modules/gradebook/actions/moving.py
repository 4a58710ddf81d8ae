"""A pupil changes class inside the school: what is written of the year goes along into the books of the new class.

It stays the school's own writing and can be corrected there; the history tells in which class it was written. Moved one
by one by journeys.move_class; what came to another class in a file of the school is found when results are computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.registry.queries import moved_pupils

from ..bulk.staleness import hold_for_writing, mark_stale
from ..domain.carrying import added, cells_of, columns_of_cells, line_of_cells
from ..domain.cells import Line
from ..models import ClassSubject, PupilTraits, Reassessment, SubjectMarks, TermConduct, YearJudgement
from ..queries.books import line_of

EDIT = "registry.edit"
# pupil -> class
Seats = Mapping[int, int]
LINE = tuple(Line.__dataclass_fields__)


@transaction.atomic
def move_books(*, by: Actor, student: Any, to_class: Any) -> int:
    """What other classes of the school wrote of the pupil in this year becomes `to_class`'s; how many rows moved.

    What both have is kept as the new class has it; a subject that the new class does not have stays where it was.
    Raises NotAllowed.
    """
    if not by.can(EDIT, to_class.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền sửa hồ sơ của trường này."))
    hold_for_writing(to_class.unit_id, to_class.school_year_id)
    moved = _move(to_class.unit_id, to_class.school_year_id, {student.pk: to_class.pk})
    mark_stale(to_class.unit_id, to_class.school_year_id, [student.pk])
    return moved


def gather_moved(*, by: Actor, unit_ids: Collection[int], school_year_id: int) -> int:
    """The same of every pupil of the schools who has sat in several classes in the year. For computing, which holds the
    year already.
    """
    seats: dict[int, dict[int, int]] = defaultdict(dict)
    for unit_id, student_id, class_id in moved_pupils(by, school_year_id=school_year_id, unit_ids=unit_ids):
        seats[unit_id][student_id] = class_id
    return sum(_move(unit_id, school_year_id, found) for unit_id, found in seats.items())


def _move(unit_id: int, school_year_id: int, seats: Seats) -> int:
    moved = _move_marks(unit_id, school_year_id, seats)
    moved += _move_again(unit_id, school_year_id, seats)
    moved += _move_rows(TermConduct, "term", ("conduct", "remark"), unit_id, school_year_id, seats)
    moved += _move_rows(PupilTraits, "moment", (), unit_id, school_year_id, seats)
    moved += _move_rows(YearJudgement, "", (), unit_id, school_year_id, seats)
    return moved


def _move_marks(unit_id: int, school_year_id: int, seats: Seats) -> int:
    rows = SubjectMarks.objects.filter(
        unit_id=unit_id, class_subject__school_year_id=school_year_id, student_id__in=seats
    ).select_related("class_subject")
    away, there = [], {}
    for row in rows.order_by("pk"):
        if row.class_subject.school_class_id == seats[row.student_id]:
            there[row.student_id, row.class_subject.code, row.term] = row
        else:
            away.append(row)
    if not away:
        return 0
    subjects = {
        (one.school_class_id, one.code): one
        for one in ClassSubject.objects.filter(school_class_id__in=set(seats.values()))
    }
    moving, filled, emptied = [], [], []
    for row in away:
        subject = subjects.get((seats[row.student_id], row.class_subject.code))
        if subject is None:
            continue
        twin = there.get((row.student_id, subject.code, row.term))
        if twin is None:
            row.class_subject = subject
            there[row.student_id, subject.code, row.term] = row
            moving.append(row)
            twin = row
        else:
            done = added(line_of(twin), cells_of(line_of(row)))
            if done.line != line_of(twin):
                _set(twin, done.line)
                filled.append(twin)
            if not done.left:
                emptied.append(row.pk)
            else:
                _set(row, line_of_cells(done.left))
                filled.append(row)
        _make_room(subject, columns_of_cells(cells_of(line_of(twin))))
    # First out of the way, so that nothing stands twice.
    SubjectMarks.objects.filter(pk__in=emptied).delete()
    SubjectMarks.objects.bulk_update(moving, ["class_subject"], batch_size=1000)
    SubjectMarks.objects.bulk_update(
        {row.pk: row for row in filled}.values(), [*LINE, "version"], batch_size=500
    )
    return len(moving) + len(emptied)


def _set(row: SubjectMarks, line: Line) -> None:
    for name in LINE:
        value = getattr(line, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.version += 1


def _make_room(subject: ClassSubject, columns: int) -> None:
    """A mark that counts has a column in which it is seen."""
    if columns > subject.regular_count:
        subject.regular_count = columns
        subject.save(update_fields=["regular_count"])


def _move_again(unit_id: int, school_year_id: int, seats: Seats) -> int:
    rows = Reassessment.objects.filter(
        unit_id=unit_id, class_subject__school_year_id=school_year_id, student_id__in=seats
    ).select_related("class_subject")
    moved = 0
    for row in rows:
        here = seats[row.student_id]
        if row.class_subject.school_class_id == here:
            continue
        subject = ClassSubject.objects.filter(school_class_id=here, code=row.class_subject.code).first()
        if subject is None or subject.reassessments.filter(student_id=row.student_id).exists():
            continue
        row.class_subject = subject
        row.save(update_fields=["class_subject"])
        moved += 1
    return moved


def _move_rows(
    model: Any, key: str, texts: tuple[str, ...], unit_id: int, school_year_id: int, seats: Seats
) -> int:
    """Rows about a pupil in a class: moved; where the new class has the row too, what is empty there is filled in."""
    rows = model.objects.filter(
        unit_id=unit_id, school_class__school_year_id=school_year_id, student_id__in=seats
    )
    away, there = [], {}
    for row in rows.order_by("pk"):
        place = row.student_id, getattr(row, key) if key else None
        if row.school_class_id == seats[row.student_id]:
            there[place] = row
        else:
            away.append((place, row))
    moved = 0
    for place, row in away:
        twin = there.get(place)
        if twin is None:
            row.school_class_id = seats[row.student_id]
            row.save(update_fields=["school_class"])
            there[place] = row
            moved += 1
            continue
        if key == "moment":
            twin.levels = {**row.levels, **twin.levels}
        for name in texts:
            setattr(twin, name, getattr(twin, name) or getattr(row, name))
        if key:
            twin.version += 1
            twin.save()
    return moved
