"""The lists of certificates and of documents signed with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.pages.filters import FilterSet, YesNoFilter
from thongsuot.kit.pages.tables import Column, Table
from thongsuot.kit.pages.templatetags.frame import TONES

from ..queries.certificates import SOON_DAYS
from ..types import CertificateMedium, CertificateState, DocumentKind, DocumentState

STATE_TONES = {"registered": "warn", "approved": "ok", "revoked": "bad", "expired": "quiet", "ended": "quiet"}
EVERY = gettext_lazy("Tất cả")


def badge(label: Any, tone: str) -> str:
    return format_html('<span class="badge ts-badge {}">{}</span>', TONES.get(tone, TONES["quiet"]), label)


def state_badge(record: Any) -> str:
    """The state, and that it ends soon."""
    shown = badge(record.get_state_display(), STATE_TONES[record.state])
    left = record.valid_to - timezone.now()
    if record.state == CertificateState.APPROVED and left < timedelta(days=SOON_DAYS):
        days = max(left.days, 0)
        return format_html(
            "<span>{} {}</span>",
            shown,
            badge(_("còn %(n)d ngày") % {"n": days}, "warn" if days > 7 else "bad"),
        )
    return shown


class CertificateTable(Table):
    holder = Column(verbose_name=gettext_lazy("Cấp cho"))
    unit = Column(verbose_name=gettext_lazy("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    position = Column(verbose_name=gettext_lazy("Chức vụ khi đăng ký"))
    state = Column(verbose_name=gettext_lazy("Trạng thái"))
    valid_to = Column(verbose_name=gettext_lazy("Hết hạn"), attrs={"td": {"class": "ts-nowrap"}})
    provider = Column(verbose_name=gettext_lazy("Nhà cung cấp"))
    medium = Column(verbose_name=gettext_lazy("Nơi giữ khóa"))
    serial = Column(verbose_name=gettext_lazy("Số hiệu"))
    valid_from = Column(verbose_name=gettext_lazy("Hiệu lực từ"))
    hidden = ("medium", "serial", "valid_from")

    def value_holder(self, record: Any) -> str:
        return record.holder if not record.is_seal else _("%(holder)s (con dấu)") % {"holder": record.holder}

    def render_holder(self, record: Any) -> str:
        return self.value_holder(record)

    def render_state(self, record: Any) -> str:
        return state_badge(record)

    def value_state(self, record: Any) -> str:
        return record.get_state_display()

    def value_medium(self, record: Any) -> str:
        return record.get_medium_display()

    def render_medium(self, record: Any) -> str:
        return self.value_medium(record)

    def value_valid_to(self, record: Any) -> Any:
        return timezone.localdate(record.valid_to)

    def render_valid_to(self, record: Any) -> str:
        return timezone.localdate(record.valid_to).strftime("%d/%m/%Y")

    def value_valid_from(self, record: Any) -> Any:
        return timezone.localdate(record.valid_from)

    def render_valid_from(self, record: Any) -> str:
        return timezone.localdate(record.valid_from).strftime("%d/%m/%Y")


class CertificateFilter(FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=CertificateState.choices, empty_label=EVERY
    )
    soon = YesNoFilter(label=gettext_lazy("Sắp hết hạn (60 ngày)"), method="filter_soon", empty_label=EVERY)
    medium = django_filters.ChoiceFilter(
        label=gettext_lazy("Nơi giữ khóa"), choices=CertificateMedium.choices, empty_label=EVERY
    )
    seal = YesNoFilter(label=gettext_lazy("Con dấu của đơn vị"), method="filter_seal", empty_label=EVERY)

    def filter_seal(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        seals = Q(staff=None, account=None)
        return rows.filter(seals if value in (True, "true") else ~seals)

    def filter_soon(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        now = timezone.now()
        ending = rows.filter(
            state=CertificateState.APPROVED,
            valid_to__gte=now,
            valid_to__lte=now + timedelta(days=SOON_DAYS),
        ).exclude(renewals__state=CertificateState.APPROVED)
        return ending if value in (True, "true") else rows.exclude(pk__in=ending.values("pk"))


DOCUMENT_TONES = {"shown": "warn", "open": "info", "signed": "ok", "failed": "bad"}


class DocumentTable(Table):
    title = Column(verbose_name=gettext_lazy("Tên văn bản"))
    state = Column(verbose_name=gettext_lazy("Trạng thái"))
    holder = Column(
        verbose_name=gettext_lazy("Ký bằng"), accessor="certificate__holder", order_by="certificate__holder"
    )
    unit = Column(verbose_name=gettext_lazy("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    asked_at = Column(verbose_name=gettext_lazy("Đưa lên"), attrs={"td": {"class": "ts-nowrap"}})
    signed_at = Column(verbose_name=gettext_lazy("Ký xong"), attrs={"td": {"class": "ts-nowrap"}})
    level = Column(verbose_name=gettext_lazy("Mức chữ ký"))
    kind = Column(verbose_name=gettext_lazy("Loại tệp"))
    reason = Column(verbose_name=gettext_lazy("Lý do ký"))
    asked_by = Column(
        verbose_name=gettext_lazy("Người ký"), accessor="asked_by__full_name", order_by="asked_by__full_name"
    )
    hidden = ("unit", "level", "kind", "reason", "asked_by")

    def value_holder(self, record: Any) -> str:
        said = _("%(holder)s (con dấu)") if record.certificate.is_seal else "%(holder)s"
        return said % {"holder": record.certificate.holder}

    def render_holder(self, record: Any) -> str:
        return self.value_holder(record)

    def render_state(self, record: Any) -> str:
        return badge(record.get_state_display(), DOCUMENT_TONES[record.state])

    def value_state(self, record: Any) -> str:
        return record.get_state_display()

    def render_kind(self, record: Any) -> str:
        return record.get_kind_display()

    def render_level(self, record: Any) -> str:
        return record.get_level_display()

    def render_asked_at(self, value: Any) -> str:
        return timezone.localtime(value).strftime("%H:%M %d/%m/%Y")

    def render_signed_at(self, value: Any) -> str:
        return timezone.localtime(value).strftime("%H:%M %d/%m/%Y")


class DocumentFilter(FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=DocumentState.choices, empty_label=EVERY
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại tệp"), choices=DocumentKind.choices, empty_label=EVERY
    )
