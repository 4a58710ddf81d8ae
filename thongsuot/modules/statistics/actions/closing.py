"""Closing a period, and opening it again: while it is closed no return of it moves.

A return of a closed period is not confirmed, taken in, sent back, signed off or corrected, its days do not move and
nobody is reminded of it. Reading, files and comparing with the records of today go on.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.kit.text.vietnamese import clean_text

from ..models import ReportingPeriod
from ..permissions import MANAGE
from ..types import PeriodRefused, PeriodState, ReturnState
from .return_telling import tell_closed


@transaction.atomic
def close_period(*, by: Actor, period: ReportingPeriod, now: datetime, reason: str = "") -> ReportingPeriod:
    """Close a period whose figures are frozen. With returns that are not signed off a reason is needed; their desks are
    told. Raises NotAllowed, PeriodRefused.
    """
    by.require(MANAGE)
    row = _locked(period)
    if row.state != PeriodState.FROZEN:
        raise PeriodRefused(_("Chỉ khóa được kỳ đã chốt số liệu và chưa khóa."))
    words = clean_text(reason)[:500]
    with act_as(Actor.system()):
        owed = _unsigned(row)
        if owed and not words:
            said = _("Còn %(n)d biểu Sở chưa duyệt: cần ghi lý do khóa kỳ.")
            raise PeriodRefused(said % {"n": len(owed)}, field="reason")
        _close(row, by.user_id, now, words)
        if owed:
            tell_closed(by=by, period=row, unit_ids=set(owed), now=now)
    return row


@transaction.atomic
def reopen_period(*, by: Actor, period: ReportingPeriod, reason: str) -> ReportingPeriod:
    """Let returns of a closed period move again, say for a late correction. Raises NotAllowed, PeriodRefused."""
    by.require(MANAGE)
    row = _locked(period)
    if row.state != PeriodState.CLOSED:
        raise PeriodRefused(_("Kỳ này chưa khóa."))
    words = clean_text(reason)[:500]
    if not words:
        raise PeriodRefused(_("Cần ghi lý do mở lại kỳ."), field="reason")
    row.state, row.closed_at, row.closed_by, row.state_reason = PeriodState.FROZEN, None, None, words
    row.save(update_fields=["state", "closed_at", "closed_by", "state_reason"])
    return row


@transaction.atomic
def close_signed(*, by: Actor, now: datetime) -> int:
    """Close the periods in which everything has been signed off; returns how many. For what two who signed at the same
    moment left open. Only the system does this: raises NotAllowed.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống tự làm."))
    return sum(_close_if_signed(row, now) for row in ReportingPeriod.objects.filter(state=PeriodState.FROZEN))


def _close_if_signed(period: ReportingPeriod, now: datetime) -> bool:
    """Called as the system, after a return has been signed off. A period that somebody has opened again is closed by
    hand: it stays open for what it was opened for."""
    if not period.returns.exists() or _unsigned(period):
        return False
    # Whoever has it locked is closing or opening it by hand, and waits for the return that has just been signed.
    free = ReportingPeriod.objects.select_for_update(of=("self",), skip_locked=True)
    row = free.filter(pk=period.pk, state=PeriodState.FROZEN, state_reason="").first()
    if row is None:
        return False
    _close(row, None, now, "")
    return True


def _locked(period: ReportingPeriod) -> ReportingPeriod:
    return ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)


def _unsigned(row: ReportingPeriod) -> list[int]:
    """Units of the returns that are not signed off, a unit for each of its returns."""
    rows = row.returns.exclude(state=ReturnState.SIGNED_OFF).order_by()
    return list(rows.values_list("unit_id", flat=True))


def _close(row: ReportingPeriod, user_id: int | None, now: datetime, reason: str) -> None:
    """Every return is locked first: whoever is taking a step has taken it, or finds the period closed."""
    list(row.returns.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    row.state, row.closed_at, row.closed_by_id = PeriodState.CLOSED, now, user_id
    row.state_reason = reason
    row.save(update_fields=["state", "closed_at", "closed_by", "state_reason"])
