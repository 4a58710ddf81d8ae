"""Pages of schools and their sites."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.records import Tab
from thongsuot.kit.pages.views import CreatePage, DetailPage, EditPage, ListPage, PageLink

from .. import actions, queries
from ..types import UnitKind
from .forms import DayForm, NewSchoolForm, NewSiteForm, SchoolForm, SiteForm
from .tables import SchoolFilter, SchoolTable, level_names
from .units import facts_of, facts_shown, unit_links

OF_SCHOOL = ("levels", "school_type", "ministry_code", "is_boarding", "is_hard_area")


class SchoolList(ListPage):
    title = _("Trường")
    right = "organization.view"
    table_class = SchoolTable
    filterset_class = SchoolFilter
    search_folded = ("unit__name_fold",)
    search_fields = ("ministry_code",)
    detail_url = "organization:school-detail"
    create_url, create_right = "organization:school-create", "organization.manage_units"
    create_label = _("Thành lập trường")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.schools(actor)


class SchoolDetail(DetailPage):
    right = "organization.view"
    has_history = True

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.schools(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Trường"), reverse("organization:school-list"))]

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        unit = thing.unit
        return [
            (_("Tên"), unit.name),
            (_("Cấp học"), level_names(thing.levels)),
            (_("Loại hình"), thing.get_school_type_display()),
            (_("Cơ quan quản lý"), unit.parent),
            (_("Xã, phường, đặc khu"), unit.administrative_unit),
            (_("Mã định danh của Bộ"), thing.ministry_code),
            (_("Mã đơn vị"), unit.code),
            (_("Nội trú, bán trú"), _("Có") if thing.is_boarding else _("Không")),
            (_("Vùng khó khăn"), _("Có") if thing.is_hard_area else _("Không")),
            (_("Địa chỉ"), unit.address),
            (_("Thư điện tử"), unit.email),
            (_("Điện thoại"), unit.phone),
            (_("Hoạt động từ"), f"{unit.valid_from:%d/%m/%Y}"),
            (_("Đến hết"), f"{unit.valid_to:%d/%m/%Y}" if unit.valid_to else ""),
        ]

    def tabs(self, thing: Any) -> list[Tab]:
        return [
            Tab("sites", _("Điểm trường"), "organization/school_sites.html", self._sites),
            Tab("people", _("Người"), "organization/unit_people.html", self._people),
        ]

    def _sites(self, thing: Any) -> dict[str, Any]:
        return {
            "sites": queries.sites_of(self.actor, thing.pk),
            "may_edit": self.actor.can("organization.edit_details", thing.pk),
        }

    def _people(self, thing: Any) -> dict[str, Any]:
        return {"appointments": queries.appointments_at(self.actor, thing.pk, today=timezone.localdate())}

    def links(self, thing: Any) -> list[PageLink]:
        return unit_links(self.actor, thing.unit)


class SchoolCreate(CreatePage):
    title = _("Thành lập trường")
    right = "organization.manage_units"
    form_class = NewSchoolForm
    success_url = "organization:school-detail"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Trường"), reverse("organization:school-list"))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.create_school(
            by=by,
            facts=facts_of(data, UnitKind.SCHOOL.value),
            school=actions.SchoolFacts(**{name: data[name] for name in OF_SCHOOL}),
            parent=data["parent"],
            administrative_unit=data["administrative_unit"],
            valid_from=data["valid_from"],
        )


class SchoolEdit(EditPage):
    right = "organization.manage_units"
    form_class = SchoolForm
    success_url = "organization:school-detail"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Trường"), reverse("organization:school-list")),
            (self.thing, reverse("organization:school-detail", args=[self.thing.pk])),
        ]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.schools(actor)

    def initial(self, thing: Any) -> dict[str, Any]:
        return {**facts_shown(thing.unit), **{name: getattr(thing, name) for name in OF_SCHOOL}}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        of_school = actions.SchoolFacts(**{name: data[name] for name in OF_SCHOOL})
        return actions.update_school(
            by=by, school=thing, facts=facts_of(data, UnitKind.SCHOOL.value), of_school=of_school
        )


class SchoolSitePage(EditPage):
    """About the sites of a school that the actor looks after; for others it does not exist."""

    right = "organization.edit_details"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Trường"), reverse("organization:school-list")),
            (self.thing, reverse("organization:school-detail", args=[self.thing.pk])),
        ]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.schools(actor)

    @cached_property
    def thing(self) -> Any:
        school = super().thing
        if not self.actor.can(self.right, school.pk):
            raise Http404
        return school

    @cached_property
    def site(self) -> Any:
        return get_object_or_404(queries.sites_of(self.actor, self.thing.pk), pk=self.kwargs["site"])

    def success(self, result: Any) -> str:
        return reverse("organization:school-detail", args=[self.thing.pk]) + "?tab=sites"

    def cancel(self) -> str:
        return self.success(None)


class SiteAdd(SchoolSitePage):
    form_class = NewSiteForm

    def get_title(self) -> Any:
        return _t("Thêm điểm trường: %(school)s") % {"school": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.add_site(by=by, school=thing, **data)


class SiteEdit(SchoolSitePage):
    form_class = SiteForm

    def get_title(self) -> Any:
        return _t("Sửa điểm trường: %(site)s") % {"site": self.site}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"name": self.site.name, "address": self.site.address, "is_main": self.site.is_main}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.update_site(by=by, site=self.site, **data)


class SiteClose(SchoolSitePage):
    form_class = DayForm
    submit_label = _("Đóng điểm trường")

    def get_title(self) -> Any:
        return _t("Đóng điểm trường: %(site)s") % {"site": self.site}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.close_site(by=by, site=self.site, on=data["on"])
