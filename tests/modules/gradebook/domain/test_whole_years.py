"""Properties of whole years, from the marks to the award: better is never worse, order and repetition change nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.modules.gradebook.domain.test_vectors import RULES, of_chance
from tests.modules.gradebook.domain.test_worked_examples import PRIMARY, primary_year
from thongsuot.modules.gradebook.domain import primary, secondary
from thongsuot.modules.gradebook.domain.marks import ABSENT
from thongsuot.modules.gradebook.domain.secondary import PupilYear, SubjectMarks
from thongsuot.modules.gradebook.types import Award, Conduct, Learning, Outcome, PrimaryLearning

D = Decimal
SECONDARY = RULES["TT22-2021"]
seeds = st.integers(0, 2**32)
# 0 is the best. What is undecided for want of a mark stays so when another mark is better.
OUTCOMES = {
    Outcome.PROMOTED: 0, Outcome.COMPLETED: 0, Outcome.REASSESS: 1, Outcome.TRAIN: 1, Outcome.SUPPORT: 1,
    Outcome.REPEAT: 2, Outcome.UNDECIDED: 3,
}  # fmt: skip
AWARDS = (Award.EXCELLENT, Award.GOOD)
PRIMARY_AWARDS = (Award.EXCELLENT, Award.OUTSTANDING)


def better(mark, more):
    """The same mark or a better one; what is missing stays missing."""
    if mark is None or mark in ("Đ", "CĐ"):
        return mark and "Đ"
    return max(D(0) if mark == ABSENT else mark, more)


def one_better(pupil: PupilYear, chance: random.Random) -> PupilYear:
    """One assessment of one subject was better."""
    place = chance.randrange(len(pupil.subjects))
    one: SubjectMarks = pupil.subjects[place]
    terms = list(one.terms)
    term = chance.randrange(2)
    which = chance.choice(("regular", "midterm", "final"))
    more = D(chance.randrange(101)) / 10
    if which == "regular":
        given = list(terms[term].regular)
        at = chance.randrange(len(given))
        given[at] = better(given[at], more)
        terms[term] = replace(terms[term], regular=tuple(given))
    else:
        mark = getattr(terms[term], which)
        if mark == ABSENT and one.form == "comment":
            return pupil
        terms[term] = replace(terms[term], **{which: better(mark, more)})
    subjects = list(pupil.subjects)
    subjects[place] = replace(one, terms=(terms[0], terms[1]))
    return replace(pupil, subjects=subjects)


def numbered(order, value) -> int:
    """0 is the best; nothing at all is the worst."""
    known = list(order)
    return known.index(value) if value in known else len(known)


@given(seeds)
def test_a_better_mark_worsens_nothing_of_the_year(seed):
    chance = random.Random(seed)
    pupil = of_chance(chance)
    # Without second chances: whoever passes at first is not assessed again.
    pupil = replace(pupil, trained=None, subjects=[replace(one, reassessed=None) for one in pupil.subjects])
    before = secondary.year_outcome(SECONDARY, pupil, is_last_grade=False)
    after = secondary.year_outcome(SECONDARY, one_better(pupil, chance), is_last_grade=False)
    for was, now in zip(before.subjects, after.subjects, strict=True):
        for old, new in zip((*was.terms, was.year), (*now.terms, now.year), strict=True):
            if isinstance(old, Decimal):
                assert new >= old
            elif old == "Đ":
                assert new == "Đ"
    for old, new in zip(before.learning, after.learning, strict=True):
        assert numbered(Learning, new) <= numbered(Learning, old)
    assert after.conduct is before.conduct
    assert OUTCOMES[after.outcome] <= OUTCOMES[before.outcome]
    assert numbered(AWARDS, after.award) <= numbered(AWARDS, before.award)


@given(seeds)
def test_better_conduct_and_fewer_absences_worsen_nothing(seed):
    chance = random.Random(seed)
    pupil = replace(of_chance(chance), trained=None)
    known = list(Conduct)
    conduct = tuple(one and known[chance.randrange(known.index(one) + 1)] for one in pupil.conduct)
    absences = pupil.absences and chance.randrange(pupil.absences + 1)
    before = secondary.year_outcome(SECONDARY, pupil, is_last_grade=False)
    after = secondary.year_outcome(
        SECONDARY, replace(pupil, conduct=conduct, absences=absences), is_last_grade=False
    )
    assert after.learning == before.learning
    if after.outcome is Outcome.UNDECIDED:
        # Too many absences decide alone; without them what is missing has to come first.
        assert before.outcome in (Outcome.UNDECIDED, Outcome.REPEAT)
        return
    assert OUTCOMES[after.outcome] <= OUTCOMES[before.outcome]
    assert numbered(AWARDS, after.award) <= numbered(AWARDS, before.award)


@given(seeds, st.sampled_from(sorted(RULES)))
def test_the_order_of_subjects_and_of_regular_marks_does_not_matter(seed, code):
    rules, chance = RULES[code], random.Random(seed)
    if rules.kind != "secondary":
        return
    pupil = of_chance(chance)
    subjects = []
    for one in pupil.subjects:
        terms = [replace(t, regular=tuple(chance.sample(t.regular, len(t.regular)))) for t in one.terms]
        subjects.append(replace(one, terms=(terms[0], terms[1])))
    chance.shuffle(subjects)
    straight = secondary.year_outcome(rules, pupil, is_last_grade=True)
    mixed = secondary.year_outcome(rules, replace(pupil, subjects=subjects), is_last_grade=True)
    for name in ("learning", "after", "conduct", "outcome", "award"):
        assert getattr(mixed, name) == getattr(straight, name)
    assert set(mixed.again) == set(straight.again)
    found = {one.code: (one.terms, one.year, one.after) for one in mixed.subjects}
    assert found == {one.code: (one.terms, one.year, one.after) for one in straight.subjects}


@given(seeds)
def test_a_better_year_in_primary_school_worsens_nothing(seed):
    chance = random.Random(seed)
    tests = {"vietnamese": 9, "mathematics": 10, "foreign_language_1": 9, "informatics_technology": 9}
    tests = {code: chance.randrange(4, 11) for code in tests}
    whole = primary_year(3, {}, tests)
    letters = ("T", "T", "T", "H", "C")
    year = replace(
        whole,
        subjects={c: replace(at, level=chance.choice(letters)) for c, at in whole.subjects.items()},
        traits={c: chance.choice(("T", "T", "T", "Đ", "C")) for c in whole.traits},
        stands_out=chance.random() < 0.5,
    )
    better_year = replace(
        year,
        subjects={
            c: replace(at, level=_up("THC", at.level, chance), test=at.test and chance.randrange(at.test, 11))
            for c, at in year.subjects.items()
        },
        traits={c: _up("TĐC", one, chance) for c, one in year.traits.items()},
    )
    before = primary.year_outcome(PRIMARY, year, is_last_grade=False)
    after = primary.year_outcome(PRIMARY, better_year, is_last_grade=False)
    assert numbered(PrimaryLearning, after.learning) <= numbered(PrimaryLearning, before.learning)
    assert OUTCOMES[after.outcome] <= OUTCOMES[before.outcome]
    assert numbered(PRIMARY_AWARDS, after.award) <= numbered(PRIMARY_AWARDS, before.award)
    items = list(year.subjects.items())
    chance.shuffle(items)
    mixed = primary.year_outcome(PRIMARY, replace(year, subjects=dict(items)), is_last_grade=False)
    assert (mixed.learning, mixed.outcome, mixed.award) == (before.learning, before.outcome, before.award)


def _up(order: str, letter: str, chance: random.Random) -> str:
    return order[chance.randrange(order.index(letter) + 1)]
