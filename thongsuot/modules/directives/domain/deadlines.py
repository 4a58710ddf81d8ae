"""The last day that a deadline of each kind means, and the day that an event sets. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from ..types import DeadlineKind, Period
from .periods import YearDates, add_months, period_bounds

_PERIOD_OF = {
    DeadlineKind.MONTH: Period.MONTH,
    DeadlineKind.QUARTER: Period.QUARTER,
    DeadlineKind.YEAR: Period.YEAR,
    DeadlineKind.SCHOOL_YEAR: Period.SCHOOL_YEAR,
}
# "trong 10 ngày làm việc sau khi ...", "chậm nhất 01 tháng kể từ ngày ..."
_UNITS = r"ngày làm việc|ngày|tuần|tháng|năm"
_SPAN = re.compile(
    rf"(?P<count>\d{{1,3}})\s*(?:\([^)]*\)\s*)?(?P<unit>{_UNITS})\b(?!\s*\d)"
    r"(?=[^.;]*?(?:sau khi|kể từ|từ khi|từ ngày|sau ngày|khi có))"
    rf"|(?:sau khi|kể từ)[^.;]*?(?:trong|sau|chậm nhất)\s+"
    rf"(?P<count2>\d{{1,3}})\s*(?P<unit2>{_UNITS})\b(?!\s*\d)",
    re.IGNORECASE,
)


def due_for_kind(kind: str, on: date | None, school_years: Sequence[YearDates] = ()) -> date | None:
    """The last day of the month, quarter, year or school year that `on` lies in; the day itself for a date.

    None for kinds that set no day by themselves (ongoing, event, none) or where no day is known.
    """
    if on is None or kind in (DeadlineKind.ONGOING, DeadlineKind.EVENT, DeadlineKind.NONE):
        return None
    period = _PERIOD_OF.get(DeadlineKind(kind))
    return period_bounds(period, on, school_years)[1] if period else on


def deadline_after_event(
    words: str, occurred_on: date, *, after_working_days: Callable[[date, int], date]
) -> date | None:
    """The day that words such as "trong 15 ngày làm việc sau khi có hướng dẫn" set once the event has come.

    The day of the event is not counted (Bộ luật Dân sự 2015, điều 147); working days are counted by
    `after_working_days(day, count)`, the calendar of the offices. None where the words give no span: a person then
    says the day.
    """
    found = _SPAN.search(words)
    if not found:
        return None
    count = int(found["count"] or found["count2"])
    unit = (found["unit"] or found["unit2"]).lower()
    if unit == "ngày làm việc":
        return after_working_days(occurred_on, count)
    if unit in ("tháng", "năm"):
        return _months_after(occurred_on, count * (12 if unit == "năm" else 1))
    return occurred_on + timedelta(days=count * (7 if unit == "tuần" else 1))


def _months_after(day: date, months: int) -> date:
    """Điều 147: the same day of the month, its last day where there is none."""
    found = add_months(day.replace(day=1), months)
    last = (add_months(found, 1) - timedelta(days=1)).day
    return found.replace(day=min(day.day, last))
