"""The part of a list page that keeps a person's choices: saved filters, columns, rows per page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.pages.actions import choose_columns, save_filter
from thongsuot.kit.pages.addresses import without_empty
from thongsuot.kit.pages.listing import EVERYTHING, EXPORT, PAGE
from thongsuot.kit.pages.models import SavedFilter
from thongsuot.kit.pages.tables import Table


class KeepsChoices:
    """Mixed into ListPage: what `post` keeps, and the filter that opens with the page."""

    request: HttpRequest
    page_key: str
    table_class: type[Table]
    page_sizes: tuple[int, ...]
    preference: Any
    saved: list[SavedFilter]
    actor: Actor

    def keep(self, sent: QueryDict) -> bool:
        """Do what `do` names; False when it names none of these."""
        verbs = {"save-filter": self._save, "columns": self._columns}
        verb = verbs.get(sent.get("do", ""))
        if verb is None:
            return False
        try:
            messages.success(self.request, verb(sent))
        except Refused as error:
            messages.error(self.request, error.message)
        return True

    def _save(self, sent: QueryDict) -> str:
        query = QueryDict(sent.get("query", "").lstrip("?"), mutable=True)
        for name in (PAGE, EXPORT, EVERYTHING):
            query.pop(name, None)
        save_filter(
            by=self.actor,
            page=self.page_key,
            name=sent.get("name", ""),
            query=without_empty(query).urlencode(),
            is_default=bool(sent.get("is_default")),
        )
        return _("Đã lưu bộ lọc.")

    def _columns(self, sent: QueryDict) -> str:
        known = [name for name, _header in self.table_class.choices()]
        wanted = [name for name in known if name in sent.getlist("column")]
        size = sent.get("page_size", "")
        choose_columns(
            by=self.actor,
            page=self.page_key,
            columns=[] if sent.get("reset") or wanted == self.table_class.chosen(None) else wanted,
            page_size=int(size) if size.isdecimal() and int(size) in self.page_sizes else None,
        )
        return _("Đã đổi cách xem danh sách.")

    def column_choices(self) -> list[tuple[str, str, bool]]:
        """(name, header, shown) of each column."""
        shown = set(self.table_class.chosen(self.preference.columns))
        return [(name, header, name in shown) for name, header in self.table_class.choices()]

    def current_saved(self) -> SavedFilter | None:
        """The saved filter whose conditions are those of the address."""
        here = self._conditions(self.request.GET)
        return next((f for f in self.saved if self._conditions(QueryDict(f.query)) == here), None)

    @staticmethod
    def _conditions(query: QueryDict) -> dict[str, list[str]]:
        return {k: v for k, v in without_empty(query).lists() if k not in (PAGE, EXPORT, EVERYTHING)}

    def _default_query(self) -> str:
        """Query of the filter that opens with the page, when the address asks for nothing by itself."""
        if self.request.GET or self.request.htmx:  # type: ignore[attr-defined]
            return ""
        return next((found.query for found in self.saved if found.is_default), "")

    def _pick_label(self) -> str:
        return _("Chọn")

    def nothing_picked(self) -> str:
        return _("Chưa chọn dòng nào.")
