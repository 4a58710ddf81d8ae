"""What a family sees of the gradebook: the own child's year, and nothing that compares it with others.

A parent's or pupil's account reaches no unit, so row-level security shows it nothing; as in the registry, rows are read
here as the system once the registry has said whose child it is (TT 15/2026 Điều 22: marks are confidential, no ranking).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.registry.queries import last_spells, own_child

from ..permissions import VIEW_OWN
from ..types import PupilRecord
from .records import record_of


def own_year(actor: Actor, public_id: UUID, school_year: Any) -> PupilRecord | None:
    """The year of an own child, or the own one. None for everybody else's. The caller records the reading."""
    if not actor.can(VIEW_OWN):
        return None
    student = own_child(actor, public_id)
    if student is None:
        return None
    with act_as(Actor.system()):
        spells = last_spells(Actor.system(), school_year_id=school_year.pk).filter(student_id=student.pk)
        last = spells.order_by("-entered_on", "-pk").first()
        return None if last is None else record_of(last[2], student.pk)
