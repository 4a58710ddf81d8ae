"""Generic pages, once for all models: a module adds a table, a filterset, a query, a form and an action.

A list, in a module's web/views.py (`from thongsuot.kit.pages.views import ListPage, DetailPage, ...`):

    class UnitList(ListPage):
        title = _("Đơn vị")
        right = "organization.read"          # else 404; or override allowed(actor)
        table_class = UnitTable              # kit.pages.tables.Table
        filterset_class = UnitFilter         # kit.pages.filters.FilterSet, optional
        search_folded = ("name_fold",)       # columns that hold folded text
        search_fields = ("code",)            # text columns, folded in SQL
        detail_url = "organization:unit-detail"   # the first cell opens the row; detail_key = "pk"
        create_url = "organization:unit-create"; create_right = "organization.write"
        links = lambda self: [PageLink(_("Nhập từ tệp"), url, "table-import")]    # more buttons at the top
        bulk_actions = (BulkAction("close", _("Ngừng hoạt động"), close_units, right="..."),)

        def query(self, actor): return queries.units(actor)

    urlpatterns = page_urls("unit", "don-vi/", list=UnitList, detail=UnitDetail, edit=UnitEdit)

The address says it all: ?q= search, ?sort=-name, ?page=, ?size=25|50|100, ?export=xlsx|csv, and filters.
With htmx the same address answers with the part `#list` only. Columns sort when the table knows them and
`orderable=False` is not said; sort by another column with Column(order_by="sort_key").

Details, forms, deleting: records.py. Text: kit/text (fold, sort_key, clean_text; in SQL expressions.Fold).
tests/house/test_list_page_queries.py needs one line for each list: in `list_pages.py` beside your tests,
ROWS = {"organization:unit-list": make_units}, where make_units(number, actor) adds rows that the actor sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any, ClassVar

import django_filters
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.addresses import page_urls, query_with
from thongsuot.kit.pages.bulk import BulkAction
from thongsuot.kit.pages.exporting import export
from thongsuot.kit.pages.filters import Chip, chips
from thongsuot.kit.pages.giving import GivesFile, Step, no_step
from thongsuot.kit.pages.keeping import KeepsChoices
from thongsuot.kit.pages.listing import EVERYTHING, EXPORT, Asked, search, sort
from thongsuot.kit.pages.paging import COUNT_CAP, CappedPaginator, Window
from thongsuot.kit.pages.records import CreatePage, DeletePage, DetailPage, EditPage, FormPage, PageLink, Tab
from thongsuot.kit.pages.tables import SelectColumn, Table

__all__ = [
    "ActorPage",
    "BulkAction",
    "CreatePage",
    "DeletePage",
    "DetailPage",
    "EditPage",
    "FormPage",
    "ListPage",
    "PageLink",
    "Tab",
    "page_urls",
]


@dataclass(frozen=True)
class Listing:
    """Rows that an address asks for, in order, with what was understood of it."""

    rows: QuerySet[Any]
    sorted_by: str
    filterset: django_filters.FilterSet | None
    asked: Asked


class ListPage(KeepsChoices, GivesFile):
    """Search, filter, sort, page, choose columns, save filters, export, print, act on several rows."""

    template_name = "pages/list.html"
    part_template_name = "pages/list_rows.html"
    filterset_class: type[django_filters.FilterSet] | None = None
    search_folded: Sequence[str] = ()
    search_fields: Sequence[str] = ()
    search_hint: Any = ""
    detail_url: str = ""
    detail_key: str = "pk"
    create_url: str = ""
    create_right: str = ""
    create_label: Any = ""
    bulk_actions: Sequence[BulkAction] = ()
    empty_title: Any = ""
    empty_text: Any = ""
    count_cap: ClassVar[int] = COUNT_CAP

    def query(self, actor: Actor) -> QuerySet[Any]:
        """Rows that the actor may see, in their natural order, with what the table needs (select_related)."""
        raise NotImplementedError

    def row_url(self, record: Any) -> str | None:
        """Address of a row; None where it has none."""
        if not self.detail_url:
            return None
        return reverse(self.detail_url, kwargs={self.detail_key: getattr(record, self.detail_key)})

    def links(self) -> Sequence[PageLink]:
        """More buttons at the head of the page (import, another view)."""
        return ()

    def pages_by_keys(self) -> bool:
        """Are the rows few, and dear to find? Then they are found once for the count and the page."""
        return False

    def cap(self) -> int:
        """Counting stops here."""
        return self.count_cap

    def window(self, listing: Listing) -> Window | None:
        """The rows of this very list by a shorter way to its pages; None where there is none."""
        return None

    # -- answers ------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        default = self._default_query()
        if default:
            return HttpResponseRedirect(f"{request.path}?{default}")
        kind = request.GET.get(EXPORT, "")
        if kind in self.export_formats:
            return self.give_file(kind)
        response = render(request, self._template(), self._context())
        # One address, two answers: a cache must not give one for the other.
        response["Vary"] = "HX-Request"
        if request.htmx:  # type: ignore[attr-defined]
            query = query_with(request.GET, **{EVERYTHING: None})
            # Reloaded bare, the address would open the default filter.
            response["HX-Push-Url"] = request.path + (query if len(query) > 1 else f"?{EVERYTHING}=1")
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Saved filters, chosen columns, or a bulk action; then back to the same address."""
        if not self.keep(request.POST):
            self._run_bulk(request.POST.get("do", ""))
        return HttpResponseRedirect(request.get_full_path())

    # -- parts of the answer ------------------------------------------------------------------

    @cached_property
    def listing(self) -> Listing:
        size = self.preference.page_size
        default_size = size if size in self.page_sizes else self.page_sizes[0]
        asked = Asked.of(self.request.GET, sizes=self.page_sizes, default_size=default_size)
        rows, filterset = self.query(self.actor), None
        if self.filterset_class:
            filterset = self.filterset_class(self.request.GET, queryset=rows, request=self.request)
            rows = filterset.qs
        rows = search(rows, asked.text, folded=self.search_folded, fields=self.search_fields)
        rows, sorted_by = sort(rows, self.table_class, asked.sort)
        return Listing(rows, sorted_by, filterset, asked)

    def table(self, rows: Any, *, boxes: bool = False) -> Table:
        """The table of some rows, with the columns that the person chose."""
        extra = [("pick", SelectColumn(self._pick_label(), "bulk"))] if boxes else []
        sequence = ("pick", "...") if boxes else None
        made = self.table_class(rows, extra_columns=extra, sequence=sequence)
        shown = {*self.table_class.chosen(self.preference.columns), "pick"}
        for column in list(made.columns.iterall()):
            if column.name not in shown:
                made.columns.hide(column.name)
        made.caption = self.table_class.caption or self.get_title()
        made.row_url = self.row_url
        made.params, made.sorted_by = self.request.GET, self.listing.sorted_by
        return made

    def bulk(self) -> list[BulkAction]:
        return [action for action in self.bulk_actions if action.allowed(self.actor)]

    def search_on(self) -> bool:
        return bool(self.search_folded or self.search_fields)

    def _template(self) -> str:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        return self.part_template_name if htmx and htmx.target == "list" else self.template_name

    def _context(self) -> dict[str, Any]:
        listing = self.listing
        paginator = CappedPaginator(
            listing.rows,
            listing.asked.size,
            cap=self.cap(),
            by_keys=self.pages_by_keys(),
            window=self.window(listing),
        )
        page = paginator.get_page(listing.asked.page)
        bulk = self.bulk()
        # Evaluated here, so that the table does not ask the database how long its page is.
        len(page.object_list)
        found: list[Chip] = chips(listing.filterset, listing.asked) if listing.asked.narrows else []
        return {
            "table": self.table(page.object_list, boxes=bool(bulk)),
            "page": page,
            "asked": listing.asked,
            "filterset": listing.filterset,
            "chips": found,
            "bulk": bulk,
            "everything_url": f"?{EVERYTHING}=1",
            "export_urls": [
                (kind, query_with(self.request.GET, export=kind, page=None)) for kind in self.export_formats
            ],
            "size_urls": [(n, query_with(self.request.GET, size=n, page=None)) for n in self.page_sizes],
            "create_link": self._create_link(),
            **self.frame(),
        }

    def _create_link(self) -> str:
        may = self.create_url and (not self.create_right or self.actor.can(self.create_right))
        return reverse(self.create_url, kwargs=self.create_kwargs()) if may else ""

    def create_kwargs(self) -> dict[str, Any]:
        """Keyword arguments of `create_url`, for lists that stand below another thing."""
        return {}

    def file_rows(self) -> QuerySet[Any]:
        return self.listing.rows

    def make_file(self, kind: str, step: Step = no_step) -> IO[bytes]:
        rows = self.listing.rows
        return export(kind, self.table(rows.none()), rows, title=self.file_title(), step=step)

    def _run_bulk(self, name: str) -> None:
        action = next((action for action in self.bulk() if action.name == name), None)
        picked = [key for key in self.request.POST.getlist("pick") if key]
        if action is None or not picked:
            messages.warning(self.request, self.nothing_picked())
            return
        rows = self.query(self.actor).filter(pk__in=picked[: max(self.page_sizes)])
        try:
            with transaction.atomic():
                said = action.run(by=self.actor, rows=rows)
        except Refused as error:
            messages.error(self.request, error.message)
        else:
            messages.success(self.request, said)
