"""Which schools still lack signed transcripts, who is to act and by when: a list of schools, the same by commune. The second
click opens a school's classes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, Table
from thongsuot.kit.pages.views import ListPage, PageLink
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import EducationLevel

from .. import queries
from .school import year_at_hand
from .words import TURN_WORDS

GATEWAY = "transcripts.gateway"
NUMBER = {"td": {"class": "ts-num"}, "th": {"class": "ts-num"}}


class CountColumn(Column):
    """19.695 on the page, the bare number in files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=NUMBER, **kwargs)

    def render(self, value: int) -> str:
        return number_format(value, force_grouping=True)


class BoardTable(Table):
    """who_of: who is to act, by school; set by the page."""

    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    commune = Column(
        verbose_name=_("Xã, phường"), accessor="unit__parent__name", order_by="unit__parent__sort_key"
    )
    pupils = CountColumn(verbose_name=_("Học sinh"))
    left = CountColumn(verbose_name=_("Còn thiếu"))
    received = CountColumn(verbose_name=_("Sở tiếp nhận"))
    turn = Column(verbose_name=_("Việc tiếp theo"), empty_values=(), orderable=False)
    who = Column(verbose_name=_("Người làm"), empty_values=(), orderable=False)
    due = Column(
        verbose_name=_("Hạn"), empty_values=(), orderable=False, attrs={"td": {"class": "ts-nowrap"}}
    )
    lacking = CountColumn(verbose_name=_("Chưa lập"))
    at_subject = CountColumn(verbose_name=_("Chờ bộ môn"))
    at_homeroom = CountColumn(verbose_name=_("Chờ chủ nhiệm"))
    at_leader = CountColumn(verbose_name=_("Chờ hiệu trưởng"))
    at_seal = CountColumn(verbose_name=_("Chờ phát hành"))
    at_mending = CountColumn(verbose_name=_("Sở từ chối"))
    at_sending = CountColumn(verbose_name=_("Chờ gửi"))
    at_department = CountColumn(verbose_name=_("Chờ Sở"))
    hidden = (
        "lacking", "at_subject", "at_homeroom", "at_leader", "at_seal", "at_mending", "at_sending",
        "at_department",
    )  # fmt: skip
    who_of: dict[int, Any] = {}

    def render_turn(self, record: Any) -> str:
        return str(TURN_WORDS[record.turn])

    value_turn = render_turn

    def render_who(self, record: Any) -> str:
        if record.turn == "department":
            return _t("Chuyên viên Sở")
        one = self.who_of.get(record.unit_id)
        if one is None or not record.turn:
            return ""
        if one.classes:
            return _t("Giáo viên của %(n)d lớp") % {"n": one.classes}
        more = _t(" và %(n)d người khác") % {"n": one.more} if one.more else ""
        return ", ".join(one.names) + more

    value_who = render_who

    def render_due(self, record: Any) -> str:
        if record.due is None or not record.left:
            return ""
        said = f"{record.due:%d/%m/%Y}"
        return _t("%(day)s, quá hạn") % {"day": said} if record.is_late else said

    value_due = render_due


class BoardFilter(FilterSet):
    nam = django_filters.ChoiceFilter(
        label=_("Năm học"),
        choices=lambda: [(one.name, one.name) for one in organization.school_years()],
        empty_label=_("Năm đang làm"),
        method="as_it_is",
    )
    xa = django_filters.ChoiceFilter(
        label=_("Xã, phường"),
        choices=lambda: [(str(pk), name) for pk, name in organization.commune_names().items()],
        empty_label=_("Tất cả"),
        field_name="unit__parent_id",
    )
    viec = django_filters.ChoiceFilter(
        label=_("Việc tiếp theo"),
        choices=[one for one in TURN_WORDS.items() if one[0]],
        field_name="turn",
    )
    tre = django_filters.BooleanFilter(label=_("Quá hạn"), field_name="is_late")

    def as_it_is(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The page has read the year already."""
        return rows


class YearPage(ListPage):
    right = "transcripts.view"

    @cached_property
    def year(self) -> Any:
        years = list(organization.school_years())
        asked = self.request.GET.get("nam", "")
        return next((one for one in years if one.name == asked), None) or year_at_hand(years)

    def get_title(self) -> Any:
        return f"{self.title} {self.year.name}" if self.year else self.title

    def summary(self) -> tuple[dict[str, Any], list[tuple[str, int]]]:
        """Sums over all schools, the days by which it is due, when the pupils were counted; schools by step."""
        rows = queries.standings(self.actor, self.year, today=timezone.localdate())
        found, turns = queries.totals(rows)
        due_days = [
            (day, ", ".join(str(EducationLevel(one).label) for one in levels))
            for day, levels in queries.due_days(self.year)
        ]
        return {"year": self.year, "due_days": due_days, "totals": found}, turns


class Board(YearPage):
    title = _("Tiến độ học bạ số")
    template_name = "transcripts/board.html"
    table_class = BoardTable
    filterset_class = BoardFilter
    search_folded = ("unit__name_fold",)
    search_hint = _("Tên trường, không cần dấu")
    empty_title = _("Chưa có học bạ nào của năm học này")
    empty_text = _("Trường hiện ra khi có học sinh cuối năm học hoặc khi lập học bạ.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        if self.year is None:
            return queries.no_standings()
        return queries.standings(actor, self.year, today=timezone.localdate())

    def row_url(self, record: Any) -> str:
        return f"{reverse('transcripts:class-list')}?truong={record.unit_id}&nam={self.year.name}"

    def table(self, rows: Any, *, boxes: bool = False) -> Table:
        made = super().table(rows, boxes=boxes)
        if isinstance(made, BoardTable) and self.year is not None:
            # A file is written row by row: for it all of the list are asked at once.
            shown = [(one.unit_id, one.turn) for one in rows] or (
                self.listing.rows.order_by().values_list("unit_id", "turn") if rows is not None else []
            )
            made.who_of = queries.who_acts(shown, self.year)
        return made

    def extra_context(self) -> dict[str, Any]:
        if self.year is None:
            return {}
        said, turns = self.summary()
        return {
            **said,
            "turns": [(step, TURN_WORDS[step], number) for step, number in turns],
            "turn": self.request.GET.get("viec", ""),
        }

    @property
    def links(self) -> list[PageLink]:  # type: ignore[override]
        found = [
            PageLink(_t("Theo xã"), reverse("transcripts:commune-board"), "map-pin"),
            PageLink(_t("Thu hồi"), reverse("transcripts:recall-list"), "arrow-back-up"),
            PageLink(_t("Từ chối ký"), reverse("transcripts:objection-list"), "message"),
        ]
        if self.actor.can(GATEWAY):
            found.insert(0, PageLink(_t("Giao dịch"), reverse("transcripts:message-list"), "inbox"))
            found.insert(1, PageLink(_t("Chứng thư"), reverse("transcripts:certificate-list"), "certificate"))
            found.append(PageLink(_t("Hạn"), reverse("transcripts:deadlines"), "calendar-due"))
        return found


class CommuneTable(Table):
    commune = Column(
        verbose_name=_("Xã, phường, Sở"),
        accessor="unit__parent__name",
        order_by="unit__parent__sort_key",
    )
    schools = CountColumn(verbose_name=_("Số trường"))
    schools_left = CountColumn(verbose_name=_("Trường chưa xong"))
    pupils_sum = CountColumn(verbose_name=_("Học sinh"))
    left_sum = CountColumn(verbose_name=_("Còn thiếu"))
    received_sum = CountColumn(verbose_name=_("Sở tiếp nhận"))


class CommuneBoard(YearPage):
    title = _("Tiến độ học bạ số theo xã")
    template_name = "transcripts/board.html"
    table_class = CommuneTable
    search_folded = ("unit__parent__name_fold",)
    search_hint = _("Tên xã, không cần dấu")
    empty_title = _("Chưa có học bạ nào của năm học này")

    def query(self, actor: Actor) -> QuerySet[Any]:
        if self.year is None:
            return queries.no_standings().values("unit__parent_id")
        return queries.commune_standings(actor, self.year, today=timezone.localdate())

    def row_url(self, record: Any) -> str:
        return f"{reverse('transcripts:board')}?nam={self.year.name}&xa={record['unit__parent_id']}"

    def extra_context(self) -> dict[str, Any]:
        return self.summary()[0] if self.year is not None else {}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(Board.title, reverse("transcripts:board"))]
