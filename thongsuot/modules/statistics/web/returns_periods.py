"""Periods: the calendar of what is due, opening one, its board, freezing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.views import ActorPage, CreatePage, FormPage, ListPage, PageLink
from thongsuot.modules.organization import queries as organization

from ..actions.closing import close_period, reopen_period
from ..actions.periods import change_days, open_period
from ..actions.return_reminding import remind_units
from ..permissions import MANAGE, REVIEW, VIEW, acts_for
from ..queries.forms import form
from ..queries.returns import board, period, periods, unsigned
from ..tasks import start_freeze
from ..types import OWED, PeriodKind, PeriodState, ReturnState
from .returns_forms import CloseForm, DaysForm, PeriodForm, proposed
from .returns_words import tone


class PeriodTable(Table):
    name = Column(attrs={"td": {"class": "ts-nowrap"}})
    as_of = DateColumn(verbose_name=gettext_lazy("Tính đến"))
    school_due_on = DateColumn()
    commune_due_on = DateColumn()
    department_due_on = DateColumn()
    state = Column(accessor="get_state_display", order_by="state", verbose_name=gettext_lazy("Trạng thái"))
    return_count = Column(verbose_name=gettext_lazy("Số biểu"))
    owed_count = Column(verbose_name=gettext_lazy("Chưa xác nhận"))
    signed_count = Column(verbose_name=gettext_lazy("Đã duyệt"))

    hidden = ("return_count",)

    class Meta:
        fields = ("name", "as_of", "school_due_on", "commune_due_on", "department_due_on", "state")


class PeriodList(ListPage):
    title = gettext_lazy("Kỳ báo cáo thống kê")
    right = VIEW
    table_class = PeriodTable
    search_fields = ("name",)
    detail_url, detail_key = "statistics:period-detail", "public_id"
    create_url, create_right = "statistics:period-create", MANAGE
    create_label = gettext_lazy("Mở kỳ mới")
    empty_title = gettext_lazy("Chưa mở kỳ báo cáo nào")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return periods(actor)

    def links(self) -> list[PageLink]:
        return [PageLink(_("Báo cáo của đơn vị"), reverse("statistics:return-list"), "report")]


class PeriodCreate(CreatePage):
    title = gettext_lazy("Mở kỳ báo cáo thống kê")
    right = MANAGE
    form_class = PeriodForm
    submit_label = gettext_lazy("Mở kỳ")
    success_message = gettext_lazy("Đã mở kỳ; mỗi đơn vị có biểu của mình.")
    success_url, result_key = "statistics:period-detail", "public_id"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Kỳ báo cáo thống kê"), reverse("statistics:period-list"))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def initial(self, thing: Any) -> dict[str, Any]:
        asked = self.request.GET.get("loai", "")
        kind = (
            asked if asked in (PeriodKind.START_OF_YEAR, PeriodKind.END_OF_YEAR) else PeriodKind.START_OF_YEAR
        )
        return proposed(kind, timezone.localdate())

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        year = organization.current_school_year(data["as_of"])
        if year is None:
            raise Refused(_("Ngày này không nằm trong năm học nào."), field="as_of")
        return open_period(
            by=by,
            kind=data["kind"],
            name=data["name"],
            school_year=year,
            as_of=data["as_of"],
            forms=[form(code, data["as_of"]) for code in data["forms"]],
            due=DaysForm.due(data),
            now=timezone.localtime(),
        )


class OfPeriod(ActorPage):
    right = VIEW

    @cached_property
    def period(self) -> Any:
        found = period(self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return self.period.name

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Kỳ báo cáo thống kê"), reverse("statistics:period-list"))]


class PeriodDays(OfPeriod, FormPage):
    right = MANAGE
    form_class = DaysForm
    success_url = "statistics:period-detail"
    success_message = gettext_lazy("Đã đổi hạn; lời nhắc theo hạn mới.")

    def get_title(self) -> Any:
        return _("Đổi hạn: %(name)s") % {"name": self.period.name}

    def get_thing(self) -> Any:
        return self.period

    def initial(self, thing: Any) -> dict[str, Any]:
        return {name: getattr(thing, name) for name in DaysForm.base_fields}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return change_days(by=by, period=thing, due=DaysForm.due(data))


class PeriodClose(OfPeriod, FormPage):
    """Close the period, with what is not signed off yet before one's eyes."""

    right = MANAGE
    form_class = CloseForm
    template_name = "statistics/returns/close.html"
    submit_label = gettext_lazy("Khóa kỳ")
    success_message = gettext_lazy("Đã khóa kỳ; các biểu của kỳ không đổi nữa.")
    success_url = "statistics:period-detail"

    def get_title(self) -> Any:
        return _("Khóa kỳ: %(name)s") % {"name": self.period.name}

    def get_thing(self) -> Any:
        if self.request.method == "GET" and self.period.state != PeriodState.FROZEN:
            raise Http404
        return self.period

    @cached_property
    def open_states(self) -> Any:
        return unsigned(self.actor, self.period)

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"is_signed": not self.open_states}

    def extra_context(self) -> dict[str, Any]:
        states = [(ReturnState(key).label, tone(key), n) for key, n in sorted(self.open_states.items())]
        return {"states": states, "open_count": self.open_states.total()}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return close_period(by=by, period=thing, reason=data["reason"], now=timezone.localtime())


class PeriodReopen(OfPeriod, FormPage):
    right = MANAGE
    form_class = CloseForm
    submit_label = gettext_lazy("Mở lại kỳ")
    success_message = gettext_lazy("Đã mở lại kỳ; làm xong thì khóa lại.")
    success_url = "statistics:period-detail"

    def get_title(self) -> Any:
        return _("Mở lại kỳ: %(name)s") % {"name": self.period.name}

    def get_thing(self) -> Any:
        if self.request.method == "GET" and not self.period.is_closed:
            raise Http404
        return self.period

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return reopen_period(by=by, period=thing, reason=data["reason"])


class PeriodDetail(OfPeriod):
    """The board: who has confirmed to one's unit, who is late; and one's own returns."""

    @cached_property
    def unit(self) -> Any:
        """The body through which the actor works, or a commune that he looks into."""
        asked = self.request.GET.get("don-vi", "")
        own = self.actor.acting.unit_id if self.actor.acting else None
        wanted = int(asked) if asked.isdecimal() and len(asked) < 12 else own
        if wanted is None or not self.actor.can(VIEW, wanted):
            raise Http404
        found = organization.unit_detail(self.actor, wanted)
        if found is None:
            raise Http404
        return organization.body_of(found)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        today = timezone.localdate()
        found = board(self.actor, self.period, self.unit.pk, today=today)
        reviews = acts_for(self.actor, REVIEW, self.unit)
        context = {
            "period": self.period,
            "unit": self.unit,
            "board": found,
            "lines": [
                {
                    "line": line,
                    "cells": [_cell(line.returns.get(code), today) for code in self.period.forms],
                    "url": f"?don-vi={line.unit_id}" if line.below_total else "",
                    "owes": reviews and line.owes,
                }
                for line in found.lines
            ],
            "own": [_cell(one, today) for one in found.own],
            "states": [(ReturnState(key).label, tone(key), n) for key, n in sorted(found.states.items())],
            "may_remind": reviews and bool(found.owed_ids),
            "may_freeze": self.actor.can(MANAGE)
            and self.period.state == PeriodState.OPEN
            and self.period.as_of <= today,
            "may_manage": self.actor.can(MANAGE),
            "may_close": self.actor.can(MANAGE) and self.period.state == PeriodState.FROZEN,
            **self.frame(),
        }
        return render(request, "statistics/returns/board.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            if request.POST.get("do") == "freeze":
                job = start_freeze(by=self.actor, period=self.period)
                return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))
            with transaction.atomic():
                messages.success(request, self._do(request.POST.get("do", "")))
        except Refused as error:
            if error.code == "not_allowed":
                raise
            messages.error(request, error.message)
        return HttpResponseRedirect(request.get_full_path())

    def _do(self, what: str) -> str:
        now = timezone.localtime()
        if what != "remind":
            raise Http404
        found = board(self.actor, self.period, self.unit.pk, today=now.date())
        only = self.request.POST.get("unit", "")
        keys = [
            one.pk
            for line in found.lines
            if not only or str(line.unit_id) == only
            for one in line.returns.values()
            if one.state in OWED
        ]
        told = remind_units(by=self.actor, returns=keys, now=now)
        return ngettext("Đã nhắc %(n)d người.", "Đã nhắc %(n)d người.", told) % {"n": told}


def _cell(one: Any, today: Any) -> dict[str, Any]:
    if one is None:
        return {"one": None}
    late = one.is_late_on(today)
    return {
        "one": one,
        "label": one.get_state_display(),
        "tone": "bad" if late else tone(one.state),
        "days_late": (today - one.due_on).days if late else 0,
    }
