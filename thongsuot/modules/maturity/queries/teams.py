"""Teams of the external assessment, whom they may consist of, and their visits."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

from ..models import Assessment, MaturityRound, Team, Visit
from ..permissions import ASSESS, can_assess


def possible_members(actor: Actor, *, today: date) -> list[tuple[int, str]]:
    """(id, name) of the department's people who may assess; empty for whoever makes no teams."""
    department = organization.department_id()
    if department is None or not can_assess(actor):
        return []
    people = organization.users_with_right(ASSESS, department, today=today)
    return organization.people_named(people.values_list("pk", flat=True))


def teams(actor: Actor, round: MaturityRound | None = None) -> QuerySet[Team]:
    """Those of a round (None: all) with `given`, the number of assessments they have; for those who assess."""
    if not can_assess(actor):
        return Team.objects.none()
    rows = Team.objects.annotate(given=Count("assessments")).prefetch_related("members__user")
    rows = rows.select_related("round__school_year").order_by("-round__school_year__starts_on", "name", "pk")
    return rows.filter(round=round) if round is not None else rows


def team(actor: Actor, public_id: UUID) -> Team | None:
    return teams(actor).filter(public_id=public_id).first()


def visits(assessment: Assessment) -> QuerySet[Visit]:
    """Of an assessment that the caller may see, the latest first."""
    return (
        Visit.objects.filter(assessment=assessment).select_related("noted_by").order_by("-planned_on", "-pk")
    )


def visit(assessment: Assessment, public_id: UUID) -> Visit | None:
    return visits(assessment).filter(public_id=public_id).first()


def team_people(assessment: Assessment) -> list[tuple[str, bool]]:
    """(name, leads) of the team that has the assessment; none while there is no team."""
    if assessment.team is None:
        return []
    rows = assessment.team.members.select_related("user").order_by("-is_lead", "user__full_name")
    return [(row.user.full_name, row.is_lead) for row in rows]
