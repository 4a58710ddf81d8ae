"""Search over orders, tasks, targets and reports, without accents."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold

from ..models import Assignment, Target
from ..permissions import assignments_visible, targets_visible
from .directives import directives
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
    orders = directives(actor, words=words).values_list("public_id", "subject", "number")[:most]
    tasks = matching(Assignment.objects.filter(assignments_visible(actor)), words)
    found = tasks.order_by("-id").values_list("public_id", "text", "unit__name")[:most]
    named = Q()
    for word in words.split()[:8]:
        named &= Q(text__icontains=word)
    goals = Target.objects.filter(targets_visible(actor), named).values_list(
        "public_id", "text", "directive__number"
    )
    return [
        *(Hit("directive", *row) for row in orders),
        *(Hit("assignment", *row) for row in found),
        *(Hit("target", *row) for row in goals[:most]),
    ]
