"""Assessments that the actor may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..models import Assessment, AssessmentLog, MaturityRound
from ..permissions import FILL, acted_for, assessments_visible


def assessments(actor: Actor) -> QuerySet[Assessment]:
    """The latest round first, then by name. A rubric's body is large and the same on every row: `rubric_of` reads it."""
    rows = Assessment.objects.filter(assessments_visible(actor))
    rows = rows.select_related("unit__parent", "round__school_year", "rubric", "team")
    return rows.defer("rubric__body")


def assessment(actor: Actor, public_id: UUID) -> Assessment | None:
    return assessments(actor).filter(public_id=public_id).first()


def own_assessments(actor: Actor, round: MaturityRound) -> QuerySet[Assessment]:
    """Those that the actor fills in, in one round."""
    return assessments(actor).filter(acted_for(actor, FILL), round=round)


def fillable_units(actor: Actor) -> QuerySet[Any]:
    """The schools (or the department) for which the actor may begin an assessment."""
    ids = {h.unit_id for h in actor.holdings if FILL in h.rights and h.unit_kind in ("school", "department")}
    if any(FILL in h.rights and h.unit_kind == "department_office" for h in actor.holdings):
        ids |= {pk for pk in (organization.department_id(),) if pk}
    return organization.units_visible(actor).select_related("school", "parent").filter(pk__in=ids)


def story(assessment: Assessment) -> QuerySet[AssessmentLog]:
    """What happened to it, the latest first."""
    return AssessmentLog.objects.filter(assessment=assessment).select_related("by").order_by("-at", "-id")
