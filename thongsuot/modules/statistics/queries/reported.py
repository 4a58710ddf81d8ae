"""Reads of the figures that units report."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.queries import unit_nodes
from thongsuot.kit.indicators.types import Indicator, Source

from ..models import IndicatorSource, ReportedFigure
from ..permissions import CONFIRM, REVIEW, SIGN_OFF, VIEW, within
from ..types import ReportState


def reported_figures(actor: Actor) -> QuerySet[ReportedFigure]:
    """What units have reported, within the actor's reach, the latest first."""
    rows = ReportedFigure.objects.filter(within(actor, VIEW))
    return rows.select_related("unit", "submitted_by", "decided_by", "file").order_by("-as_of", "-pk")


def approved(code: str, as_of: date, unit_ids: Collection[int] | None) -> list[tuple[int, Decimal, Decimal]]:
    """The last approved figure of each unit up to the day: (unit id, numerator, denominator)."""
    return list(_latest(code, as_of, unit_ids).values_list("unit_id", "numerator", "denominator"))


def _latest(code: str, as_of: date, unit_ids: Collection[int] | None) -> QuerySet[ReportedFigure]:
    rows = ReportedFigure.objects.filter(code=code, state=ReportState.APPROVED, as_of__lte=as_of)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    return rows.order_by("unit_id", "-as_of", "-decided_at", "-pk").distinct("unit_id")


def reports_behind(code: str, actor: Actor, unit_id: int, as_of: date) -> QuerySet[ReportedFigure]:
    """The reports that a reported indicator of a unit is made of, within the actor's reach, by unit."""
    node = unit_nodes([unit_id], as_of).get(unit_id)
    latest = _latest(code, as_of, sorted(node.covers) if node else [])
    return reported_figures(actor).filter(pk__in=latest.values("pk")).order_by("unit__sort_key", "pk")


def reportable() -> list[Indicator]:
    """The indicators that units report, by name."""
    found = [one for one in registry.all_indicators() if one.kind == Source.REPORTED]
    return sorted(found, key=lambda one: str(one.name))


def may_report(actor: Actor, unit_id: int) -> bool:
    return actor.can(CONFIRM, unit_id)


def may_decide(actor: Actor, figure: ReportedFigure) -> bool:
    """Who checks what units below report; of the department's own, who signs off. Never the person who reported it."""
    return (
        figure.state == ReportState.SUBMITTED
        and actor.can(REVIEW, figure.unit_id)
        and figure.submitted_by_id != actor.user_id
        and (
            actor.acting is None
            or actor.acting.unit_id != figure.unit_id
            or actor.can(SIGN_OFF, figure.unit_id)
        )
    )


def sources(code: str) -> list[tuple[date, str]]:
    """(day, source) from when on an indicator has been computed, or reported, in order."""
    return list(IndicatorSource.objects.filter(code=code).order_by("since").values_list("since", "kind"))


def may_open_evidence(actor: Actor, stored_file: Any) -> bool:
    """Whoever sees the figure; before it is attached only who sent it."""
    if actor.user_id is not None and stored_file.uploaded_by_id == actor.user_id:
        return True
    return reported_figures(actor).filter(file_id=stored_file.pk).exists()
