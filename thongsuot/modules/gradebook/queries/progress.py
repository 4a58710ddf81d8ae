"""How far the books of a school are, and what in them is worth a second look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.registry.queries import assigned_teachers, class_members

from ..domain.cells import Line, read
from ..domain.suspicion import Suspected, suspected
from ..models import ClassSubject, MarkLock, SubjectResult, UnlockRequest
from ..permissions import VIEW, can_lock, can_see_subject, within
from ..types import ColumnKind, GradingFault, UnlockState
from .books import book_of, line_of, lines_of, titled
from .grid import WITH
from .rules import rules_held

# What is filled of each subject of classes: (regular, periodic, tests of primary school, remarks, lines).
FILLED = """
    select m.class_subject_id,
        sum(cardinality(array_remove(m.regular, null)) + cardinality(array_remove(m.regular_levels, ''))),
        sum((m.midterm_level <> '' or (c.form = 'score' and m.midterm is not null) or m.midterm_absent)::int
            + (m.final_level <> '' or (c.form = 'score' and m.final is not null) or m.final_absent)::int),
        sum((m.midterm_level <> '')::int + (m.final_level <> '')::int
            + (m.midterm is not null)::int + (m.final is not null)::int),
        sum((m.remark <> '')::int),
        sum(m.exempt::int),
        max(m.updated_at)
    from gradebook_subjectmarks m join gradebook_classsubject c on c.id = m.class_subject_id
    where m.class_subject_id = any (%s) and m.term = %s
    group by 1
"""


@dataclass(frozen=True)
class ProgressLine:
    """A subject of a class: cells that a complete term has, and how many are filled."""

    class_subject: ClassSubject
    teachers: tuple[str, ...]
    pupils: int
    wanted: int
    filled: int
    remarks: int
    last_written: Any
    is_locked: bool

    @property
    def share(self) -> float | None:
        """Filled of wanted, 0 to 1; None where nothing is wanted."""
        return min(1.0, self.filled / self.wanted) if self.wanted else None


@rules_held()
def progress(actor: Actor, unit: Any, school_year: Any, term: int) -> list[ProgressLine]:
    """Every subject of every class of the school that the actor oversees, by grade and class; a handful of statements."""
    subjects = list(
        ClassSubject.objects.filter(within(actor, VIEW), unit_id=unit.pk, school_year_id=school_year.pk)
        .select_related(*WITH)
        .order_by("school_class__grade", "school_class__name", "position", "pk")
    )
    class_ids = {one.school_class_id for one in subjects}
    sizes: dict[int, int] = defaultdict(int)
    for member in class_members(Actor.system(), class_ids):
        sizes[member.class_id] += not member.has_left
    with connection.cursor() as cursor:
        cursor.execute(FILLED, [[one.pk for one in subjects], term])
        filled = {row[0]: row[1:] for row in cursor.fetchall()}
    teachers = _teachers(actor, class_ids)
    locks = MarkLock.objects.filter(
        unit_id=unit.pk, school_year_id=school_year.pk, term=term, unlocked_at__isnull=True
    )
    locked: set[int | None] = set(locks.values_list("school_class_id", flat=True))
    return [
        _line(one, term, sizes[one.school_class_id], filled.get(one.pk), teachers, locked) for one in subjects
    ]


def _line(
    subject: ClassSubject, term: int, pupils: int, filled: Any, teachers: Any, locked: set[int | None]
) -> ProgressLine:
    regular, periodic, primary, remarks, exempt, at = filled or (0, 0, 0, 0, 0, None)
    try:
        columns = book_of(subject).columns(term)
    except GradingFault:
        columns = ()
    cells = [one for one in columns if one.kind in (ColumnKind.MARK, ColumnKind.TEST, ColumnKind.LEVEL)]
    is_primary = bool(cells) and not any(one.may_be_absent for one in cells)
    names = {fold(name) for name in subject.taught_as}
    return ProgressLine(
        class_subject=subject,
        teachers=tuple(
            dict.fromkeys(name for said, name in teachers.get(subject.school_class_id, ()) if said in names)
        ),
        pupils=pupils,
        wanted=len(cells) * max(0, pupils - exempt),
        filled=primary if is_primary else regular + periodic,
        remarks=remarks,
        last_written=at,
        is_locked=None in locked or subject.school_class_id in locked,
    )


def _teachers(actor: Actor, class_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for class_id, subject, name, _account in assigned_teachers(actor, list(class_ids)):
        found[class_id].append((fold(subject), name))
    return found


@dataclass(frozen=True)
class Suspicion:
    """student_id: None when it is about a whole column. said: in words."""

    kind: str
    student_id: int | None
    column: str
    said: str


def suspicions(actor: Actor, subject: ClassSubject, term: int) -> list[Suspicion]:
    """What is missing in a term of a class and subject, and what looks wrong though it may be right."""
    row = ClassSubject.objects.select_related(*WITH).filter(pk=subject.pk).first()
    if row is None or not can_see_subject(actor, row):
        return []
    subject = row
    book = book_of(subject)
    rows = lines_of(subject, term)
    members = [one for one in class_members(Actor.system(), [subject.school_class_id]) if not one.has_left]
    lines = {
        one.student_id: line_of(rows[one.student_id]) if one.student_id in rows else Line() for one in members
    }
    columns = book.columns(term)
    before = {}
    if term == 2:
        results = SubjectResult.objects.filter(class_subject=subject, term1__isnull=False)
        before = dict(results.values_list("student_id", "term1"))
    cells = {
        key: {one.key: read(line, one) for one in columns} for key, line in lines.items() if not line.exempt
    }
    titles = {one.key: titled(one, book, term).title for one in columns}
    return [
        Suspicion(one.kind, one.student_id, one.column, _words(one, titles))
        for one in suspected(columns, cells, before)
    ]


def _words(one: Suspected, titles: dict[str, str]) -> str:
    said = {
        "missing": _("thiếu %(column)s"),
        "all_equal": _("cả lớp cùng %(value)s ở cột %(column)s"),
        "same_marks": _("mọi điểm của em đều là %(value)s"),
        "jump": _("%(column)s %(value)s, học kỳ I trung bình %(before)s"),
    }[one.kind]
    return said % {"column": titles.get(one.column, ""), "value": one.value, "before": one.before}


def unlock_requests(actor: Actor, unit: Any, *, school_year: Any = None) -> list[UnlockRequest]:
    """Requests to open closed books, the newest first: the school's for whoever decides or oversees, else the actor's own.
    Without a year those that wait."""
    rows = UnlockRequest.objects.filter(unit_id=unit.pk).select_related(
        "lock__school_year", "lock__school_class", "class_subject__school_class", "asked_by", "decided_by"
    )
    if not (can_lock(actor, unit.pk) or actor.can(VIEW, unit.pk)):
        rows = rows.filter(asked_by_id=actor.user_id or 0)
    if school_year is None:
        return list(rows.filter(state=UnlockState.ASKED))
    return list(rows.filter(lock__school_year_id=school_year.pk).order_by("-asked_at", "-pk")[:200])


def locks(actor: Actor, unit: Any, school_year: Any) -> list[MarkLock]:
    """Locks that hold in a school's year."""
    rows = MarkLock.objects.filter(
        within(actor, VIEW), unit_id=unit.pk, school_year_id=school_year.pk, unlocked_at__isnull=True
    )
    return list(rows.select_related("school_class", "locked_by").order_by("term", "school_class__name", "pk"))
