"""Why a result is another one than it was: which value became which, when, and what had been written before that.

Of a result only what stood there before it was replaced is kept (models/results.py); marks, conduct and judgements have
their whole history, in which the cause is found: what was written after the last computing and before this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.tracking import event_model

from ..models import (
    ClassSubject,
    PupilYear,
    Reassessment,
    SubjectMarks,
    SubjectResult,
    TermConduct,
    YearJudgement,
)
from ..permissions import can_see_class
from ..types import Award, Conduct, Learning, MarkChange, Outcome, PrimaryLearning
from .history import mark_history
from .summer import mark_text
from .words import name_of

MOST = 200
# Causes that are shown of one change; where it is not known since when, only the last of them.
MANY, FEW = 20, 5
FIELDS = {
    "learning_term1": gettext_lazy("Học tập học kỳ I"),
    "learning_term2": gettext_lazy("Học tập học kỳ II"),
    "learning": gettext_lazy("Học tập cả năm"),
    "learning_after": gettext_lazy("Học tập sau đánh giá lại"),
    "conduct_term1": gettext_lazy("Rèn luyện học kỳ I"),
    "conduct_term2": gettext_lazy("Rèn luyện học kỳ II"),
    "conduct": gettext_lazy("Rèn luyện cả năm"),
    "outcome": gettext_lazy("Kết quả cuối năm"),
    "award": gettext_lazy("Khen thưởng"),
}
PARTS = {
    "term1": gettext_lazy("học kỳ I"),
    "term2": gettext_lazy("học kỳ II"),
    "year": gettext_lazy("cả năm"),
    "after": gettext_lazy("sau đánh giá lại"),
}


@dataclass(frozen=True)
class Step:
    """what: "Học tập cả năm"; old, new in words."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class Cause:
    """What was written: "Toán, Cuối kì 7,5 → 8,0", by whom, when, why. is_first: nothing stood there before."""

    said: str
    who: str
    role: str
    at: datetime
    reason: str
    is_first: bool = False


@dataclass(frozen=True)
class ResultChange:
    """A computing that made other results of a pupil. who: in whose request it was done, "" for the program."""

    at: datetime
    who: str
    steps: tuple[Step, ...]
    causes: tuple[Cause, ...]


def result_changes(actor: Actor, school_class: Any, student_id: int) -> list[ResultChange]:
    """Of a pupil's year at the class, the newest first; empty for whoever may not see the class."""
    if not can_see_class(actor, school_class):
        return []
    found: dict[datetime, list[_Found]] = {}
    for one in (*_year_steps(school_class, student_id), *_subject_steps(school_class, student_id)):
        found.setdefault(one.at, []).append(one)
    times = sorted(found, reverse=True)[:MOST]
    causes = _causes(actor, school_class, student_id) if times else []
    changes = []
    for at, earlier in zip(times, [*times, None][1:], strict=True):
        # The result that was replaced was computed then: what was written since has made the other one.
        since = max((one.computed_at for one in found[at] if one.computed_at), default=earlier)
        own = [one for one in causes if one.at <= at and (since is None or one.at > since)]
        steps = tuple(one.step for one in found[at])
        changes.append(
            ResultChange(at, found[at][0].who, steps, tuple(own[: FEW if since is None else MANY]))
        )
    return changes


@dataclass(frozen=True)
class _Found:
    """computed_at: of the result that was replaced, where it is kept."""

    at: datetime
    who: str
    step: Step
    computed_at: datetime | None = None


def _year_steps(school_class: Any, student_id: int) -> Iterator[_Found]:
    row = PupilYear.objects.filter(
        student_id=student_id, school_year_id=school_class.school_year_id, unit_id=school_class.unit_id
    ).first()
    events: Any = event_model(PupilYear)
    if row is None or events is None:
        return
    kept = list(events._base_manager.filter(pgh_obj_id=row.pk).order_by("pgh_id"))
    for before, after in zip(kept, [*kept, row][1:], strict=True):
        for field, label in FIELDS.items():
            old, new = getattr(before, field), getattr(after, field)
            if old != new:
                step = Step(str(label), _word(field, old), _word(field, new))
                yield _Found(before.pgh_created_at, _name(before), step, before.computed_at)


def _subject_steps(school_class: Any, student_id: int) -> Iterator[_Found]:
    rows = SubjectResult.objects.filter(
        student_id=student_id, class_subject__school_class_id=school_class.pk
    ).select_related("class_subject")
    own = {row.pk: row for row in rows}
    events: Any = event_model(SubjectResult)
    if events is None:
        return
    kept: dict[int, list[Any]] = {}
    for event in events._base_manager.filter(pgh_obj_id__in=own).order_by("pgh_id"):
        kept.setdefault(event.pgh_obj_id, []).append(event)
    for key, found in kept.items():
        subject = own[key].class_subject.name
        for before, after in zip(found, [*found, own[key]][1:], strict=True):
            for part, label in PARTS.items():
                old, new = _result(before, part), _result(after, part)
                if old != new and not (part == "after" and _same_as_year(before, after)):
                    what = _("%(subject)s, %(part)s") % {"subject": subject, "part": label}
                    yield _Found(before.pgh_created_at, _name(before), Step(what, old or "–", new or "–"))


def _same_as_year(before: Any, after: Any) -> bool:
    """Nobody was assessed again: the result after it is the year's, and need not be told twice."""
    return all(_result(one, "after") == _result(one, "year") for one in (before, after))


def _result(row: Any, part: str) -> str:
    level = getattr(row, f"{part}_level")
    return level or mark_text(getattr(row, part)).replace(".", ",")


def _name(event: Any) -> str:
    return str((event.pgh_context or {}).get("name", ""))


def _word(field: str, value: str) -> str:
    kinds: tuple[Any, ...] = (Learning, PrimaryLearning)
    if field.startswith("conduct"):
        kinds = (Conduct,)
    elif field in ("outcome", "award"):
        kinds = (Outcome,) if field == "outcome" else (Award,)
    for kind in kinds:
        if value in list(kind):
            return name_of(kind(value))
    return "–"


def _causes(actor: Actor, school_class: Any, student_id: int) -> list[Cause]:
    """Everything that was written of the pupil's year and counts, the newest first."""
    books = ClassSubject.objects.filter(school_class_id=school_class.pk)
    books = books.select_related("school_class", "school_year", "unit__school")
    written = SubjectMarks.objects.filter(class_subject__in=books, student_id=student_id)
    keys = set(written.values_list("class_subject_id", "term"))
    found = []
    for book in books:
        for term in (1, 2):
            if (book.pk, term) in keys:
                found += [
                    _of_mark(one, book.name)
                    for one in mark_history(actor, book, term, student_id=student_id)
                    if one.column != "remark"
                ]
    found += _of_rows(Reassessment, {"class_subject__in": books, "student_id": student_id}, _again_words)
    own = {"school_class_id": school_class.pk, "student_id": student_id}
    found += _of_rows(TermConduct, own, _conduct_words)
    found += _of_rows(YearJudgement, own, _judged_words)
    return sorted(found, key=lambda one: (one.at, not one.is_first), reverse=True)


def _of_mark(one: MarkChange, subject: str) -> Cause:
    said = f"{subject}, {one.title}: {_shown(one.old)} → {_shown(one.new)}"
    return Cause(said, one.who, one.role, one.at, one.reason, not one.old)


def _shown(text: str) -> str:
    return text.replace(".", ",") or "–"


def _of_rows(model: Any, key: dict[str, Any], words: Any) -> list[Cause]:
    events: Any = event_model(model)
    rows = {row.pk: row for row in model._base_manager.filter(**key)}
    found: list[Cause] = []
    before: dict[int, Any] = {}
    for event in events._base_manager.filter(pgh_obj_id__in=rows).order_by("pgh_id"):
        said = words(before.get(event.pgh_obj_id), event, rows[event.pgh_obj_id])
        before[event.pgh_obj_id] = event
        if said:
            context = event.pgh_context or {}
            found.append(
                Cause(
                    said,
                    context.get("name", ""),
                    context.get("role", ""),
                    event.pgh_created_at,
                    context.get("reason", ""),
                )
            )
    return found


def _again_words(before: Any, event: Any, row: Reassessment) -> str:
    old, new = (_shown(one.level or mark_text(one.mark)) if one else "–" for one in (before, event))
    return _("%(subject)s, đánh giá lại: %(old)s → %(new)s") % {
        "subject": row.class_subject.name,
        "old": old,
        "new": new,
    }


def _conduct_words(before: Any, event: Any, row: TermConduct) -> str:
    old, new = (_word("conduct", one.conduct) if one else "–" for one in (before, event))
    if old == new:
        return ""
    return _("Rèn luyện học kỳ %(term)s: %(old)s → %(new)s") % {"term": row.term, "old": old, "new": new}


def _judged_words(before: Any, event: Any, row: YearJudgement) -> str:
    labels: Sequence[tuple[str, Any]] = (
        ("trained", _("rèn luyện sau hè")),
        ("helped", _("mức sau khi được giúp đỡ")),
        ("absences", _("số buổi nghỉ")),
        ("stands_out", _("tiêu biểu")),
        ("has_plan", _("kế hoạch giáo dục cá nhân")),
    )
    parts = []
    for field, label in labels:
        old, new = (_judged(field, one) for one in (before, event))
        if old != new:
            parts.append(f"{label} {old} → {new}")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _judged(field: str, row: Any) -> str:
    value = getattr(row, field) if row is not None else None
    if value in (None, "", False):
        return "–"
    if value is True:
        return _("có")
    return (
        _word("conduct" if field == "trained" else "learning", value)
        if isinstance(value, str)
        else str(value)
    )
