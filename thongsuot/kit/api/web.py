"""The page "Khoá API": one's own keys, a new one (shown once), revoking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.api import actions, queries
from thongsuot.kit.api.models import ApiToken
from thongsuot.kit.api.names import right_names
from thongsuot.kit.api.types import NewKey
from thongsuot.kit.pages.records import FormPage
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import DeletePage, ListPage, PageLink


class TokenTable(Table):
    name = Column(verbose_name=gettext_lazy("Tên khoá"))
    prefix = Column(verbose_name=gettext_lazy("Đầu khoá"))
    scopes = Column(verbose_name=gettext_lazy("Phạm vi"), orderable=False)
    created_at = DateTimeColumn(verbose_name=gettext_lazy("Tạo lúc"))
    expires_at = DateTimeColumn(verbose_name=gettext_lazy("Hết hạn"))
    last_used = DateTimeColumn(
        verbose_name=gettext_lazy("Dùng gần nhất"),
        accessor="usage__last_used_at",
        order_by="usage__last_used_at",
    )
    state = Column(verbose_name=gettext_lazy("Trạng thái"), empty_values=(), orderable=False)

    def value_prefix(self, value: str) -> str:
        return f"ts_{value}_…"

    render_prefix = value_prefix

    def render_scopes(self, value: list[str]) -> str:
        return "; ".join(label for _code, label in right_names(value))

    def render_state(self, record: ApiToken) -> str:
        if record.revoked_at:
            return _("Đã thu hồi")
        return _("Hết hạn") if record.expires_at <= timezone.now() else _("Đang dùng được")


class TokenList(ListPage):
    title = gettext_lazy("Khoá API")
    right = "api.token"
    table_class = TokenTable
    search_fields = ("name",)
    create_url = "api:token-create"
    create_label = gettext_lazy("Tạo khoá")
    detail_url = "api:token-revoke"
    empty_title = gettext_lazy("Chưa có khoá nào")
    empty_text = gettext_lazy(
        "Khoá cho phần mềm khác đọc, ghi dữ liệu thay anh/chị, trong phạm vi anh/chị chọn."
    )

    def query(self, actor: Actor) -> QuerySet[ApiToken]:
        return queries.tokens_of(actor)

    def links(self) -> list[PageLink]:
        return [PageLink(_("Tài liệu API"), reverse("api-v1:openapi-view"), "help-circle")]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Tên khoá"),
        max_length=120,
        help_text=gettext_lazy("Tên phần mềm sẽ dùng khoá này."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Dùng đến hết ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Nhiều nhất một năm."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Phạm vi"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Khoá chỉ làm được những việc này, và chỉ khi anh/chị còn quyền."),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class TokenCreate(FormPage):
    title = gettext_lazy("Tạo khoá API")
    right = "api.token"
    form_class = TokenForm
    submit_label = gettext_lazy("Tạo khoá")
    success_message = ""
    success_url = "api:token-list"
    made: NewKey | None = None

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"choices": right_names(sorted(queries.available_scopes(self.actor)))}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> NewKey:
        self.made = actions.create_token(by=by, today=timezone.localdate(), **data)
        return self.made

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        if self.made is None:
            return response
        # Shown in the answer itself: a key that waits somewhere for the next page is a key kept.
        shown = render(request, "api/token_made.html", {"secret": self.made.secret, **self.frame()})
        shown["Cache-Control"] = "no-store"
        return shown

    def cancel(self) -> str:
        return reverse("api:token-list")


class TokenRevoke(DeletePage):
    right = "api.token"
    question = gettext_lazy("Thu hồi khoá này?")
    warning = gettext_lazy("Phần mềm đang dùng khoá sẽ không gọi được nữa. Không thể lấy lại.")
    submit_label = gettext_lazy("Thu hồi")
    success_message = gettext_lazy("Đã thu hồi khoá.")
    success_url = "api:token-list"

    def query(self, actor: Actor) -> QuerySet[ApiToken]:
        return queries.tokens_of(actor)

    def get_title(self) -> str:
        return _("Thu hồi khoá: %(name)s") % {"name": self.thing}

    def act(self, by: Actor, thing: ApiToken) -> None:
        actions.revoke_token(by=by, token_id=thing.pk)
