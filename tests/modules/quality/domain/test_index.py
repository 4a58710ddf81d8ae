"""The index in four layers: worked by hand, and its properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.quality.domain.index import Measured, Thresholds, build_index, share, shown
from thongsuot.modules.quality.types import Colour

D = Decimal
# The example of domain/index.py.
EXAMPLE = [
    Measured("name.there", "student", "name", "complete", 100, 98),
    Measured("name.unicode", "student", "name", "clean", 100, 50),
    Measured("name.odd", "student", "name", "clean", 100, 100, weight=D(3)),
    Measured("id.shape", "student", "id", "clean", 100, 99, identifier=True),
]


def by_key(layer):
    return {one.key: one for one in layer.below}


def test_the_example_by_hand():
    whole = build_index(EXAMPLE, {("student", "id"): D(3)})
    student = by_key(whole)["student"]
    name = by_key(student)["name"]
    assert by_key(name)["complete"].value == 98
    assert by_key(name)["clean"].value == D("87.5")
    assert name.value == D("92.75")
    assert by_key(student)["id"].value == 99
    assert student.value == whole.value == D("97.4375")
    assert (whole.failed, whole.assessed, whole.incidents) == (2 + 50 + 1, 400, 1)
    assert Thresholds().colour(whole.value) == Colour.GREEN


def test_the_whole_is_over_fields_not_over_sets():
    """A set of two fields (100, 100) and one of one (40): (100 + 100 + 40) / 3 = 80, not (100 + 40) / 2 = 70."""
    rows = [
        Measured("a", "one", "x", "clean", 10, 10),
        Measured("b", "one", "y", "clean", 10, 10),
        Measured("c", "two", "z", "clean", 10, 4),
    ]
    assert build_index(rows).value == 80


def test_what_was_not_assessed_takes_no_part():
    rows = [Measured("a", "s", "x", "clean", 0, 0), Measured("b", "s", "x", "clean", 4, 3)]
    whole = build_index(rows)
    assert whole.value == 75
    assert build_index(rows[:1]).value is None
    assert build_index([]).value is None


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("100", "green"),
        ("90", "green"),
        ("89.999", "yellow"),
        ("75", "yellow"),
        ("74.999", "red"),
        ("0", "red"),
    ],
)
def test_colours(value, colour):
    assert Thresholds().colour(D(value)) == colour


def test_nothing_has_no_colour():
    assert Thresholds().colour(None) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("92.75", "92.8"),
        ("92.45", "92.5"),
        ("92.44", "92.4"),
        ("100", "100.0"),
        ("99.96", "99.9"),
        ("0", "0.0"),
    ],
)
def test_shown_half_up_but_never_as_100(value, text):
    assert str(shown(D(value))) == text


@pytest.mark.parametrize(("passed", "assessed"), [(2, 1), (-1, 5)])
def test_counts_that_cannot_be(passed, assessed):
    with pytest.raises(ValueError, match="passed"):
        share(passed, assessed)


@st.composite
def measured(draw):
    assessed = draw(st.integers(0, 1000))
    return Measured(
        rule=draw(st.text("abc", min_size=1, max_size=3)),
        dataset=draw(st.sampled_from("st")),
        field=draw(st.sampled_from("xyz")),
        word=draw(st.sampled_from(["clean", "complete", "live"])),
        assessed=assessed,
        passed=draw(st.integers(0, assessed)),
        weight=D(draw(st.integers(1, 500))) / 100,
        identifier=draw(st.booleans()),
    )


@given(st.lists(measured(), max_size=12))
def test_between_worst_and_best_rule(rows):
    whole = build_index(rows)
    shares = [share(one.passed, one.assessed) for one in rows if one.assessed]
    if not shares:
        assert whole.value is None
        return
    slack = D("1e-20")
    assert min(shares) - slack <= whole.value <= max(shares) + slack


@given(st.lists(measured(), min_size=1, max_size=12), st.randoms())
def test_order_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = build_index(rows).value, build_index(shuffled).value
    assert (first is None) == (second is None)
    assert first is None or abs(first - second) < D("1e-20")


@given(st.lists(measured(), min_size=1, max_size=12))
def test_mending_never_lowers_the_index(rows):
    before = build_index(rows).value
    worst = next((i for i, one in enumerate(rows) if one.passed < one.assessed), None)
    if worst is None:
        return
    better = list(rows)
    better[worst] = Measured(**{**rows[worst].__dict__, "passed": rows[worst].passed + 1})
    assert build_index(better).value >= before


@given(st.lists(measured(), max_size=12), st.integers(2, 9))
def test_only_the_proportion_of_weights_counts(rows, times):
    heavier = [Measured(**{**one.__dict__, "weight": one.weight * times}) for one in rows]
    first, second = build_index(rows).value, build_index(heavier).value
    assert first == second or abs(first - second) < D("1e-20")


@given(st.lists(measured(), max_size=12))
def test_incidents_are_the_failures_of_identifiers(rows):
    wanted = sum(one.assessed - one.passed for one in rows if one.identifier)
    assert build_index(rows).incidents == wanted
