"""A week by the clock and as an iCalendar file: lines as RFC 5545 wants them, nothing said twice, nothing lost."""

import re
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from thongsuot.modules.gradebook.domain.timetable import Slot
from thongsuot.modules.gradebook.domain.timetable_bells import Bells
from thongsuot.modules.gradebook.domain.timetable_ical import LONGEST, WeeklyEvent, calendar

MADE = datetime(2026, 9, 5, 1, 0, tzinfo=UTC)


def event(**said):
    usual = {
        "uid": "1-2-3-t@thongsuot", "first": date(2026, 9, 7), "until": date(2027, 1, 10), "begins": time(7, 0),
        "ends": time(7, 45), "title": "Toán 6A",
    }  # fmt: skip
    return WeeklyEvent(**{**usual, **said})


def lines_of(made):
    """The lines as a reader sees them: what was folded is one again."""
    return made.decode().replace("\r\n ", "").split("\r\n")


def test_lessons_by_the_clock():
    bells = Bells(morning="07:15", afternoon="14:00", minutes=35, pause=5, long_pause=25, long_after=2)
    assert bells.span(Slot(2, 0, 1)) == (time(7, 15), time(7, 50))
    assert bells.span(Slot(2, 0, 2)) == (time(7, 55), time(8, 30))
    assert bells.span(Slot(2, 0, 3)) == (time(8, 55), time(9, 30))
    assert bells.span(Slot(2, 1, 1))[0] == time(14, 0)
    assert Bells(long_after=0).span(Slot(2, 0, 5)) == (time(10, 20), time(11, 5))
    for wrong in ({"morning": "7:00"}, {"minutes": 5}, {"pause": -1}, {"afternoon": "25:00"}):
        with pytest.raises(ValidationError):
            Bells(**wrong)


def test_a_lesson_of_every_week():
    free = [date(2026, 11, 16), date(2026, 11, 17), date(2027, 2, 1)]
    made = calendar(
        "Lớp 6A", [event(place="Phòng 1", note="Cô Hoa, Lan; ghép\\lớp", skipped=free)], made=MADE
    )
    found = lines_of(made)
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-2:] == ["END:VCALENDAR", ""]
    own = found[found.index("BEGIN:VEVENT") : found.index("END:VEVENT")]
    assert own[1:] == [
        "UID:1-2-3-t@thongsuot",
        "DTSTAMP:20260905T010000Z",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20260907T070000",
        "DTEND;TZID=Asia/Ho_Chi_Minh:20260907T074500",
        "RRULE:FREQ=WEEKLY;UNTIL=20270110T165959Z",
        # The Monday among the free days before the end; the Tuesday is another lesson's.
        "EXDATE;TZID=Asia/Ho_Chi_Minh:20261116T070000",
        "SUMMARY:Toán 6A",
        "LOCATION:Phòng 1",
        "DESCRIPTION:Cô Hoa\\, Lan\\; ghép\\\\lớp",
    ]
    assert made == calendar(
        "Lớp 6A", [event(place="Phòng 1", note="Cô Hoa, Lan; ghép\\lớp", skipped=free)], made=MADE
    )


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120))
def test_no_line_is_too_long_and_no_letter_is_cut(title):
    made = calendar("x", [event(title=title)], made=MADE)
    assert all(len(line) <= LONGEST for line in made.split(b"\r\n"))
    (said,) = [line for line in lines_of(made) if line.startswith("SUMMARY:")]
    assert re.sub(r"\\(.)", r"\1", said.removeprefix("SUMMARY:")) == title
