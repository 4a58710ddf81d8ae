"""Pages of a list whose price does not grow with the list: counting stops at a cap."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

COUNT_CAP = 10_000


class CappedPaginator(Paginator):
    """Counts at most `cap` rows; beyond that it says "hơn 10.000" and the reader filters."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, cap: int = COUNT_CAP) -> None:
        super().__init__(rows, per_page)
        self.rows, self.cap = rows, cap

    @cached_property
    def counted(self) -> int:
        # The order is worth nothing to a count, and a sort of all rows to the database; nor are the columns.
        rows: Any = self.rows.order_by()
        is_plain = rows._fields is None and rows.query.group_by is None and not rows.query.distinct
        return (rows.values("pk") if is_plain else rows)[: self.cap + 1].count()

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
