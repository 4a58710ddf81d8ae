"""Figures as Vietnamese documents write them. Pure."""

from __future__ import annotations

from decimal import Decimal

from ..types import Operator


def number_words(value: Decimal) -> str:
    """ "66,83", "1012": a comma for decimals, nothing after it that says nothing."""
    return f"{value.normalize():f}".replace(".", ",")


def measured(value: Decimal, measure: str) -> str:
    """ "66,83%", "12 trường": the percent sign stands close, other units apart."""
    return number_words(value) + (measure if measure == "%" else f" {measure}".rstrip())


def goal_words(operator: str, value: Decimal | None, measure: str) -> str:
    """ "≥ 90%"; of an equality the figure alone; "" where no number was set."""
    if value is None:
        return ""
    figure = measured(value, measure)
    return figure if operator == Operator.EQUAL else f"{Operator(operator).label} {figure}"
