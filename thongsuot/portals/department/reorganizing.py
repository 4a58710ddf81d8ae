"""Schools merged or closed: what would move, done once it is seen, and what was done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.journeys import merge_schools as journey
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.tables import Column, DateColumn, DateTimeColumn, Table
from thongsuot.kit.pages.views import ActorPage, ListPage
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.web.forms.fields import day, text
from thongsuot.modules.registry.web.units import schools_of

from ..badges import badge

RIGHT = "registry.reorganize"
KINDS = {
    "students": _("hồ sơ học sinh"),
    "spells": _("học sinh đang học"),
    "classes": _("lớp"),
    "schoolclass": _("lớp"),
    "staff": _("vị trí công tác"),
    "land": _("khu đất"),
    "room": _("phòng"),
    "equipment": _("mục thiết bị"),
    "internetline": _("đường truyền"),
}


def words(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {KINDS[name]}" for name, number in counts.items() if number and name in KINDS)


class MergerTable(Table):
    unit = Column(verbose_name=_("Trường cũ"), accessor="unit__name", order_by="unit__sort_key")
    successor = Column(verbose_name=_("Trường kế thừa"), empty_values=(), order_by="successor__sort_key")
    last_day = DateColumn(verbose_name=_("Ngày cuối"))
    basis = Column(verbose_name=_("Quyết định"))
    counts = Column(verbose_name=_("Đã chuyển"), orderable=False)
    closed = Column(verbose_name=_("Đơn vị"), empty_values=(), orderable=False)
    done_at = DateTimeColumn(verbose_name=_("Thực hiện lúc"))
    hidden = ("done_at",)

    def render_successor(self, record: Any) -> str:
        return str(record.successor or _t("(giải thể)"))

    value_successor = render_successor

    def render_counts(self, value: Any) -> str:
        return words(value)

    value_counts = render_counts

    def render_closed(self, record: Any) -> str:
        if record.is_unit_closed:
            return badge(_t("Đã giải thể"), "quiet")
        return badge(_t("Chờ quản trị giải thể"), "warn")

    def value_closed(self, record: Any) -> str:
        return _t("Đã giải thể") if record.is_unit_closed else _t("Chờ quản trị giải thể")


class MergerList(ListPage):
    title = _("Sáp nhập, giải thể trường")
    right = RIGHT
    table_class = MergerTable
    search_fields = ("unit__name", "successor__name", "basis")
    search_hint = _("Tên trường, số quyết định")
    create_url, create_right, create_label = "merger-create", RIGHT, _("Sáp nhập, giải thể")
    empty_title = _("Chưa có lần sáp nhập nào")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.school_merges(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("organization:unit-detail", args=[record.unit_id])


class MergerForm(forms.Form):
    gone = forms.TypedChoiceField(label=_("Trường cũ"), coerce=int)
    into = forms.TypedChoiceField(
        label=_("Trường kế thừa"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("Để trống khi giải thể một trường đã không còn học sinh, cán bộ."),
    )
    last_day = day(_("Ngày cuối cùng của trường cũ"))
    basis = text(_("Quyết định sáp nhập, giải thể"), 300, required=True)
    suffix = text(
        _("Chữ thêm vào tên lớp trùng"), 10, help_text=_("Ví dụ CS2: lớp 1A của trường cũ thành “1A CS2”.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*BLANK_CHOICE_DASH, *schools_of(actor, RIGHT)]
        for name in ("gone", "into"):
            field: Any = self.fields[name]
            field.choices = choices


class MergerPage(ActorPage):
    """Two steps on one address: what would move, then done."""

    title = _("Sáp nhập, giải thể trường")
    right = RIGHT
    template_name = "portals/merger.html"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Sáp nhập, giải thể trường"), reverse("merger-list"))]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = MergerForm(initial={"suffix": "CS2", "last_day": timezone.localdate()}, actor=self.actor)
        return self._show(form)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = MergerForm(request.POST, actor=self.actor)
        if "back" in request.POST or not form.is_valid():
            return self._show(form, status=422 if form.errors else 200)
        try:
            with transaction.atomic():
                return self._next(form)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._show(form, status=422)

    def _unit(self, pk: int | None) -> Any:
        if pk is None:
            return None
        found = organization.unit_detail(self.actor, pk)
        if found is None:
            raise Http404
        return found

    def _next(self, form: MergerForm) -> HttpResponseBase:
        data = form.cleaned_data
        gone, into = self._unit(data["gone"]), self._unit(data["into"])
        if "do" in self.request.POST:
            return self._done(gone, into, data)
        if into is None:
            return self._show(form, gone=gone)
        plan = journey.preview_merger(by=self.actor, gone=gone, into=into, last_day=data["last_day"])
        return self._show(form, gone=gone, into=into, plan=plan)

    def _done(self, gone: Any, into: Any, data: dict[str, Any]) -> HttpResponseBase:
        shared = {"by": self.actor, "last_day": data["last_day"], "basis": data["basis"]}
        if into is None:
            merge = journey.close_school(unit=gone, now=timezone.now(), **shared)
        else:
            suffixes = [data["suffix"]] if data["suffix"] else []
            merge = journey.merge_schools(
                gone=[gone], into=into, now=timezone.now(), suffixes=suffixes, **shared
            )[0]
        messages.success(self.request, _t("Đã chuyển: %(words)s.") % {"words": words(merge.counts) or "0"})
        if not merge.is_unit_closed:
            messages.info(
                self.request,
                _t("Đơn vị “%(unit)s” còn mở: quản trị hệ thống kết thúc phân công rồi giải thể đơn vị.")
                % {"unit": gone},
            )
        return HttpResponseRedirect(reverse("merger-list"))

    def _show(self, form: MergerForm, status: int = 200, **found: Any) -> HttpResponseBase:
        plan = found.get("plan")
        counts = (
            [(label, plan.counts.get(name, 0)) for name, label in KINDS.items() if plan.counts.get(name)]
            if plan
            else []
        )
        context = {"form": form, "counts": counts, **found, **self.frame()}
        return render(self.request, self.template_name, context, status=status)
