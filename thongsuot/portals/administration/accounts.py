"""The list of accounts. The room of accounts lies below that of pages, so its list stands at the administrators' door."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts import queries
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import ListPage

STATES = [
    ("active", _("Đang hoạt động")),
    ("disabled", _("Đã khoá")),
    ("locked", _("Tạm khoá do nhập sai")),
    ("new", _("Chưa đổi mật khẩu lần đầu")),
]


class AccountTable(Table):
    full_name = Column(verbose_name=_("Họ và tên"), order_by="name_fold")
    username = Column(verbose_name=_("Tên đăng nhập"))
    email = Column(verbose_name=_("Thư điện tử"))
    state = Column(verbose_name=_("Trạng thái"), empty_values=(), orderable=False)
    last_seen_at = DateTimeColumn(verbose_name=_("Hoạt động gần nhất"))

    def render_state(self, record: Any) -> str:
        return render_to_string("accounts/state.html", {"account": record})

    def value_state(self, record: Any) -> str:
        if not record.is_active:
            return str(dict(STATES)["disabled"])
        if record.locked:
            return str(dict(STATES)["locked"])
        return str(dict(STATES)["new" if record.must_change_password else "active"])


class AccountFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=STATES, method="in_state")

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.in_state(rows, value)


class AccountList(ListPage):
    title = _("Tài khoản")
    right = "accounts.manage"
    table_class = AccountTable
    filterset_class = AccountFilter
    search_folded = ("name_fold",)
    search_fields = ("username", "email")
    create_url, create_right = "accounts:create", "accounts.manage"
    create_label = _("Thêm tài khoản")
    empty_title = _("Không có tài khoản nào khớp")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.accounts(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("accounts:detail", args=[record.public_id])
