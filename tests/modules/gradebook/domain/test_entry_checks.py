"""What draws attention in a column: worked examples, and that no order of pupils changes it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.gradebook.domain.entry_checks import (
    Check,
    CheckKind,
    CheckLimits,
    Column,
    entry_checks,
)

LIMITS = CheckLimits(jump=Decimal("3.0"), all_equal_from=3, names_shown=5)


def found(values, *, averages=None, before=None, students=(1, 2, 3), counted=True):
    columns = [Column("midterm", values, counted)]
    return entry_checks(LIMITS, students, columns, averages=averages or {}, before=before or {})


def test_somebody_is_missing_only_where_others_have_a_mark():
    assert found({1: Decimal(8), 2: None, 3: Decimal(7)}) == [Check(CheckKind.MISSING, "midterm", (2,))]
    assert found({1: None, 2: None, 3: None}) == []
    assert found({}) == []
    assert found({1: "Tốt", 2: ""}, counted=False) == []


def test_all_alike_is_worth_a_look_for_marks_not_for_levels():
    eight = {1: Decimal(8), 2: Decimal("8.0"), 3: Decimal(8)}
    assert found(eight) == [Check(CheckKind.ALL_EQUAL, "midterm", (1, 2, 3), Decimal(8))]
    assert found({**eight, 3: Decimal("8.1")}) == []
    assert found({1: "Đ", 2: "Đ", 3: "Đ"}) == []
    # Two marks are too few to wonder.
    assert [one.kind for one in found({1: Decimal(8), 2: Decimal(8)})] == [CheckKind.MISSING]


def test_a_jump_against_the_term_before():
    now, then = {1: Decimal("8.0"), 2: Decimal("7.9"), 3: "Đ"}, {1: Decimal("5.0"), 2: Decimal("5.0"), 3: "CĐ"}
    jump = Check(CheckKind.JUMP, "average", (1,), before=Decimal("5.0"), now=Decimal("8.0"))
    assert found({}, averages=now, before=then) == [jump]


marks = st.one_of(st.none(), st.decimals(0, 10, places=1))


@given(st.dictionaries(st.integers(1, 9), marks), st.permutations(range(1, 10)))
def test_the_order_of_pupils_changes_nothing_but_the_order(values, order):
    one = found(values, students=tuple(range(1, 10)))
    other = found(values, students=tuple(order))
    assert [(c.kind, sorted(c.students), c.value) for c in one] == [
        (c.kind, sorted(c.students), c.value) for c in other
    ]
