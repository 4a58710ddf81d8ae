"""The bank of remarks as a teacher sees it."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from thongsuot.kit.accounts.types import Actor

from ..models import ClassSubject, RemarkPhrase
from ..permissions import KEEP, phrases_visible, within


def phrases(actor: Actor) -> QuerySet[RemarkPhrase]:
    """The school's and the actor's own, the own first."""
    return (
        RemarkPhrase.objects.filter(phrases_visible(actor))
        .select_related("unit")
        .order_by(F("owner_id").desc(nulls_last=True), "subject", "level", "position", "id")
    )


def phrases_written(actor: Actor) -> QuerySet[RemarkPhrase]:
    """Those that the actor may reword or drop: the own, and the school's for whoever keeps its books."""
    own = Q(owner_id=actor.user_id or 0)
    return phrases(actor).filter(own | (Q(owner__isnull=True) & within(actor, KEEP)))


def phrases_for(actor: Actor, *, unit_id: int, subject: str, level: str) -> list[RemarkPhrase]:
    """Fitting a subject ("" = the homeroom teacher's) and a level; what says neither fits all. Those that name both first."""
    fitting = Q(subject="") | Q(subject=subject)
    if level:
        fitting &= Q(level="") | Q(level=level)
    rows = phrases(actor).filter(fitting, unit_id=unit_id)
    return sorted(rows[:200], key=lambda one: (one.level != level, one.subject != subject))


def subjects_with_names(actor: Actor, unit_ids: list[int]) -> list[tuple[str, str]]:
    """(code, name) of the subjects that these schools teach."""
    rows = (
        ClassSubject.objects.filter(unit_id__in=unit_ids)
        .order_by("name")
        .values_list("code", "name")
        .distinct()
    )
    return list(dict(rows).items())
