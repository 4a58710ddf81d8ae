"""Returns: the list, one of them as on paper with what the checks say, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

import django_filters
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.exporting import CONTENT_TYPES
from thongsuot.kit.pages.filters import DateFromToFilter, FilterSet
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.views import ActorPage, ListPage, PageLink

from ..actions.return_corrections import correct_return
from ..actions.returns import accept_return, confirm_return, send_back, sign_off
from ..domain.form_layout import Place
from ..permissions import VIEW
from ..queries.differences import may_open
from ..queries.forms_csv import form_csv
from ..queries.forms_pdf import form_pdf
from ..queries.forms_sdmx import CONTENT_TYPE as SDMX
from ..queries.forms_sdmx import forms_sdmx
from ..queries.forms_xlsx import form_xlsx
from ..queries.returns import (
    finding_lines,
    form_of_return,
    frozen_sheet,
    log,
    return_by_id,
    returns,
    steps,
    value_changes,
    versions,
)
from ..types import ReturnState
from .returns_forms import ReasonForm
from .returns_words import entries, tone

FILES = {"xlsx": "Excel", "pdf": "PDF", "csv": "CSV", "sdmx": "SDMX-JSON"}


class ReturnTable(Table):
    form_code = Column(attrs={"td": {"class": "ts-nowrap"}})
    form_name = Column()
    unit = Column(order_by=("unit__sort_key",))
    period = Column(order_by=("period__as_of",))
    due_on = DateColumn()
    state = Column(accessor="get_state_display", order_by="state", verbose_name=gettext_lazy("Trạng thái"))
    version = Column()
    confirmed_at = DateColumn()

    hidden = ("confirmed_at",)

    class Meta:
        fields = ("form_code", "form_name", "unit", "period", "due_on", "state", "version", "confirmed_at")


class ReturnFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("Trạng thái"), choices=ReturnState.choices)
    form_code = django_filters.CharFilter(label=gettext_lazy("Ký hiệu biểu"), lookup_expr="icontains")
    due_on = DateFromToFilter(label=gettext_lazy("Hạn"))


class ReturnList(ListPage):
    title = gettext_lazy("Báo cáo thống kê")
    right = VIEW
    table_class = ReturnTable
    filterset_class = ReturnFilter
    search_folded = ("unit__name_fold",)
    search_fields = ("form_name", "form_code")
    detail_url, detail_key = "statistics:return-detail", "public_id"
    empty_title = gettext_lazy("Chưa có báo cáo thống kê nào")
    empty_text = gettext_lazy("Khi Sở mở một kỳ, mỗi đơn vị có biểu của mình ở đây.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return returns(actor)

    def links(self) -> list[PageLink]:
        return [PageLink(_("Các kỳ"), reverse("statistics:period-list"), "calendar")]


class OfReturn(ActorPage):
    """What the pages of one return share: the return, the version asked for (?ban=), the form of its period."""

    right = VIEW

    @cached_property
    def one(self) -> Any:
        found = return_by_id(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def versions(self) -> list[Any]:
        return versions(self.one)

    @cached_property
    def version(self) -> Any:
        """None before the period is frozen."""
        return self.version_of("ban", self.one.version)

    def version_of(self, name: str, default: int) -> Any:
        asked = self.request.GET.get(name, "")
        number = int(asked) if asked.isdecimal() and len(asked) < 5 else default
        found = next((one for one in self.versions if one.number == number), None)
        if found is None and self.versions:
            raise Http404
        return found

    @cached_property
    def form(self) -> Any:
        return form_of_return(self.one)

    @property
    def url(self) -> str:
        return reverse("statistics:return-detail", args=[self.one.public_id])

    def get_title(self) -> Any:
        return f"{self.one.form_code} · {self.one.unit.name}"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        board = reverse("statistics:period-detail", args=[self.one.period.public_id])
        return [(_("Báo cáo thống kê"), reverse("statistics:return-list")), (self.one.period.name, board)]


class ReturnDetail(OfReturn):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        kind = request.GET.get("export", "")
        if kind in FILES and self.version is not None:
            return self._file(kind)
        return self.show()

    def show(self, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        one, version, refused = self.one, self.version, refused or {}
        is_last = version is not None and version.number == one.version
        may = steps(self.actor, one, version) if is_last else None
        findings = finding_lines(version) if version is not None else []
        open_ = may_open(self.actor, self.form, one.unit_id)
        context = {
            "one": one,
            "version": version,
            "versions": self.versions,
            "is_last": is_last,
            "form": self.form,
            "tone": tone(one.state),
            "is_late": one.is_late_on(timezone.localdate()),
            "blocks": self._blocks({cell for line in findings for cell in line.cells}),
            "findings": findings,
            "needs_reason": any(line.kind == "reason" for line in findings),
            "may": may,
            "back_form": refused.get("tra-lai") or ReasonForm(prefix="back"),
            "correct_form": refused.get("dinh-chinh") or ReasonForm(prefix="correct"),
            "opened": set(refused),
            "formats": FILES if version is not None else {},
            "live_url": f"{self.url}khac/" if open_ and version is not None else "",
            "changes": self._changes(),
            "story": entries(log(one)),
            **self.frame(),
        }
        return render(self.request, "statistics/returns/detail.html", context, status=status)

    def _blocks(self, marked: set[str]) -> list[dict[str, Any]]:
        """Sections as on paper; each number leads to its rows, its definition, its version and moment."""
        if self.version is None:
            return []
        suffix = f"?ban={self.version.number}"

        def shown(place: Place) -> dict[str, Any]:
            if place.cell is None:
                return {"place": place}
            url = f"{self.url}o/{place.cell.code}/{suffix}"
            return {"place": place, "url": url, "is_marked": place.cell.code in marked}

        return [
            {
                "block": block,
                "lines": [
                    {"row": line.row, "places": [shown(p) for p in line.places]} for line in block.lines
                ],
            }
            for block in frozen_sheet(self.one, self.version).blocks
        ]

    def _changes(self) -> list[Any]:
        """What this version changed against the one before."""
        if self.version is None or self.version.number < 2:
            return []
        before = next((one for one in self.versions if one.number == self.version.number - 1), None)
        if before is None:
            return []
        old, new = (frozen_sheet(self.one, one).values for one in (before, self.version))
        return value_changes(self.form, dict(old), dict(new))

    def _file(self, kind: str) -> HttpResponse:
        sheet = frozen_sheet(self.one, self.version)
        if kind == "xlsx":
            made, content_type = form_xlsx(sheet), CONTENT_TYPES["xlsx"]
        elif kind == "pdf":
            made, content_type = form_pdf(sheet), "application/pdf"
        elif kind == "csv":
            made, content_type = form_csv(sheet), CONTENT_TYPES["csv"]
        else:
            message = forms_sdmx([sheet], prepared=timezone.now())
            made, content_type = json.dumps(message, ensure_ascii=False).encode(), SDMX
        ending = "sdmx.json" if kind == "sdmx" else kind
        number, code = self.version.number, self.one.unit.code
        name = f"{self.form.slug}-{code}-{self.one.period.as_of:%Y%m%d}-ban{number}.{ending}"
        return HttpResponse(
            made, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


class ReturnAct(ReturnDetail):
    """Confirm, take in, send back, sign off, correct."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.url)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = kwargs["act"]
        if key not in ACTS:
            raise Http404
        form = ReasonForm(request.POST, prefix=PREFIXES[key]) if key in PREFIXES else None
        if form is not None and not form.is_valid():
            return self.show({key: form}, status=422)
        try:
            with transaction.atomic():
                said = ACTS[key](self.actor, self.one, request.POST, form)
        except NotAllowed:
            raise
        except Refused as error:
            if form is not None:
                refuse(form, error)
                return self.show({key: form}, status=422)
            messages.error(request, error.message)
            return HttpResponseRedirect(self.url)
        messages.success(request, said)
        return HttpResponseRedirect(self.url)


def _confirm(actor: Actor, one: Any, said: Any, form: Any) -> str:
    reasons = {key.removeprefix("reason-"): said[key] for key in said if key.startswith("reason-")}
    confirm_return(by=actor, one=one, reasons=reasons, now=timezone.localtime())
    return _("Đã xác nhận và gửi lên cấp trên.")


def _accept(actor: Actor, one: Any, said: Any, form: Any) -> str:
    accept_return(by=actor, one=one, now=timezone.localtime())
    return _("Đã nhận báo cáo.")


def _back(actor: Actor, one: Any, said: Any, form: Any) -> str:
    send_back(by=actor, one=one, reason=form.cleaned_data["reason"], now=timezone.localtime())
    return _("Đã trả lại.")


def _sign_off(actor: Actor, one: Any, said: Any, form: Any) -> str:
    sign_off(by=actor, one=one, now=timezone.localtime())
    return _("Đã duyệt; bản này không đổi nữa.")


def _correct(actor: Actor, one: Any, said: Any, form: Any) -> str:
    correct_return(by=actor, one=one, reason=form.cleaned_data["reason"], now=timezone.localtime())
    return _("Đã tính bản mới; hãy xem lại rồi xác nhận.")


ACTS: dict[str, Callable[..., str]] = {
    "xac-nhan": _confirm,
    "nhan": _accept,
    "tra-lai": _back,
    "duyet": _sign_off,
    "dinh-chinh": _correct,
}
PREFIXES = {"tra-lai": "back", "dinh-chinh": "correct"}
