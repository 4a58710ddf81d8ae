"""A person's saved filters: a list and a form, made of the generic pages themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.actions import change_filter, delete_filter
from thongsuot.kit.pages.models import SavedFilter
from thongsuot.kit.pages.queries import saved_filters
from thongsuot.kit.pages.registry import list_pages
from thongsuot.kit.pages.tables import BooleanColumn, Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import DeletePage, EditPage, ListPage


class SavedFilterTable(Table):
    name = Column(verbose_name=gettext_lazy("tên bộ lọc"))
    page = Column(verbose_name=gettext_lazy("trang"))
    is_default = BooleanColumn(verbose_name=gettext_lazy("mở sẵn khi vào trang"))
    created_at = DateTimeColumn(verbose_name=gettext_lazy("tạo lúc"))

    def value_page(self, record: SavedFilter) -> str:
        page = list_pages().get(record.page)
        return str(page.title) if page and page.title else record.page

    render_page = value_page


class SavedFilterList(ListPage):
    title = gettext_lazy("Bộ lọc đã lưu")
    table_class = SavedFilterTable
    search_fields = ("name",)
    detail_url = "pages:saved-filter-edit"
    empty_text = gettext_lazy("Mở một danh sách, lọc, rồi bấm “Bộ lọc” để lưu lại.")

    def query(self, actor: Actor) -> QuerySet[SavedFilter]:
        return saved_filters(actor)


class SavedFilterForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên bộ lọc"), max_length=80)
    is_default = forms.BooleanField(label=gettext_lazy("Mở sẵn khi vào trang"), required=False)


class SavedFilterEdit(EditPage):
    form_class = SavedFilterForm
    success_url = "pages:saved-filter-list"
    template_name = "pages/saved_filter.html"

    def query(self, actor: Actor) -> QuerySet[SavedFilter]:
        return saved_filters(actor)

    def initial(self, thing: SavedFilter) -> dict[str, Any]:
        return {"name": thing.name, "is_default": thing.is_default}

    def act(self, by: Actor, thing: SavedFilter, data: dict[str, Any]) -> SavedFilter:
        return change_filter(by=by, saved=thing, **data)

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Bộ lọc đã lưu"), reverse("pages:saved-filter-list"))]

    def open_url(self) -> str:
        """The list with this filter on; "" when the list has no address of its own (below another thing)."""
        try:
            return f"{reverse(self.thing.page)}?{self.thing.query or 'all=1'}"
        except NoReverseMatch:
            return ""


class SavedFilterDelete(DeletePage):
    success_url = "pages:saved-filter-list"

    def query(self, actor: Actor) -> QuerySet[SavedFilter]:
        return saved_filters(actor)

    def act(self, by: Actor, thing: SavedFilter) -> None:
        delete_filter(by=by, saved=thing)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Bộ lọc đã lưu"), reverse("pages:saved-filter-list"))]
