"""Pages of appointments: who does what where; appointing, ending, lending, handing over."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import DetailPage, EditPage, ListPage, PageLink

from .. import actions, queries
from .forms import AppointForm, DelegateForm, EndForm
from .tables import AppointmentFilter, AppointmentTable


class AppointmentList(ListPage):
    title = _("Phân công")
    right = "organization.view"
    table_class = AppointmentTable
    filterset_class = AppointmentFilter
    search_folded = ("unit__name_fold",)
    search_fields = ("user__full_name",)
    detail_url = "organization:appointment-detail"
    empty_text = _("Mở một đơn vị để phân công người vào vai trò.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.appointments_visible(actor)


def appointment_title(thing: Any) -> str:
    return f"{thing.user.full_name}: {thing.get_role_display()}"


class AppointmentDetail(DetailPage):
    right = "organization.view"
    has_history = True

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.appointments_visible(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Phân công"), reverse("organization:appointment-list"))]

    def get_title(self) -> Any:
        return appointment_title(self.thing)

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        lent = "; ".join(queries.right_line(code).sentence for code in thing.lent_rights or ())
        return [
            (_("Người"), thing.user.full_name),
            (_("Vai trò"), thing.get_role_display()),
            (_("Chức vụ"), thing.title),
            (_("Đơn vị"), thing.unit),
            (_("Từ ngày"), f"{thing.valid_from:%d/%m/%Y}"),
            (_("Đến hết ngày"), f"{thing.valid_to:%d/%m/%Y}" if thing.valid_to else ""),
            (_("Căn cứ, lý do"), thing.reason),
            *(
                [(_("Được uỷ quyền bởi"), thing.delegated_from.user.full_name), (_("Quyền được uỷ"), lent)]
                if thing.delegated_from
                else []
            ),
        ]

    def links(self, thing: Any) -> list[PageLink]:
        today = timezone.localdate()
        if thing.valid_to is not None and thing.valid_to < today:
            return []
        found = []
        if thing.user_id == self.actor.user_id and any(
            own.id == thing.pk for own in queries.delegable_appointments(self.actor, today=today)
        ):
            found.append(
                PageLink(_("Uỷ quyền"), self.url_of("organization:appointment-delegate"), "switch-horizontal")
            )
        if queries.may_end(self.actor, thing):
            if thing.delegated_from is None:
                # A page of the portals: open work of other modules goes along.
                found.append(PageLink(_("Bàn giao"), self.url_of("hand-over"), "transfer"))
            found.append(
                PageLink(_("Kết thúc"), self.url_of("organization:appointment-end"), "x", tone="danger")
            )
        return found


class AppointmentPage(EditPage):
    """A form about one appointment that the actor sees; the action decides."""

    right = "organization.view"
    success_url = "organization:appointment-detail"
    doing: Any = ""

    def get_title(self) -> Any:
        """What is done, and to whose appointment where."""
        return f"{self.doing}: {appointment_title(self.thing)}, {self.thing.unit}"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Phân công"), reverse("organization:appointment-list")),
            (appointment_title(self.thing), reverse("organization:appointment-detail", args=[self.thing.pk])),
        ]

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.appointments_visible(actor)

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class EndablePage(AppointmentPage):
    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if not queries.may_end(self.actor, found):
            raise Http404
        return found


class AppointmentEnd(EndablePage):
    doing = _("Kết thúc phân công")
    form_class = EndForm
    submit_label = _("Kết thúc")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.end_appointment(by=by, appointment=thing, on=data["on"], reason=data["reason"])
        return thing


class Delegate(AppointmentPage):
    doing = _("Uỷ quyền")
    form_class = DelegateForm
    submit_label = _("Uỷ quyền")
    success_message = _("Đã uỷ quyền.")

    @cached_property
    def own(self) -> queries.DelegableAppointment:
        mine = queries.delegable_appointments(self.actor, today=timezone.localdate())
        found = next((one for one in mine if one.id == self.kwargs["pk"]), None)
        if found is None:
            raise Http404
        return found

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        rights = [(code, queries.right_line(code).sentence) for code in sorted(self.own.rights)]
        return {
            "people": queries.colleagues(self.actor, thing.unit_id, today=timezone.localdate()),
            "rights": rights,
        }

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"valid_from": timezone.localdate()}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.delegate(
            by=by,
            appointment_id=self.own.id,
            today=timezone.localdate(),
            **{**data, "rights": frozenset(data["rights"])},
        )


class Appoint(EditPage):
    """The thing is the unit at which somebody is appointed."""

    right = "organization.manage_appointments"
    form_class = AppointForm
    submit_label = _("Phân công")
    success_message = _("Đã phân công.")
    success_url = "organization:unit-detail"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.units_visible(actor, today=timezone.localdate())

    @cached_property
    def roles(self) -> list[tuple[str, str]]:
        found = queries.roles_to_appoint(self.actor, self.thing.pk)
        if not found:
            raise Http404
        return found

    def get_title(self) -> Any:
        return _t("Phân công người: %(unit)s") % {"unit": self.thing}

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"roles": self.roles}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"valid_from": timezone.localdate()}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        actions.appoint(by=by, unit=thing, **data)
        return thing
