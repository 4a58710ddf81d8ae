"""The register of levels, decisions, appeals, and what is public of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import fold_words

from ..domain.calendar import appeal_until
from ..models import Appeal, Decision, Recognition
from ..permissions import VIEW as _VIEW
from ..permissions import can_assess, within
from .rubrics import rubric_of

# A rubric's body is large and the same on every row: whoever needs it asks `rubric_of`.
BODY = "assessment__rubric__body"


def decisions(actor: Actor) -> QuerySet[Decision]:
    """The department's own, drafts too, with `size`; for those who assess."""
    if not can_assess(actor):
        return Decision.objects.none()
    rows = Decision.objects.annotate(size=Count("recognitions"))
    return rows.select_related("round__school_year", "owner_unit__parent", "amends", "issued_by")


def decision(actor: Actor, public_id: UUID) -> Decision | None:
    return decisions(actor).filter(public_id=public_id).first()


def lines_of(decision: Decision) -> QuerySet[Recognition]:
    """What a decision recognises, by commune and name."""
    rows = decision.recognitions.select_related("unit__parent", "assessment__rubric").defer(BODY)
    return rows.order_by("unit__parent__sort_key", "unit__sort_key", "pk")


def register(actor: Actor) -> QuerySet[Recognition]:
    """Lines of signed decisions of units within reach: a school before publication sees nothing of it."""
    rows = Recognition.objects.filter(within(actor, _VIEW), decision__number__isnull=False)
    if not can_assess(actor):
        rows = rows.filter(decision__published_on__isnull=False)
    rows = rows.select_related("unit__parent", "decision__round__school_year", "assessment__rubric")
    return rows.defer(BODY)


def recognition_of(actor: Actor, assessment_id: int) -> Recognition | None:
    """The line in force of an assessment, as far as the actor sees the register."""
    return register(actor).filter(assessment_id=assessment_id, is_live=True).first()


def last_appeal_day(row: Recognition) -> date | None:
    """The last day on which an appeal is taken, None before publication."""
    published = row.decision.published_on
    return appeal_until(published, row.decision.round.appeal_days) if published else None


def appeals(actor: Actor) -> QuerySet[Appeal]:
    """Of units within reach, those that wait first."""
    rows = Appeal.objects.filter(within(actor, _VIEW)).select_related(
        "unit__parent",
        "recognition__decision__round__school_year",
        "recognition__assessment__rubric",
        "filed_by",
    )
    return rows.defer(f"recognition__{BODY}").order_by("decided_at", "-filed_at", "-pk")


def appeal(actor: Actor, public_id: UUID) -> Appeal | None:
    return appeals(actor).filter(public_id=public_id).first()


@dataclass(frozen=True)
class PublicLevel:
    """What anybody may read of a recognition: who, which level, by which decision. No points, no evidence."""

    unit_name: str
    commune: str
    level: int
    level_name: str
    decision: str
    signed_on: date


def published(*, year: str = "", words: str = "", limit: int | None = None) -> list[PublicLevel]:
    """Published levels of a school year, by commune and name: the one door past row-level security, for everybody."""
    with act_as(Actor.system()):
        rows = Recognition.objects.filter(is_live=True, decision__published_on__isnull=False)
        rows = rows.filter(decision__round__school_year__name=year) if year else rows
        for word in fold_words(words):
            rows = rows.filter(unit__name_fold__contains=word)
        rows = rows.select_related("unit__parent", "decision", "assessment__rubric").defer(BODY)
        rows = rows.order_by("unit__parent__sort_key", "unit__sort_key", "pk")
        names = {}
        found = []
        for row in rows[:limit] if limit else rows:
            version = row.assessment.rubric
            if version.pk not in names:
                names[version.pk] = {one.number: one.name for one in rubric_of(version).levels}
            day = row.decision.signed_on or row.decision.published_on
            if day is None:  # a draft is never published
                continue
            found.append(
                PublicLevel(
                    row.unit.name,
                    row.unit.parent.name if row.unit.parent else "",
                    row.level,
                    names[version.pk].get(row.level, ""),
                    str(row.decision),
                    day,
                )
            )
        return found


def published_years() -> list[str]:
    """School years with published levels, the latest first."""
    with act_as(Actor.system()):
        rows = Decision.objects.filter(published_on__isnull=False).order_by("-round__school_year__starts_on")
        return list(dict.fromkeys(rows.values_list("round__school_year__name", flat=True)))
