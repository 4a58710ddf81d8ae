"""Share of pupils with a signed transcript of the last closed year, and of schools that issue them: targets of directives.

Their codes are those of figures that units used to report themselves (data/statistics/reported.json): a computed one
takes the reported one's place and its series goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
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
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from .domain.steps import Verb
from .models import Transcript, TranscriptLog

LAW = "Kế hoạch thực hiện Nghị quyết 57-NQ/TW của tỉnh"


class PupilTable(Table):
    """Pupils behind the figure."""

    student_name = Column(verbose_name=_("Học sinh"), order_by="student_name")
    school_class = Column(verbose_name=_("Lớp"), accessor="school_class__name")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")


def _year(as_of: date) -> Any:
    """The year that had ended last on the day: of a running one nobody has a transcript."""
    ended = [one for one in organization.school_years() if one.ends_on <= as_of]
    return max(ended, key=lambda one: one.ends_on, default=None)


def _pupils(actor: Actor, year: Any, as_of: date) -> QuerySet[Any]:
    """Spells of pupils who sat in a class when the year ended, each marked whether a transcript was issued by the day and
    not taken back by then."""
    moment = timezone.make_aware(datetime.combine(as_of, time.max))
    taken = TranscriptLog.objects.filter(transcript=OuterRef("pk"), verb=Verb.RECALL, at__lte=moment)
    issued = Transcript.objects.filter(
        ~Exists(taken),
        student=OuterRef("student_id"),
        school_year=year,
        unit=OuterRef("unit_id"),
        issued_at__lte=moment,
    )
    rows = registry.enrolments(actor).filter(
        Q(left_on__isnull=True) | Q(left_on__gte=year.ends_on),
        school_year=year,
        school_class__isnull=False,
        grade__range=(1, 12),
    )
    return rows.annotate(has_transcript=Exists(issued))


def _shares(as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    year = _year(as_of)
    if year is None:
        return []
    rows = _pupils(Actor.system(), year, as_of)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    counted = (
        rows.order_by()
        .values("unit_id")
        .annotate(
            having=Count("student_id", filter=Q(has_transcript=True), distinct=True),
            all=Count("student_id", distinct=True),
        )
    )
    return list(counted.values_list("unit_id", "having", "all"))


def _schools(as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    """A school counts once it has issued one."""
    return [(unit_id, 1 if having else 0, 1) for unit_id, having, _all in _shares(as_of, unit_ids)]


def _missing(actor: Actor, unit_id: int, as_of: date) -> DrillDown:
    node, year = indicators.unit_nodes([unit_id], as_of).get(unit_id), _year(as_of)
    rows = registry.enrolments(actor).none()
    if year is not None:
        rows = _pupils(actor, year, as_of).filter(
            has_transcript=False, unit_id__in=node.covers if node else []
        )
    return DrillDown(
        rows.select_related("unit", "school_class").order_by(
            "unit__sort_key", "school_class__name", "student_name", "pk"
        ),
        PupilTable,
        _("Chưa có học bạ số đã ký phát hành"),
        _class_url,
        ("student_name", "unit__name"),
    )


def _class_url(spell: Any) -> str:
    return reverse("transcripts:class", args=[spell.school_class_id])


def register_all() -> None:
    """Called once, when the app is ready."""
    register(
        Indicator(
            "digital.transcripts",
            _("Tỷ lệ học sinh có học bạ số"),
            PERCENT,
            formula=_shares,
            drill_down=_missing,
            description=_(
                "Học sinh cuối năm học đã kết thúc gần nhất có học bạ số đã ký phát hành, chưa bị thu hồi vào ngày "
                "tính / tổng số học sinh lớp 1 đến lớp 12 cuối năm học đó."
            ),
            source_of_law=LAW,
            confidence=Confidence.VERIFIED,
            subject=_("Chuyển đổi số"),
            decimals=1,
        )
    )
    register(
        Indicator(
            "digital.transcript_schools",
            _("Tỷ lệ cơ sở giáo dục triển khai học bạ số"),
            PERCENT,
            formula=_schools,
            description=_(
                "Trường đã phát hành ít nhất một học bạ số của năm học đã kết thúc gần nhất / tổng số trường có học "
                "sinh lớp 1 đến lớp 12."
            ),
            source_of_law="QĐ 3806/QĐ-BGDĐT",
            confidence=Confidence.INFERRED,
            subject=_("Chuyển đổi số"),
            decimals=1,
        )
    )
