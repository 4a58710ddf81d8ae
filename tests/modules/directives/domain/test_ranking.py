from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.ranking import UnitCounts, rank_units, rate

small = st.integers(0, 30)
counts = st.builds(
    UnitCounts,
    unit_id=st.integers(1, 9999),
    done_on_time=small,
    done_late=small,
    done=small,
    on_time=small,
    due_soon=small,
    late=small,
    waiting=small,
    no_deadline=st.integers(10, 20),
    ongoing=st.integers(0, 10),
)


def test_rates_are_rounded_half_up():
    assert rate(1, 3) == Decimal("33.3")
    assert rate(2, 3) == Decimal("66.7")
    assert rate(1, 16) == Decimal("6.3")
    assert rate(3, 16) == Decimal("18.8")
    assert rate(0, 5) == Decimal("0.0")
    assert rate(0, 0) is None


def test_ongoing_and_not_yet_due_are_left_out_of_completion():
    unit = UnitCounts(
        1, done_on_time=6, done_late=2, on_time=5, due_soon=1, waiting=1, late=2, no_deadline=3, ongoing=3
    )
    assert unit.total == 20
    assert unit.on_time_rate == Decimal("75.0")
    assert unit.completion_rate == Decimal("80.0")


def test_order():
    best = UnitCounts(1, "A", done_on_time=9)
    fewer = UnitCounts(2, "B", done_on_time=5)
    incomplete = UnitCounts(3, "C", done_on_time=9, late=1)
    late = UnitCounts(4, "D", done_on_time=9, done_late=1)
    nothing = UnitCounts(5, "E")
    ranked = rank_units([nothing, late, incomplete, fewer, best])
    assert [(r.rank, r.counts.unit_name) for r in ranked] == [
        (1, "A"),
        (2, "B"),
        (3, "C"),
        (4, "D"),
        (5, "E"),
    ]


def test_equal_figures_share_a_rank():
    ranked = rank_units(
        [
            UnitCounts(1, "B", done_on_time=2),
            UnitCounts(2, "A", done_on_time=2),
            UnitCounts(3, "C", done_late=1),
        ]
    )
    assert [(r.rank, r.counts.unit_name) for r in ranked] == [(1, "A"), (1, "B"), (3, "C")]


@given(st.lists(counts, max_size=20))
def test_ranks_never_go_against_the_rule(units):
    ranked = rank_units(units)
    assert sorted(r.counts.unit_id for r in ranked) == sorted(u.unit_id for u in units)
    for before, after in pairwise(ranked):
        assert before.rank <= after.rank
        assert (before.counts.on_time_rate or -1) >= (
            after.counts.on_time_rate or -1
        ) or after.counts.on_time_rate is None


@given(counts)
def test_rates_stay_between_0_and_100(unit):
    for figure in (unit.on_time_rate, unit.completion_rate):
        assert figure is None or 0 <= figure <= 100
