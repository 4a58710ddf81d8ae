"""What somebody teaches and which classes somebody leads, as the assignments say. For the modules above."""

from __future__ import annotations

from thongsuot.kit.accounts.types import Actor

from ..models import SchoolClass, TeachingAssignment


def own_assignments(actor: Actor) -> list[tuple[int, str]]:
    """(class, subject as the assignment names it) of the actor's own assignments that have not ended."""
    if actor.user_id is None:
        return []
    rows = TeachingAssignment.objects.filter(
        staff__account_id=actor.user_id, valid_to__isnull=True, unit_id__in=actor.own_unit_ids
    )
    return list(rows.order_by().values_list("school_class_id", "subject").distinct())


def led_class_ids(actor: Actor) -> list[int]:
    """Classes of which the actor is the homeroom teacher."""
    if actor.user_id is None:
        return []
    rows = SchoolClass.objects.filter(
        homeroom_teacher__account_id=actor.user_id, unit_id__in=actor.own_unit_ids
    )
    return list(rows.order_by().values_list("pk", flat=True))
