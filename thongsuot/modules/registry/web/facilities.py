"""Registers of rooms, land, equipment and lines: one set of pages, four kinds."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import CreatePage, DetailPage, EditPage, ListPage, PageLink

from .. import actions, queries
from ..actions.facilities import FIELDS, MODELS
from ..permissions import can_edit_facilities
from .forms.things import FORMS, INITIAL, NEW_FORMS, RetireForm
from .tables import (
    EquipmentFilter,
    EquipmentTable,
    LandTable,
    LineTable,
    RoomFilter,
    RoomTable,
    ThingFilter,
)
from .units import is_of_one_school

TITLES = {
    "room": _("Phòng"),
    "land": _("Khu đất"),
    "equipment": _("Thiết bị"),
    "line": _("Đường truyền Internet"),
}
ROWS = {
    "room": queries.rooms,
    "land": queries.land,
    "equipment": queries.equipment,
    "line": queries.internet_lines,
}


class ThingList(ListPage):
    right = "registry.view"
    kind = ""
    template_name = "registry/things.html"
    part_template_name = "registry/things_rows.html"
    filterset_class: Any = ThingFilter
    search_fields = ("name", "note")
    search_hint = _("Tên, ghi chú")
    create_right = "registry.edit_facilities"
    create_label = _("Thêm mới")
    # label -> column whose sum over the whole list is shown above it
    sums: ClassVar[dict[str, tuple[Any, str]]] = {}

    def allowed(self, actor: Actor) -> bool:
        return actor.can("registry.view") or actor.can("registry.edit_facilities")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return ROWS[self.kind](actor).select_related("unit", "site")

    def row_url(self, record: Any) -> str | None:
        return reverse("registry:thing-detail", args=[self.kind, record.pk])

    def _create_link(self) -> str:
        may = self.actor.can("registry.edit_facilities")
        return reverse("registry:thing-create", args=[self.kind]) if may else ""

    def table(self, rows: Any, *, boxes: bool = False) -> Any:
        made = super().table(rows, boxes=boxes)
        if is_of_one_school(self.actor):
            made.columns.hide("unit")
        return made

    def extra_context(self) -> dict[str, Any]:
        found = queries.totals(
            self.listing.rows, **{name: column for name, (_label, column) in self.sums.items()}
        )
        cards = [(_t("Số dòng"), found["rows"])]
        cards += [(label, found[name]) for name, (label, _column) in self.sums.items()]
        tabs = [(title, reverse(f"registry:{kind}-list"), "") for kind, title in TITLES.items()]
        return {"totals": cards, "tabs": tabs, "current": self.request.path}


class RoomList(ThingList):
    title, kind = TITLES["room"], "room"
    table_class, filterset_class = RoomTable, RoomFilter
    sums = {"area": (_("Diện tích (m²)"), "area"), "seats": (_("Số chỗ"), "capacity")}


class LandList(ThingList):
    title, kind = TITLES["land"], "land"
    table_class = LandTable
    sums = {"total_area": (_("Diện tích (m²)"), "area")}


class EquipmentList(ThingList):
    title, kind = TITLES["equipment"], "equipment"
    table_class, filterset_class = EquipmentTable, EquipmentFilter
    sums = {
        "in_hand": (_("Hiện có"), "quantity"),
        "bad": (_("Hỏng"), "broken"),
        "wanted": (_("Cần theo định mức"), "needed"),
    }


class LineList(ThingList):
    title, kind = TITLES["line"], "line"
    table_class = LineTable
    sums = {"total": (_("Băng thông (Mbps)"), "bandwidth")}


class ThingPage:
    actor: Actor
    kwargs: dict[str, Any]

    @property
    def kind(self) -> str:
        if self.kwargs["kind"] not in MODELS:
            raise Http404
        return str(self.kwargs["kind"])

    def allowed(self, actor: Actor) -> bool:
        return actor.can("registry.view") or actor.can("registry.edit_facilities")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return ROWS[self.kind](actor).select_related("unit", "site")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(TITLES[self.kind], reverse(f"registry:{self.kind}-list"))]


def words_of(thing: Any, name: str) -> Any:
    """A value as people read it."""
    shown = getattr(thing, f"get_{name}_display", None)
    value = shown() if shown else getattr(thing, name)
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    return value


class ThingDetail(ThingPage, DetailPage):
    has_history = True

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        names = [
            f.name
            for f in thing._meta.concrete_fields
            if f.name not in ("id", "unit", "valid_from", "valid_to")
        ]
        shown = [(thing._meta.get_field(n).verbose_name.capitalize(), words_of(thing, n)) for n in names]
        return [
            (_("Trường"), thing.unit),
            *shown,
            (_("Có từ ngày"), f"{thing.valid_from:%d/%m/%Y}"),
            (_("Đến hết ngày"), f"{thing.valid_to:%d/%m/%Y}" if thing.valid_to else ""),
        ]

    def links(self, thing: Any) -> list[PageLink]:
        if not can_edit_facilities(self.actor, thing.unit_id):
            return []
        links = [PageLink(_("Sửa"), self.url_of("registry:thing-edit"), "pencil", "primary")]
        if thing.valid_to is None:
            links.append(PageLink(_("Thôi dùng"), self.url_of("registry:thing-retire"), "archive"))
        return links


class ThingCreate(ThingPage, CreatePage):
    right = "registry.edit_facilities"
    template_name = "registry/wide_form.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.can(self.right)

    def get_title(self) -> Any:
        return _t("Thêm: %(kind)s") % {"kind": TITLES[self.kind]}

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return NEW_FORMS[self.kind]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), **INITIAL[self.kind]}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        facts = {name: value for name, value in data.items() if name in FIELDS[MODELS[self.kind]]}
        return actions.add_thing(by=by, kind=self.kind, unit_id=data["unit"], facts=facts)

    def success(self, result: Any) -> str:
        return reverse("registry:thing-detail", args=[self.kind, result.pk])


class ThingFormPage(ThingPage, EditPage):
    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if not can_edit_facilities(self.actor, found.unit_id):
            raise Http404
        return found

    def success(self, result: Any) -> str:
        return reverse("registry:thing-detail", args=[self.kind, self.thing.pk])

    def cancel(self) -> str:
        return self.success(None)


class ThingEdit(ThingFormPage):
    template_name = "registry/wide_form.html"

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return FORMS[self.kind]

    def initial(self, thing: Any) -> dict[str, Any]:
        return {name: getattr(thing, name) for name in FIELDS[type(thing)]} | {
            "seen": queries.edition_of(thing)
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.update_thing(by=by, thing=thing, changes=data["changes"], seen=data["seen"])


class ThingRetire(ThingFormPage):
    form_class = RetireForm
    submit_label = _("Thôi dùng")

    def get_title(self) -> Any:
        return _t("Thôi dùng: %(thing)s") % {"thing": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.retire_thing(by=by, thing=thing, **data)
