"""A week of lessons as an iCalendar file (RFC 5545), for the calendar of a phone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

ZONE = "Asia/Ho_Chi_Minh"
OFFSET = "+0700"
# Longest line in octets, without its end (RFC 5545, 3.1).
LONGEST = 75


@dataclass(frozen=True)
class WeeklyEvent:
    """Every week from `first` to `until` at most, both included, in local time; not on the days of `skipped`."""

    uid: str
    first: date
    until: date
    begins: time
    ends: time
    title: str
    place: str = ""
    note: str = ""
    skipped: Sequence[date] = ()


def calendar(name: str, events: Iterable[WeeklyEvent], *, made: datetime) -> bytes:
    """The file in UTF-8. made: an aware time, the stamp of all events, so that the same week gives the same bytes."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Thong Suot//Thoi khoa bieu//VI", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}", f"X-WR-TIMEZONE:{ZONE}",
        # One offset the whole year since 1975.
        "BEGIN:VTIMEZONE", f"TZID:{ZONE}", "BEGIN:STANDARD", "DTSTART:19750613T000000", f"TZOFFSETFROM:{OFFSET}",
        f"TZOFFSETTO:{OFFSET}", "TZNAME:+07", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip
    stamp = f"{made.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for one in events:
        lines += _event(one, stamp)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines).encode()


def _event(one: WeeklyEvent, stamp: str) -> list[str]:
    # 23:59:59 in local time is 16:59:59 of the same day in UTC, in which UNTIL has to be.
    lines = [
        "BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{stamp}", f"DTSTART;TZID={ZONE}:{_at(one.first, one.begins)}",
        f"DTEND;TZID={ZONE}:{_at(one.first, one.ends)}", f"RRULE:FREQ=WEEKLY;UNTIL={one.until:%Y%m%d}T165959Z",
    ]  # fmt: skip
    missed = sorted(day for day in one.skipped if one.first <= day <= one.until and _same(day, one.first))
    if missed:
        lines.append(f"EXDATE;TZID={ZONE}:" + ",".join(_at(day, one.begins) for day in missed))
    lines.append(f"SUMMARY:{_text(one.title)}")
    lines += [
        f"{name}:{_text(said)}" for name, said in (("LOCATION", one.place), ("DESCRIPTION", one.note)) if said
    ]
    return [*lines, "END:VEVENT"]


def _same(day: date, other: date) -> bool:
    return day.weekday() == other.weekday()


def _at(day: date, clock: time) -> str:
    return f"{day:%Y%m%d}T{clock:%H%M%S}"


def _text(said: str) -> str:
    escaped = said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Parted into lines of at most LONGEST octets, never within a letter; the next ones begin with a space."""
    done, now = [], ""
    for letter in line:
        if len(f"{now}{letter}".encode()) > LONGEST:
            done.append(now)
            now = " "
        now += letter
    return "\r\n".join([*done, now]) + "\r\n"
