"""The demo signs nothing in the future, at whatever hour it is loaded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from thongsuot.config.demo import transcripts

TODAY = date(2026, 11, 28)


def at(hour: int, day: date = TODAY) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.mark.parametrize(
    ("loaded", "signed"),
    [(at(0), at(9) - timedelta(days=1)), (at(8), at(9, date(2026, 11, 27))), (at(10), at(9))],
)
def test_transcripts_are_signed_at_the_last_nine_that_is_over(monkeypatch, loaded, signed):
    monkeypatch.setattr(timezone, "now", lambda: loaded)
    assert transcripts._last_nine(TODAY) == signed
    # A demo of another day keeps to that day.
    assert transcripts._last_nine(date(2026, 6, 1)) == at(9, date(2026, 6, 1))
