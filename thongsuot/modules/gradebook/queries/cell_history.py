"""The history of one cell of the book: who wrote what, when, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.tracking import event_model

from ..models import ClassSubject, PupilTraits, SubjectMarks, TermConduct
from ..permissions import can_see_class, can_see_subject


@dataclass(frozen=True)
class CellEntry:
    """old, new: as they are shown, "" for nothing. who "": not written through the platform."""

    at: datetime
    who: str
    role: str
    reason: str
    old: str
    new: str


def mark_history(
    actor: Actor, class_subject: ClassSubject, term: int, student_id: int, column: str
) -> list[CellEntry]:
    """Changes of one cell of the marks, the newest first. Nothing where the actor does not see the subject."""
    if not can_see_subject(actor, class_subject):
        return []
    key = {"class_subject": class_subject.pk, "student": student_id, "term": term}
    return _changes(SubjectMarks, key, lambda row: _mark(row, column))


def conduct_history(
    actor: Actor, school_class: Any, term: int, student_id: int, column: str
) -> list[CellEntry]:
    """Of conduct or the homeroom teacher's remark, the newest first."""
    if column not in ("conduct", "remark") or not can_see_class(actor, school_class):
        return []
    key = {"school_class": school_class.pk, "student": student_id, "term": term}
    return _changes(TermConduct, key, lambda row: getattr(row, column))


def trait_history(
    actor: Actor, school_class: Any, moment: str, student_id: int, code: str
) -> list[CellEntry]:
    """Of a quality or competence at a moment, the newest first."""
    if not can_see_class(actor, school_class):
        return []
    key = {"school_class": school_class.pk, "student": student_id, "moment": moment}
    return _changes(PupilTraits, key, lambda row: row.levels.get(code, ""))


def _changes(model: type[models.Model], key: dict[str, Any], value: Any) -> list[CellEntry]:
    """By the row that is there now: all rows have one life, they are written and rewritten, never removed."""
    events = event_model(model)
    row = model._base_manager.filter(**key).values_list("pk", flat=True).first()
    if events is None or row is None:
        return []
    found: list[CellEntry] = []
    before = ""
    for event in events._base_manager.filter(pgh_obj_id=row).order_by("pgh_id"):
        now = _shown(value(event))
        if now != before:
            said: dict[str, Any] = event.pgh_context or {}
            found.append(
                CellEntry(
                    event.pgh_created_at,
                    said.get("name", ""),
                    said.get("role", ""),
                    said.get("reason", ""),
                    before,
                    now,
                )
            )
        before = now
    found.reverse()
    return found


def _mark(row: Any, column: str) -> Any:
    name, _dot, place = column.partition(".")
    if name in ("midterm", "final") and getattr(row, f"{name}_absent"):
        return _("vắng")
    lists = {"regular": row.regular, "regular_level": row.regular_levels}
    if name in lists:
        values = lists[name] or []
        return values[int(place)] if place.isdecimal() and int(place) < len(values) else None
    known = ("midterm", "final", "midterm_level", "final_level", "remark", "exempt")
    return getattr(row, name) if name in known else None


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, bool):
        return _("miễn học") if value else ""
    return "" if value is None else str(value)
