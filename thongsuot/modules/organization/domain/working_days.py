"""Days on which offices work. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """Saturday and Sunday are free, and the days in `free` (public holidays, days given for them: Bộ luật Lao động
    45/2019/QH14 Điều 112); a day in `worked` is a working day whatever it is (swapped against a holiday)."""

    free: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.free

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted (Bộ luật Dân sự 2015 Điều 147);
        `day` when count is 0. ValueError when count < 0."""
        if count < 0:
            raise ValueError("count of working days")
        while count > 0:
            day += timedelta(days=1)
            if self.is_working_day(day):
                count -= 1
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; 0 when last <= first."""
        days = range(1, (last - first).days + 1)
        return sum(self.is_working_day(first + timedelta(days=n)) for n in days)
