"""Periods of the calendar and of the school year, and the days on which a recurring duty falls due. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..types import Period

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}
_ROMAN = ("I", "II", "III", "IV")
# A report due in the first days of a period is about the one before ("nộp trước ngày 05 tháng sau").
ABOUT_THE_LAST_ONE_DAYS = 15


@dataclass(frozen=True)
class YearDates:
    """A school year as the province set it; `terms` are (first day, last day) in order."""

    starts_on: date
    ends_on: date
    terms: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Due:
    """One due day of a recurring duty and the period that it is about."""

    due_on: date
    first: date
    last: date
    label: str


def usual_year(on: date) -> YearDates:
    """Where no school year has been entered: September to the end of August, terms parted in mid-January."""
    start = on.year if on.month >= 9 else on.year - 1
    terms = ((date(start, 9, 1), date(start + 1, 1, 15)), (date(start + 1, 1, 16), date(start + 1, 5, 31)))
    return YearDates(date(start, 9, 1), date(start + 1, 8, 31), terms)


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of a month stays the last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if is_last else min(day.day, length))


def period_bounds(period: str, on: date, school_years: Sequence[YearDates] = ()) -> tuple[date, date]:
    """First and last day of the period that `on` lies in; between terms, of the term that began last."""
    if period == Period.WEEK:
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=6)
    if period in _MONTHS:
        months = _MONTHS[Period(period)]
        first = date(on.year, (on.month - 1) // months * months + 1, 1)
        return first, add_months(first, months) - timedelta(days=1)
    year = _year_of(on, school_years)
    if period == Period.SCHOOL_YEAR:
        return year.starts_on, year.ends_on
    terms = year.terms or usual_year(on).terms
    begun = [term for term in terms if term[0] <= on]
    return begun[-1] if begun else terms[0]


def _year_of(on: date, school_years: Sequence[YearDates]) -> YearDates:
    begun = [year for year in sorted(school_years, key=lambda y: y.starts_on) if year.starts_on <= on]
    # A list that stops years ago says nothing about today.
    if begun and (on - begun[-1].ends_on).days < 120:
        return begun[-1]
    return usual_year(on)


def period_label(period: str, first: date, school_years: Sequence[YearDates] = ()) -> str:
    """What the period is called in reports: "Quý I/2026", "Học kỳ I năm học 2025-2026"."""
    if period == Period.WEEK:
        week = first.isocalendar()
        return f"Tuần {week.week}/{week.year}"
    if period == Period.MONTH:
        return f"Tháng {first.month}/{first.year}"
    if period == Period.QUARTER:
        return f"Quý {_ROMAN[(first.month - 1) // 3]}/{first.year}"
    if period == Period.HALF_YEAR:
        return f"6 tháng {'đầu' if first.month == 1 else 'cuối'} năm {first.year}"
    if period == Period.YEAR:
        return f"Năm {first.year}"
    year = _year_of(first, school_years)
    name = f"năm học {year.starts_on.year}-{year.starts_on.year + 1}"
    if period == Period.SCHOOL_YEAR:
        return name.capitalize()
    terms = year.terms or usual_year(first).terms
    number = next((i for i, term in enumerate(terms) if term[0] == first), 0)
    return f"Học kỳ {_ROMAN[number]} {name}"


def following(period: str, first: date, school_years: Sequence[YearDates] = ()) -> tuple[date, date]:
    """Bounds of the period after the one that begins on `first`."""
    day = period_bounds(period, first, school_years)[1] + timedelta(days=1)
    for _ in range(500):
        bounds = period_bounds(period, day, school_years)
        if bounds[0] > first:
            return bounds
        day += timedelta(days=1)
    raise ValueError(f"no period of {period} follows {first}")


def preceding(period: str, first: date, school_years: Sequence[YearDates] = ()) -> tuple[date, date]:
    """Bounds of the period before the one that begins on `first`."""
    return period_bounds(period, first - timedelta(days=1), school_years)


def due_series(
    period: str,
    *,
    first_due_on: date | None,
    offset_days: int,
    start: date,
    until: date,
    school_years: Sequence[YearDates] = (),
) -> list[Due]:
    """Due days from `start` to `until`, both counted.

    With a first due day the same day of each following period; without, `offset_days` after a period ends.
    A term's day keeps its distance from the end of the term, since terms differ in length.
    """
    days = (
        _from_first(period, first_due_on, school_years)
        if first_due_on
        else _from_ends(period, offset_days, start, school_years)
    )
    found = []
    for due_on in days:
        if due_on > until:
            break
        if due_on >= start:
            found.append(_due(period, due_on, school_years))
    return found


def _from_first(period: str, first_due_on: date, school_years: Sequence[YearDates]) -> Iterator[date]:
    if period == Period.WEEK:
        step = 0
        while True:
            yield first_due_on + timedelta(weeks=step)
            step += 1
    if period == Period.TERM:
        first, last = period_bounds(period, first_due_on, school_years)
        distance = first_due_on - last
        while True:
            yield last + distance
            first, last = following(period, first, school_years)
    months = _MONTHS.get(Period(period), 12)
    step = 0
    while True:
        yield add_months(first_due_on, step * months)
        step += 1


def _from_ends(
    period: str, offset_days: int, start: date, school_years: Sequence[YearDates]
) -> Iterator[date]:
    first, last = period_bounds(period, start - timedelta(days=max(offset_days, 0)), school_years)
    while True:
        yield last + timedelta(days=offset_days)
        first, last = following(period, first, school_years)


def _due(period: str, due_on: date, school_years: Sequence[YearDates]) -> Due:
    first, last = period_bounds(period, due_on, school_years)
    if period != Period.WEEK and (due_on - first).days < ABOUT_THE_LAST_ONE_DAYS:
        first, last = preceding(period, first, school_years)
    return Due(due_on, first, last, period_label(period, first, school_years))
