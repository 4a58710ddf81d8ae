"""The history of a cell that the homeroom teacher keeps (conduct, remarks, qualities): who wrote what, when, why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.tracking import event_model

from ..models import PupilTraits, TermConduct, YearJudgement
from ..permissions import can_see_class
from ..types import Conduct, MarkChange
from .words import name_of


def conduct_history(
    actor: Actor, school_class: Any, term: int, student_id: int, column: str
) -> list[MarkChange]:
    """Of conduct or the homeroom teacher's remark, the newest first."""
    if column not in ("conduct", "remark") or not can_see_class(actor, school_class):
        return []
    key = {"school_class": school_class.pk, "student": student_id, "term": term}
    return _changes(TermConduct, key, column, lambda row: _said(row, column))


def _said(row: TermConduct, column: str) -> str:
    return name_of(Conduct(row.conduct)) if column == "conduct" and row.conduct else getattr(row, column)


def trait_history(
    actor: Actor, school_class: Any, moment: str, student_id: int, code: str
) -> list[MarkChange]:
    """Of a quality or competence at a moment, the newest first."""
    if not can_see_class(actor, school_class):
        return []
    key = {"school_class": school_class.pk, "student": student_id, "moment": moment}
    return _changes(PupilTraits, key, code, lambda row: row.levels.get(code, ""))


def judgement_history(
    actor: Actor, school_class: Any, student_id: int, column: str, text: Callable[[Any, str], str]
) -> list[MarkChange]:
    """Of what was decided of a pupil's year, the newest first. text: the cell's text of a row and a column."""
    if not can_see_class(actor, school_class):
        return []
    key = {"school_class": school_class.pk, "student": student_id}
    return _changes(YearJudgement, key, column, lambda row: text(row, column))


def _changes(model: type[models.Model], key: dict[str, Any], column: str, value: Any) -> list[MarkChange]:
    """By the row that is there now: all rows have one life, they are written and rewritten, never removed."""
    events: Any = event_model(model)
    row = model._base_manager.filter(**key).values_list("pk", flat=True).first()
    if events is None or row is None:
        return []
    found: list[MarkChange] = []
    before = ""
    for event in events._base_manager.filter(pgh_obj_id=row).order_by("pgh_id"):
        now = value(event)
        if now != before:
            said: dict[str, Any] = event.pgh_context or {}
            found.append(
                MarkChange(
                    at=event.pgh_created_at,
                    who=said.get("name", ""),
                    role=said.get("role", ""),
                    reason=said.get("reason", ""),
                    student_id=key["student"],
                    column=column,
                    title="",
                    old=before,
                    new=now,
                )
            )
        before = now
    found.reverse()
    return found
