"""Reasons told again from what is kept of a result (bulk/saying.py): the same that the rules gave."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..domain.marks import Given
from ..domain.reasons import Reason
from ..domain.rules import PrimaryRules, SecondaryRules
from ..domain.secondary import year_conduct
from ..models import PupilYear, SubjectResult
from ..types import Conduct, Learning, PrimaryLearning, Why


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


def year_reasons(row: PupilYear, rules: SecondaryRules | PrimaryRules) -> list[Reason]:
    """Of a pupil's year, in the order of the rules."""
    kept = {one["why"]: one for one in row.reasons}
    if isinstance(rules, PrimaryRules):
        return _primary(row, kept)
    reasons = []
    raised = {one["column"]: one for one in row.reasons if one["why"] == Why.RAISED}
    for column, level in enumerate((row.learning_term1, row.learning_term2, row.learning)):
        if level:
            reasons.append(_level(raised, column, level))
    reasons += _missing(kept)
    if 3 in raised or Why.LEVEL_MET in kept:
        reasons.append(_level(raised, 3, row.learning_after))
    return [*reasons, *_conduct(row, rules, kept), *_outcome(row, rules, kept)]


def _level(raised: Mapping[int, Mapping[str, Any]], column: int, level: str) -> Reason:
    if column in raised:
        one = raised[column]
        said = {"base": Learning(one["base"]), "result": Learning(one["result"]), "column": column}
        return Reason(Why.RAISED, one["about"], said)
    return Reason(Why.LEVEL_MET, "", {"result": Learning(level), "column": column})


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
