"""Rounds: opened once a school year, dates set right at any time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..domain.calendar import RoundDates
from ..models import MaturityRound
from ..permissions import can_assess
from ..types import DecisionFault


def _require(by: Actor) -> None:
    if not can_assess(by):
        raise NotAllowed(_("Chỉ Sở mở và đặt ngày cho đợt đánh giá."))


def _check(dates: RoundDates) -> None:
    if not dates.self_due_on <= dates.forward_due_on <= dates.external_due_on:
        raise DecisionFault(
            _("Các hạn phải theo thứ tự: trường nộp, xã gửi Sở, đánh giá ngoài."), field="external_due_on"
        )


@transaction.atomic
def open_round(*, by: Actor, school_year: Any, dates: RoundDates, now: datetime) -> MaturityRound:
    """Open the round of a school year. Raises NotAllowed, DecisionFault (open already, dates out of order)."""
    _require(by)
    _check(dates)
    if MaturityRound.objects.filter(school_year=school_year).exists():
        raise DecisionFault(_("Đợt đánh giá của năm học này đã mở."), field="school_year")
    return MaturityRound.objects.create(school_year=school_year, opened_at=now, **_fields(dates))


@transaction.atomic
def set_dates(*, by: Actor, round: MaturityRound, dates: RoundDates) -> MaturityRound:
    """Set the dates of a round right; figures already frozen stay as they are. Raises NotAllowed, DecisionFault."""
    _require(by)
    _check(dates)
    row = MaturityRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
    for name, value in _fields(dates).items():
        setattr(row, name, value)
    row.save(update_fields=list(_fields(dates)))
    return row


def _fields(dates: RoundDates) -> dict[str, date | int]:
    return {
        "as_of": dates.as_of,
        "self_due_on": dates.self_due_on,
        "forward_due_on": dates.forward_due_on,
        "external_due_on": dates.external_due_on,
        "appeal_days": dates.appeal_days,
    }
