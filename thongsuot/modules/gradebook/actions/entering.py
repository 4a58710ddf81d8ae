"""Marks, levels and remarks written into the cells of a class and subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.modules.registry.queries import class_members

from ..bulk.lines import write_lines
from ..bulk.staleness import hold_for_writing, mark_stale
from ..domain.cells import Column, Line, Wrong, canonical, read, write
from ..models import ClassSubject, SubjectMarks
from ..permissions import can_enter
from ..queries.books import Book, book_of, line_of, lock_state
from ..queries.history import last_writers
from ..types import BookLocked, CellChange, CellConflict, CellFault, CellSaved, EntryOutcome

# Two people who write the same line at the same moment: the second one reads again and tries so often.
TRIES = 3


@dataclass
class _Sorted:
    """What becomes of each cell. wanted: (change, column, canonical text) by pupil."""

    wanted: dict[int, list[tuple[CellChange, Column, str]]] = field(default_factory=lambda: defaultdict(list))
    saved: list[CellSaved] = field(default_factory=list)
    conflicts: list[tuple[CellChange, Column, str]] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)

    def fault(self, change: CellChange, said: str, **about: Any) -> None:
        self.faults.append(CellFault(change.student_id, change.column, change.new, said % about))


@transaction.atomic
def enter_marks(
    *, by: Actor, class_subject: ClassSubject, term: int, changes: Sequence[CellChange], reason: str = ""
) -> EntryOutcome:
    """Write each cell that still holds what the page saw (`old`); one that already holds `new` is saved as it is.

    What somebody else has written meanwhile comes back in `conflicts`, what cannot be in `faults`; both keep nothing else
    back. A few statements whatever the number of cells. Results of the pupils become stale.
    Raises NotAllowed, BookLocked (the term is closed and not opened for this subject), GradingFault (no rules hold).
    Legal source: TT 22/2021/TT-BGDĐT Điều 6, 7; TT 27/2020/TT-BGDĐT Điều 6, 7.
    """
    subject = ClassSubject.objects.select_related("school_class", "school_year", "unit__school").get(
        pk=class_subject.pk
    )
    if not can_enter(by, subject):
        raise NotAllowed(_("Anh/chị không được nhập điểm môn này của lớp này."))
    hold_for_writing(subject.unit_id, subject.school_year_id)
    if not lock_state(subject, term).may_write:
        raise BookLocked(_("Sổ điểm học kỳ này đã khóa: hãy đề nghị mở khóa trước khi sửa."))
    book = book_of(subject)
    done = _checked(book, term, changes)
    with acting(by, reason=reason):
        _write(book, term, done)
        if done.versions:
            mark_stale(subject.unit_id, subject.school_year_id, list(done.versions))
    return EntryOutcome(
        saved=tuple(done.saved),
        conflicts=_explained(subject, term, done.conflicts),
        faults=tuple(done.faults),
        versions=done.versions,
    )


def _checked(book: Book, term: int, changes: Sequence[CellChange]) -> _Sorted:
    """Each change told apart: what can be written, and what cannot be and why."""
    done = _Sorted()
    columns = {column.key: column for column in book.columns(term)}
    class_id = book.subject.school_class_id
    # Whether the actor may is known; who sits in the class is asked without his or her filters.
    members = {one.student_id: one for one in class_members(Actor.system(), [class_id])}
    for change in changes:
        column, member = columns.get(change.column), members.get(change.student_id)
        if column is None:
            done.fault(change, _("môn này không có cột “%(column)s”"), column=change.column)
        elif member is None:
            done.fault(change, _("học sinh không thuộc lớp này"))
        elif member.has_left:
            done.fault(change, _("học sinh đã rời lớp này"))
        else:
            text = canonical(column, change.new, book.decimals)
            if isinstance(text, Wrong):
                done.fault(change, _(text.said), **text.about)
            else:
                done.wanted[change.student_id].append((change, column, text))
    return done


def _write(book: Book, term: int, done: _Sorted) -> None:
    waiting = dict(done.wanted)
    for _try in range(TRIES):
        if not waiting:
            return
        rows = {
            row.student_id: row
            for row in SubjectMarks.objects.select_for_update().filter(
                class_subject=book.subject, term=term, student_id__in=list(waiting)
            )
        }
        lines, outcomes = _compared(book, waiting, rows)
        versions = {key: row.version for key, row in rows.items()}
        written = write_lines(book.subject, term, lines, versions)
        done.versions.update(written)
        lost = lines.keys() - written.keys()
        for key, (saved, conflicts) in outcomes.items():
            if key not in lost:
                done.saved += saved
                done.conflicts += conflicts
        waiting = {key: waiting[key] for key in lost}
    for wanted in waiting.values():
        for change, _column, _text in wanted:
            done.fault(change, _("nhiều người đang sửa dòng này cùng lúc: hãy lưu lại"))


def _compared(
    book: Book, waiting: Mapping[int, list[tuple[CellChange, Column, str]]], rows: Mapping[int, SubjectMarks]
) -> tuple[dict[int, Line], dict[int, tuple[list[CellSaved], list[tuple[CellChange, Column, str]]]]]:
    """The lines to be written (only those that differ), and of each pupil what was saved and what has changed since."""
    lines, outcomes = {}, {}
    for key, wanted in waiting.items():
        before = line = line_of(rows[key]) if key in rows else Line()
        saved, conflicts = [], []
        for change, column, text in wanted:
            stands = read(line, column)
            seen = canonical(column, change.old, book.decimals)
            if text != stands and seen != stands:
                conflicts.append((change, column, stands))
                continue
            line = write(line, column, text)
            saved.append(CellSaved(key, column.key, text))
        if line != before:
            lines[key] = line
        outcomes[key] = (saved, conflicts)
    return lines, outcomes


def _explained(
    subject: ClassSubject, term: int, conflicts: Sequence[tuple[CellChange, Column, str]]
) -> tuple[CellConflict, ...]:
    if not conflicts:
        return ()
    writers = last_writers(
        subject, term, [(change.student_id, column) for change, column, _stands in conflicts]
    )
    return tuple(
        CellConflict(
            change.student_id, column.key, stands, change.new, *writers[change.student_id, column.key]
        )
        for change, column, stands in conflicts
    )
