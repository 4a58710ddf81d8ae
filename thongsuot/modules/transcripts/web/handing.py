"""Lists of hand-overs and of who completed the level, with what is done to several at once; the minutes of one hand-over."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.audit.actions import acting, record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.templatetags.frame import TONES
from thongsuot.kit.pages.views import ActorPage, BulkAction, PageLink
from thongsuot.modules.organization import queries as organization

from .. import actions, queries
from ..types import HandOverState, HandOverWay
from .moves import NOWRAP, NUMBER, Moves

PREPARE = "transcripts.prepare"
STATE_TONES = {HandOverState.WAITING: "warn", HandOverState.TAKEN: "ok", HandOverState.UNDONE: "quiet"}
SIDES = [("in", _("Đến trường mình")), ("out", _("Từ trường mình"))]


def badge(label: Any, tone: str) -> str:
    return format_html('<span class="badge ts-badge {}">{}</span>', TONES.get(tone, TONES["quiet"]), label)


def _take(*, by: Actor, rows: QuerySet[Any]) -> str:
    pupils = actions.take_over(by=by, hand_overs=rows, now=timezone.now())
    if not pupils:
        return _t("Không có học sinh nào trong số đã chọn đang chờ trường mình nhận.")
    return _t("Đã nhận học bạ của %(n)d học sinh. Biên bản mở từ các dòng “Đã nhận”.") % {"n": pupils}


def _give(*, by: Actor, rows: QuerySet[Any]) -> str:
    number = actions.confirm_given(by=by, hand_overs=rows, now=timezone.now())
    if not number:
        return _t("Không có học sinh nào trong số đã chọn đang chờ trường mình giao.")
    return _t("Đã xác nhận giao và báo trường mới: %(n)d học sinh.") % {"n": number}


class HandOverTable(Table):
    student = Column(verbose_name=_("Học sinh"), accessor="student_name", order_by="student_name")
    from_unit = Column(
        verbose_name=_("Trường giao"), accessor="from_unit__name", order_by="from_unit__sort_key"
    )
    to_unit = Column(verbose_name=_("Trường nhận"), accessor="to_unit__name", order_by="to_unit__sort_key")
    number = Column(verbose_name=_("Số bản"), attrs=NUMBER)
    missing = Column(verbose_name=_("Năm chưa có học bạ số"), orderable=False)
    state = Column(verbose_name=_("Trạng thái"))
    given_at = DateColumn(verbose_name=_("Xác nhận giao"), attrs=NOWRAP)
    due_on = DateColumn(verbose_name=_("Hạn nhận"), attrs=NOWRAP)
    way = Column(verbose_name=_("Cách"), order_by="way")
    at = DateColumn(verbose_name=_("Ngày"), attrs=NOWRAP)
    hidden = ("given_at", "due_on", "way")

    def render_missing(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_state(self, record: Any) -> str:
        tone = STATE_TONES[HandOverState(record.state)]
        return badge(self.value_state(record), "info" if tone == "warn" and record.given_at else tone)

    def value_state(self, record: Any) -> str:
        if record.state == HandOverState.WAITING and record.given_at:
            return _t("Đã giao, chờ nhận")
        return str(record.get_state_display())

    def render_way(self, record: Any) -> str:
        return "" if record.state == HandOverState.WAITING else str(record.get_way_display())

    value_missing, value_way = render_missing, render_way


class HandOverFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=HandOverState.choices)
    side = django_filters.ChoiceFilter(label=_("Chiều"), choices=SIDES, method="of_side")
    way = django_filters.ChoiceFilter(label=_("Cách"), choices=HandOverWay.choices)

    def of_side(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        own = list(self.request.actor.own_unit_ids)
        return rows.filter(**{"to_unit_id__in" if value == "in" else "from_unit_id__in": own})


class HandOverList(Moves):
    title = _("Các lần bàn giao học bạ")
    table_class = HandOverTable
    filterset_class = HandOverFilter
    search_fields = ("student_name", "from_unit__name", "to_unit__name")
    empty_title = _("Chưa có lần bàn giao nào")
    empty_text = _("Học bạ theo học sinh sang trường mới ngay khi trường đó tiếp nhận.")
    bulk_actions = (
        BulkAction("take", _("Nhận về trường"), _take, PREPARE, "file-import"),
        BulkAction("give", _("Xác nhận giao"), _give, PREPARE, "checks"),
    )

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.hand_overs(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("transcripts:minutes", args=[record.batch]) if record.batch else None

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (_t("Bàn giao học bạ"), reverse("transcripts:hand-over"))]


class CompletedTable(Table):
    """For who looks after several schools."""

    student = Column(verbose_name=_("Học sinh"), accessor="student_name", order_by="student_name")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    school_class = Column(
        verbose_name=_("Lớp"), accessor="school_class__name", order_by="school_class__name", attrs=NOWRAP
    )
    school_year = Column(
        verbose_name=_("Năm học"), accessor="school_year__name", order_by="school_year", attrs=NOWRAP
    )
    made = Column(verbose_name=_("Năm đã có học bạ số"), orderable=False)
    missing = Column(verbose_name=_("Năm còn thiếu"), accessor="sat", orderable=False)
    handed = Column(verbose_name=_("Bàn giao"), orderable=False, empty_values=())

    def render_made(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_missing(self, record: Any) -> str:
        return ", ".join(sorted(set(record.sat) - set(record.made)))

    def render_handed(self, record: Any) -> str:
        words, tone, school = handed_words(record)
        # In one piece: on a phone each cell is a label beside one thing.
        return format_html("<span>{} {}</span>", badge(words, tone), school)

    def value_handed(self, record: Any) -> str:
        words, _tone, school = handed_words(record)
        return f"{words}: {school}" if school else words

    value_made, value_missing = render_made, render_missing


class CompletedHere(CompletedTable):
    unit = None


def handed_words(spell: Any) -> tuple[str, str, str]:
    """(words, tone, next school) of where the record of one who completed the level is."""
    if spell.handed:
        state, _bar, school = spell.handed.partition("|")
        words, tone = {
            "given": (_t("Đã giao, chờ nhận"), "info"),
            "waiting": (_t("Chờ nhận"), "warn"),
        }.get(state, (_t("Đã nhận"), "ok"))
        return words, tone, school
    if not spell.made:
        return _t("Chưa có học bạ ký phát hành"), "bad", ""
    return _t("Trường đang lưu giữ"), "info", ""


def _give_completed(*, by: Actor, rows: QuerySet[Any]) -> str:
    return _give(by=by, rows=queries.waiting_of(by, rows))


class CompletedFilter(FilterSet):
    year = django_filters.ChoiceFilter(label=_("Năm học"), field_name="school_year_id")
    handed = django_filters.ChoiceFilter(
        label=_("Bàn giao"),
        choices=[
            ("waiting", _("Chờ trường mới nhận")),
            ("taken", _("Trường mới đã nhận")),
            ("none", _("Chưa bàn giao")),
        ],
        method="in_state",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [(one.pk, one.name) for one in organization.school_years()]

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "none":
            return rows.filter(handed__isnull=True)
        if value == "taken":
            return rows.filter(handed__startswith="taken")
        return rows.filter(Q(handed__startswith="waiting") | Q(handed__startswith="given"))


class CompletedList(Moves):
    title = _("Học sinh hoàn thành cấp học")
    table_class = CompletedTable
    filterset_class = CompletedFilter
    search_fields = ("student_name", "school_class__name", "unit__name")
    search_hint = _("Tên học sinh, lớp, trường, không cần dấu")
    empty_title = _("Chưa có học sinh nào hoàn thành cấp học")
    empty_text = _("Danh sách có học sinh lớp cuối cấp sau khi nhà trường xét hoàn thành chương trình.")
    bulk_actions = (
        BulkAction("give", _("Xác nhận giao cho trường mới"), _give_completed, PREPARE, "checks"),
    )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        reach = self.actor.reach_of("transcripts.view")
        if reach is not None and len(reach) < 2:
            self.table_class = CompletedHere

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.completed(actor)

    def row_url(self, record: Any) -> str | None:
        """All years of a pupil whose record is here; of one who has gone, the newest that the school issued."""
        if record.public_id:
            return reverse("transcripts:pupil", args=[record.public_id])
        return reverse("transcripts:detail", args=[record.newest]) if record.newest else None

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (_t("Bàn giao học bạ"), reverse("transcripts:hand-over"))]


class MinutesPage(ActorPage):
    """One hand-over: who gave, who took, whose records; printed as minutes, undone by the school that took it."""

    template_name = "transcripts/minutes.html"
    title = _("Biên bản bàn giao học bạ")

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.view")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_t("Bàn giao học bạ"), reverse("transcripts:hand-over")),
            (_t("Các lần bàn giao"), reverse("transcripts:hand-over-list")),
        ]

    @cached_property
    def minutes(self) -> Any:
        found = queries.minutes(self.actor, self.kwargs["batch"])
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.GET.get("tep") == "pdf":
            return self._pdf()
        found, first = self.minutes, self.minutes.first
        here = request.path
        context = {
            "minutes": found,
            "rows": [
                (row, ", ".join(found.years.get(row.student_id, [])), found.pupils.get(row.student_id))
                for row in found.rows
            ],
            "pairs": [
                (_t("Bên giao"), first.from_unit.name),
                (_t("Bên nhận"), first.to_unit.name),
                (_t("Cách"), first.get_way_display()),
                (_t("Lúc"), f"{timezone.localtime(first.at):%H:%M %d/%m/%Y}"),
                (_t("Người nhận"), first.by.full_name if first.by else _t("Hệ thống")),
                (_t("Học sinh"), len(found.rows)),
                (_t("Số bản"), found.transcripts),
            ],
            "links": [PageLink(_t("In biên bản"), f"{here}?tep=pdf", "printer", "primary")],
            "may_undo": bool(found.open_rows) and self.actor.can(PREPARE, first.to_unit_id)
            and first.way in (HandOverWay.BY_HAND, HandOverWay.NIGHTLY),
        }  # fmt: skip
        return render(request, self.template_name, {**self.frame(), **context})

    def _pdf(self) -> HttpResponse:
        record_reading(
            by=self.actor, subject=self.minutes.first.from_unit, purpose=_t("In biên bản bàn giao học bạ"),
            ip=origin_of(self.request).ip,
        )  # fmt: skip
        answer = HttpResponse(queries.minutes_pdf(self.minutes), content_type="application/pdf")
        answer["Content-Disposition"] = 'inline; filename="bien-ban-ban-giao-hoc-ba.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Undo of those that were picked."""
        picked = set(request.POST.getlist("pick"))
        rows = [row for row in self.minutes.open_rows if str(row.pk) in picked]
        if not rows:
            messages.warning(request, _t("Chưa chọn học sinh nào."))
            return HttpResponseRedirect(request.path)
        try:
            with acting(self.actor, reason=_t("Hoàn tác nhận học bạ")):
                number = actions.undo_hand_over(by=self.actor, hand_overs=rows, now=timezone.now())
        except Refused as fault:
            messages.error(request, fault.message)
        else:
            said = _t("Đã hoàn tác: học bạ của %(n)d học sinh lại do trường giao giữ.")
            messages.success(request, said % {"n": number})
        return HttpResponseRedirect(request.path)
