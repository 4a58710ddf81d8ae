"""Tags of list pages and tables."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.text import capfirst
from django_tables2.columns import BoundColumn

from thongsuot.kit.pages.tables import Heading, SelectColumn

register = template.Library()


@register.simple_tag
def row_url(table: Any, record: Any) -> str:
    """Address of a row, "" when rows of this table have none."""
    find = getattr(table, "row_url", None)
    return (find(record) if find else None) or ""


@register.filter
def headings(table: Any) -> list[Heading]:
    """Heads of the columns; a plain table of django-tables2 has them without sorting."""
    own = getattr(table, "headings", None)
    return own if own is not None else [Heading(column) for column in table.columns]


@register.filter
def card_label(column: BoundColumn) -> str:
    """What a cell is called when a row is read as a card on a phone."""
    return "" if isinstance(column.column, SelectColumn) else capfirst(str(column.header))
