"""When the lessons of a half-day are, by the clock. Pure."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field

from .rules import Plain
from .timetable import MORNING, Slot

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Bells(Plain):
    """morning, afternoon: when their first lessons begin; minutes of a lesson, of the pause after it, and of the long pause
    after lesson `long_after` (0: none). The school's own choice.
    """

    morning: Clock = "07:00"
    afternoon: Clock = "13:30"
    minutes: Annotated[int, Field(ge=20, le=90)] = 45
    pause: Annotated[int, Field(ge=0, le=30)] = 5
    long_pause: Annotated[int, Field(ge=0, le=60)] = 20
    long_after: Annotated[int, Field(ge=0, le=5)] = 2

    def span(self, slot: Slot) -> tuple[time, time]:
        """When the lesson begins and ends."""
        before = slot.lesson - 1
        spent = before * (self.minutes + self.pause)
        if self.long_after and before >= self.long_after:
            spent += self.long_pause - self.pause
        hour, minute = (self.morning if slot.part == MORNING else self.afternoon).split(":")
        begins = int(hour) * 60 + int(minute) + spent
        return _clock(begins), _clock(begins + self.minutes)


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
