"""What a grid asks of an action, and what the action answers, translated for the page."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from ..types import CellChange, EntryOutcome
from .grid import Change, Saved

# What stands in a cell for a pupil who was absent from the assessment.
ABSENT = "V"


def told(outcome: EntryOutcome) -> Saved:
    """An outcome of an action as the script of the grid takes it."""
    return Saved(
        {f"{one.student_id}|{one.column}": one.value for one in outcome.saved},
        {
            f"{one.student_id}|{one.column}": (one.value, one.by, at_words(one.at))
            for one in outcome.conflicts
        },
        {f"{one.student_id}|{one.column}": _sentence(one.reason) for one in outcome.faults},
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def cell_changes(changes: Sequence[Change]) -> list[CellChange]:
    return [CellChange(one.student_id, one.column, one.old, one.new) for one in changes]


def asked_student(request: HttpRequest) -> int:
    text = request.GET.get("em", "")
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def at_words(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m}" if at else ""
