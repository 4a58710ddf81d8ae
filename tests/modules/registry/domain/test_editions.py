from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.registry.domain.editions import fingerprint
from thongsuot.modules.registry.domain.grades import grades_of, mixed_grades

values = st.lists(
    st.one_of(st.none(), st.text(max_size=5), st.integers(), st.dates(), st.booleans()), max_size=6
)


@given(values)
def test_the_same_values_have_the_same_edition(given_values):
    assert fingerprint(given_values) == fingerprint(list(given_values))


def test_every_change_shows():
    rows = [[None, "a"], ["", "a"], ["a", None], ["aa"], ["a", "a"], [date(2020, 1, 1), "a"], [b"a", "a"]]
    assert len({fingerprint(row) for row in rows}) == len(rows)
    assert fingerprint([Decimal("4.0")]) == fingerprint([Decimal("4")])


def test_grades():
    assert grades_of(["primary", "lower_secondary"]) == set(range(1, 10))
    assert grades_of(["preschool"]) == set(range(13, 19))
    assert mixed_grades("1, 2;x") == {1, 2}
