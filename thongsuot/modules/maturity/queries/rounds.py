"""The yearly rounds and their dates."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from thongsuot.modules.organization import queries as organization

from ..domain.calendar import RoundDates, dates_of
from ..models import MaturityRound


def rounds() -> QuerySet[MaturityRound]:
    """The latest first."""
    return MaturityRound.objects.select_related("school_year").order_by("-school_year__starts_on")


def round_of_year(name: str) -> MaturityRound | None:
    """By the name of its school year, "2026-2027"."""
    return rounds().filter(school_year__name=name).first()


def current_round() -> MaturityRound | None:
    return rounds().first()


def round_before(round: MaturityRound) -> MaturityRound | None:
    return rounds().filter(school_year__starts_on__lt=round.school_year.starts_on).first()


@lru_cache(maxsize=1)
def calendar_rules() -> dict[str, Any]:
    text = (settings.DATA_DIR / "maturity" / "calendar.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def proposed_dates(year: int) -> RoundDates:
    """The dates of the round of the school year that ends in `year`, as the file proposes them."""
    return dates_of(calendar_rules(), year)


def years_without_round(today: date) -> QuerySet[Any]:
    """School years for which a round may still be opened, the latest first."""
    taken = MaturityRound.objects.values("school_year_id")
    return (
        organization.school_years().filter(starts_on__lte=today).exclude(pk__in=taken).order_by("-starts_on")
    )
