"""Marks, levels and remarks written into the cells of a class and subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting

from ..bulk.lines import Standing, standing, write_lines
from ..bulk.staleness import HeldForWriting
from ..domain.cells import Column, Line, Wrong, canonical, read, write_all
from ..models import ClassSubject
from ..permissions import entered_by
from ..queries.books import SUBJECT_COLUMNS, Book, SubjectFacts, book_of_facts, lock_state
from ..queries.history import last_writers
from ..types import BookLocked, CellChange, CellConflict, CellFault, CellSaved, EntryOutcome

# Two people who write the same line at the same moment: the second one reads again and tries so often.
TRIES = 3
# Stands for the subject where a statement is made; no key is negative.
ANY_SUBJECT = -1


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


def enter_marks(
    *, by: Actor, class_subject: ClassSubject, term: int, changes: Sequence[CellChange], reason: str = ""
) -> EntryOutcome:
    """Write each cell that still holds what the page saw (`old`); one that already holds `new` is saved as it is.

    What somebody else has written meanwhile comes back in `conflicts`, what cannot be in `faults`; both keep nothing else
    back. A few statements whatever the number of cells. Results of the pupils become stale.
    Raises NotAllowed, BookLocked (the term is closed and not opened for this subject), GradingFault (no rules hold).
    Legal source: TT 22/2021/TT-BGDĐT Điều 6, 7; TT 27/2020/TT-BGDĐT Điều 6, 7.
    """
    with _in_transaction():
        subject = _held(by, class_subject.pk)
        if subject is None:
            raise NotAllowed(_("Anh/chị không được nhập điểm môn này của lớp này."))
        book, done = book_of_facts(subject), _Sorted()
        students = list(dict.fromkeys(change.student_id for change in changes))
        locked, stands = standing(subject, term, students)
        if locked and not lock_state(subject, term).may_write:
            raise BookLocked(_("Sổ điểm học kỳ này đã khóa: hãy đề nghị mở khóa trước khi sửa."))
        _check(book, term, changes, stands, done)
        with acting(by, reason=reason) if reason else nullcontext():
            _write(book, subject, term, done, stands)
        return EntryOutcome(
            saved=tuple(done.saved),
            conflicts=_explained(subject, term, done.conflicts),
            faults=tuple(done.faults),
            versions=done.versions,
        )


@contextmanager
def _in_transaction() -> Iterator[None]:
    """The caller's transaction, or one of its own. No savepoint: what is refused is refused before anything is written."""
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        yield


def _held(by: Actor, subject_id: int) -> SubjectFacts | None:
    """The subject where the actor may write in it. Its school's year is held until the end of the transaction: nobody locks
    or computes it in between.
    """
    text, values = _asking(by)
    with connection.cursor() as cursor:
        cursor.execute(text, [subject_id if value == ANY_SUBJECT else value for value in values])
        found = cursor.fetchone()
    return None if found is None else SubjectFacts(*found[:-1])


@lru_cache(maxsize=512)
def _asking(by: Actor) -> tuple[str, tuple[Any, ...]]:
    """The statement of `_held`: the same for all subjects, and a grid is saved every few seconds. Only its text is kept:
    whether the actor may is asked of the rows each time.
    """
    rows = ClassSubject.objects.filter(entered_by(by), pk=ANY_SUBJECT).order_by()
    rows = rows.annotate(held=HeldForWriting("unit_id", "school_year_id"))
    text, values = rows.values_list(*SUBJECT_COLUMNS, "held").query.sql_with_params()
    return text, tuple(values)


def _check(
    book: Book, term: int, changes: Sequence[CellChange], stands: Mapping[int, Standing], done: _Sorted
) -> None:
    """Each change told apart: what can be written, and what cannot be and why."""
    columns = {column.key: column for column in book.columns(term)}
    for change in changes:
        column, is_here = columns.get(change.column), stands[change.student_id].is_here
        if column is None:
            done.fault(change, _("môn này không có cột “%(column)s”"), column=change.column)
        elif is_here is None:
            done.fault(change, _("học sinh không thuộc lớp này"))
        elif not is_here:
            done.fault(change, _("học sinh đã rời lớp này"))
        else:
            text = canonical(column, change.new, book.decimals)
            stands_closed = change.column in stands[change.student_id].closed
            if isinstance(text, Wrong):
                done.fault(change, _(text.said), **text.about)
            elif stands_closed and text != read(stands[change.student_id].line, column):
                done.fault(change, _("điểm trường cũ đã ghi trước khi học sinh chuyển đến: chỉ đọc"))
            else:
                done.wanted[change.student_id].append((change, column, text))


def _write(
    book: Book, subject: SubjectFacts, term: int, done: _Sorted, stands: Mapping[int, Standing]
) -> None:
    waiting = dict(done.wanted)
    for _try in range(TRIES):
        lines, outcomes = _compared(book, waiting, stands)
        written = write_lines(subject, term, lines, {key: one.version for key, one in stands.items()})
        done.versions.update(written)
        lost = lines.keys() - written.keys()
        for key, (saved, conflicts) in outcomes.items():
            if key not in lost:
                done.saved += saved
                done.conflicts += conflicts
        if not lost:
            return
        waiting = {key: waiting[key] for key in lost}
        _locked, stands = standing(subject, term, list(waiting))
    for wanted in waiting.values():
        for change, _column, _text in wanted:
            done.fault(change, _("nhiều người đang sửa dòng này cùng lúc: hãy lưu lại"))


def _compared(
    book: Book, waiting: Mapping[int, list[tuple[CellChange, Column, str]]], stands: Mapping[int, Standing]
) -> tuple[dict[int, Line], dict[int, tuple[list[CellSaved], list[tuple[CellChange, Column, str]]]]]:
    """The lines to be written (only those that differ), and of each pupil what was saved and what has changed since."""
    lines, outcomes = {}, {}
    for key, wanted in waiting.items():
        line = stands[key].line
        # What shall stand in each cell that is named, where that differs from what stood in it.
        after: dict[Column, str] = {}
        saved, conflicts = [], []
        for change, column, text in wanted:
            now = after[column] if column in after else read(line, column)
            if now not in (text, change.old) and canonical(column, change.old, book.decimals) != now:
                conflicts.append((change, column, now))
                continue
            if now != text:
                after[column] = text
            saved.append(CellSaved(key, column.key, text))
        if any(read(line, column) != text for column, text in after.items()):
            lines[key] = write_all(line, after)
        outcomes[key] = (saved, conflicts)
    return lines, outcomes


def _explained(
    subject: SubjectFacts, term: int, conflicts: Sequence[tuple[CellChange, Column, str]]
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
