"""Pages of provinces, communes, and the old-to-new map."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import EditPage, ListPage, PageLink

from .. import actions, queries
from .forms import ChangeForm
from .tables import AdministrativeFilter, AdministrativeTable, ChangeFilter, ChangeTable


class AdministrativeList(ListPage):
    title = _("Đơn vị hành chính")
    right = "organization.view"
    table_class = AdministrativeTable
    filterset_class = AdministrativeFilter
    search_folded = ("name_fold",)
    search_fields = ("code",)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.administrative_units()

    def links(self) -> list[PageLink]:
        return [PageLink(_("Thay đổi địa giới"), reverse("organization:change-list"), "git-merge")]


class ChangeList(ListPage):
    title = _("Thay đổi địa giới")
    right = "organization.view"
    table_class = ChangeTable
    filterset_class = ChangeFilter
    search_folded = ("search_fold", "new_unit__name_fold")
    search_fields = ("old_code", "new_unit__code")
    empty_text = _("Tên cũ nào đã thành (một phần của) đơn vị mới nào, từ ngày nào, theo văn bản nào.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.administrative_changes()

    def row_url(self, record: Any) -> str | None:
        may = self.actor.can("organization.manage_lists")
        return reverse("organization:change-edit", args=[record.pk]) if may else None


class ChangeEdit(EditPage):
    right = "organization.manage_lists"
    title = _("Hiệu chỉnh thay đổi địa giới")
    form_class = ChangeForm

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Thay đổi địa giới"), reverse("organization:change-list"))]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.administrative_changes()

    def initial(self, thing: Any) -> dict[str, Any]:
        names = ("old_name", "old_code", "is_partial", "document")
        return {**{name: getattr(thing, name) for name in names}, "new_code": thing.new_unit.code}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.correct_change(by=by, change=thing, new_unit=data.pop("new_code"), **data)

    def success(self, result: Any) -> str:
        return reverse("organization:change-list")
