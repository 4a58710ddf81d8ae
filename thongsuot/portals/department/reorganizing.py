"""Schools merged or closed: what would move, done once it is seen, and what was done."""

from __future__ import annotations

from functools import cached_property
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
from thongsuot.kit.pages.views import ActorPage, DetailPage, EditPage, ListPage, PageLink
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.web.forms.fields import day, text
from thongsuot.modules.registry.web.units import schools_of

from .. import tasks
from ..badges import badge
from ..school.transfer_forms import ReasonForm

RIGHT = "registry.reorganize"
# Codes on a page of a merger; the search box finds the others.
SHOWN = 100
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
    "teachingassignment": _("phân công giảng dạy"),
    "sites": _("điểm trường"),
    "roles_moved": _("người giữ vai trò chuyển sang"),
    "roles_ended": _("vai trò kết thúc"),
}
CODES = {"class": _("Lớp"), "student": _("Mã học sinh của trường"), "staff": _("Mã cán bộ của trường")}


def words(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[name]} {label}" for name, label in KINDS.items() if counts.get(name))


def standing(record: Any) -> tuple[str, str]:
    """Where the old school stands, in words and as a tone."""
    if record.undone_at:
        return _t("Đã hoàn tác"), "quiet"
    return (_t("Đã giải thể"), "ok") if record.is_unit_closed else (_t("Chờ quản trị giải thể"), "warn")


class MergerTable(Table):
    unit = Column(verbose_name=_("Trường cũ"), accessor="unit__name", order_by="unit__sort_key")
    code = Column(verbose_name=_("Mã cũ"), accessor="unit__code", order_by="unit__code")
    successor = Column(verbose_name=_("Trường kế thừa"), empty_values=(), order_by="successor__sort_key")
    last_day = DateColumn(verbose_name=_("Ngày cuối"))
    basis = Column(verbose_name=_("Quyết định"))
    counts = Column(verbose_name=_("Đã chuyển"), orderable=False)
    closed = Column(verbose_name=_("Trường cũ nay"), empty_values=(), orderable=False)
    done_at = DateTimeColumn(verbose_name=_("Thực hiện lúc"))
    hidden = ("done_at",)

    def render_successor(self, record: Any) -> str:
        return str(record.successor or _t("(giải thể)"))

    value_successor = render_successor

    def render_counts(self, value: Any) -> str:
        return words(value)

    value_counts = render_counts

    def render_closed(self, record: Any) -> str:
        return badge(*standing(record))

    def value_closed(self, record: Any) -> str:
        return standing(record)[0]


class MergerList(ListPage):
    title = _("Sáp nhập, giải thể trường")
    right = RIGHT
    table_class = MergerTable
    search_fields = (
        "unit__name", "unit__code", "unit__school__ministry_code", "successor__name", "successor__code", "basis",
    )  # fmt: skip
    search_hint = _("Tên, mã cũ của trường, số quyết định")
    detail_url = "merger-detail"
    create_url, create_right, create_label = "merger-create", RIGHT, _("Sáp nhập, giải thể")
    empty_title = _("Chưa có lần sáp nhập nào")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.school_merges(actor)


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
        suffix = queries.registry_fact(self.actor, "merger_suffix").value
        form = MergerForm(initial={"suffix": suffix, "last_day": timezone.localdate()}, actor=self.actor)
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
        plan = journey.preview_merger(
            by=self.actor, gone=gone, into=into, last_day=data["last_day"], suffix=data["suffix"]
        )
        return self._show(form, gone=gone, into=into, plan=plan)

    def _done(self, gone: Any, into: Any, data: dict[str, Any]) -> HttpResponseBase:
        shared = {"by": self.actor, "last_day": data["last_day"], "basis": data["basis"]}
        if into is None:
            merge = journey.close_school(unit=gone, now=timezone.now(), **shared)
        else:
            suffixes = [data["suffix"]] if data["suffix"] else []
            keep = {int(key) for key in self.request.POST.getlist("keep") if key.isdecimal()}
            job = tasks.merge_if_large(
                gone=gone, into=into, suffix=data["suffix"], keep=sorted(keep), **shared
            )
            if job is not None:
                return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))
            merge = journey.merge_schools(
                gone=[gone], into=into, now=timezone.now(), suffixes=suffixes, keep=keep, **shared
            )[0]
        said = _t("Đã sáp nhập.") if into else _t("Đã giải thể.")
        messages.success(self.request, f"{said} {_t('Nếu nhầm, hoàn tác được ở trang này.')}")
        return HttpResponseRedirect(reverse("merger-detail", args=[merge.pk]))

    def _show(self, form: MergerForm, status: int = 200, **found: Any) -> HttpResponseBase:
        plan = found.get("plan")
        context = {"form": form, "counts": _counts(plan) if plan else [], **found, **self.frame()}
        return render(self.request, self.template_name, context, status=status)


def _counts(plan: Any) -> list[tuple[Any, int]]:
    """What moves, as figures with their words."""
    counts = {
        **(plan.records.counts if plan.records else {}),
        "sites": plan.sites,
        "roles_moved": plan.moving,
    }
    return [(label, counts[name]) for name, label in KINDS.items() if counts.get(name)]


class MergerBase:
    right = RIGHT
    actor: Actor
    thing: Any

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.school_merges(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Sáp nhập, giải thể trường"), reverse("merger-list"))]


class MergerDetail(MergerBase, DetailPage):
    """What was done, which codes became which, and whether it can be taken back."""

    template_name = "portals/merger_done.html"

    def get_title(self) -> Any:
        return str(self.thing)

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        found = [
            (_("Trường cũ"), f"{thing.unit} ({thing.unit.code})"),
            (_("Trường kế thừa"), thing.successor or _t("(giải thể)")),
            (_("Ngày cuối của trường cũ"), f"{thing.last_day:%d/%m/%Y}"),
            (_("Quyết định"), thing.basis),
            (_("Đã chuyển"), words(thing.counts)),
            (_("Người thực hiện"), thing.done_by),
            (_("Thực hiện lúc"), f"{timezone.localtime(thing.done_at):%H:%M %d/%m/%Y}"),
        ]
        if thing.undone_at:
            found.append((_("Hoàn tác lúc"), f"{timezone.localtime(thing.undone_at):%H:%M %d/%m/%Y}"))
            found.append((_("Lý do hoàn tác"), thing.undo_reason))
        return found

    def extra_context(self) -> dict[str, Any]:
        asked = self.request.GET.get("q", "")
        codes = queries.merge_codes(self.actor, self.thing, asked)
        state, tone = standing(self.thing)
        return {
            "state": state,
            "tone": tone,
            "asked": asked,
            "has_codes": bool(self.thing.made.get("codes")),
            "codes": [(CODES[kind], old, new) for kind, old, new in codes[:SHOWN]],
            "more": max(0, len(codes) - SHOWN),
            "blocks": self.blocks,
        }

    @cached_property
    def blocks(self) -> list[str]:
        return [] if self.thing.undone_at else journey.what_blocks(by=self.actor, merge=self.thing)

    def links(self, thing: Any) -> list[PageLink]:
        if thing.undone_at or self.blocks:
            return []
        return [PageLink(_("Hoàn tác"), self.url_of("merger-undo"), "arrow-back-up")]


class MergerUndo(MergerBase, EditPage):
    form_class = ReasonForm
    submit_label = _("Hoàn tác sáp nhập, giải thể")
    success_url = "merger-detail"
    # Said when it is done, by the page of the job or here.
    success_message = ""

    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if found.undone_at:
            raise Http404
        return found

    def get_title(self) -> Any:
        return _t("Hoàn tác: %(name)s") % {"name": self.thing}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        job = tasks.undo_if_large(by=by, merge=thing, reason=data["reason"])
        if job is not None:
            return job
        journey.undo_merger(by=by, merge=thing, reason=data["reason"], now=timezone.now())
        messages.success(self.request, tasks.UNDONE)
        return None

    def success(self, result: Any) -> str:
        if result is not None:
            return reverse("jobs:detail", args=[result.public_id])
        return super().success(result)
