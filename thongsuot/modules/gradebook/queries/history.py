"""Who changed a mark from what to what, when and why: read from the history of the lines, cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.tracking import event_model

from ..domain.cells import Column, Line, read
from ..models import ClassSubject, SubjectMarks
from ..permissions import can_see_subject
from ..types import MarkChange
from .books import SubjectFacts, book_of, line_of, titled


def mark_history(
    actor: Actor, class_subject: ClassSubject, term: int, *, student_id: int | None = None, column: str = ""
) -> list[MarkChange]:
    """Every change of the cells of a class and subject in a term, the newest first; of one pupil, of one column.

    Empty for whoever may not see the marks.
    """
    if not can_see_subject(actor, class_subject):
        return []
    book = book_of(class_subject)
    columns = [one for one in book.columns(term) if column in ("", one.key)]
    titles = {one.key: titled(one, book, term).title for one in columns}
    changes = [
        MarkChange(
            at=event.pgh_created_at,
            who=context.get("name", ""),
            role=context.get("role", ""),
            reason=context.get("reason", ""),
            student_id=event.student_id,
            column=one.key,
            title=titles[one.key],
            old=old,
            new=new,
        )
        for event, one, old, new in _steps(_events(class_subject, term, student_id), columns)
        for context in [event.pgh_context or {}]
    ]
    return changes[::-1]


def last_writers(
    subject: ClassSubject | SubjectFacts, term: int, cells: Collection[tuple[int, Column]]
) -> dict[tuple[int, str], tuple[str, datetime | None]]:
    """(name, time) of whoever wrote each cell last."""
    found: dict[tuple[int, str], tuple[str, datetime | None]] = {
        (student_id, column.key): ("", None) for student_id, column in cells
    }
    columns = {column.key: column for _student, column in cells}
    events = _events(subject, term, *{student_id for student_id, _column in cells})
    for event, column, _old, _new in _steps(events, columns.values()):
        if (event.student_id, column.key) in found:
            name = (event.pgh_context or {}).get("name", "")
            found[event.student_id, column.key] = (name, event.pgh_created_at)
    return found


def _events(subject: ClassSubject | SubjectFacts, term: int, *student_ids: int | None) -> Iterable[Any]:
    """The events of the lines, the oldest first."""
    events: Any = event_model(SubjectMarks)
    lines = SubjectMarks.objects.filter(class_subject_id=subject.pk, term=term)
    if wanted := [one for one in student_ids if one is not None]:
        lines = lines.filter(student_id__in=wanted)
    return events._base_manager.filter(pgh_obj_id__in=list(lines.values_list("pk", flat=True))).order_by(
        "pgh_id"
    )


def _steps(events: Iterable[Any], columns: Collection[Column]) -> Iterator[tuple[Any, Column, str, str]]:
    """(event, column, before, after) of each cell that an event changed."""
    before: dict[int, Line] = {}
    for event in events:
        line = line_of(event)
        last = before.get(event.pgh_obj_id, Line())
        for column in columns:
            old, new = read(last, column), read(line, column)
            if old != new:
                yield event, column, old, new
        before[event.pgh_obj_id] = line
