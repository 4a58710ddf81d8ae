"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def is_number(cell: Any) -> bool:
    return cell is None or isinstance(cell, int | float | Decimal)


@register.filter
def grouped(cell: Any) -> Any:
    """24081 as 24.081; nothing as a dash; words as they are."""
    if cell is None:
        return "–"
    return number_format(cell, force_grouping=True) if is_number(cell) else cell
