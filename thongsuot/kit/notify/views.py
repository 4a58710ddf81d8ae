from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify import actions, queries
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.notify.registry import kinds, label_of
from thongsuot.kit.notify.types import Way
from thongsuot.kit.pages.filters import FilterSet, YesNoFilter
from thongsuot.kit.pages.records import FormPage
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import BulkAction, ListPage, PageLink

SHOWN_IN_BELL = 8


class NotificationTable(Table):
    title = Column(orderable=False)
    body = Column(orderable=False)
    kind = Column(orderable=False)
    created_at = DateTimeColumn(order_by="pk")
    state = Column(verbose_name=gettext_lazy("Trạng thái"), empty_values=(), orderable=False)
    hidden = ("kind",)

    class Meta:
        model = Notification
        fields = ()

    def render_kind(self, value: str) -> str:
        return label_of(value)

    def render_state(self, record: Notification) -> str:
        return _("Đã đọc") if record.read_at else _("Chưa đọc")


def _kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, str(kind.label)) for kind in kinds()]


class NotificationFilter(FilterSet):
    read = YesNoFilter(field_name="read_at", lookup_expr="isnull", exclude=True, label=gettext_lazy("Đã đọc"))
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Loại"), choices=_kind_choices)

    class Meta:
        model = Notification
        fields = ()


def _mark(*, by: Actor, rows: QuerySet[Notification]) -> str:
    marked = actions.mark_read(by=by, notification_ids=rows.values_list("pk", flat=True))
    return _("Đã đánh dấu %(count)s thông báo.") % {"count": marked}


class NotificationList(ListPage):
    title = gettext_lazy("Thông báo")
    table_class = NotificationTable
    filterset_class = NotificationFilter
    search_fields = ("title", "body")
    detail_url = "notify:open"
    bulk_actions = (BulkAction("read", gettext_lazy("Đánh dấu đã đọc"), _mark),)
    empty_title = gettext_lazy("Chưa có thông báo nào")
    empty_text = gettext_lazy("Việc được giao, kết quả được duyệt hay trả lại, hạn sắp đến... sẽ báo ở đây.")

    def allowed(self, actor: Actor) -> bool:
        return actor.is_authenticated

    def query(self, actor: Actor) -> QuerySet[Notification]:
        return queries.notifications(actor)

    def links(self) -> list[PageLink]:
        return [
            PageLink(_("Đánh dấu tất cả đã đọc"), reverse("notify:read-all"), "checks", post=True),
            PageLink(_("Cách nhận thông báo"), reverse("notify:ways"), "settings"),
        ]


@require_safe
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks as read and goes to what it is about; reading it is no change that a link must not make."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(queries.notifications(actor), pk=pk)
    actions.mark_read(by=actor, notification_ids=[pk])
    safe = url_has_allowed_host_and_scheme(row.url, allowed_hosts=None)
    return redirect(row.url if safe else "notify:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_read(by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("Đã đánh dấu tất cả."))
    return redirect("notify:list")


@require_safe
def badge(request: HttpRequest) -> HttpResponse:
    """The number beside the bell; nothing when nothing is unread."""
    return render(request, "notify/badge.html", {"count": queries.unread_count(request.actor)})  # type: ignore[attr-defined]


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The latest ones, for a panel below the bell."""
    rows = queries.notifications(request.actor)[:SHOWN_IN_BELL]  # type: ignore[attr-defined]
    return render(request, "notify/bell.html", {"rows": rows})


class WaysForm(forms.Form):
    def __init__(self, *args: Any, kinds: list[tuple[Any, Way]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, _way in kinds:
            self.fields[kind.code] = forms.ChoiceField(label=kind.label, choices=Way.choices)


class WaysPage(FormPage):
    title = gettext_lazy("Cách nhận thông báo")
    form_class = WaysForm
    success_url = "notify:ways"

    def allowed(self, actor: Actor) -> bool:
        return actor.is_authenticated

    def initial(self, thing: Any) -> dict[str, Any]:
        return {kind.code: way.value for kind, way in queries.ways(self.actor)}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"kinds": queries.ways(self.actor)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> None:
        actions.choose_ways(by=by, ways=data)

    def cancel(self) -> str:
        return reverse("notify:list")
