"""Indicators of how orders are carried out. A figure of a unit adds up the unit and all below it.

Rates leave out what cannot be late yet: facts of the trackers (on time / finished; finished / what was due).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tables2 import Column

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators.registry import register
from thongsuot.kit.indicators.types import PERCENT, Direction, DrillDown, Indicator, Row
from thongsuot.kit.pages.tables import DateColumn, Table

from .domain.timeliness import STOPPED
from .models import Assignment, ReportObligation
from .permissions import assignments_visible, obligations_visible
from .types import AssignmentState, DeadlineKind, ObligationState

SOURCE = "QC 02-QC/BCĐTW (10/6/2025)"
SUBJECT = _("Thực hiện văn bản chỉ đạo")


ROOMY = {"td": {"class": "ts-roomy"}}


class TaskTable(Table):
    """The tasks behind a figure."""

    text = Column(verbose_name=_("Nhiệm vụ"))
    unit__name = Column(verbose_name=_("Đơn vị"), attrs=ROOMY)
    due_on = DateColumn(verbose_name=_("Hạn"))
    completed_on = DateColumn(verbose_name=_("Hoàn thành ngày"))

    class Meta:
        fields = ("text", "unit__name", "due_on", "completed_on")


class ReportTable(Table):
    """The reports behind a figure."""

    duty__what = Column(verbose_name=_("Báo cáo"))
    unit__name = Column(verbose_name=_("Đơn vị"), attrs=ROOMY)
    due_on = DateColumn(verbose_name=_("Hạn nộp"))
    submitted_at = DateColumn(verbose_name=_("Nộp lúc"))

    class Meta:
        fields = ("duty__what", "unit__name", "due_on", "submitted_at")


def _of(rows: QuerySet[Any], unit_ids: Collection[int] | None) -> QuerySet[Any]:
    return rows.order_by() if unit_ids is None else rows.filter(unit_id__in=unit_ids).order_by()


def _shares(rows: QuerySet[Any], part: Q, whole: Q) -> Iterable[Row]:
    counted = rows.values("unit_id").annotate(part=Count("pk", filter=part), whole=Count("pk", filter=whole))
    return list(counted.values_list("unit_id", "part", "whole"))


def _done(as_of: date) -> Q:
    return Q(state=AssignmentState.ACCEPTED, completed_on__lte=as_of)


def _was_due(as_of: date) -> Q:
    """Finished by then, or should have been. Ongoing work is never due."""
    missed = Q(due_on__lt=as_of) | Q(due_on__isnull=True)
    waits = Q(deadline_kind=DeadlineKind.EVENT, event_occurred_on__isnull=True)
    return _done(as_of) | (missed & ~Q(deadline_kind=DeadlineKind.ONGOING) & ~waits)


def _tasks(as_of: date, unit_ids: Collection[int] | None) -> QuerySet[Assignment]:
    return _of(Assignment.objects.filter(assigned_on__lte=as_of).exclude(state__in=STOPPED), unit_ids)


def on_time_rate(as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    dated = _done(as_of) & Q(due_on__isnull=False)
    return _shares(_tasks(as_of, unit_ids), dated & Q(completed_on__lte=F("due_on")), dated)


def completion_rate(as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    return _shares(_tasks(as_of, unit_ids), _done(as_of), _was_due(as_of))


def _late(as_of: date) -> Q:
    return Q(due_on__lt=as_of) & ~_done(as_of)


def late_tasks(as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    counted = _tasks(as_of, unit_ids).filter(_late(as_of)).values("unit_id").annotate(n=Count("pk"))
    return [(unit_id, number, None) for unit_id, number in counted.values_list("unit_id", "n")]


def _sent_in_time() -> Q:
    return Q(submitted_at__isnull=False, sent_on__lte=F("due_on"))


def _reports(as_of: date) -> QuerySet[ReportObligation]:
    rows = ReportObligation.objects.filter(due_on__lte=as_of).exclude(state=ObligationState.WAIVED)
    return rows.annotate(sent_on=TruncDate("submitted_at"))


def reports_on_time(as_of: date, unit_ids: Collection[int] | None) -> Iterable[Row]:
    return _shares(_of(_reports(as_of), unit_ids), _sent_in_time(), Q())


def _below(unit_id: int, as_of: date) -> Q:
    """The units that add up to the figure: of the department the whole province, of an office its body."""
    node = indicators.unit_nodes([unit_id], as_of).get(unit_id)
    return Q(unit_id__in=node.covers if node else [])


def _task_rows(rows: QuerySet[Assignment], title: Any) -> DrillDown:
    ordered = rows.select_related("unit").order_by("due_on", "pk")
    return DrillDown(ordered, TaskTable, title, _task_url, ("text", "unit__name"))


def _task_url(task: Assignment) -> str:
    return reverse("directives:assignment-detail", args=[task.public_id])


def _obligation_url(obligation: ReportObligation) -> str:
    return reverse("directives:obligation-detail", args=[obligation.public_id])


def _missed_tasks(actor: Actor, unit_id: int, as_of: date) -> DrillDown:
    rows = _tasks(as_of, None).filter(assignments_visible(actor), _below(unit_id, as_of), _late(as_of))
    return _task_rows(rows, _("Nhiệm vụ quá hạn"))


def _unfinished_tasks(actor: Actor, unit_id: int, as_of: date) -> DrillDown:
    rows = _tasks(as_of, None).filter(assignments_visible(actor), _below(unit_id, as_of), _was_due(as_of))
    return _task_rows(rows.exclude(_done(as_of)), _("Nhiệm vụ chưa hoàn thành"))


def _finished_late(actor: Actor, unit_id: int, as_of: date) -> DrillDown:
    late = _done(as_of) & Q(completed_on__gt=F("due_on"))
    rows = _tasks(as_of, None).filter(assignments_visible(actor), _below(unit_id, as_of), late)
    return _task_rows(rows, _("Nhiệm vụ hoàn thành quá hạn"))


def _missed_reports(actor: Actor, unit_id: int, as_of: date) -> DrillDown:
    rows = _reports(as_of).filter(obligations_visible(actor), _below(unit_id, as_of)).exclude(_sent_in_time())
    rows = rows.select_related("unit", "duty").order_by("due_on", "pk")
    return DrillDown(
        rows, ReportTable, _("Báo cáo nộp muộn hoặc chưa nộp"), _obligation_url, ("duty__what", "unit__name")
    )


def register_all() -> None:
    """Called once, when the app is ready."""
    register(
        Indicator(
            subject=SUBJECT,
            code="directives.on_time_rate",
            name=_("Tỷ lệ nhiệm vụ hoàn thành đúng hạn"),
            description=_("Hoàn thành đúng hạn / hoàn thành có hạn, theo ngày của văn bản sản phẩm."),
            unit=PERCENT,
            formula=on_time_rate,
            drill_down=_finished_late,
            source_of_law=SOURCE,
            decimals=1,
        )
    )
    register(
        Indicator(
            subject=SUBJECT,
            code="directives.completion_rate",
            name=_("Tỷ lệ nhiệm vụ hoàn thành"),
            description=_("Hoàn thành / (tổng - thường xuyên - chưa đến hạn)."),
            unit=PERCENT,
            formula=completion_rate,
            drill_down=_unfinished_tasks,
            source_of_law=SOURCE,
            decimals=1,
        )
    )
    register(
        Indicator(
            subject=SUBJECT,
            code="directives.late_tasks",
            name=_("Nhiệm vụ đang quá hạn"),
            unit=str(_("nhiệm vụ")),
            formula=late_tasks,
            drill_down=_missed_tasks,
            direction=Direction.LOWER,
            decimals=0,
        )
    )
    register(
        Indicator(
            subject=SUBJECT,
            code="directives.reports_on_time",
            name=_("Tỷ lệ báo cáo nộp đúng hạn"),
            description=_("Báo cáo nộp trong hạn / báo cáo đã đến hạn, không tính báo cáo được miễn."),
            unit=PERCENT,
            formula=reports_on_time,
            drill_down=_missed_reports,
            decimals=1,
        )
    )
