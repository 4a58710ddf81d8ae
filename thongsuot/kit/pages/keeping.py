"""The part of a list page that keeps a person's choices: saved filters, columns, rows per page."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.actions import choose_columns, save_filter
from thongsuot.kit.pages.addresses import without_empty
from thongsuot.kit.pages.listing import EVERYTHING, EXPORT, PAGE
from thongsuot.kit.pages.models import ListPreference, SavedFilter
from thongsuot.kit.pages.queries import preference, saved_filters
from thongsuot.kit.pages.tables import Table


class KeepsChoices(ActorPage):
    """Below ListPage: what `post` keeps, and the filter that opens with the page."""

    table_class: type[Table]
    page_sizes: ClassVar[tuple[int, ...]] = (25, 50, 100)

    def query(self, actor: Actor) -> QuerySet[Any]:
        raise NotImplementedError

    @cached_property
    def page_key(self) -> str:
        match = self.request.resolver_match
        return match.view_name if match else type(self).__name__

    @cached_property
    def preference(self) -> ListPreference:
        return preference(self.actor, page=self.page_key)

    @cached_property
    def saved(self) -> list[SavedFilter]:
        return list(saved_filters(self.actor, page=self.page_key))

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
        known = [name for name, _header in self._choices()]
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
        return [(name, header, name in shown) for name, header in self._choices()]

    def _choices(self) -> list[tuple[str, str]]:
        return self.table_class.choices(self.query(self.actor))

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
