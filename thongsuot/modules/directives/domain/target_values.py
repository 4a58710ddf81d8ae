"""Is a target met? Pure."""

from __future__ import annotations

from decimal import Decimal

from ..types import Operator


def meets(operator: str, value: Decimal, aim: Decimal | None) -> bool | None:
    """None where the target names no number ("triển khai đồng bộ"): then a person judges."""
    if aim is None:
        return None
    return {
        Operator.AT_LEAST: value >= aim,
        Operator.AT_MOST: value <= aim,
        Operator.EQUAL: value == aim,
        Operator.MORE: value > aim,
        Operator.LESS: value < aim,
    }[Operator(operator)]


def same_measure(given: str, counted: str) -> bool:
    """Whether a target in `given` can be held against a figure in `counted`: a share only against a share. Numbers are
    named too freely ("trường", "đơn vị") to be told apart by their words."""
    return (given.strip() == "%") == (counted == "%")
