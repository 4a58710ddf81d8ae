"""The page "Nhật ký": what was changed, what was read, who signed in. For whoever holds "audit.read"."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.templatetags.accounts import browser
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit import queries
from thongsuot.kit.audit.models import ReadingLog, SignInLog
from thongsuot.kit.audit.types import ChangeKind, SignInEvent
from thongsuot.kit.pages.access import ActorPage
from thongsuot.kit.pages.filters import DateFromToFilter, FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import ListPage, PageLink


class LogPage(ActorPage):
    right = "audit.read"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Nhật ký"), reverse("audit:index"))]


class Index(LogPage):
    title = gettext_lazy("Nhật ký")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        context = {**self.frame(), "kinds": queries.tracked_kinds(), "breadcrumbs": []}
        return render(request, "audit/index.html", context)


class ChangeTable(Table):
    at = DateTimeColumn(verbose_name=gettext_lazy("Lúc"), accessor="pgh_created_at", order_by="pgh_id")
    who = Column(verbose_name=gettext_lazy("Người"), accessor="pgh_context__name", orderable=False)
    role = Column(verbose_name=gettext_lazy("Vai trò"), accessor="pgh_context__role", orderable=False)
    action = Column(verbose_name=gettext_lazy("Thao tác"), accessor="pgh_label", orderable=False)
    key = Column(verbose_name=gettext_lazy("Mã dòng"), accessor="pgh_obj_id")
    reason = Column(verbose_name=gettext_lazy("Lý do"), accessor="pgh_context__reason", orderable=False)

    def value_action(self, value: str) -> str:
        return str(ChangeKind(value).label)

    render_action = value_action


class ChangeFilter(FilterSet):
    at = DateFromToFilter(field_name="pgh_created_at", label=gettext_lazy("Ngày"))
    who = django_filters.CharFilter(
        field_name="pgh_context__name", lookup_expr="icontains", label=gettext_lazy("Người")
    )
    action = django_filters.ChoiceFilter(
        field_name="pgh_label", choices=ChangeKind, label=gettext_lazy("Thao tác")
    )
    key = django_filters.NumberFilter(field_name="pgh_obj_id", label=gettext_lazy("Mã dòng"))


class ChangeList(LogPage, ListPage):
    """Changes of all rows of one kind, the newest first."""

    table_class = ChangeTable
    filterset_class = ChangeFilter

    @cached_property
    def model(self) -> Any:
        found = queries.tracked_model(self.kwargs["kind"])
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return _("Thay đổi: %(kind)s") % {"kind": self.model._meta.verbose_name_plural}

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.changes(actor, self.model)

    def row_url(self, record: Any) -> str:
        return reverse("audit:history", args=[self.kwargs["kind"], record.pgh_obj_id])


class History(LogPage):
    """All changes of one row, what stood there before and after."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        model = queries.tracked_model(self.kwargs["kind"])
        entries = queries.history_of(model, self.kwargs["key"]) if model else []
        if model is None or not entries:
            raise Http404
        title = f"{model._meta.verbose_name} {self.kwargs['key']}"
        changes = reverse("audit:changes", args=[self.kwargs["kind"]])
        above = [*self.breadcrumbs(), (capfirst(model._meta.verbose_name_plural), changes)]
        context = {**self.frame(), "history": entries, "page_title": title, "breadcrumbs": above}
        return render(request, "audit/history.html", context)


class ReadingTable(Table):
    at = DateTimeColumn(order_by="pk")
    user = Column(order_by="user__full_name")
    subject_table = Column()
    subject_pk = Column()
    purpose = Column()
    ip = Column()

    class Meta:
        model = ReadingLog
        fields = ()

    def value_subject_table(self, value: str) -> str:
        return queries.kind_of_table(value)

    render_subject_table = value_subject_table


class ReadingFilter(FilterSet):
    at = DateFromToFilter(label=gettext_lazy("Ngày"))
    who = django_filters.CharFilter(
        field_name="user__full_name", lookup_expr="icontains", label=gettext_lazy("Người xem")
    )
    purpose = django_filters.CharFilter(lookup_expr="icontains", label=gettext_lazy("Mục đích"))
    subject_pk = django_filters.CharFilter(label=gettext_lazy("Mã dòng"))


class ReadingList(LogPage, ListPage):
    title = gettext_lazy("Lượt xem dữ liệu")
    empty_text = gettext_lazy("Ai mở hồ sơ, tải tệp có dữ liệu cá nhân, vào lúc nào, để làm gì.")
    table_class = ReadingTable
    filterset_class = ReadingFilter

    def query(self, actor: Actor) -> QuerySet[ReadingLog]:
        return queries.readings(actor)


class SignInTable(Table):
    at = DateTimeColumn(order_by="pk")
    event = Column()
    user = Column(order_by="user__full_name")
    ip = Column()
    source_port = Column()
    user_agent = Column(orderable=False)
    hidden = ("source_port",)

    class Meta:
        model = SignInLog
        fields = ()

    def render_user_agent(self, value: str) -> str:
        """In words; exports keep what the browser said."""
        return browser(value)

    def value_user_agent(self, value: str) -> str:
        return value


class SignInFilter(FilterSet):
    at = DateFromToFilter(label=gettext_lazy("Ngày"))
    event = django_filters.ChoiceFilter(choices=SignInEvent, label=gettext_lazy("Sự kiện"))
    who = django_filters.CharFilter(
        field_name="user__full_name", lookup_expr="icontains", label=gettext_lazy("Tài khoản")
    )
    ip = django_filters.CharFilter(lookup_expr="startswith", label=gettext_lazy("Địa chỉ IP"))


class SignInList(LogPage, ListPage):
    title = gettext_lazy("Lượt đăng nhập")
    table_class = SignInTable
    filterset_class = SignInFilter

    def query(self, actor: Actor) -> QuerySet[SignInLog]:
        return queries.sign_ins(actor)

    def links(self) -> list[PageLink]:
        return [PageLink(_("Lượt xem dữ liệu"), reverse("audit:readings"), "eye")]
