"""Which pupils of a class have no transcript, and what keeps it from being made: the making tried without writing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook import queries as gradebook

from ..domain.document import write_data
from ..permissions import can_supplement
from ..types import TranscriptFault, Unready
from .contents import class_facts, contents
from .layouts import profile_for
from .lists import live_of_class


def preview(actor: Actor, school_class: Any) -> list[Unready]:
    """In the order of a register; the gaps only for those who can fill them."""
    having = set(live_of_class(actor, school_class).values_list("student_id", flat=True))
    due = [one for one in gradebook.class_records(actor, school_class) if one.student_id not in having]
    gaps = _gaps(actor, school_class, due) if due and can_supplement(actor, school_class) else {}
    return [Unready(one.student_id, one.name, gaps.get(one.student_id, ())) for one in due]


def _gaps(actor: Actor, school_class: Any, due: list[Any]) -> dict[int, Any]:
    try:
        profile = profile_for(due[0].level, school_class.school_year.starts_on.year)
    except TranscriptFault:
        return {}
    facts = class_facts(actor, school_class, level=due[0].level, profile=profile, now=timezone.now())
    said = contents(actor, facts, school_class, due, {one.student_id: uuid4() for one in due})
    return {key: write_data(profile, content).problems for key, content in said.items()}
