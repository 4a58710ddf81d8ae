"""Reasons told again from what is kept of a result (bulk/saying.py): the same that the rules gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..domain.marks import Given
from ..domain.reasons import Reason
from ..domain.rules import PrimaryRules, SecondaryRules
from ..domain.secondary import plain_level, what_is_short, year_conduct
from ..models import PupilYear, SubjectResult
from ..types import Conduct, Learning, PrimaryLearning, Why

# Of a subject's results: term I, term II, the year, after re-assessment.
COLUMNS = ("term1", "term2", "year", "after")


def subject_reasons(
    row: SubjectResult, code: str, form: str, wanted: int, reassessed: Given | None = None
) -> list[Reason]:
    """Of a subject in secondary school. wanted: regular assessments that the rules ask for; reassessed: what replaced the
    year's result."""
    if row.is_exempt:
        return [Reason(Why.EXEMPT, code)]
    is_comment = form == "comment"
    terms = [row.term1_level or None, row.term2_level or None] if is_comment else [row.term1, row.term2]
    reasons: list[Reason] = []
    for term, result in enumerate(terms, start=1):
        reasons += [_kept(one, code) for one in row.reasons if one.get("term") == term]
        if result is None:
            if not any(one.get("term") == term for one in row.reasons):
                reasons.append(_nothing(code, term, wanted))
        elif is_comment:
            reasons.append(Reason(Why.TERM_COMMENT, code, {"term": term, "result": result}))
        else:
            total, weight = getattr(row, f"term{term}_total"), getattr(row, f"term{term}_weight")
            said = {"term": term, "total": Decimal(total) / 10, "weight": weight, "result": result}
            reasons.append(Reason(Why.TERM_AVERAGE, code, said))
    year = (row.year_level or None) if is_comment else row.year
    if year is not None and is_comment:
        reasons.append(Reason(Why.YEAR_COMMENT, code, {"result": year}))
    elif year is not None:
        reasons.append(
            Reason(Why.YEAR_AVERAGE, code, {"first": row.term1, "second": row.term2, "result": year})
        )
    if any(one["why"] == Why.REASSESSED for one in row.reasons):
        reasons.append(Reason(Why.REASSESSED, code, {"before": year, "result": reassessed}))
    return reasons


def _kept(one: Mapping[str, Any], code: str) -> Reason:
    said = {key: value for key, value in one.items() if key not in ("why", "about")}
    if "as" in said:
        said["as"] = Decimal(said["as"])
    return Reason(Why(one["why"]), code, said)


def _nothing(code: str, term: int, wanted: int) -> Reason:
    if wanted:
        return Reason(Why.REGULAR_MISSING, code, {"term": term, "given": 0, "wanted": wanted})
    return Reason(Why.PERIODIC_MISSING, code, {"term": term, "which": "midterm"})


def year_reasons(
    row: PupilYear, rules: SecondaryRules | PrimaryRules, subjects: Mapping[str, SubjectResult] | None = None
) -> list[Reason]:
    """Of a pupil's year, in the order of the rules. subjects: results by code; without them nothing is said of what keeps
    a level from being better.
    """
    kept = {one["why"]: one for one in row.reasons}
    if isinstance(rules, PrimaryRules):
        return _primary(row, kept)
    reasons = []
    raised = {one["column"]: one for one in row.reasons if one["why"] == Why.RAISED}
    for column, level in enumerate((row.learning_term1, row.learning_term2, row.learning)):
        if level:
            reasons += _level(rules, raised, column, level, subjects or {})
    reasons += _missing(kept)
    if 3 in raised or Why.LEVEL_MET in kept:
        reasons += _level(rules, raised, 3, row.learning_after, subjects or {})
    return [*reasons, *_conduct(row, rules, kept), *_outcome(row, rules, kept)]


def _level(
    rules: SecondaryRules,
    raised: Mapping[int, Mapping[str, Any]],
    column: int,
    level: str,
    subjects: Mapping[str, SubjectResult],
) -> list[Reason]:
    if column in raised:
        one = raised[column]
        said = {"base": Learning(one["base"]), "result": Learning(one["result"]), "column": column}
        return [Reason(Why.RAISED, one["about"], said)]
    found = {code: _result(row, COLUMNS[column]) for code, row in subjects.items() if not row.is_exempt}
    known = {code: result for code, result in found.items() if result is not None}
    met = Reason(Why.LEVEL_MET, "", {"result": Learning(level), "column": column})
    # Results that have changed since say nothing of this level.
    if not known or plain_level(rules, known) is not Learning(level):
        return [met]
    short = what_is_short(rules, known, Learning(level))
    return [met, *(replace(one, said={**one.said, "column": column}) for one in short)]


def _result(row: SubjectResult, name: str) -> Given | None:
    mark: Decimal | None = getattr(row, name)
    return mark if mark is not None else getattr(row, f"{name}_level") or None


def _missing(kept: Mapping[str, Mapping[str, Any]]) -> list[Reason]:
    found = kept.get(Why.SUBJECTS_MISSING)
    return [Reason(Why.SUBJECTS_MISSING, "", {"names": found["names"]})] if found else []


def _conduct(row: PupilYear, rules: SecondaryRules, kept: Mapping[str, Any]) -> list[Reason]:
    if not row.conduct_term1 or not row.conduct_term2:
        return [Reason(Why.CONDUCT_MISSING)]
    first, second = Conduct(row.conduct_term1), Conduct(row.conduct_term2)
    before = year_conduct(rules, first, second)
    reasons = [Reason(Why.CONDUCT_MATRIX, "", {"first": first, "second": second, "result": before})]
    if Why.CONDUCT_TRAINED in kept:
        reasons.append(Reason(Why.CONDUCT_TRAINED, "", {"result": Conduct(row.conduct)}))
    return reasons


def _outcome(row: PupilYear, rules: SecondaryRules, kept: Mapping[str, Any]) -> list[Reason]:
    for why in (Why.ABSENCES_MISSING, Why.BOTH_FAILED, Why.LEARNING_FAILED, Why.CONDUCT_FAILED):
        if why in kept:
            return [Reason(why)]
    if Why.ABSENCES in kept:
        return [Reason(Why.ABSENCES, "", {"number": row.absences, "most": rules.most_absences})]
    return []


def _primary(row: PupilYear, kept: Mapping[str, Mapping[str, Any]]) -> list[Reason]:
    if Why.OWN_PLAN in kept:
        return [Reason(Why.OWN_PLAN)]
    reasons = _missing(kept)
    if Why.PERIODIC_MISSING in kept:
        reasons += [
            Reason(Why.PERIODIC_MISSING, code, {"which": "level"})
            for code in kept[Why.PERIODIC_MISSING]["names"]
        ]
    for why in (Why.TRAITS_MISSING, Why.TESTS_MISSING):
        if why in kept:
            reasons.append(Reason(why, "", {"names": kept[why]["names"]}))
    if Why.PRIMARY_FAILED in kept:
        one = kept[Why.PRIMARY_FAILED]
        reasons.append(Reason(Why.PRIMARY_FAILED, one["about"], {"found": one["found"]}))
    elif row.learning:
        reasons.append(Reason(Why.PRIMARY_LEVEL, "", {"result": PrimaryLearning(row.learning)}))
    return reasons
