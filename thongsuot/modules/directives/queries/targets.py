"""Reads of targets: what was given, where it stands, who is missing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.types import Figure, Indicator

from ..domain.course import Course, course
from ..domain.target_values import meets
from ..models import Target, TargetUnit, TargetValue
from ..permissions import acts_for, can_manage_target, targets_visible, values_approvable
from ..types import TargetValueState
from .live import Live, indicator_of, live, live_words


def targets(actor: Actor) -> QuerySet[Target]:
    """Targets the actor sees, with `unit_count` and `reported_count` (units with an approved value)."""
    approved = Q(values__state=TargetValueState.APPROVED)
    return (
        Target.objects.filter(targets_visible(actor))
        .select_related("directive", "owner_unit")
        .annotate(
            unit_count=Count("units", distinct=True),
            reported_count=Count("values__unit", filter=approved, distinct=True),
        )
        .order_by("directive_id", "pk")
    )


def target(actor: Actor, public_id: uuid.UUID) -> Target | None:
    return targets(actor).filter(public_id=public_id).first()


def target_value(actor: Actor, pk: int) -> TargetValue | None:
    """One reported value of a target that the actor sees."""
    seen = Target.objects.filter(targets_visible(actor)).values("pk")
    return (
        TargetValue.objects.select_related("target", "unit", "approver_unit", "file")
        .filter(pk=pk, target__in=seen)
        .first()
    )


def values_to_approve(actor: Actor) -> QuerySet[TargetValue]:
    """Reported values that wait for the actor."""
    return (
        TargetValue.objects.filter(values_approvable(actor), state=TargetValueState.SUBMITTED)
        .select_related("target", "unit", "file")
        .order_by("reported_at", "pk")
    )


@dataclass(frozen=True)
class UnitStanding:
    """Where one unit stands: its newest approved value, or None; `pending` where one waits for approval.

    figure: what the value was counted from, where it comes from the records; below, behind: how many units directly below
    it have a figure, and how many of these do not meet the target.
    """

    unit: Any
    value: Decimal | None
    as_of: date | None
    met: bool | None
    pending: bool
    figure: Figure | None = None
    below: int = 0
    behind: int = 0


@dataclass(frozen=True)
class TargetDetail:
    """`value`: of the indicator, or over the units' numerators and denominators, or their mean where only
    values were given (`how` says which); `trend`: (day, value), oldest first; `course`: whether it is on course for its
    day, None where there is no line to compare with; `indicator`: where the values come from, None: units report them.
    """

    target: Target
    value: Decimal | None
    met: bool | None
    how: str
    trend: list[tuple[date, Decimal]]
    standings: list[UnitStanding]
    missing: list[UnitStanding]
    can_manage: bool
    reports_for: list[Any]
    course: Course | None = None
    indicator: Indicator | None = None


def _newest(state: str) -> QuerySet[TargetValue]:
    rows = TargetValue.objects.filter(target=OuterRef("target"), unit=OuterRef("unit"), state=state)
    return rows.order_by("-as_of", "-pk")


def _standings(actor: Actor, row: Target, unit_ids: frozenset[int] | None) -> list[dict[str, Any]]:
    given = TargetUnit.objects.filter(target=row).select_related("unit").order_by("unit__sort_key", "pk")
    if unit_ids is not None and row.owner_unit_id not in unit_ids:
        given = given.filter(unit_id__in=unit_ids)
    approved, waiting = _newest(TargetValueState.APPROVED), _newest(TargetValueState.SUBMITTED)
    return [
        {
            "unit": g.unit,
            "value": g.value,
            "as_of": g.as_of,
            "top": g.top,
            "below": g.below,
            "pending": g.waiting is not None,
        }
        for g in given.annotate(
            value=Subquery(approved.values("value")[:1]),
            as_of=Subquery(approved.values("as_of")[:1]),
            top=Subquery(approved.values("numerator")[:1]),
            below=Subquery(approved.values("denominator")[:1]),
            waiting=Subquery(waiting.values("pk")[:1]),
        )
    ]


def _overall(row: Target, found: list[dict[str, Any]]) -> tuple[Decimal | None, str]:
    known = [f for f in found if f["value"] is not None]
    if not known:
        return None, _("chưa có số liệu được duyệt")
    factor = Decimal(100 if row.measure == "%" else 1)
    if all(f["below"] for f in known):
        share = sum(f["top"] for f in known) * factor / sum(f["below"] for f in known)
        return share.quantize(Decimal("0.01"), ROUND_HALF_UP), _("cộng tử số và mẫu số của các đơn vị")
    mean = sum(f["value"] for f in known) / len(known)
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP), _("trung bình các đơn vị đã báo cáo")


def target_detail(actor: Actor, row: Target, *, today: date) -> TargetDetail:
    """Live value, trend, and the units still missing or below the target, as far as the actor sees them."""
    found = _standings(actor, row, actor.reach)
    indicator = indicator_of(row)
    counted = live(row, indicator, [f["unit"].pk for f in found], today) if indicator else None
    standings = [_standing(row, one, counted, today) for one in found]
    if counted is not None:
        value, how, trend = counted.whole.value, live_words(counted.indicator), counted.trend
    else:
        value, how = _overall(row, found)
        trend = _trend(row)
    return TargetDetail(
        target=row,
        value=value,
        met=None if value is None else meets(row.operator, value, row.value),
        how=how,
        trend=trend,
        standings=standings,
        missing=[s for s in standings if s.met is not True],
        can_manage=can_manage_target(actor, row),
        reports_for=[s.unit for s in standings if acts_for(actor, "directives.report", s.unit)],
        course=course(
            operator=row.operator,
            aim=row.value,
            ends=row.due_on,
            begins=row.directive.issued_on,
            trend=trend,
            today=today,
        ),
        indicator=indicator,
    )


def _standing(row: Target, one: dict[str, Any], counted: Live | None, today: date) -> UnitStanding:
    """What the records say of the unit today, or else what was reported and approved."""
    unit, value = one["unit"], one["value"]
    if counted is None:
        met = None if value is None else meets(row.operator, value, row.value)
        return UnitStanding(unit, value, one["as_of"], met, one["pending"])
    figure = counted.figures.get(unit.pk)
    value = figure.value if figure else None
    met = None if value is None else meets(row.operator, value, row.value)
    below = [known for found in counted.below.get(unit.pk, []) if (known := found.value) is not None]
    behind = sum(meets(row.operator, known, row.value) is False for known in below)
    return UnitStanding(
        unit, value, today if value is not None else None, met, False, figure, len(below), behind
    )


def _trend(row: Target) -> list[tuple[date, Decimal]]:
    """Each day on which something was approved: over all units, each with its newest value on that day."""
    rows = list(
        TargetValue.objects.filter(target=row, state=TargetValueState.APPROVED)
        .order_by("as_of", "pk")
        .values("unit_id", "value", day=F("as_of"), top=F("numerator"), below=F("denominator"))
    )
    current: dict[int, dict[str, Any]] = {}
    trend: dict[date, Decimal] = {}
    for value in rows:
        current[value["unit_id"]] = dict(value)
        overall, _how = _overall(row, list(current.values()))
        if overall is not None:
            trend[value["day"]] = overall
    return sorted(trend.items())
