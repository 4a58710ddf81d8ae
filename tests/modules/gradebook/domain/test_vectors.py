"""The rules over columns say what the rules say of one pupil: results, levels, outcomes, awards, and whose fault it was."""

from __future__ import annotations

import random
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thongsuot.modules.gradebook.domain import primary, secondary, vectors, vectors_primary
from thongsuot.modules.gradebook.domain.marks import ABSENT
from thongsuot.modules.gradebook.domain.primary import PrimaryYear, SubjectMoment
from thongsuot.modules.gradebook.domain.secondary import PupilYear, SubjectMarks, TermMarks
from thongsuot.modules.gradebook.queries import file_rules
from thongsuot.modules.gradebook.types import Conduct, PrimaryLearning, Why

RULES = {one.code: one for one in file_rules()}
SCORES = [
    (f"s{number}", "score", periods) for number, periods in enumerate((35, 52, 70, 105, 140, 35, 105, 70))
]
COMMENTS = [(f"c{number}", "comment", 70) for number in range(4)]
PUPILS = 60


def of_chance(chance: random.Random) -> PupilYear:
    """A pupil about one level, often with one subject apart from it, at times with something missing."""
    about, apart = chance.choice((34, 48, 60, 68, 79, 85, 93, 97)), chance.choice((*SCORES, *COMMENTS))[0]
    subjects = []
    for code, form, periods in (*SCORES, *COMMENTS):
        exempt = chance.random() < 0.02
        centre = chance.choice((20, 33, 48, 64)) if code == apart and chance.random() < 0.6 else about
        terms = tuple(_term(chance, form, periods, centre, code == apart) for _ in range(2))
        again = None
        if chance.random() < 0.05:
            again = _mark(chance, 60) if form == "score" else chance.choice(("Đ", "CĐ"))
        subjects.append(SubjectMarks(code, form, periods, terms, exempt, again))
    conduct = tuple(chance.choice((*Conduct, Conduct.GOOD, Conduct.GOOD, None)) for _ in range(2))
    return PupilYear(
        8,
        subjects,
        conduct,
        chance.choice((None, None, *Conduct)),
        chance.choice((None, 0, 3, 44, 45, 46, 90)),
    )


def _term(chance: random.Random, form: str, periods: int, centre: int, is_apart: bool) -> TermMarks:
    wanted = RULES["TT22-2021"].regular_number(form, periods)
    number = chance.choice((wanted, wanted, wanted, wanted + 1)) if chance.random() < 0.98 else wanted - 1

    def one() -> Decimal | str:
        if form == "score":
            return _mark(chance, centre)
        return "CĐ" if is_apart and chance.random() < 0.3 else "Đ"

    periodic = [
        ABSENT if chance.random() < 0.01 else None if chance.random() < 0.01 else one() for _ in range(2)
    ]
    return TermMarks(tuple(one() for _ in range(number)), *periodic)


def _mark(chance: random.Random, centre: int) -> Decimal:
    return Decimal(min(100, max(0, round(chance.gauss(centre, 6))))) / 10


def _array(values, is_score: bool) -> str:
    return "{" + ",".join(f"{v:.1f}" if is_score else v for v in values) + "}"


def _row(pupil: int, rules, one: SubjectMarks) -> dict:
    is_score = one.form == "score"
    row = {
        "pupil": pupil,
        "code": one.code,
        "is_comment": not is_score,
        "wanted": rules.regular_number(one.form, one.periods),
    }
    for number, term in enumerate(one.terms, start=1):
        row[f"regular{number}"] = _array(term.regular, True) if is_score else "{}"
        row[f"levels{number}"] = _array(term.regular, False) if not is_score else "{}"
        row[f"exempt{number}"] = one.is_exempt
        for which in ("midterm", "final"):
            mark = getattr(term, which)
            row[f"{which}_absent{number}"] = mark == ABSENT
            kept = None if mark in (None, ABSENT) else mark
            row[f"{which}{number}"] = int(kept * 10) if is_score and kept is not None else None
            row[f"{which}_level{number}"] = None if is_score else kept
    row["reassessed"] = int(one.reassessed * 10) if is_score and one.reassessed is not None else None
    row["reassessed_level"] = None if is_score else one.reassessed
    return row


SCHEMA = {
    **{
        f"{name}{term}": pl.String
        for term in (1, 2)
        for name in ("regular", "levels", "midterm_level", "final_level")
    },
    **{f"{name}{term}": pl.Int32 for term in (1, 2) for name in ("midterm", "final")},
    "reassessed": pl.Int32,
    "reassessed_level": pl.String,
}


@pytest.mark.parametrize("code", ["TT22-2021", "TT43-2021"])
@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_secondary_school(code, seed):
    rules, chance = RULES[code], random.Random(seed)
    years = [of_chance(chance) for _ in range(PUPILS)]
    last = [chance.random() < 0.5 for _ in years]
    missing = [chance.random() < 0.03 for _ in years]
    rows = pl.DataFrame(
        [_row(place, rules, one) for place, year in enumerate(years) for one in year.subjects],
        schema_overrides=SCHEMA,
        infer_schema_length=None,
    )
    pupils = pl.DataFrame(
        {
            "pupil": range(PUPILS),
            "missing": missing,
            "is_last": last,
            "conduct1": [one.conduct[0] for one in years],
            "conduct2": [one.conduct[1] for one in years],
            "trained": [one.trained for one in years],
            "absences": [one.absences for one in years],
        },
        schema_overrides={name: pl.String for name in ("conduct1", "conduct2", "trained")}
        | {"absences": pl.Int32},
        strict=False,
    )
    rows = vectors.subject_results(rules, rows)
    pupils = vectors.outcomes(rules, vectors.levels(rules, rows, pupils))
    raised = vectors.culprits(rules, rows, pupils)
    again = dict(vectors.may_again(rules, rows, pupils).iter_rows())
    by_pupil = rows.partition_by("pupil", maintain_order=True)
    for place, year in enumerate(years):
        wanted = secondary.year_outcome(
            rules, year, missing=["x"] if missing[place] else [], is_last_grade=last[place]
        )
        found = pupils.row(place, named=True)
        said = (
            [
                None if found[f"level{column}"] is None else vectors.LEVELS[found[f"level{column}"]]
                for column in range(4)
            ],
            found["conduct"],
            found["outcome"],
            found["award"],
            tuple(again.get(place, ())),
        )
        assert said == (
            [*wanted.learning, wanted.after],
            wanted.conduct,
            wanted.outcome,
            wanted.award,
            wanted.again,
        )
        _same_subjects(by_pupil[place], wanted.subjects)
        _same_reasons(found, raised, place, wanted)


def _same_subjects(rows, subjects):
    for row, one in zip(rows.iter_rows(named=True), subjects, strict=True):
        found = [
            {True: "Đ", False: "CĐ", None: None}[row[f"pass{column}"]]
            if one.form == "comment"
            else None
            if row[f"mark{column}"] is None
            else Decimal(row[f"mark{column}"]) / 10
            for column in range(4)
        ]
        assert found == [*one.terms, one.year, one.after], one


def _same_reasons(found, raised, place, wanted):
    whys = [one.why for one in wanted.reasons]
    decided = [
        one
        for one in whys
        if one
        in (Why.ABSENCES, Why.ABSENCES_MISSING, Why.BOTH_FAILED, Why.LEARNING_FAILED, Why.CONDUCT_FAILED)
    ]
    assert [found["why"]] == (decided or [None])
    told = {
        (one.said["column"], one.about)
        for one in wanted.reasons
        if one.why is Why.RAISED and one.said["column"] < 3
    }
    mine = raised.filter(pl.col("pupil") == place) if not raised.is_empty() else raised
    assert told == {(row["column"], row["code"]) for row in mine.iter_rows(named=True) if row["column"] < 3}
    assert found["is_trained"] == (Why.CONDUCT_TRAINED in whys)


def test_chance_meets_every_case():
    """The pupils above are not all of one kind: each outcome, each award and a raised level come up."""
    chance, rules = random.Random(1), RULES["TT22-2021"]
    found = [secondary.year_outcome(rules, of_chance(chance), is_last_grade=False) for _ in range(300)]
    assert {one.outcome for one in found} >= {"promoted", "repeat", "reassess", "train", "undecided"}
    assert {one.award for one in found} == {None, "good", "excellent"}
    assert any(reason.why is Why.RAISED for one in found for reason in one.reasons)


CODES = ("vietnamese", "mathematics", "foreign_language_1", "ethics", "arts")


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_primary_school(seed):
    rules, chance = RULES["TT27-2020"], random.Random(seed)
    traits = (*rules.qualities, *rules.competences)
    years, missing, last = [], [], []
    for _ in range(PUPILS):
        good = chance.choice((0.8, 0.97, 1.0))
        years.append(
            PrimaryYear(
                grade=3,
                subjects={code: _moment(chance, good, code in rules.tested(3, "CN")) for code in CODES},
                traits={code: _one(chance, good, "TĐC") for code in traits if chance.random() < 0.999},
                stands_out=chance.random() < 0.5,
                helped=chance.choice((None, None, *PrimaryLearning)),
                has_plan=chance.random() < 0.03,
            )
        )
        missing.append(chance.random() < 0.02)
        last.append(chance.random() < 0.5)
    rows = pl.DataFrame(
        [
            {"pupil": place, "code": code, "is_exempt": False, "is_tested": code in rules.tested(3, "CN"),
             "level": at.level, "test": at.test}
            for place, year in enumerate(years) for code, at in year.subjects.items()
        ],
        schema_overrides={"level": pl.String, "test": pl.Int32}, infer_schema_length=None,
    )  # fmt: skip
    pupils = pl.DataFrame(
        {
            "pupil": range(PUPILS), "missing": missing, "is_last": last,
            "has_plan": [one.has_plan for one in years], "helped": [one.helped for one in years],
            "stands_out": [one.stands_out for one in years],
            **{code: [one.traits.get(code) for one in years] for code in traits},
        },
        schema_overrides={"helped": pl.String}, strict=False,
    )  # fmt: skip
    pupils = vectors_primary.year_outcomes(rules, rows, pupils)
    kept = {row[0]: row[1:] for row in vectors_primary.kept_by(rules, rows, pupils).iter_rows()}
    for place, year in enumerate(years):
        wanted = primary.year_outcome(
            rules, year, missing=["x"] if missing[place] else [], is_last_grade=last[place]
        )
        found = pupils.row(place, named=True)
        level = None if found["level"] is None else vectors_primary.LEVELS[found["level"]]
        assert (level, found["outcome"], found["award"]) == (wanted.learning, wanted.outcome, wanted.award)
        failed = [(one.about, one.said["found"]) for one in wanted.reasons if one.why is Why.PRIMARY_FAILED]
        assert ([kept[place]] if place in kept else []) == failed


def _moment(chance, good, is_tested):
    test = chance.choice((4, 5, 6)) if chance.random() > good else chance.choice((7, 9, 10))
    return SubjectMoment(_one(chance, good, "THC"), test if is_tested and chance.random() < 0.998 else None)


def _one(chance, good, letters):
    if chance.random() < 0.001:
        return None
    return letters[0] if chance.random() < good else chance.choice(letters[1:] + letters[1])
