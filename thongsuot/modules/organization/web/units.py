"""Pages of units: the tree, the list, one unit, its founding, change and end."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.records import Tab
from thongsuot.kit.pages.views import ActorPage, CreatePage, DetailPage, EditPage, ListPage, PageLink

from .. import actions, queries
from ..types import UnitKind
from .forms import CloseUnitForm, ContactsForm, NewUnitForm, UnitForm
from .tables import CommuneTable, UnitFilter, UnitTable

# Beyond this many units the page would be heavy on a phone: the lowest level opens on pages of its own.
MOST_IN_TREE = 400


class UnitTreePage(ActorPage):
    title = _("Cây tổ chức")
    right = "organization.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        roots = queries.unit_tree(self.actor, today=timezone.localdate(), most=MOST_IN_TREE)
        return render(request, "organization/unit_tree.html", {"roots": roots, **self.frame()})


class UnitList(ListPage):
    title = _("Đơn vị")
    right = "organization.view"
    table_class = UnitTable
    filterset_class = UnitFilter
    search_folded = ("name_fold",)
    search_fields = ("code",)
    detail_url = "organization:unit-detail"
    create_url, create_right = "organization:unit-create", "organization.manage_units"
    create_label = _("Thành lập đơn vị")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.units_visible(actor)

    def links(self) -> list[PageLink]:
        return [PageLink(_("Cây tổ chức"), reverse("organization:unit-tree"), "sitemap")]


class CommuneList(ListPage):
    title = _("Xã, phường, đặc khu")
    right = "organization.view"
    table_class = CommuneTable
    search_folded = ("name_fold",)
    detail_url = "organization:unit-detail"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.communes_with_schools(actor, today=timezone.localdate())


class UnitDetail(DetailPage):
    right = "organization.view"
    has_history = True

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.units_visible(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Đơn vị"), reverse("organization:unit-list"))]

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        return [
            (_("Tên"), thing.name),
            (_("Tên gọn"), thing.short_name),
            (_("Tên gọi khác"), "; ".join(thing.aliases)),
            (_("Loại"), thing.get_kind_display()),
            (_("Mã"), thing.code),
            (_("Cơ quan quản lý"), thing.parent),
            (_("Địa bàn"), thing.administrative_unit),
            (_("Địa chỉ"), thing.address),
            (_("Thư điện tử"), thing.email),
            (_("Điện thoại"), thing.phone),
            (_("Hoạt động từ"), f"{thing.valid_from:%d/%m/%Y}"),
            (_("Đến hết"), f"{thing.valid_to:%d/%m/%Y}" if thing.valid_to else ""),
        ]

    def tabs(self, thing: Any) -> list[Tab]:
        return [
            Tab("units", _("Đơn vị trực thuộc"), "organization/unit_children.html", self._children),
            people_tab(self.actor),
        ]

    def _children(self, thing: Any) -> dict[str, Any]:
        return {
            "children": queries.units_visible(self.actor, today=timezone.localdate()).filter(
                parent_id=thing.pk
            )
        }

    def links(self, thing: Any) -> list[PageLink]:
        return unit_links(self.actor, thing)


def people_tab(actor: Actor) -> Tab:
    def people(thing: Any) -> dict[str, Any]:
        return {"appointments": queries.appointments_at(actor, thing.pk, today=timezone.localdate())}

    return Tab("people", _("Người"), "organization/unit_people.html", people)


def unit_links(actor: Actor, unit: Any) -> list[PageLink]:
    """What the actor may do with a unit, from its page."""
    found = []
    if queries.roles_to_appoint(actor, unit.pk):
        found.append(
            PageLink(_("Phân công người"), reverse("organization:appoint", args=[unit.pk]), "user-plus")
        )
    if actor.can("organization.edit_details", unit.pk):
        found.append(
            PageLink(_("Sửa liên hệ"), reverse("organization:unit-contacts", args=[unit.pk]), "phone")
        )
    if actor.can("organization.manage_units", unit.pk):
        name = "school" if unit.kind == UnitKind.SCHOOL else "unit"
        found.append(PageLink(_("Sửa"), reverse(f"organization:{name}-edit", args=[unit.pk]), "pencil"))
        if unit.valid_to is None:
            found.append(
                PageLink(
                    _("Giải thể"), reverse("organization:unit-close", args=[unit.pk]), "x", tone="danger"
                )
            )
    return found


def facts_of(data: dict[str, Any], kind: str) -> actions.UnitFacts:
    names = ("code", "name", "short_name", "aliases", "address", "email", "phone")
    return actions.UnitFacts(kind=kind, **{name: data[name] for name in names})


def facts_shown(unit: Any) -> dict[str, Any]:
    names = ("code", "name", "short_name", "address", "email", "phone")
    return {**{name: getattr(unit, name) for name in names}, "aliases": "\n".join(unit.aliases)}


class UnitCreate(CreatePage):
    title = _("Thành lập đơn vị")
    right = "organization.manage_units"
    form_class = NewUnitForm
    success_url = "organization:unit-detail"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Đơn vị"), reverse("organization:unit-list"))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.create_unit(
            by=by,
            facts=facts_of(data, data["kind"]),
            parent=data["parent"],
            administrative_unit=data["administrative_unit"],
            valid_from=data["valid_from"],
        )


class UnitEdit(EditPage):
    right = "organization.manage_units"
    form_class = UnitForm
    success_url = "organization:unit-detail"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Đơn vị"), reverse("organization:unit-list")),
            (self.thing, reverse("organization:unit-detail", args=[self.thing.pk])),
        ]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.units_visible(actor).exclude(kind=UnitKind.SCHOOL)

    def initial(self, thing: Any) -> dict[str, Any]:
        return facts_shown(thing)

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.update_unit(by=by, unit=thing, facts=facts_of(data, thing.kind))


class UnitContacts(EditPage):
    right = "organization.edit_details"
    form_class = ContactsForm
    success_url = "organization:unit-detail"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Đơn vị"), reverse("organization:unit-list")),
            (self.thing, reverse("organization:unit-detail", args=[self.thing.pk])),
        ]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.units_visible(actor)

    def get_title(self) -> Any:
        return _t("Liên hệ: %(unit)s") % {"unit": self.thing}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"address": thing.address, "email": thing.email, "phone": thing.phone}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.update_details(by=by, unit=thing, **data)


class UnitClose(EditPage):
    right = "organization.manage_units"
    form_class = CloseUnitForm
    submit_label = _("Giải thể")
    success_message = _("Đã ghi ngày giải thể.")
    success_url = "organization:unit-detail"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Đơn vị"), reverse("organization:unit-list")),
            (self.thing, reverse("organization:unit-detail", args=[self.thing.pk])),
        ]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.units_visible(actor).filter(valid_to__isnull=True)

    def get_title(self) -> Any:
        return _t("Giải thể: %(unit)s") % {"unit": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.close_unit(by=by, unit=thing, on=data["on"])
