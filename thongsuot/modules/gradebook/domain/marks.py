"""Marks: exact decimals, half up. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# What may stand in a cell beside a mark. Absent: missed without leave, no second date.
ABSENT = "absent"
PASS, FAIL = "Đ", "CĐ"
Given = Decimal | str


def half_up(value: Decimal, places: int) -> Decimal:
    """`value` to `places` decimals, half up: 8.95 gives 9.0, 6.25 gives 6.3.

    A quotient of marks may be rounded by the 28 digits of the context first: marks have two decimals at most and the
    weights are small, so that it is never that near to a half without being one.
    """
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
