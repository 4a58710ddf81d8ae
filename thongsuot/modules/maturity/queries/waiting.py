"""Who has not done their part of a round yet."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..models import Assessment, MaturityRound
from ..types import OPEN_STATES
from .rubrics import current_rubrics


def assessed_levels() -> set[str]:
    """Levels of education for which a rubric is in force."""
    bodies = current_rubrics().filter(is_enabled=True).values_list("body", flat=True)
    return {level for body in bodies for level in body.get("education_levels", ())}


def schools_behind(round: MaturityRound, *, today: date) -> list[int]:
    """Schools that a rubric in force is meant for and that have not handed in."""
    handed_in = Assessment.objects.filter(round=round).exclude(state__in=OPEN_STATES).values("unit_id")
    schools = organization.schools(Actor.system(), today=today, levels=assessed_levels() or ("-",))
    return list(schools.exclude(unit_id__in=handed_in).values_list("unit_id", flat=True))
