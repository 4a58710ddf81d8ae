"""Who has completed a level: the list that the next level and whoever plans its intake get."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.views import ListPage, PageLink
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries

from .graduation import LEVELS


class CompletionTable(Table):
    student = Column(
        verbose_name=_("Học sinh"), accessor="enrolment__student_name", order_by="enrolment__student_name"
    )
    birth_date = DateColumn(verbose_name=_("Ngày sinh"))
    school_class = Column(
        verbose_name=_("Lớp"),
        accessor="enrolment__school_class__name",
        order_by="enrolment__school_class__name",
    )
    unit = Column(
        verbose_name=_("Trường"), accessor="graduation__unit__name", order_by="graduation__unit__sort_key"
    )
    level = Column(verbose_name=_("Hoàn thành"), accessor="graduation__grade", order_by="graduation__grade")
    number = Column(verbose_name=_("Quyết định"), accessor="graduation__decision_number", orderable=False)
    decided_on = DateColumn(verbose_name=_("Ngày"), accessor="graduation__decided_on")
    now_at = Column(verbose_name=_("Hiện học ở"), empty_values=(), orderable=False)
    year = Column(verbose_name=_("Năm học"), accessor="graduation__school_year__name", orderable=False)
    hidden = ("year",)

    def render_level(self, value: int) -> str:
        return str(LEVELS.get(value, value))

    value_level = render_level

    def render_now_at(self, record: Any) -> str:
        if record.now_at:
            return str(record.now_at)
        return _t("Chờ trường cấp trên nhận") if record.dossier else _t("Hồ sơ đã chuyển đi")

    value_now_at = render_now_at


class CompletionFilter(FilterSet):
    grade = django_filters.ChoiceFilter(
        label=_("Cấp học"),
        choices=list(LEVELS.items()),
        empty_label=_("Tất cả"),
        field_name="graduation__grade",
    )
    year = django_filters.ChoiceFilter(
        label=_("Năm học"),
        choices=lambda: [(row.pk, str(row)) for row in organization.school_years()],
        empty_label=_("Tất cả"),
        field_name="graduation__school_year_id",
    )
    waiting = django_filters.ChoiceFilter(
        label=_("Hồ sơ"),
        choices=[("yes", _("Chờ trường cấp trên nhận")), ("no", _("Đã được nhận"))],
        empty_label=_("Tất cả"),
        method="by_waiting",
    )

    def by_waiting(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        waiting = {"now_at__isnull": True, "dossier__isnull": False}
        return rows.filter(**waiting) if value == "yes" else rows.exclude(**waiting)


class CompletionList(ListPage):
    """Who has completed a level: what the schools of the next level and whoever plans their intake get."""

    title = _("Học sinh hoàn thành cấp học")
    right = "registry.view"
    table_class = CompletionTable
    filterset_class = CompletionFilter
    search_fields = ("enrolment__student_name", "graduation__unit__name", "graduation__decision_number")
    search_hint = _("Tên học sinh, trường, số quyết định")
    empty_title = _("Chưa có quyết định hoàn thành cấp học nào")
    empty_text = _("Hiệu trưởng ghi quyết định ở trang Hoàn thành cấp học; danh sách hiện ở đây.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.completions(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("registry:student-detail", args=[record.dossier]) if record.dossier else None

    def links(self) -> list[PageLink]:
        if not self.actor.can("registry.promote"):
            return []
        return [PageLink(_("Ghi quyết định"), reverse("graduation"), "certificate", "primary")]
