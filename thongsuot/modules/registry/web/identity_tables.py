"""Tables of the verification. They name fields that differ, never values of the other side."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table

from ..types import IdentityStatus
from .identity_words import BATCH_TONES, TONES, field_names, kind_name, tenths


def _badge(label: Any, tone: str) -> str:
    return render_to_string("components/badge.html", {"label": label, "tone_class": f"ts-tone-{tone}"})


class SchoolShareTable(Table):
    name = Column(verbose_name=_("trường"), accessor="unit__name", order_by="unit__name")
    total = Column(verbose_name=_("tổng số"))
    matched = Column(verbose_name=_("đã xác thực"))
    share = Column(verbose_name=_("tỷ lệ"))
    to_send = Column(verbose_name=_("cần gửi"))
    waiting = Column(verbose_name=_("đang chờ"))
    differ = Column(verbose_name=_("chưa khớp"))

    def render_name(self, record: Any) -> str:
        return str(record["unit__name"])

    value_name = render_name

    def render_share(self, value: int) -> str:
        return tenths(value)

    value_share = render_share


class BatchTable(Table):
    created_at = DateTimeColumn(verbose_name=_("gửi lúc"))
    unit = Column(verbose_name=_("trường"), accessor="unit__name", order_by="unit__sort_key")
    kind = Column(verbose_name=_("đối tượng"))
    channel = Column(verbose_name=_("kênh"), accessor="get_channel_display", order_by="channel")
    size = Column(verbose_name=_("số người"))
    answered = Column(verbose_name=_("đã trả lời"))
    matched = Column(verbose_name=_("khớp"))
    state = Column(verbose_name=_("trạng thái"))
    hidden = ("channel",)

    def render_kind(self, value: str) -> str:
        return kind_name(value)

    value_kind = render_kind

    def render_state(self, record: Any) -> str:
        return _badge(record.get_state_display(), BATCH_TONES.get(record.state, "quiet"))

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())


class CheckTable(Table):
    person_name = Column(verbose_name=_("họ và tên"), orderable=False)
    status = Column(verbose_name=_("kết quả"), orderable=False)
    differing = Column(verbose_name=_("mục không khớp"), orderable=False)
    answered_at = DateTimeColumn(verbose_name=_("trả lời lúc"), orderable=False)
    caption = _("Chưa khớp")

    def render_differing(self, value: str) -> str:
        return field_names(value)

    value_differing = render_differing

    def render_status(self, record: Any) -> str:
        return _badge(record.get_status_display(), TONES.get(record.status, "bad"))

    def value_status(self, record: Any) -> str:
        return str(record.get_status_display())


class SettleTable(Table):
    person_name = Column(verbose_name=_("họ và tên"))
    unit = Column(verbose_name=_("trường"), accessor="unit__name", order_by="unit__sort_key")
    kind = Column(verbose_name=_("đối tượng"))
    state_now = Column(verbose_name=_("trạng thái"))
    differing = Column(verbose_name=_("mục không khớp"))
    answered_at = DateTimeColumn(verbose_name=_("trả lời lúc"))

    def render_kind(self, value: str) -> str:
        return kind_name(value)

    value_kind = render_kind

    def render_differing(self, value: str) -> str:
        return field_names(value)

    value_differing = render_differing

    def render_state_now(self, value: str) -> str:
        return _badge(IdentityStatus(value).label, TONES.get(IdentityStatus(value), "bad"))

    def value_state_now(self, record: Any) -> str:
        return str(IdentityStatus(record.state_now).label)
