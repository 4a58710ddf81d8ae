"""When a file that could not be judged is looked at again. Pure.

An authority that did not answer is back within hours; one that is unknown here becomes known when its root is added, some
day: so often at first, then daily, then weekly, and never given up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

# (until this long after the file was taken in, every so often)
STEPS = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=30), timedelta(days=1)),
)
AFTERWARDS = timedelta(days=7)


def next_look(taken_in_at: datetime, now: datetime) -> datetime:
    """The moment of the next look at a file that is undecided at `now`."""
    age = now - taken_in_at
    return now + next((every for until, every in STEPS if age < until), AFTERWARDS)
