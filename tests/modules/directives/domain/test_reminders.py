from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.reminders import reminder_step, step_day

DUE = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (30, None),
        (8, None),
        (7, 7),
        (6, 7),
        (4, 7),
        (3, 3),
        (2, 3),
        (1, 1),
        (0, 0),
        (-1, -1),
        (-7, -1),
        (-8, -8),
        (-14, -8),
        (-15, -15),
    ],
)
def test_worked_examples(left, step):
    assert reminder_step(DUE, DUE - timedelta(days=left)) == step


@given(st.integers(-400, 400))
def test_a_step_comes_on_its_day_and_stays_until_the_next(left):
    today = DUE - timedelta(days=left)
    step = reminder_step(DUE, today)
    if step is not None:
        assert step_day(DUE, step) <= today
        assert reminder_step(DUE, step_day(DUE, step)) == step


def test_a_year_of_days_brings_each_step_once():
    days = [DUE + timedelta(days=n) for n in range(-20, 60)]
    steps = [reminder_step(DUE, day) for day in days]
    changes = [s for before, s in zip([None, *steps], steps, strict=False) if s != before]
    assert changes == [7, 3, 1, 0, -1, -8, -15, -22, -29, -36, -43, -50, -57]
