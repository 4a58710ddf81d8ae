"""The list of periodic reports, and where one is begun."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, DateTimeColumn, Table
from thongsuot.kit.pages.views import ListPage, PageLink
from thongsuot.modules.organization import queries as organization

from .. import queries
from ..permissions import MANAGE
from ..types import PaperState, ReportKind


class ReportTable(Table):
    kind = Column(verbose_name=_("Báo cáo"))
    school_year = Column(verbose_name=_("Năm học"), order_by="school_year__starts_on")
    unit = Column(verbose_name=_("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    state = Column(verbose_name=_("Trạng thái"))
    as_of = DateColumn(verbose_name=_("Số liệu đến ngày"))
    due_on = DateColumn(verbose_name=_("Hạn gửi"))
    signed_at = DateTimeColumn(verbose_name=_("Ký duyệt lúc"))


class ReportFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Báo cáo"), choices=ReportKind.choices)
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=PaperState.choices)


class ReportList(ListPage):
    title = _("Báo cáo sơ kết, tổng kết")
    template_name = "statistics/report/list.html"
    right = "statistics.view"
    table_class = ReportTable
    filterset_class = ReportFilter
    search_folded = ("unit__name_fold",)
    search_hint = _("Tên đơn vị, không cần dấu")
    detail_url = "statistics:report-detail"
    detail_key = "public_id"
    empty_title = _("Chưa có báo cáo nào")
    empty_text = _("Báo cáo của đơn vị dưới hiện ra khi đã ký duyệt.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.reports(actor)

    def links(self) -> list[PageLink]:
        if not self.actor.can(MANAGE):
            return []
        return [PageLink(_("Đặt hạn gửi"), reverse("statistics:report-dates"), "calendar-event")]

    def extra_context(self) -> dict[str, Any]:
        year = organization.current_school_year(timezone.localdate())
        units = queries.writable_units(self.actor)
        kinds = {unit.kind for unit in units}
        due = queries.due_dates(year) if year is not None and units else {}
        return {
            "due": [(ReportKind(kind).label, day) for (kind, level), day in due.items() if level in kinds],
            "units": units,
            "kinds": ReportKind.choices,
            "year": year,
        }
