"""Transfers between schools: the list, what each is waiting for, and the steps of both sides."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.journeys import transfer_student as journey
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.tables import Column, DateColumn, DateTimeColumn, Table
from thongsuot.kit.pages.views import ActorPage, DetailPage, EditPage, ListPage, PageLink
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.actions.promotion_plan import grades_taught
from thongsuot.modules.registry.types import Looked, TransferState

from ..badges import badge
from .transfer_forms import AskForm, CompleteForm, ReasonForm, SeekForm, optional_reason

RIGHT = "registry.transfer"
TONES = {
    TransferState.REQUESTED: "info",
    TransferState.RELEASED: "warn",
    TransferState.COMPLETED: "ok",
    TransferState.REFUSED: "bad",
    TransferState.CANCELLED: "quiet",
}


def waiting_for(actor: Actor, transfer: Any) -> str:
    """Who has to act now, in words; "" when nobody has."""
    if transfer.state == TransferState.REQUESTED:
        mine = actor.can(RIGHT, transfer.from_unit_id)
        return (
            _t("Trường mình trả lời") if mine else _t("%(school)s trả lời") % {"school": transfer.from_unit}
        )
    if (
        transfer.state == TransferState.COMPLETED
        and transfer.to_unit_id is None
        and not transfer.confirmed_on
    ):
        return _t("Nơi đến báo đã nhận")
    if transfer.state == TransferState.RELEASED:
        mine = actor.can(RIGHT, transfer.to_unit_id)
        return (
            _t("Trường mình tiếp nhận") if mine else _t("%(school)s tiếp nhận") % {"school": transfer.to_unit}
        )
    return ""


def state_of(transfer: Any) -> tuple[str, str]:
    """The state in words and as a tone; who has gone out of the province is not received until the other place says so."""
    state = TransferState(transfer.state)
    if state == TransferState.COMPLETED and transfer.to_unit_id is None and not transfer.confirmed_on:
        return _t("Đã chuyển đi"), "warn"
    return str(state.label), TONES[state]


def far_away(school: str, place: str) -> str:
    """A school outside the province, with where it is."""
    return f"{school}, {place}" if place else school


class TransferTable(Table):
    student_name = Column(verbose_name=_("Học sinh"))
    grade = Column(verbose_name=_("Khối"), accessor="get_grade_display", order_by="grade")
    from_unit = Column(verbose_name=_("Trường đi"), empty_values=(), order_by="from_unit__sort_key")
    to_unit = Column(verbose_name=_("Trường đến"), empty_values=(), order_by="to_unit__sort_key")
    state = Column(verbose_name=_("Trạng thái"))
    waits = Column(verbose_name=_("Đang chờ"), empty_values=(), orderable=False)
    effective_on = DateColumn(verbose_name=_("Học ở trường mới từ"))
    requested_at = DateTimeColumn(verbose_name=_("Đề nghị lúc"))
    hidden = ("requested_at",)
    actor: Actor

    def render_from_unit(self, record: Any) -> str:
        return str(record.from_unit) if record.from_unit else far_away(record.from_name, record.place)

    value_from_unit = render_from_unit

    def render_to_unit(self, record: Any) -> str:
        return str(record.to_unit) if record.to_unit else far_away(record.to_name, record.place)

    value_to_unit = render_to_unit

    def render_state(self, record: Any) -> str:
        return badge(*state_of(record))

    def value_state(self, record: Any) -> str:
        return state_of(record)[0]

    def render_waits(self, record: Any) -> str:
        return waiting_for(self.actor, record)

    value_waits = render_waits


class TransferFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=TransferState, empty_label=_("Tất cả"))
    direction = django_filters.ChoiceFilter(
        label=_("Chiều"),
        choices=[
            ("in", _("Chuyển đến")),
            ("out", _("Chuyển đi")),
            ("from_far", _("Từ ngoài tỉnh")),
            ("to_far", _("Ra ngoài tỉnh")),
        ],
        empty_label=_("Tất cả"),
        method="by_direction",
    )

    def by_direction(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value in ("from_far", "to_far"):
            far = "from_unit" if value == "from_far" else "to_unit"
            return rows.filter(**{f"{far}__isnull": True})
        side = "to_unit_id" if value == "in" else "from_unit_id"
        reach = self.actor.reach_of("registry.view")
        return rows if reach is None else rows.filter(**{f"{side}__in": reach})


class TransferList(ListPage):
    title = _("Chuyển trường")
    right = "registry.view"
    table_class = TransferTable
    filterset_class = TransferFilter
    search_fields = (
        "student_name", "from_unit__name", "to_unit__name", "to_name", "from_name", "place", "document_number",
    )  # fmt: skip
    search_hint = _("Tên học sinh, tên trường")
    detail_url = "transfer-detail"
    create_url, create_right, create_label = "transfer-request", RIGHT, _("Đề nghị nhận học sinh")
    empty_title = _("Chưa có lần chuyển trường nào")
    empty_text = _("Trường nhận học sinh lập đề nghị; trường đang giữ hồ sơ trả lời tại đây.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.transfers(actor)

    def links(self) -> list[PageLink]:
        if not self.actor.can(RIGHT):
            return []
        return [PageLink(_("Nhận từ ngoài tỉnh"), reverse("transfer-in"), "user-plus")]

    def table(self, rows: Any, *, boxes: bool = False) -> Any:
        made: Any = super().table(rows, boxes=boxes)
        made.actor = self.actor
        return made


class TransferRequest(ActorPage):
    """Two steps on one address: look (answered by the school's name alone), then ask."""

    title = _("Đề nghị nhận học sinh chuyển đến")
    right = RIGHT
    template_name = "portals/transfer_request.html"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chuyển trường"), reverse("transfer-list"))]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._show(SeekForm(actor=self.actor))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        seek = SeekForm(request.POST, actor=self.actor)
        if "back" in request.POST or not seek.is_valid():
            return self._show(seek, status=422 if seek.errors else 200)
        try:
            seen = journey.look_for_student(
                by=self.actor,
                to_unit_id=seek.cleaned_data["unit"],
                sought=seek.sought(),
                now=timezone.localtime(),
                ip=origin_of(request).ip,
            )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(seek, error)
            return self._show(seek, status=422)
        if seen.state != Looked.FOUND:
            return self._show(seek, seen)
        if "ask" not in request.POST:
            return self._show(
                seek, seen, self._ask_form(seek, initial={"effective_on": timezone.localdate()})
            )
        return self._ask(seek, seen)

    def _ask_form(self, seek: SeekForm, data: Any = None, **more: Any) -> AskForm:
        taught = grades_taught(by=self.actor, unit_id=seek.cleaned_data["unit"])
        return AskForm(data, grades=taught, **more)

    def _ask(self, seek: SeekForm, seen: Any) -> HttpResponseBase:
        ask = self._ask_form(seek, self.request.POST)
        if not ask.is_valid():
            return self._show(seek, seen, ask, status=422)
        try:
            with transaction.atomic():
                made = journey.request_transfer(
                    by=self.actor,
                    to_unit_id=seek.cleaned_data["unit"],
                    sought=seek.sought(),
                    now=timezone.localtime(),
                    **ask.cleaned_data,
                )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(ask, error)
            return self._show(seek, seen, ask, status=422)
        messages.success(self.request, _t("Đã gửi đề nghị. Trường đi được báo ngay."))
        return HttpResponseRedirect(reverse("transfer-detail", args=[made.pk]))

    def _show(
        self, seek: SeekForm, seen: Any = None, ask: AskForm | None = None, status: int = 200
    ) -> HttpResponseBase:
        return render(
            self.request,
            self.template_name,
            {"seek": seek, "seen": seen, "ask": ask, "Looked": Looked, **self.frame()},
            status=status,
        )


class TransferPage:
    """What pages of one transfer share."""

    actor: Actor
    thing: Any

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.transfers(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chuyển trường"), reverse("transfer-list"))]


class TransferDetail(TransferPage, DetailPage):
    right = "registry.view"
    template_name = "portals/transfer.html"

    def get_title(self) -> Any:
        return _t("Chuyển trường: %(name)s") % {"name": self.thing.student_name}

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        return [
            (_("Học sinh"), thing.student_name),
            (_("Khối"), thing.get_grade_display()),
            (_("Trường đi"), thing.from_unit or far_away(thing.from_name, thing.place)),
            (_("Trường đến"), thing.to_unit or far_away(thing.to_name, thing.place)),
            (_("Học ở trường mới từ"), f"{thing.effective_on:%d/%m/%Y}"),
            (_("Lý do"), thing.reason),
            *(self._papers(thing) if thing.is_far else [(_("Trả lời của trường đi"), thing.answer)]),
        ]

    def _papers(self, thing: Any) -> list[tuple[Any, Any]]:
        """What only a transfer over the border of the province has."""
        at = f", {thing.document_on:%d/%m/%Y}" if thing.document_on else ""
        found = [
            (_("Ở nước ngoài"), _t("Có") if thing.is_abroad else _t("Không")),
            (_("Giấy giới thiệu"), f"{thing.document_number}{at}".strip(", ")),
            (_("Giấy tờ kèm theo"), ", ".join(thing.papers)),
        ]
        if thing.to_unit_id is None:
            found.append(
                (_("Nơi đến tiếp nhận"), f"{thing.confirmed_on:%d/%m/%Y}" if thing.confirmed_on else "")
            )
            found.append((_("Giấy báo tiếp nhận"), thing.answer if thing.confirmed_on else ""))
        return found

    def extra_context(self) -> dict[str, Any]:
        thing = self.thing
        steps = [
            (_t("Trường đến đề nghị"), ""), (_t("Trường đi trả lời"), ""), (_t("Tiếp nhận vào lớp"), ""),
            (_t("Xong"), ""),
        ]  # fmt: skip
        number = {TransferState.REQUESTED: 2, TransferState.RELEASED: 3, TransferState.COMPLETED: 4}
        return {
            "state": state_of(thing)[0],
            "tone": state_of(thing)[1],
            "steps": steps if not thing.is_far and thing.state in number else [],
            "step": number.get(TransferState(thing.state), 0),
            "waits": waiting_for(self.actor, thing),
            "entries": self._entries(),
            "dossier": queries.dossier_of_transfer(self.actor, thing),
        }

    def _entries(self) -> list[dict[str, Any]]:
        thing = self.thing
        asked = {
            "at": thing.requested_at,
            "who": thing.to_unit,
            "title": _t("Đề nghị"),
            "text": thing.reason,
            "icon": "send",
        }
        if thing.to_unit_id is None:
            asked |= {"who": thing.from_unit, "title": _t("Chuyển ra ngoài tỉnh")}
        elif thing.from_unit_id is None:
            asked |= {"title": _t("Nhận từ ngoài tỉnh")}
        entries = [asked]
        if thing.decided_at:
            refused = thing.state == TransferState.REFUSED
            entries.append(
                {
                    "at": thing.decided_at,
                    "who": thing.from_unit,
                    "title": _t("Không đồng ý") if refused else _t("Đồng ý"),
                    "text": thing.answer,
                    "tone": "bad" if refused else "ok",
                    "icon": "x" if refused else "check",
                }
            )
        if thing.completed_at and not thing.is_far:
            entries.append(
                {
                    "at": thing.completed_at,
                    "who": thing.to_unit,
                    "title": _t("Đã tiếp nhận"),
                    "tone": "ok",
                    "icon": "user-check",
                }
            )
        return entries[::-1]

    def links(self, thing: Any) -> list[PageLink]:
        sends = thing.from_unit_id is not None and self.actor.can(RIGHT, thing.from_unit_id)
        receives = thing.to_unit_id is not None and self.actor.can(RIGHT, thing.to_unit_id)
        found = []
        if sends and thing.state == TransferState.REQUESTED:
            found.append(PageLink(_("Đồng ý"), self.url_of("transfer-release"), "check", "primary"))
        if receives and thing.state == TransferState.RELEASED:
            found.append(
                PageLink(_("Tiếp nhận vào lớp"), self.url_of("transfer-complete"), "user-check", "primary")
            )
        is_open = thing.state in (TransferState.REQUESTED, TransferState.RELEASED)
        if sends and is_open:
            label = _("Không đồng ý") if thing.state == TransferState.REQUESTED else _("Rút lại đồng ý")
            found.append(PageLink(label, self.url_of("transfer-refuse"), "x"))
        if receives and is_open:
            found.append(PageLink(_("Rút đề nghị"), self.url_of("transfer-cancel"), "arrow-back-up"))
        is_done = thing.state == TransferState.COMPLETED
        if sends and thing.to_unit_id is None and is_done and not thing.confirmed_on:
            found.append(
                PageLink(_("Nơi đến đã tiếp nhận"), self.url_of("transfer-arrived"), "check", "primary")
            )
        if receives and is_done and "spell" in thing.made:
            found.append(PageLink(_("Hủy ghi nhầm"), self.url_of("transfer-in-take-back"), "arrow-back-up"))
        if sends and thing.to_unit_id is None and is_done:
            found.append(PageLink(_("Hủy ghi nhầm"), self.url_of("transfer-take-back"), "arrow-back-up"))
        return found


class TransferStep(TransferPage, EditPage):
    """One step of one side; for the other side the page does not exist."""

    right = RIGHT
    success_url = "transfer-detail"
    side = "from_unit_id"
    states: tuple[str, ...] = (TransferState.REQUESTED,)

    @cached_property
    def thing(self) -> Any:
        found = super().thing
        unit_id = getattr(found, self.side)
        if unit_id is None or not self.actor.can(RIGHT, unit_id) or found.state not in self.states:
            raise Http404
        return found

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (self.thing, reverse("transfer-detail", args=[self.thing.pk]))]

    def get_title(self) -> Any:
        return f"{self.submit_label}: {self.thing}"


class TransferRelease(TransferStep):
    form_class = optional_reason("answer", _("Lời nhắn cho trường đến"))
    submit_label = _("Đồng ý cho chuyển")
    success_message = _("Đã đồng ý. Học sinh vẫn ở lớp đến khi trường mới tiếp nhận.")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.release_transfer(by=by, transfer=thing, now=timezone.localtime(), **data)


class TransferRefuse(TransferStep):
    form_class = ReasonForm
    states = (TransferState.REQUESTED, TransferState.RELEASED)
    submit_label = _("Không đồng ý cho chuyển")
    success_message = _("Đã trả lời trường đến.")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.refuse_transfer(by=by, transfer=thing, now=timezone.localtime(), **data)


class TransferCancel(TransferStep):
    form_class = optional_reason("reason", _("Lý do"))
    side, states = "to_unit_id", (TransferState.REQUESTED, TransferState.RELEASED)
    submit_label = _("Rút đề nghị")
    success_message = _("Đã rút đề nghị.")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.cancel_transfer(by=by, transfer=thing, **data)


class TransferComplete(TransferStep):
    form_class = CompleteForm
    side, states = "to_unit_id", (TransferState.RELEASED,)
    submit_label = _("Tiếp nhận vào lớp")
    success_message = _("Đã tiếp nhận. Hồ sơ nay thuộc trường mình.")

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"actor": self.actor, "unit_id": thing.to_unit_id, "grade": thing.grade}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"on": thing.effective_on}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        chosen = queries.classes(by, unit_id=thing.to_unit_id).filter(pk=data["school_class"] or 0).first()
        if chosen is None:
            raise Refused(_t("Không có lớp này."), field="school_class")
        journey.complete_transfer(
            by=by, transfer=thing, school_class=chosen, on=data["on"], now=timezone.localtime()
        )
        return thing


class TransferTakeBack(TransferStep):
    form_class = ReasonForm
    states = (TransferState.COMPLETED,)
    submit_label = _("Hủy ghi nhầm")
    success_message = _("Đã hủy: học sinh lại ở lớp cũ.")

    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if found.to_unit_id is not None:
            raise Http404
        return found

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.take_back_transfer_out(by=by, transfer=thing, reason=data["reason"])
