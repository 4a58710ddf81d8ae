"""Results in lower and upper secondary school (TT 22/2021) and in what is built like it (TT 43/2021). Pure.

Marks are Decimals of the 10-point scale; a comment result is "Đ" or "CĐ". Each result comes with its reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..types import Award, Conduct, Learning, Outcome, Why
from .marks import ABSENT, FAIL, PASS, Given, half_up
from .reasons import Reason
from .rules import SecondaryRules, Threshold

LEVELS = tuple(Learning)
PERFECT = Decimal(10)


@dataclass(frozen=True)
class TermMarks:
    """A term of one subject; None where nothing is written yet."""

    regular: Sequence[Given] = ()
    midterm: Given | None = None
    final: Given | None = None


@dataclass(frozen=True)
class SubjectMarks:
    """One subject of a pupil. form: score or comment; periods: a year. reassessed: the result after the summer."""

    code: str
    form: str
    periods: int
    terms: tuple[TermMarks, TermMarks] = (TermMarks(), TermMarks())
    is_exempt: bool = False
    reassessed: Given | None = None


@dataclass(frozen=True)
class SubjectResult:
    """terms and year: a Decimal, "Đ", "CĐ", or None while something is missing."""

    code: str
    form: str
    terms: tuple[Given | None, Given | None]
    year: Given | None
    after: Given | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class PupilYear:
    """What is known of a pupil's year. conduct: of the two terms; trained: conduct after the summer's plan; absences: of
    sessions (buổi), with leave or without; None: nobody has said.
    """

    grade: int
    subjects: Sequence[SubjectMarks]
    conduct: tuple[Conduct | None, Conduct | None] = (None, None)
    trained: Conduct | None = None
    absences: int | None = None


@dataclass(frozen=True)
class YearOutcome:
    """after: level with the results of re-assessment in place; equal to learning[2] where there were none."""

    subjects: tuple[SubjectResult, ...]
    learning: tuple[Learning | None, Learning | None, Learning | None]
    after: Learning | None
    conduct: Conduct | None
    outcome: Outcome
    award: Award | None
    again: tuple[str, ...]
    reasons: tuple[Reason, ...]


def term_result(rules: SecondaryRules, one: SubjectMarks, term: int) -> tuple[Given | None, list[Reason]]:
    """The result of a subject for a term (Điều 9.1): (ΣĐĐGtx + 2·ĐĐGgk + 3·ĐĐGck) / (n + 5), one decimal, half up; of a
    comment subject Đạt when all is done and all is Đạt. None with the reason while an assessment is missing.
    """
    marks = one.terms[term]
    said: dict[str, Any] = {"term": term + 1}
    wanted = rules.regular_number(one.form, one.periods)
    reasons: list[Reason] = []
    given = [mark for mark in marks.regular if mark is not None]
    if len(given) < wanted:
        about = {**said, "given": len(given), "wanted": wanted}
        return None, [Reason(Why.REGULAR_MISSING, one.code, about)]
    if len(given) > wanted:
        reasons.append(Reason(Why.REGULAR_MORE, one.code, {**said, "given": len(given), "wanted": wanted}))
    if marks.midterm is None or marks.final is None:
        which = "midterm" if marks.midterm is None else "final"
        return None, [*reasons, Reason(Why.PERIODIC_MISSING, one.code, {**said, "which": which})]
    if ABSENT in (marks.midterm, marks.final):
        reasons.append(Reason(Why.ABSENT_COUNTS, one.code, {**said, "as": rules.absent_periodic}))
    if one.form == "comment":
        passed = all(mark == PASS for mark in (*given, marks.midterm, marks.final))
        result: Given = PASS if passed else FAIL
        return result, [*reasons, Reason(Why.TERM_COMMENT, one.code, {**said, "result": result})]
    w = rules.weights
    midterm, final = (_periodic(rules, mark) for mark in (marks.midterm, marks.final))
    total = w.regular * sum(map(Decimal, given), Decimal()) + w.midterm * midterm + w.final * final
    weight = w.regular * len(given) + w.midterm + w.final
    average = half_up(total / weight, rules.mark_decimals)
    about = {**said, "total": total, "weight": weight, "result": average}
    return average, [*reasons, Reason(Why.TERM_AVERAGE, one.code, about)]


def _periodic(rules: SecondaryRules, mark: Given) -> Decimal:
    return rules.absent_periodic if mark == ABSENT else Decimal(mark)


def subject_result(rules: SecondaryRules, one: SubjectMarks) -> SubjectResult:
    """Both terms and the year (Điều 9.1): (HK I + 2·HK II) / 3 from the rounded terms; a comment subject takes the result
    of the second term.
    """
    if one.is_exempt:
        return SubjectResult(one.code, one.form, (None, None), None, None, (Reason(Why.EXEMPT, one.code),))
    (first, why_first), (second, why_second) = (term_result(rules, one, term) for term in (0, 1))
    reasons, year = [*why_first, *why_second], None
    if one.form == "comment":
        year = second
        if year is not None:
            reasons.append(Reason(Why.YEAR_COMMENT, one.code, {"result": year}))
    elif first is not None and second is not None:
        weights = rules.term_weights
        total = weights[0] * Decimal(first) + weights[1] * Decimal(second)
        year = half_up(total / sum(weights), rules.mark_decimals)
        reasons.append(Reason(Why.YEAR_AVERAGE, one.code, {"first": first, "second": second, "result": year}))
    after = year
    if year is not None and one.reassessed is not None:
        after = one.reassessed
        reasons.append(Reason(Why.REASSESSED, one.code, {"before": year, "result": after}))
    return SubjectResult(one.code, one.form, (first, second), year, after, tuple(reasons))


def plain_level(rules: SecondaryRules, results: Mapping[str, Given]) -> Learning:
    """The level before any adjustment (Điều 9.2). results: code -> Decimal or Đ/CĐ of one term or of the year."""
    scores = [mark for mark in results.values() if isinstance(mark, Decimal)]
    failed = sum(mark == FAIL for mark in results.values())
    found = (one.level for one in rules.learning if _meets(one, scores, failed))
    return next(found, Learning.NOT_PASSED)


def _meets(one: Threshold, scores: Sequence[Decimal], failed: int) -> bool:
    enough = sum(mark >= one.enough for mark in scores)
    return failed <= one.comments_failed and enough >= one.subjects and all(m >= one.every for m in scores)


def learning_level(rules: SecondaryRules, results: Mapping[str, Given]) -> tuple[Learning, list[Reason]]:
    """Kết quả học tập (Điều 9.2, 9.3): a level that one subject alone pulls down by two or more becomes the next one up.

    The article is read so: with that subject made perfect the level would be at least two better.
    """
    base = plain_level(rules, results)
    steps, culprit = _fall_by_one(rules, results, base)
    if steps >= rules.adjustment_steps > 0:
        raised = LEVELS[LEVELS.index(base) - 1]
        return raised, [Reason(Why.RAISED, culprit, {"base": base, "result": raised})]
    return base, [Reason(Why.LEVEL_MET, "", {"result": base}), *what_is_short(rules, results, base)]


def what_is_short(rules: SecondaryRules, results: Mapping[str, Given], level: Learning) -> list[Reason]:
    """What keeps the level from being the next better one (Điều 9.2); nothing where there is none better."""
    better = [one for one in rules.learning if LEVELS.index(one.level) < LEVELS.index(level)]
    if not better:
        return []
    wanted = better[-1]
    scores = {code: mark for code, mark in results.items() if isinstance(mark, Decimal)}
    low = sorted(code for code, mark in scores.items() if mark < wanted.every)
    enough = sum(mark >= wanted.enough for mark in scores.values())
    failed = sorted(code for code, mark in results.items() if mark == FAIL)
    said: dict[str, Any] = {"level": wanted.level}
    reasons = []
    if low:
        reasons.append(Reason(Why.TOO_LOW, "", {**said, "mark": wanted.every, "names": low}))
    if enough < wanted.subjects:
        about = {**said, "mark": wanted.enough, "given": enough, "wanted": wanted.subjects}
        reasons.append(Reason(Why.TOO_FEW, "", about))
    if len(failed) > wanted.comments_failed:
        reasons.append(Reason(Why.COMMENTS_FAILED, "", {**said, "names": failed}))
    return reasons


def _fall_by_one(rules: SecondaryRules, results: Mapping[str, Given], base: Learning) -> tuple[int, str]:
    """By how many levels the worst single subject pulls down, and which it is."""
    fall, culprit = 0, ""
    for code in sorted(results):
        perfect = PERFECT if isinstance(results[code], Decimal) else PASS
        better = plain_level(rules, {**results, code: perfect})
        steps = LEVELS.index(base) - LEVELS.index(better)
        if steps > fall:
            fall, culprit = steps, code
    return fall, culprit


def year_conduct(rules: SecondaryRules, first: Conduct, second: Conduct) -> Conduct:
    """Kết quả rèn luyện cả năm from the two terms (Điều 8.2)."""
    return rules.conduct[first][second]


def year_outcome(
    rules: SecondaryRules, pupil: PupilYear, *, missing: Sequence[str] = (), is_last_grade: bool
) -> YearOutcome:
    """Everything that the year comes to: results, levels, conduct, promotion (Điều 12-14), award (Điều 15).

    missing: names of subjects that the grade has and the file does not: then no level is given.
    """
    subjects = tuple(subject_result(rules, one) for one in pupil.subjects)
    counted = [one for one in subjects if not _is_exempt(one)]
    levels: list[Learning | None] = []
    reasons: list[Reason] = []
    for column in (0, 1, 2):
        found = {one.code: (*one.terms, one.year)[column] for one in counted}
        level, why = _level(rules, found, bool(missing))
        levels.append(level)
        reasons += [replace(one, said={**one.said, "column": column}) for one in why]
    if missing:
        reasons.append(Reason(Why.SUBJECTS_MISSING, "", {"names": list(missing)}))
    after = levels[2]
    if any(one.after != one.year for one in counted):
        after, why = _level(rules, {one.code: one.after for one in counted}, bool(missing))
        reasons += [replace(one, said={**one.said, "column": 3}) for one in why]
    conduct, why = _conduct(rules, pupil)
    reasons += why
    again = tuple(one.code for one in counted if _may_again(rules, one)) if _failed(levels[2]) else ()
    outcome, why = _promotion(rules, pupil, (levels[2], after), conduct, is_last_grade)
    award = _award(rules, levels[2], _before_training(rules, pupil), counted)
    return YearOutcome(
        subjects, (levels[0], levels[1], levels[2]), after, conduct, outcome, award, again, (*reasons, *why)
    )


def _is_exempt(one: SubjectResult) -> bool:
    return any(reason.why is Why.EXEMPT for reason in one.reasons)


def _level(
    rules: SecondaryRules, found: Mapping[str, Given | None], incomplete: bool
) -> tuple[Learning | None, list[Reason]]:
    known = {code: mark for code, mark in found.items() if mark is not None}
    if incomplete or not known or len(known) < len(found):
        return None, []
    return learning_level(rules, known)


def _conduct(rules: SecondaryRules, pupil: PupilYear) -> tuple[Conduct | None, list[Reason]]:
    before = _before_training(rules, pupil)
    if before is None:
        return None, [Reason(Why.CONDUCT_MISSING)]
    first, second = pupil.conduct
    reasons = [Reason(Why.CONDUCT_MATRIX, "", {"first": first, "second": second, "result": before})]
    if before is Conduct.NOT_PASSED and pupil.trained is not None:
        return pupil.trained, [*reasons, Reason(Why.CONDUCT_TRAINED, "", {"result": pupil.trained})]
    return before, reasons


def _before_training(rules: SecondaryRules, pupil: PupilYear) -> Conduct | None:
    first, second = pupil.conduct
    return None if first is None or second is None else year_conduct(rules, first, second)


def _failed(level: Learning | None) -> bool:
    return level is Learning.NOT_PASSED


def _may_again(rules: SecondaryRules, one: SubjectResult) -> bool:
    """Subjects that the pupil may choose for re-assessment (Điều 14)."""
    return one.year == FAIL or (isinstance(one.year, Decimal) and one.year < rules.reassess_below)


def _promotion(
    rules: SecondaryRules,
    pupil: PupilYear,
    levels: tuple[Learning | None, Learning | None],
    conduct: Conduct | None,
    is_last_grade: bool,
) -> tuple[Outcome, list[Reason]]:
    year, after = levels
    if pupil.absences is not None and pupil.absences > rules.most_absences:
        return Outcome.REPEAT, [
            Reason(Why.ABSENCES, "", {"number": pupil.absences, "most": rules.most_absences})
        ]
    if year is None or after is None or conduct is None:
        return Outcome.UNDECIDED, []
    if pupil.absences is None:
        return Outcome.UNDECIDED, [Reason(Why.ABSENCES_MISSING)]
    learned, behaved = not _failed(after), conduct is not Conduct.NOT_PASSED
    if learned and behaved:
        return (Outcome.COMPLETED if is_last_grade else Outcome.PROMOTED), []
    bad_before = _before_training(rules, pupil) is Conduct.NOT_PASSED
    if rules.both_failed_repeats and _failed(year) and bad_before:
        return Outcome.REPEAT, [Reason(Why.BOTH_FAILED)]
    if not learned:
        tried = any(one.reassessed is not None for one in pupil.subjects)
        return (Outcome.REPEAT if tried else Outcome.REASSESS), [Reason(Why.LEARNING_FAILED)]
    return (Outcome.REPEAT if pupil.trained is not None else Outcome.TRAIN), [Reason(Why.CONDUCT_FAILED)]


def _award(
    rules: SecondaryRules, level: Learning | None, conduct: Conduct | None, subjects: Sequence[SubjectResult]
) -> Award | None:
    """Điều 15: Học sinh Giỏi with both results Tốt, Học sinh Xuất sắc with enough subjects at 9.0 as well."""
    if level is not Learning.GOOD or conduct is not Conduct.GOOD:
        return None
    high = sum(isinstance(s.year, Decimal) and s.year >= rules.excellent.at_least for s in subjects)
    return Award.EXCELLENT if high >= rules.excellent.subjects else Award.GOOD
