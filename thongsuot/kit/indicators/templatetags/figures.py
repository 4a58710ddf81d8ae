"""Numbers of figures as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(number: Any) -> Any:
    """24081 as 24.081; nothing as a dash. A value keeps its decimals."""
    return "–" if number is None else number_format(number, force_grouping=True)


@register.filter
def counted(number: Any) -> Any:
    """A numerator or denominator: without the zeros that the column in which it is kept puts behind the comma."""
    if number is None:
        return "–"
    return number_format(plain(number), force_grouping=True)


def plain(number: Decimal) -> Decimal:
    whole = number == number.to_integral_value()
    return number.quantize(Decimal(1)) if whole else number.normalize()
