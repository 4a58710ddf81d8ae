"""Search over orders, tasks, targets and reports, without accents."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold

from ..models import Assignment, Directive, Target
from ..permissions import assignments_visible, directives_visible, targets_visible
from .directives import holding
from .standing import matching

MOST = 20


@dataclass(frozen=True)
class Hit:
    """kind: directive, assignment or target."""

    kind: str
    public_id: uuid.UUID
    title: str
    detail: str


def search(actor: Actor, words: str, *, most: int = MOST) -> list[Hit]:
    """Up to `most` of each kind that hold every word; nothing for an empty search."""
    if not fold(words):
        return []
    orders = holding(Directive.objects.filter(directives_visible(actor)), words)
    tasks = matching(Assignment.objects.filter(assignments_visible(actor)), words)
    found = tasks.order_by("-id").values_list("public_id", "text", "unit__name")[:most]
    goals = Target.objects.filter(targets_visible(actor))
    for word in fold(words).split()[:8]:
        goals = goals.filter(text_fold__contains=word)
    return [
        *(Hit("directive", *row) for row in orders.values_list("public_id", "subject", "number")[:most]),
        *(Hit("assignment", *row) for row in found),
        *(Hit("target", *row) for row in goals.values_list("public_id", "text", "directive__number")[:most]),
    ]
