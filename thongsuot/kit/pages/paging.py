"""Pages of a list whose price does not grow with the list: counting stops at a cap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

COUNT_CAP = 10_000
# Of rows that words find over a province.
FOUND_CAP = 1_000


@runtime_checkable
class Window(Protocol):
    """Rows in their order that are too many to be named, and dear to sort or count: read from their beginning on."""

    def part(self, first: int, last: int) -> Sequence[Any]:
        """Rows from number `first`, counted from 0, to before `last`."""

    def counted(self, most: int) -> int:
        """How many there are; counting stops at `most`."""


class CappedPaginator(Paginator):
    """Counts at most `cap` rows; beyond that it says "hơn 10.000" and the reader filters.

    by_keys: for rows that are few but dear to find. Their keys are read once, in order, for the count and for every
    page; only the rows of a page are read whole, with what is joined to them. window: the same rows, for whoever knows a
    shorter way to a page of them and to their number.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        per_page: int,
        *,
        cap: int = COUNT_CAP,
        by_keys: bool = False,
        window: Window | None = None,
    ) -> None:
        super().__init__(rows, per_page)
        self.rows, self.cap, self.window = rows, cap, window
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
        if self.window is not None:
            return self.window.counted(self.cap + 1)
        if self.by_keys:
            return len(self.keys)
        # The order is worth nothing to a count, and a sort of all rows to the database; nor are the columns.
        rows: Any = self.rows.order_by()
        return (rows.values("pk") if self._is_plain else rows)[: self.cap + 1].count()

    def page(self, number: Any) -> Page[Any]:
        if not self.by_keys and self.window is None:
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        if self.window is not None:
            return Page(self.window.part(first, last), number, self)
        return Page(self.rows.filter(pk__in=self.keys[first:last]), number, self)

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
