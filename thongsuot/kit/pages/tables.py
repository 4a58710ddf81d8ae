"""The table that modules derive from: what django-tables2 gives, drawn by tables/table.html.

    class UnitTable(Table):
        name = Column(verbose_name=_("tên"), order_by="sort_key")
        phone = Column()
        caption = _("Đơn vị")     # read to people who do not see the table; the page's title by default
        hidden = ("phone",)       # columns that a person has to choose

A cell is typed in exports when its accessor gives a date, number or text; `value_<column>` decides otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_tables2
from django.http import QueryDict
from django.utils.encoding import force_str
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django_tables2 import Column, TemplateColumn
from django_tables2.columns import BoundColumn
from django_tables2.utils import OrderByTuple

from thongsuot.kit.pages.addresses import query_with

__all__ = ["BooleanColumn", "Column", "DateColumn", "DateTimeColumn", "Heading", "Table", "TemplateColumn"]

SORT = "sort"
SELECT = "pick"


class DateColumn(django_tables2.DateColumn):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", "d/m/Y")
        super().__init__(*args, **kwargs)


class DateTimeColumn(django_tables2.DateTimeColumn):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", "H:i d/m/Y")
        super().__init__(*args, **kwargs)


class BooleanColumn(django_tables2.BooleanColumn):
    """Words rather than a tick: "Có", "Không", and nothing where nothing is known."""

    empty_values = (None,)

    def __init__(self, *args: Any, yesno: tuple[Any, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, null=True, **kwargs)
        self.words = yesno

    def render(self, value: Any, record: Any, bound_column: BoundColumn) -> str:
        yes, no = self.words or (gettext("Có"), gettext("Không"))
        return force_str(yes if value else no)


class SelectColumn(Column):
    """The box that picks a row for a bulk action; its form stands outside the table."""

    def __init__(self, label: str, form: str) -> None:
        super().__init__(verbose_name=label, orderable=False, exclude_from_export=True, accessor="pk")
        self.form = form
        self.attrs = {"td": {"class": "ts-pick", "data-label": ""}, "th": {"class": "ts-pick"}}

    @property
    def header(self) -> str:
        return format_html(
            '<input class="form-check-input d-print-none" type="checkbox" '
            'data-check-all="{}" aria-label="{}">',
            SELECT,
            self.verbose_name,
        )

    def render(self, value: Any, record: Any) -> str:
        return format_html(
            '<input class="form-check-input" type="checkbox" name="{}" value="{}" form="{}" aria-label="{}">',
            SELECT,
            value,
            self.form,
            record,
        )


@dataclass(frozen=True)
class Heading:
    """A column's head. sort: "" where the column cannot be sorted, else a value of aria-sort."""

    column: BoundColumn
    sort: str = ""
    url: str = ""


class Table(django_tables2.Table):
    """A table of one page of rows; sorting, paging and choosing columns is the page's work."""

    caption: Any = ""
    hidden: tuple[str, ...] = ()
    # Set by the page.
    sorted_by: str = ""
    params: QueryDict | None = None
    row_url: Callable[[Any], str | None] | None = None

    @property
    def order_by(self) -> OrderByTuple | None:
        """Rows come in the order of the query: the page has sorted them, with a tie-breaker."""
        return None

    @order_by.setter
    def order_by(self, value: object) -> None:
        self._order_by = None

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: BoundColumn) -> Heading:
        if not column.orderable or self.params is None:
            return Heading(column)
        down = self.sorted_by == f"-{column.name}"
        up = self.sorted_by == column.name
        url = query_with(self.params, **{SORT: f"-{column.name}" if up else column.name, "page": None})
        return Heading(column, "descending" if down else "ascending" if up else "none", url)

    @property
    def link_column(self) -> str:
        """The column whose cell opens the row: the first one that is not a box."""
        return next((c.name for c in self.columns if not isinstance(c.column, SelectColumn)), "")

    @classmethod
    def chosen(cls, wanted: list[str] | None) -> list[str]:
        """Names of the columns to show, in the order of the table: those chosen, else all but `hidden`."""
        known = [name for name, column in cls.base_columns.items() if column.visible]
        if wanted:
            return [name for name in known if name in wanted] or known
        return [name for name in known if name not in cls.hidden]

    @classmethod
    def choices(cls, rows: Any) -> list[tuple[str, str]]:
        """(name, header) of each column that may be chosen. rows: names the model, is not read."""
        columns = cls(rows.none()).columns
        return [(c.name, capfirst(str(c.header))) for c in columns if not c.column.exclude_from_export]

    @classmethod
    def lookups(cls, sort: str) -> tuple[list[str], bool] | None:
        """("unit__name", ...) of a `?sort=` value and whether it goes down; None when it is not sorted."""
        name, down = sort.removeprefix("-"), sort.startswith("-")
        column = cls.base_columns.get(name)
        if column is None or not (cls._meta.orderable if column.orderable is None else column.orderable):
            return None
        order_by = column.order_by or OrderByTuple([column.accessor or name])
        return [accessor.for_queryset() for accessor in order_by], down
