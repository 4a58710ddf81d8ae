"""How much is measured: the province as it is, or next to nothing to see that it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`own`: tasks of the measured school and of the measured commune at both sizes, so that pages
    show as many rows. `changes`: tasks changed one by one since the tally was last made small.
    """

    communes: int
    schools: int
    small: int
    large: int
    own: int
    changes: int
    rounds: int
    warm: int
    pages: int
    rows_per_directive: int
    pupils: int
    few_pupils: int
    # School records and people of the population among whom they are sought.
    people: tuple[int, int]
    # Scale of the demo in which the quality rules look for what was seeded.
    demo: str


FULL = Scale(
    communes=96,
    schools=1000,
    small=1_000,
    large=100_000,
    own=60,
    changes=500,
    rounds=24,
    warm=2,
    pages=100,
    rows_per_directive=1000,
    pupils=450_000,
    few_pupils=4_500,
    people=(500_000, 2_000_000),
    demo="province",
)
TINY = Scale(
    communes=2,
    schools=6,
    small=20,
    large=40,
    own=4,
    changes=2,
    rounds=1,
    warm=0,
    pages=2,
    rows_per_directive=10,
    pupils=60,
    few_pupils=60,
    people=(300, 900),
    demo="tiny",
)
