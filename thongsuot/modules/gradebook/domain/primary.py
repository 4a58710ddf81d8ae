"""Results in primary school (TT 27/2020). Pure.

Subject levels T, H, C; qualities and competences T, Đ, C; periodic tests whole numbers 0-10. Nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..types import Award, Outcome, PrimaryLearning, Why
from .reasons import Reason
from .rules import PrimaryRules, PrimaryThreshold

SUBJECT_ORDER, TRAIT_ORDER = "THC", "TĐC"


@dataclass(frozen=True)
class SubjectMoment:
    """level: T, H, C or None; test: 0-10 or None."""

    level: str | None = None
    test: int | None = None


@dataclass(frozen=True)
class PrimaryYear:
    """The end of a pupil's year. subjects: code -> what stands at CN; traits: quality or competence -> T, Đ, C.

    has_plan: taught by a plan of the pupil's own (inclusive education): judged by that plan, not by these thresholds.
    stands_out: the class has recognised an outstanding result in a subject or clear progress (Điều 13).
    helped: the level after help and a second assessment, None while there was none.
    """

    grade: int
    subjects: Mapping[str, SubjectMoment]
    traits: Mapping[str, str | None] = field(default_factory=dict)
    stands_out: bool = False
    helped: PrimaryLearning | None = None
    has_plan: bool = False


@dataclass(frozen=True)
class PrimaryOutcome:
    learning: PrimaryLearning | None
    outcome: Outcome
    award: Award | None
    reasons: tuple[Reason, ...]


def year_level(rules: PrimaryRules, pupil: PrimaryYear) -> tuple[PrimaryLearning, Reason]:
    """Mức đánh giá kết quả giáo dục cuối năm (Điều 9.2) of a year in which nothing is missing."""
    for one in rules.learning:
        if _kept_from(one, pupil) is None:
            return one.level, Reason(Why.PRIMARY_LEVEL, "", {"result": one.level})
    last = rules.learning[-1]
    kept_by, what = _kept_from(last, pupil) or ("", "")
    return PrimaryLearning.NOT_DONE, Reason(Why.PRIMARY_FAILED, kept_by, {"found": what})


def _kept_from(one: PrimaryThreshold, pupil: PrimaryYear) -> tuple[str, str] | None:
    """What keeps the pupil from this level: the first subject, trait or test below it, with what was found."""
    for code, at in pupil.subjects.items():
        if at.level is not None and SUBJECT_ORDER.index(at.level) > SUBJECT_ORDER.index(one.subjects):
            return code, at.level
    for code, trait in pupil.traits.items():
        if trait is not None and TRAIT_ORDER.index(trait) > TRAIT_ORDER.index(one.traits):
            return code, trait
    for code, at in pupil.subjects.items():
        if at.test is not None and at.test < one.tests:
            return code, str(at.test)
    return None


def year_outcome(
    rules: PrimaryRules, pupil: PrimaryYear, *, missing: Sequence[str] = (), is_last_grade: bool
) -> PrimaryOutcome:
    """The year's level, completion of the class (Điều 11) and award (Điều 13); UNDECIDED with the reason while a level, a
    test or a quality is missing.
    """
    if pupil.has_plan:
        return PrimaryOutcome(None, Outcome.UNDECIDED, None, (Reason(Why.OWN_PLAN),))
    lacking = _lacking(rules, pupil, missing)
    if lacking:
        return PrimaryOutcome(None, Outcome.UNDECIDED, None, tuple(lacking))
    level, reason = year_level(rules, pupil)
    order = list(PrimaryLearning)
    enough = order.index(rules.completed_from)
    final = pupil.helped if level is PrimaryLearning.NOT_DONE and pupil.helped else level
    if order.index(final) <= enough:
        outcome = Outcome.COMPLETED if is_last_grade else Outcome.PROMOTED
    else:
        outcome = Outcome.REPEAT if pupil.helped else Outcome.SUPPORT
    return PrimaryOutcome(level, outcome, _award(level, pupil), (reason,))


def _award(level: PrimaryLearning, pupil: PrimaryYear) -> Award | None:
    if level is PrimaryLearning.EXCELLENT:
        return Award.EXCELLENT
    return Award.OUTSTANDING if level is PrimaryLearning.WELL_DONE and pupil.stands_out else None


def _lacking(rules: PrimaryRules, pupil: PrimaryYear, missing: Sequence[str]) -> list[Reason]:
    found = []
    if missing:
        found.append(Reason(Why.SUBJECTS_MISSING, "", {"names": list(missing)}))
    found += [
        Reason(Why.PERIODIC_MISSING, code, {"which": "level"})
        for code, at in pupil.subjects.items()
        if at.level is None
    ]
    traits = [code for code in (*rules.qualities, *rules.competences) if pupil.traits.get(code) is None]
    if traits:
        found.append(Reason(Why.TRAITS_MISSING, "", {"names": traits}))
    tests = [
        code
        for code in pupil.subjects
        if code in rules.tested(pupil.grade, "CN") and pupil.subjects[code].test is None
    ]
    if tests:
        found.append(Reason(Why.TESTS_MISSING, "", {"names": tests}))
    return found
