"""Shares of teachers and managers who hold a valid certificate: the target of directives is 100 %.

Their codes are those of figures that units used to report themselves (data/statistics/reported.json): a computed one
takes the reported one's place and its series goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tables2 import Column

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators.registry import register
from thongsuot.kit.indicators.types import PERCENT, Confidence, DrillDown, Indicator, Row
from thongsuot.kit.pages.tables import Table
from thongsuot.modules.registry import queries as registry

from .models import SignerCertificate
from .queries.certificates import usable_on

LAW = "Kế hoạch thực hiện Nghị quyết 57-NQ/TW của tỉnh"
GROUPS = {
    "teacher": ("digital.teachers_signature", _("Tỷ lệ giáo viên có chữ ký số")),
    "manager": ("digital.staff_signature", _("Tỷ lệ cán bộ quản lý có chữ ký số")),
}


class SignerTable(Table):
    """People behind the figure."""

    staff = Column(verbose_name=_("Họ tên"), accessor="staff__full_name", order_by="staff__sort_key")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def _posts(actor: Actor, group: str, as_of: date) -> QuerySet[Any]:
    """Posts of the group that run and are worked in on the day, each marked whether its person can sign."""
    own = SignerCertificate.objects.filter(usable_on(_end_of(as_of)), staff=OuterRef("staff"))
    rows = registry.employed_on(actor, on=as_of).filter(group=group, status="working")
    return rows.annotate(can_sign=Exists(own))


def _formula(group: str, as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    rows = _posts(Actor.system(), group, as_of)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    counted = (
        rows.order_by()
        .values("unit_id")
        .annotate(
            signing=Count("staff", filter=Q(can_sign=True), distinct=True), all=Count("staff", distinct=True)
        )
    )
    return list(counted.values_list("unit_id", "signing", "all"))


def _missing(group: str, actor: Actor, unit_id: int, as_of: date) -> DrillDown:
    node = indicators.unit_nodes([unit_id], as_of).get(unit_id)
    rows = _posts(actor, group, as_of).filter(can_sign=False, unit_id__in=node.covers if node else [])
    return DrillDown(
        rows.select_related("staff", "unit").order_by("unit__sort_key", "staff__sort_key", "pk"),
        SignerTable,
        _("Chưa có chứng thư số còn hiệu lực"),
        _staff_url,
        ("staff__name_fold", "unit__name"),
    )


def _staff_url(post: Any) -> str:
    return reverse("registry:staff-detail", args=[post.staff.public_id])


def register_all() -> None:
    """Called once, when the app is ready."""
    for group, (code, name) in GROUPS.items():
        register(
            Indicator(
                code,
                name,
                PERCENT,
                formula=partial(_formula, group),
                drill_down=partial(_missing, group),
                description=_(
                    "Người đang làm việc có chứng thư số đã duyệt, còn hạn, không bị thu hồi vào ngày tính / "
                    "tổng số người đang làm việc."
                ),
                source_of_law=LAW,
                confidence=Confidence.INFERRED,
                subject=_("Chuyển đổi số"),
                decimals=1,
            )
        )
