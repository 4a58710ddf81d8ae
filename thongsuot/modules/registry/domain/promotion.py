"""Ending a school year: where a pupil and a class go next. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..types import ConductResult, LearningResult, Outcome, OutcomeReason, PromotionDecision

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


@dataclass(frozen=True)
class YearOutcome:
    """What the school said of a pupil's year; "" and None: nobody has said. absent: days, one session a day counted."""

    promotion: str = ""
    is_completed: bool | None = None
    learning: str = ""
    conduct: str = ""
    absent: int | None = None


_DECIDED = {
    PromotionDecision.PROMOTED.value: (None, OutcomeReason.PROMOTED),
    PromotionDecision.AGAIN.value: (Outcome.WAITING, OutcomeReason.AGAIN),
    PromotionDecision.NOT_PROMOTED.value: (Outcome.RETAINED, OutcomeReason.RETAINED),
}
_FAILED = frozenset({LearningResult.NOT_DONE.value, LearningResult.NOT_PASSED.value})


def proposed_outcome(
    result: YearOutcome | None, grade: int | None, taught: Collection[int], most_absent: int
) -> tuple[Outcome, OutcomeReason]:
    """What the result of the year means for a pupil of the grade, and why.

    A decision holds as it stands. Without one: who has not completed the grade, or failed in learning or conduct, is
    assessed again first (TT 27/2020/TT-BGDĐT Điều 11; TT 22/2021/TT-BGDĐT Điều 12-14); nobody is held back by
    arithmetic of marks. From grade 6 on nobody goes up who was absent more than `most_absent` sessions (TT
    22/2021/TT-BGDĐT Điều 12; TT 43/2021/TT-BGDĐT for continuing education): no re-assessment mends that. Without a result:
    as usual. Re-assessment is of grades 1 to 12; preschool goes up by age.
    """
    usual = usual_outcome(grade, taught)
    if result is None or result == YearOutcome():
        return usual, OutcomeReason.NO_RESULT
    decided = _DECIDED.get(result.promotion)
    if decided is None and is_too_absent(result.absent, grade, most_absent):
        return Outcome.RETAINED, OutcomeReason.TOO_ABSENT
    outcome, reason = decided or _undecided(result)
    if outcome is Outcome.WAITING and not can_wait(grade):
        outcome = None
    return outcome or usual, reason


def is_too_absent(absent: int | None, grade: int | None, most: int) -> bool:
    """More than `most` sessions: exactly so many is still allowed. Grades 6 to 12; primary school knows no such limit."""
    return absent is not None and grade is not None and 6 <= grade <= 12 and absent > most


def _undecided(result: YearOutcome) -> tuple[Outcome | None, OutcomeReason]:
    if result.is_completed is True:
        return None, OutcomeReason.COMPLETED
    learning, conduct = result.learning in _FAILED, result.conduct == ConductResult.NOT_PASSED
    if learning and conduct:
        return Outcome.WAITING, OutcomeReason.BOTH_FAILED
    if conduct:
        return Outcome.WAITING, OutcomeReason.CONDUCT_FAILED
    if learning and result.learning == LearningResult.NOT_PASSED:
        return Outcome.WAITING, OutcomeReason.LEARNING_FAILED
    if learning or result.is_completed is False:
        return Outcome.WAITING, OutcomeReason.NOT_COMPLETED
    # Absences alone say nothing of what was learnt.
    said = result.learning or result.conduct
    return None, OutcomeReason.PASSED if said else OutcomeReason.NO_RESULT


def can_wait(grade: int | None) -> bool:
    """Is there a re-assessment in the summer? Not in preschool."""
    return grade is None or grade <= 12


def possible_outcomes(grade: int | None, taught: Collection[int]) -> tuple[Outcome, ...]:
    """Outcomes that make sense: promoted only where the school teaches on, graduated only at the end of a level."""
    found = []
    if grade is None or next_grade(grade) in taught:
        found.append(Outcome.PROMOTED)
    found.append(Outcome.RETAINED)
    if grade in LAST_OF_LEVEL or next_grade(grade) not in taught:
        found.append(Outcome.GRADUATED)
    found.append(Outcome.LEFT)
    return (*found, Outcome.WAITING) if can_wait(grade) else tuple(found)


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
