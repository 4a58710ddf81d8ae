"""Targets and the figures that units report for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404

from thongsuot.kit.accounts.types import Actor

from ..domain.measures import Figure, achievement, is_met, together
from ..models import Target, TargetUnit, TargetValue
from ..permissions import targets_visible
from ..types import TargetValueState


def targets(actor: Actor) -> QuerySet[Target]:
    """Targets the actor may see.

    Annotated: owner_name, directive_number, units_total, units_reported (with an approved figure).
    """
    approved = Q(values__state=TargetValueState.APPROVED)
    return (
        Target.objects.filter(targets_visible(actor))
        .select_related("directive", "owner_unit")
        .defer("directive__source_text", "directive__legal_bases", "directive__recipient_words")
        .annotate(
            owner_name=F("owner_unit__name"),
            directive_number=F("directive__number"),
            units_total=Count("units", distinct=True),
            units_reported=Count("values__unit", filter=approved, distinct=True),
        )
    )


def target(actor: Actor, public_id: uuid.UUID | str) -> Target:
    """Http404 when it is not the actor's to see."""
    return get_object_or_404(targets(actor), public_id=public_id)


@dataclass(frozen=True)
class TargetUnitLine:
    """How one unit stands. value None: nothing approved yet; `pending` waits for approval."""

    unit_id: int
    unit_name: str
    value: Decimal | None
    as_of: date | None
    is_met: bool | None
    pending: TargetValue | None = None


@dataclass(frozen=True)
class TrendPoint:
    as_of: date
    value: Decimal


@dataclass(frozen=True)
class TargetDetail:
    """source: "indicator" (live from records) or "reported" (by units). achievement: percent of the target."""

    source: str
    value: Decimal | None
    is_met: bool | None
    achievement: Decimal | None
    trend: list[TrendPoint]
    units: list[TargetUnitLine]

    @property
    def missing(self) -> list[TargetUnitLine]:
        """Units without a figure, or whose figure falls short."""
        return [line for line in self.units if not line.is_met]


def target_detail(actor: Actor, target: Target, *, today: date) -> TargetDetail:
    """Value, trend and units of a target that the actor has been shown; units within the actor's reach."""
    if target.indicator_code:
        from .indicators import detail_from_indicator

        found = detail_from_indicator(actor, target, today=today)
        if found is not None:
            return found
    rows = list(_values(actor, target, today))
    lines = _lines(actor, target, rows)
    value = together(_figures(_latest(rows, today)), target.measure)
    return TargetDetail(
        source="reported",
        value=value,
        is_met=is_met(target.operator, target.value, value),
        achievement=achievement(target.operator, target.value, value),
        trend=_trend(rows, target.measure),
        units=lines,
    )


def _within(actor: Actor, field: str = "unit_id") -> Q:
    return Q() if actor.reach is None else Q(**{f"{field}__in": actor.reach})


def _values(actor: Actor, target: Target, today: date) -> QuerySet[TargetValue]:
    rows = TargetValue.objects.filter(_within(actor), target=target, as_of__lte=today)
    return rows.exclude(state=TargetValueState.RETURNED).order_by("as_of", "id")


def _latest(rows: Iterable[TargetValue], day: date) -> dict[int, TargetValue]:
    """The last approved figure of each unit up to `day`."""
    approved = (row for row in rows if row.state == TargetValueState.APPROVED and row.as_of <= day)
    return {row.unit_id: row for row in approved}


def _figures(latest: dict[int, TargetValue]) -> list[Figure]:
    return [Figure(row.value, row.numerator, row.denominator) for row in latest.values()]


def _trend(rows: list[TargetValue], measure: str) -> list[TrendPoint]:
    """After each day on which something was approved, the figure of all units together."""
    days = sorted({row.as_of for row in rows if row.state == TargetValueState.APPROVED})
    points = ((day, together(_figures(_latest(rows, day)), measure)) for day in days[-24:])
    return [TrendPoint(day, value) for day, value in points if value is not None]


def _lines(actor: Actor, target: Target, rows: list[TargetValue]) -> list[TargetUnitLine]:
    latest = _latest(rows, date.max)
    pending = {row.unit_id: row for row in rows if row.state == TargetValueState.SUBMITTED}
    given = TargetUnit.objects.filter(_within(actor), target=target).order_by("unit__sort_key", "unit_id")
    lines = []
    for unit_id, name in given.values_list("unit_id", "unit__name"):
        found = latest.get(unit_id)
        value = found.value if found else None
        met = is_met(target.operator, target.value, value)
        as_of = found.as_of if found else None
        lines.append(TargetUnitLine(unit_id, name, value, as_of, met, pending.get(unit_id)))
    return lines


def target_values(actor: Actor, target: Target) -> QuerySet[TargetValue]:
    """Every figure reported for a target within the actor's reach, newest first."""
    rows = TargetValue.objects.filter(_within(actor), target=target)
    return rows.select_related("unit", "reported_by", "decided_by", "file").order_by("-as_of", "-id")


def target_value(actor: Actor, pk: int) -> TargetValue:
    """Http404 when its target or unit is not the actor's to see."""
    rows = TargetValue.objects.filter(
        _within(actor), target__in=Target.objects.filter(targets_visible(actor))
    )
    return get_object_or_404(rows.select_related("target", "unit", "approver_unit"), pk=pk)
