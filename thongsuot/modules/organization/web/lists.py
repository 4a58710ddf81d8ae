"""Pages of school years and code lists."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import CreatePage, EditPage, ListPage

from .. import actions, queries
from .forms import CodeForm, YearForm
from .tables import CodeListTable, CodeValueTable, YearTable


class YearList(ListPage):
    title = _("Năm học")
    right = "organization.view"
    table_class = YearTable
    create_url, create_right = "organization:year-create", "organization.manage_lists"
    create_label = _("Lập năm học")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.school_years()


class YearCreate(CreatePage):
    title = _("Lập năm học")
    right = "organization.manage_lists"
    form_class = YearForm
    success_url = "organization:year-list"
    result_key = ""

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Năm học"), reverse("organization:year-list"))]

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        terms = [(data["starts_on"], data["first_ends"]), (data["second_starts"], data["ends_on"])]
        return actions.create_school_year(
            by=by, starts_on=data["starts_on"], ends_on=data["ends_on"], terms=terms
        )


class CodeListList(ListPage):
    title = _("Danh mục mã")
    right = "organization.view"
    table_class = CodeListTable
    search_fields = ("name", "code")
    detail_url, detail_key = "organization:codevalue-list", "code"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.code_lists()


class CodeValueList(ListPage):
    right = "organization.view"
    table_class = CodeValueTable
    template_name = "organization/code_values.html"
    search_fields = ("name", "code")

    def get_title(self) -> Any:
        return self.code_list.name

    @property
    def code_list(self) -> Any:
        found = queries.code_list(self.kwargs["code"])
        if found is None:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Danh mục mã"), reverse("organization:codelist-list"))]

    def extra_context(self) -> dict[str, Any]:
        return {"code_list": self.code_list}

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.code_values(self.kwargs["code"])

    def row_url(self, record: Any) -> str | None:
        may = self.actor.can("organization.manage_lists")
        return reverse("organization:codevalue-edit", args=[self.kwargs["code"], record.pk]) if may else None


class CodeValueEdit(EditPage):
    right = "organization.manage_lists"
    form_class = CodeForm

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Danh mục mã"), reverse("organization:codelist-list")),
            (self.thing.code_list, reverse("organization:codevalue-list", args=[self.kwargs["code"]])),
        ]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.code_values(self.kwargs["code"])

    def get_title(self) -> Any:
        return _t("Hiệu chỉnh mã %(code)s") % {"code": self.thing.code}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"name": thing.name, "valid_to": thing.valid_to}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.correct_code(by=by, value=thing, **data)

    def success(self, result: Any) -> str:
        return reverse("organization:codevalue-list", args=[self.kwargs["code"]])
