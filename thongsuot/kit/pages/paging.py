"""Pages of a list whose price does not grow with the list: counting stops at a cap."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

COUNT_CAP = 10_000


class CappedPaginator(Paginator):
    """Counts at most `cap` rows; beyond that it says "hơn 10.000" and the reader filters.

    by_keys: for rows that are few but dear to find. Their keys are read once, in order, for the count and for every
    page; only the rows of a page are read whole, with what is joined to them.
    """

    def __init__(
        self, rows: QuerySet[Any], per_page: int, *, cap: int = COUNT_CAP, by_keys: bool = False
    ) -> None:
        super().__init__(rows, per_page)
        self.rows, self.cap = rows, cap
        self.by_keys = by_keys and self._is_plain

    @property
    def _is_plain(self) -> bool:
        rows: Any = self.rows
        return rows._fields is None and rows.query.group_by is None and not rows.query.distinct

    @cached_property
    def keys(self) -> list[Any]:
        return list(self.rows.values_list("pk", flat=True)[: self.cap + 1])

    @cached_property
    def counted(self) -> int:
        if self.by_keys:
            return len(self.keys)
        # The order is worth nothing to a count, and a sort of all rows to the database; nor are the columns.
        rows: Any = self.rows.order_by()
        return (rows.values("pk") if self._is_plain else rows)[: self.cap + 1].count()

    def page(self, number: Any) -> Page[Any]:
        if not self.by_keys:
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = self.rows.filter(pk__in=self.keys[first : min(first + self.per_page, self.cap)])
        return Page(rows, number, self)

    @cached_property
    def count(self) -> int:
        return min(self.counted, self.cap)

    @property
    def is_capped(self) -> bool:
        return self.counted > self.cap

    @property
    def count_text(self) -> str:
        """ "1.234" or "hơn 10.000"."""
        number = number_format(self.count, force_grouping=True)
        return _("hơn %(number)s") % {"number": number} if self.is_capped else number
