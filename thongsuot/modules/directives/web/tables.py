"""Lists of directives, assignments, targets and reports."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.templatetags.frame import TONES as TONE_CLASSES

from ..domain.wording import goal_words
from ..types import ObligationState, TargetValueState
from .words import TONES, timeliness_label

STATE_TONES = {
    "reviewing": "warn",
    "in_force": "info",
    "closed": "ok",
    "withdrawn": "quiet",
    ObligationState.OWED: "quiet",
    ObligationState.SUBMITTED: "warn",
    ObligationState.RETURNED: "bad",
    ObligationState.ACCEPTED: "ok",
    ObligationState.WAIVED: "quiet",
    TargetValueState.APPROVED: "ok",
}


def badge(label: Any, tone: str) -> str:
    tone_class = TONE_CLASSES.get(tone, TONE_CLASSES["quiet"])
    return format_html('<span class="badge ts-badge {}">{}</span>', tone_class, label)


def shortened(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


class DirectiveTable(Table):
    number = Column(verbose_name=_("Số, ký hiệu"), empty_values=())
    subject = Column(verbose_name=_("Trích yếu"), orderable=False)
    type = Column(verbose_name=_("Loại"))
    issuer = Column(verbose_name=_("Cơ quan ban hành"))
    issued_on = DateColumn(verbose_name=_("Ngày ban hành"))
    owner_unit = Column(verbose_name=_("Đơn vị theo dõi"), accessor="owner_unit__name", orderable=False)
    state = Column(verbose_name=_("Trạng thái"))
    hidden = ("type", "owner_unit")

    def render_number(self, record: Any) -> str:
        return record.number or record.type or str(_("(chưa có số)"))

    def render_subject(self, value: str) -> str:
        return shortened(value)

    def render_state(self, record: Any) -> str:
        return badge(record.get_state_display(), STATE_TONES.get(record.state, "quiet"))

    def value_state(self, record: Any) -> str:
        return record.get_state_display()

    def value_subject(self, record: Any) -> str:
        return record.subject


class AssignmentTable(Table):
    text = Column(verbose_name=_("Nhiệm vụ"), orderable=False)
    unit = Column(verbose_name=_("Đơn vị chủ trì"), accessor="unit__name", order_by="unit__sort_key")
    due_on = DateColumn(verbose_name=_("Hạn"), attrs={"td": {"class": "ts-nowrap"}})
    timeliness = Column(verbose_name=_("Tình trạng"), orderable=False)
    state = Column(verbose_name=_("Trạng thái"))
    progress = Column(verbose_name=_("Tiến độ"), attrs={"td": {"class": "ts-num"}, "th": {"class": "ts-num"}})
    directive = Column(verbose_name=_("Văn bản"), accessor="directive__reference", orderable=False)
    section = Column(verbose_name=_("Mục"))
    person = Column(verbose_name=_("Người thực hiện"), accessor="person__full_name", orderable=False)
    leader = Column(verbose_name=_("Lãnh đạo phụ trách"), accessor="leader__full_name", orderable=False)
    product = Column(verbose_name=_("Sản phẩm"), orderable=False)
    assigned_by_unit = Column(
        verbose_name=_("Đơn vị giao"), accessor="assigned_by_unit__name", orderable=False
    )
    assigned_on = DateColumn(verbose_name=_("Ngày giao"))
    completed_on = DateColumn(verbose_name=_("Hoàn thành ngày"))
    deadline_words = Column(verbose_name=_("Thời hạn trong văn bản"), orderable=False)
    hidden = (
        "state",
        "section",
        "person",
        "leader",
        "product",
        "assigned_by_unit",
        "assigned_on",
        "completed_on",
        "deadline_words",
    )

    def render_text(self, value: str) -> str:
        return shortened(value)

    def value_text(self, record: Any) -> str:
        return record.text

    def render_timeliness(self, value: str) -> str:
        return badge(timeliness_label(value), TONES.get(value, "quiet"))

    def value_timeliness(self, record: Any) -> str:
        return timeliness_label(record.timeliness)

    def render_state(self, record: Any) -> str:
        return record.get_state_display()

    def value_state(self, record: Any) -> str:
        return record.get_state_display()

    def render_progress(self, value: int) -> str:
        return f"{value}%"

    def render_product(self, value: str) -> str:
        return shortened(value, 90)


class TargetTable(Table):
    text = Column(verbose_name=_("Chỉ tiêu"), orderable=False)
    goal = Column(
        verbose_name=_("Giao"), orderable=False, accessor="value", attrs={"td": {"class": "ts-num"}}
    )
    period = Column(verbose_name=_("Kỳ"), orderable=False)
    due_on = DateColumn(verbose_name=_("Đến ngày"))
    source = Column(
        verbose_name=_("Nguồn số liệu"), accessor="indicator_code", empty_values=(), orderable=False
    )
    directive = Column(verbose_name=_("Văn bản"), accessor="directive__reference", orderable=False)
    owner_unit = Column(verbose_name=_("Đơn vị giao"), accessor="owner_unit__name", orderable=False)
    hidden = ("owner_unit",)

    def render_text(self, value: str) -> str:
        return shortened(value)

    def value_text(self, record: Any) -> str:
        return record.text

    def render_goal(self, record: Any) -> str:
        return goal_words(record.operator, record.value, record.measure)

    def render_source(self, record: Any) -> str:
        automatic = bool(record.indicator_code)
        return badge(_("Tự động") if automatic else _("Đơn vị báo cáo"), "ok" if automatic else "quiet")

    def value_source(self, record: Any) -> str:
        return record.indicator_code


class ObligationTable(Table):
    what = Column(verbose_name=_("Báo cáo"), accessor="duty__what", orderable=False)
    unit = Column(verbose_name=_("Đơn vị báo cáo"), accessor="unit__name", order_by="unit__sort_key")
    to_unit = Column(
        verbose_name=_("Nơi nhận"),
        accessor="to_unit__name",
        orderable=False,
        attrs={"td": {"class": "ts-roomy"}},
    )
    period_label = Column(verbose_name=_("Kỳ"), orderable=False)
    due_on = DateColumn(verbose_name=_("Hạn nộp"), attrs={"td": {"class": "ts-nowrap"}})
    timeliness = Column(verbose_name=_("Tình trạng"), orderable=False)
    state = Column(verbose_name=_("Trạng thái"))
    submitted_at = DateColumn(verbose_name=_("Nộp ngày"))
    directive = Column(verbose_name=_("Văn bản"), accessor="duty__directive__reference", orderable=False)
    hidden = ("submitted_at", "directive")

    def render_what(self, value: str) -> str:
        return shortened(value, 120)

    def value_what(self, record: Any) -> str:
        return record.duty.what

    def render_timeliness(self, value: str) -> str:
        return badge(timeliness_label(value), TONES.get(value, "quiet"))

    def value_timeliness(self, record: Any) -> str:
        return timeliness_label(record.timeliness)

    def render_state(self, record: Any) -> str:
        return badge(record.get_state_display(), STATE_TONES.get(record.state, "quiet"))

    def value_state(self, record: Any) -> str:
        return record.get_state_display()
