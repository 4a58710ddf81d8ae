"""Ending a school year: where a pupil and a class go next. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ..types import Outcome

# Luật Giáo dục 43/2019/QH14: 5, 4 and 3 years of school; preschool groups by age (list `khoi` of the ministry).
LAST_OF_LEVEL = frozenset({5, 9, 12, 18})
_NEXT = {
    **{grade: grade + 1 for grade in range(1, 12)},
    **{group: group + 1 for group in range(13, 18)},
    18: 1,
}


def next_grade(grade: int | None) -> int | None:
    """The grade after this one; None after grade 12, and where the grade is not known."""
    return None if grade is None else _NEXT.get(grade)


def usual_outcome(grade: int | None, taught: Collection[int]) -> Outcome:
    """What becomes of a pupil unless somebody says otherwise: a level that goes on elsewhere is completed here."""
    following = next_grade(grade)
    if grade is None or following in taught:
        return Outcome.PROMOTED
    return Outcome.GRADUATED


def possible_outcomes(grade: int | None, taught: Collection[int]) -> tuple[Outcome, ...]:
    """Outcomes that make sense: promoted only where the school teaches on, graduated only at the end of a level."""
    found = []
    if grade is None or next_grade(grade) in taught:
        found.append(Outcome.PROMOTED)
    found.append(Outcome.RETAINED)
    if grade in LAST_OF_LEVEL or next_grade(grade) not in taught:
        found.append(Outcome.GRADUATED)
    return (*found, Outcome.LEFT)


def grade_after(grade: int | None, outcome: Outcome) -> int | None:
    return next_grade(grade) if outcome is Outcome.PROMOTED else grade


def shifted(text: str, grade: int, following: int, groups: Mapping[int, str]) -> str:
    """A name or code with the number of its grade raised: "1A" -> "2A", "Lớp 10/3" -> "Lớp 11/3", "Chồi 2" -> "Lá 2".

    Only the first number that is the grade itself is touched ("5A15" -> "6A15"); without one the text stays.
    groups: what the groups of preschool are called here, by grade (data/registry/journeys.json).
    """
    if grade in groups and following in groups:
        # A function: the name is text, not a pattern.
        return re.sub(
            re.escape(groups[grade]), lambda _found: groups[following], text, count=1, flags=re.IGNORECASE
        )
    return re.sub(rf"(?<!\d){grade}(?!\d)", str(following), text, count=1)
