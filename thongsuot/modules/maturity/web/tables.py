"""Lists of assessments, teams, decisions, the register, appeals."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, DateTimeColumn, Table

from ..queries import rounds
from ..types import AppealState, AssessmentState
from .words import STATE_TONES, badge, level_badge, points_words, short_place

NOWRAP = {"td": {"class": "ts-nowrap"}}
LEVEL_CHOICES = [(1, _("Mức 1")), (2, _("Mức 2")), (3, _("Mức 3"))]


def _rounds(request: Any) -> Any:
    return rounds()


class AssessmentTable(Table):
    unit = Column(verbose_name=_("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    parent = Column(verbose_name=_("Cơ quan quản lý"), accessor="unit__parent__name", orderable=False)
    round = Column(verbose_name=_("Năm học"), order_by="round__school_year__starts_on", attrs=NOWRAP)
    rubric = Column(verbose_name=_("Bộ chỉ số"), accessor="rubric__decision", orderable=False)
    state = Column(verbose_name=_("Trạng thái"))
    self_level = Column(verbose_name=_("Tự đánh giá"), empty_values=())
    external_level = Column(verbose_name=_("Đánh giá ngoài"), empty_values=())
    team = Column(verbose_name=_("Đoàn"), accessor="team__name", default="–", orderable=False)
    submitted_at = DateColumn(verbose_name=_("Ngày nộp"), default="–", attrs=NOWRAP)
    hidden = ("rubric",)

    def render_parent(self, value: str) -> str:
        return short_place(value)

    def render_state(self, record: Any) -> str:
        return badge(record.get_state_display(), STATE_TONES.get(record.state, "quiet"))

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())

    def render_self_level(self, record: Any) -> str:
        return level_badge(record.self_level)

    def render_external_level(self, record: Any) -> str:
        return level_badge(record.external_level)


class AssessmentFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=AssessmentState.choices)
    round = django_filters.ModelChoiceFilter(label=_("Năm học"), queryset=_rounds)
    self_level = django_filters.ChoiceFilter(label=_("Mức tự đánh giá"), choices=LEVEL_CHOICES)
    external_level = django_filters.ChoiceFilter(label=_("Mức đánh giá ngoài"), choices=LEVEL_CHOICES)


class TeamTable(Table):
    name = Column(verbose_name=_("Đoàn"))
    round = Column(verbose_name=_("Năm học"), orderable=False)
    members = Column(verbose_name=_("Thành viên"), empty_values=(), orderable=False)
    given = Column(verbose_name=_("Số phiếu được giao"))
    basis = Column(verbose_name=_("Quyết định lập đoàn"), orderable=False)

    def render_members(self, record: Any) -> str:
        names = [
            f"{m.user.full_name} ({_('trưởng đoàn')})" if m.is_lead else m.user.full_name
            for m in record.members.all()
        ]
        return ", ".join(names)


class DecisionTable(Table):
    number = Column(verbose_name=_("Số, ký hiệu"), empty_values=())
    round = Column(verbose_name=_("Năm học"), orderable=False)
    signed_on = DateColumn(verbose_name=_("Ngày ký"))
    size = Column(verbose_name=_("Số đơn vị"))
    state = Column(verbose_name=_("Trạng thái"), empty_values=(), orderable=False)
    signer_name = Column(verbose_name=_("Người ký"))

    def render_number(self, record: Any) -> str:
        return str(record) if record.number else str(_("(dự thảo)"))

    def render_state(self, record: Any) -> str:
        if record.published_on:
            return badge(_("Đã công bố"), "ok")
        return badge(_("Đã ban hành"), "info") if record.number else badge(_("Dự thảo"), "quiet")


class RegisterTable(Table):
    unit = Column(verbose_name=_("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    parent = Column(verbose_name=_("Cơ quan quản lý"), accessor="unit__parent__name", orderable=False)
    year = Column(
        verbose_name=_("Năm học"),
        accessor="decision__round__school_year__name",
        order_by="decision__round__school_year__starts_on",
        attrs=NOWRAP,
    )
    level = Column(verbose_name=_("Mức"))
    points = Column(verbose_name=_("Điểm"), orderable=False)
    decision = Column(verbose_name=_("Quyết định"), order_by="decision__number", attrs=NOWRAP)
    signed_on = DateColumn(verbose_name=_("Ngày ký"), accessor="decision__signed_on")
    is_live = Column(verbose_name=_("Hiệu lực"), attrs=NOWRAP)

    def render_parent(self, value: str) -> str:
        return short_place(value)

    def render_level(self, record: Any) -> str:
        return level_badge(record.level)

    def value_level(self, record: Any) -> int:
        return int(record.level)

    def render_points(self, record: Any) -> str:
        return points_words(record.points)

    def render_is_live(self, record: Any) -> str:
        return str(_("Đang hiệu lực")) if record.is_live else badge(_("Đã được thay"), "quiet")


class RegisterFilter(FilterSet):
    level = django_filters.ChoiceFilter(label=_("Mức"), choices=LEVEL_CHOICES)
    round = django_filters.ModelChoiceFilter(
        label=_("Năm học"), queryset=_rounds, field_name="decision__round"
    )


class AppealTable(Table):
    unit = Column(verbose_name=_("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    decision = Column(verbose_name=_("Quyết định"), accessor="recognition__decision", orderable=False)
    level = Column(verbose_name=_("Mức được công nhận"), accessor="recognition__level", orderable=False)
    state = Column(verbose_name=_("Trạng thái"))
    filed_at = DateTimeColumn(verbose_name=_("Gửi lúc"))
    decided_at = DateTimeColumn(verbose_name=_("Trả lời lúc"))

    def render_level(self, value: Any) -> str:
        return level_badge(value)

    def render_state(self, record: Any) -> str:
        return badge(record.get_state_display(), STATE_TONES.get(record.state, "quiet"))

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())


class AppealFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=AppealState.choices)
