"""Background work of the gradebook: results follow the marks."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.queries import current_school_year, school_years

from .actions import compute_everywhere
from .queries import open_units, stale_units

# Schools computed in one transaction: for so long nobody of them saves a mark.
AT_ONCE = 10


@periodic_task(cron="*/10 * * * *", name="gradebook.stale_results")
def stale_results(*, by: Actor, today: date) -> None:
    """Schools in which somebody has written marks: the pupils concerned."""
    for year_id, units in stale_units(by).items():
        _start(by, year_id, units)


@periodic_task(cron="30 17 * * *", name="gradebook.new_results")
def new_results(*, by: Actor, today: date) -> None:
    """At half past midnight: pupils who have no results yet, who came, left or moved to another class."""
    year = current_school_year(today)
    if year is not None:
        _start(by, year.pk, open_units(by, year))


def _start(by: Actor, year_id: int, units: set[int]) -> None:
    if units:
        title = _("Tính kết quả học tập của %(n)d trường") % {"n": len(units)}
        start_job(by=by, task=compute_step, title=title, year_id=year_id, unit_ids=sorted(units))


@job_task(name="gradebook.compute", in_steps=True)
def compute_step(*, by: Actor, progress: Progress, year_id: int, unit_ids: list[int]) -> JobResult:
    """A few schools after the other, each group in a transaction of its own; may run again from anywhere."""
    with act_as(by):
        year = next(one for one in school_years() if one.pk == year_id)
    pupils = 0
    for start in range(0, len(unit_ids), AT_ONCE):
        with act_as(by), acting(by, reason=_("Tính kết quả từ sổ điểm")):
            some = unit_ids[start : start + AT_ONCE]
            pupils += compute_everywhere(by=by, school_year=year, unit_ids=some).pupils
        progress.set(min(start + AT_ONCE, len(unit_ids)), total=len(unit_ids))
    return JobResult(message=_("Đã tính kết quả của %(n)d học sinh") % {"n": pupils})
