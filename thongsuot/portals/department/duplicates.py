"""Dossiers that may be one person: looked for in the background, decided on by a person, merged, split again."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.journeys import merge_people as journey
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import ActorPage, ListPage, PageLink
from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.actions.matching import decide
from thongsuot.modules.registry.tasks import find_candidates
from thongsuot.modules.registry.types import MatchDecision
from thongsuot.modules.registry.web.reading import trace

from ..badges import badge

RIGHT = "registry.match"
TONES = {MatchDecision.SAME: "ok", MatchDecision.DIFFERENT: "quiet", MatchDecision.LATER: "warn"}


def _bits(value: Any) -> str:
    return number_format(value, 1, use_l10n=True)


class DuplicateTable(Table):
    first = Column(verbose_name=_("Hồ sơ thứ nhất"), accessor="first__full_name", order_by="first__sort_key")
    first_born = Column(verbose_name=_("Ngày sinh 1"), empty_values=(), orderable=False)
    first_unit = Column(
        verbose_name=_("Trường 1"), accessor="first_unit__name", order_by="first_unit__sort_key"
    )
    second = Column(
        verbose_name=_("Hồ sơ thứ hai"), accessor="second__full_name", order_by="second__sort_key"
    )
    second_born = Column(verbose_name=_("Ngày sinh 2"), empty_values=(), orderable=False)
    second_unit = Column(
        verbose_name=_("Trường 2"), accessor="second_unit__name", order_by="second_unit__sort_key"
    )
    score = Column(verbose_name=_("Điểm"), attrs={"td": {"class": "ts-num"}, "th": {"class": "ts-num"}})
    decision = Column(verbose_name=_("Quyết định"), empty_values=())
    decided_by = Column(verbose_name=_("Người quyết định"), order_by="decided_by__full_name")
    found_at = DateTimeColumn(verbose_name=_("Phát hiện lúc"))
    hidden = ("decided_by", "found_at")

    def render_first_born(self, record: Any) -> str:
        return _born(record.first)

    def render_second_born(self, record: Any) -> str:
        return _born(record.second)

    value_first_born, value_second_born = render_first_born, render_second_born

    def render_score(self, value: Any) -> str:
        return _bits(value)

    def value_score(self, value: Any) -> Any:
        return value

    def render_decision(self, record: Any) -> str:
        if not record.decision:
            return badge(_t("Chờ quyết định"), "info")
        return badge(record.get_decision_display(), TONES[MatchDecision(record.decision)])

    def value_decision(self, record: Any) -> str:
        return str(record.get_decision_display()) if record.decision else ""


def _born(student: Any) -> str:
    if student.birth_date is None:
        return ""
    return f"{student.birth_date:%Y}" if student.is_birth_year_only else f"{student.birth_date:%d/%m/%Y}"


class DuplicateFilter(FilterSet):
    decision = django_filters.ChoiceFilter(
        label=_("Quyết định"),
        choices=[("none", _("Chờ quyết định")), *MatchDecision.choices],
        empty_label=_("Tất cả"),
        method="by_decision",
    )
    least = django_filters.NumberFilter(
        label=_("Điểm từ"),
        field_name="score",
        lookup_expr="gte",
        widget=forms.NumberInput(attrs={"step": "1"}),
    )
    school = django_filters.CharFilter(label=_("Trường"), method="by_school")
    between = django_filters.ChoiceFilter(
        label=_("Hai hồ sơ"),
        choices=[("one", _("Cùng một trường")), ("two", _("Hai trường khác nhau"))],
        empty_label=_("Tất cả"),
        method="by_between",
    )

    def by_decision(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(decision="" if value == "none" else value)

    def by_school(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        for word in fold(value).split():
            rows = rows.filter(
                Q(first_unit__name_fold__contains=word) | Q(second_unit__name_fold__contains=word)
            )
        return rows

    def by_between(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        same = Q(first_unit=F("second_unit"))
        return rows.filter(same if value == "one" else ~same)


class DuplicateList(ListPage):
    title = _("Hồ sơ nghi trùng")
    right = RIGHT
    table_class = DuplicateTable
    filterset_class = DuplicateFilter
    search_folded = ("first__name_fold", "second__name_fold")
    search_hint = _("Tên học sinh, không cần dấu")
    detail_url = "duplicate-pair"
    empty_title = _("Không có cặp hồ sơ nào")
    empty_text = _("Bấm “Tìm hồ sơ trùng” để so sánh mọi hồ sơ trong phạm vi của mình.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.duplicate_candidates(actor)

    def links(self) -> list[PageLink]:
        return [PageLink(_("Tìm hồ sơ trùng"), reverse("duplicate-search"), "search", "primary", post=True)]


class DuplicateSearch(ActorPage):
    """Asks a worker to compare all dossiers; its progress stands on the page of the job."""

    right = RIGHT
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        job = start_job(by=self.actor, task=find_candidates, title=_t("Tìm hồ sơ trùng"))
        return HttpResponseRedirect(reverse("jobs:detail", args=[job.public_id]))


class PairBase(ActorPage):
    right = RIGHT

    @cached_property
    def pair(self) -> Any:
        return get_object_or_404(queries.match_pairs(self.actor), pk=self.kwargs["pk"])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Hồ sơ nghi trùng"), reverse("duplicate-list"))]

    def here(self) -> str:
        return reverse("duplicate-pair", args=[self.pair.pk])

    def run(self, request: HttpRequest, act: Any, said: Any, to: str = "") -> HttpResponseBase:
        """Call one action; a refusal is told where one came from."""
        try:
            with transaction.atomic():
                found = act()
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.get_full_path())
        messages.success(request, said(found) if callable(said) else said)
        return HttpResponseRedirect(to or self.here())


class PairPage(PairBase):
    """Two dossiers side by side: what agrees, how much that says, and the decision."""

    template_name = "portals/pair.html"

    def get_title(self) -> Any:
        return _t("Hai hồ sơ: %(name)s") % {"name": self.pair.first.full_name}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        pair = self.pair
        for student in (pair.first, pair.second):
            trace(request, student, _t("So sánh hồ sơ nghi trùng"))
        merge = queries.merge_of_pair(self.actor, pair.first_id, pair.second_id)
        context = {
            "pair": pair,
            "lines": queries.pair_lines(self.actor, pair),
            "sides": [(s, queries.side_facts(self.actor, s)) for s in (pair.first, pair.second)],
            "score": _bits(pair.score),
            "is_sure": pair.score >= queries.settings_of_matching()["sure_from"],
            "merge": merge,
            "is_merged": bool(pair.first.merged_into_id or pair.second.merged_into_id),
            "decisions": MatchDecision.choices,
            "tone": TONES.get(pair.decision, "info"),
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if "undo" in request.POST:
            return self._split(request)
        wanted = request.POST.get("decision", "")
        if wanted not in MatchDecision.values:
            messages.warning(request, _t("Hãy chọn một quyết định."))
            return HttpResponseRedirect(request.path)
        return self.run(
            request,
            lambda: decide(
                by=self.actor,
                candidate=self.pair,
                decision=MatchDecision(wanted),
                now=timezone.now(),
                note=request.POST.get("note", "")[:300],
            ),
            _t("Đã ghi quyết định."),
        )

    def _split(self, request: HttpRequest) -> HttpResponseBase:
        merge = queries.merge_of_pair(self.actor, self.pair.first_id, self.pair.second_id)
        if merge is None:
            raise Http404

        def said(left_alone: list[str]) -> str:
            if not left_alone:
                return _t("Đã tách lại thành hai hồ sơ như trước.")
            return _t("Đã tách lại. %(number)d mục đã được sửa sau khi gộp nên giữ nguyên.") % {
                "number": len(left_alone)
            }

        return self.run(
            request, lambda: journey.split_people(by=self.actor, merge=merge, now=timezone.now()), said
        )


class MergePage(PairBase):
    """What merging would do, field by field; ?keep=second keeps the other dossier."""

    template_name = "portals/merge.html"
    title = _("Gộp hai hồ sơ")

    @cached_property
    def sides(self) -> tuple[Any, Any]:
        pair = self.pair
        if self.request.GET.get("keep") == "second":
            return pair.second, pair.first
        return pair.first, pair.second

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (self.pair.first.full_name, self.here())]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        kept, gone = self.sides
        try:
            plan = journey.preview_merge(by=self.actor, kept=kept, gone=gone)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.here())
        for student in self.sides:
            trace(request, student, _t("Xem trước khi gộp hồ sơ"))
        lines = queries.merge_lines(self.actor, kept, gone, plan.choices)
        other = "first" if self.request.GET.get("keep") == "second" else "second"
        context = {
            "kept": kept, "gone": gone, "plan": plan, "lines": lines, "other": other, "back": self.here(),
            **self.frame(),
        }  # fmt: skip
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        kept, gone = self.sides
        chosen = {
            name.removeprefix("field-"): value
            for name, value in request.POST.items()
            if name.startswith(("field-", "result-")) and value in ("kept", "gone")
        }
        return self.run(
            request,
            lambda: journey.merge_people(
                by=self.actor,
                kept=kept,
                gone=gone,
                today=timezone.localdate(),
                now=timezone.now(),
                choices=chosen,
                reason=request.POST.get("note", "")[:300],
            ),
            _t("Đã gộp. Nếu nhầm, bấm “Tách lại” trên trang này."),
            self.here(),
        )
