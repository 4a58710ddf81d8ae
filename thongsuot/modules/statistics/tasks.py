"""What takes longer than a page may, and what the system does by itself. Cron is read in UTC; the hours in the comments
are those of Hà Nội."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.queries import jobs_of
from thongsuot.kit.jobs.registry import JobTask, job_task
from thongsuot.kit.jobs.types import FINISHED, JobResult

from . import actions
from .actions.closing import close_signed
from .actions.forecast import check_assumptions, make_forecast
from .actions.freezing import check_may_freeze, freeze_due, freeze_period
from .actions.keeping import forget_forms, keep_forms, keep_usual_forms
from .actions.return_reminding import send_return_reminders
from .domain.forecast_needs import Norm
from .domain.form import Form
from .models import ReportingPeriod
from .permissions import VIEW
from .queries.forms import form as form_in_force
from .queries.kept import computed_beside


@job_task(name="statistics.forms")
def compute_forms(*, by: Actor, progress: Progress, form_code: str, of_unit: int, day: str) -> JobResult:
    """Compute a form of a unit and those beside it, and keep them."""
    as_of = date.fromisoformat(day)
    asked = form_in_force(form_code, as_of)
    keep_forms(
        by=by,
        forms=computed_beside(asked, as_of),
        unit_id=of_unit,
        as_of=as_of,
        now=timezone.localtime(),
        tell=progress.set,
    )
    url = reverse("statistics:form-unit", kwargs={"code": asked.slug, "unit_id": of_unit})
    return JobResult(url=f"{url}?ngay={day}")


def start_forms(*, by: Actor, form: Form, unit: Any, as_of: date) -> Job:
    """Ask for it; asked twice while it is under way it is one job. Raises NotAllowed without the right to the unit."""
    by.require(VIEW, unit.pk)
    asked = {"form_code": form.code, "of_unit": unit.pk, "day": as_of.isoformat()}
    words = {"form": form.code, "unit": unit.name, "day": f"{as_of:%d/%m/%Y}"}
    return _start_once(by, compute_forms, _("Tính biểu %(form)s, %(unit)s, ngày %(day)s") % words, asked)


@job_task(name="statistics.freeze_period")
def freeze_one(*, by: Actor, progress: Progress, period_id: int) -> JobResult:
    """Freeze a period whose day has come."""
    period = ReportingPeriod.objects.get(pk=period_id)
    freeze_period(by=by, period=period, now=timezone.localtime(), tell=progress.set)
    return JobResult(
        url=reverse("statistics:period-detail", args=[period.public_id]),
        message=_("Đã chốt số liệu; các đơn vị được báo để xác nhận."),
    )


def start_freeze(*, by: Actor, period: ReportingPeriod) -> Job:
    """Ask for it. Raises NotAllowed, NotYet as freezing does."""
    check_may_freeze(by=by, period=period, today=timezone.localdate())
    title = _("Chốt số liệu: %(name)s") % {"name": period.name}
    return _start_once(by, freeze_one, title, {"period_id": period.pk})


@job_task(name="statistics.forecast")
def forecast(
    *, by: Actor, progress: Progress, name: str, migration: str, births: str, norms: dict[str, Any]
) -> JobResult:
    """Make a forecast."""
    changed = {
        group: Norm(one["class_size"], Decimal(one["teachers"]), one["classes_per_room"])
        for group, one in norms.items()
    }
    made = make_forecast(
        by=by,
        name=name,
        now=timezone.localtime(),
        migration=Decimal(migration),
        births=Decimal(births),
        changed_norms=changed,
        tell=progress.set,
    )
    return JobResult(url=reverse("statistics:forecast-detail", args=[made.pk]))


def start_forecast(
    *, by: Actor, name: str, migration: Decimal, births: Decimal, changed_norms: Mapping[str, Norm]
) -> Job:
    """Ask for it. Raises NotAllowed, CannotForecast for a bad assumption; what is known is looked at by the job."""
    name = check_assumptions(by=by, name=name, migration=migration, births=births)
    asked = {
        "name": name,
        "migration": str(migration),
        "births": str(births),
        "norms": {group: norm.as_json() for group, norm in changed_norms.items()},
    }
    return _start_once(by, forecast, _("Lập dự báo: %(name)s") % {"name": name}, asked)


def _start_once(by: Actor, task: JobTask, title: str, asked: dict[str, Any]) -> Job:
    under_way = jobs_of(by).filter(task=task.name, arguments=asked).exclude(state__in=FINISHED).first()
    return under_way or start_job(by=by, task=task, title=title, **asked)


@periodic_task(cron="40 17 * * *", name="statistics.keep_forms")  # 00:40
def keep_usual(*, by: Actor, today: date) -> None:
    """The department finds its forms computed in the morning."""
    now = timezone.localtime()
    forget_forms(by=by, now=now)
    keep_usual_forms(by=by, today=today, now=now)


@periodic_task(cron="30 17 * * *", name="statistics.freeze")  # 00:30
def freeze(*, by: Actor, today: date) -> None:
    """Freeze the periods whose day is over, close those that are signed off."""
    freeze_due(by=by, today=today, now=timezone.localtime())
    close_signed(by=by, now=timezone.localtime())


@periodic_task(cron="20 23 * * *", name="statistics.remind")  # 06:20, before the digest goes out
def remind(*, by: Actor, today: date) -> None:
    """Remind units of returns that they have not confirmed."""
    send_return_reminders(by=by, now=timezone.localtime())


@periodic_task(cron="*/5 * * * *", name="statistics.refresh")
def refresh(*, by: Actor, today: date) -> None:
    actions.refresh(by=by, as_of=today)


# 00:10 in Hà Nội: proves the figures of the day that has ended, then counts those of the new one.
@periodic_task(cron="10 17 * * *", name="statistics.recompute")
def recompute(*, by: Actor, today: date) -> None:
    actions.note_sources(by=by, as_of=today)
    actions.prove(by=by, as_of=today)


@periodic_task(cron="20 23 * * *", name="statistics.remind_of_reports")  # 06:20, before the digest goes out
def remind_reports(*, by: Actor, today: date) -> None:
    """Reminders of the dates of periodic reports."""
    actions.remind_of_reports(by=by, today=today)
