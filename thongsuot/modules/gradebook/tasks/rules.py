"""Rules of assessment set or withdrawn: results of the years concerned are computed again."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.jobs.actions import start_job
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import JobResult
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization.queries import school_years

from ..actions import compute_everywhere, follow_rules
from ..permissions import SET_RULES
from ..queries import open_units
from .results import AT_ONCE


def ask_to_follow(*, by: Actor, first_year: int) -> Any:
    """The job that computes again what other rules made, in the years that begin in `first_year` or later; None when there
    is no such year. Raises NotAllowed."""
    by.require(SET_RULES)
    years = sorted(one.pk for one in school_years() if one.starts_on.year >= first_year)
    if not years:
        return None
    title = _("Tính lại kết quả theo quy định đánh giá mới")
    return start_job(by=by, task=follow_step, title=title, year_ids=years)


@job_task(name="gradebook.follow_rules", in_steps=True)
def follow_step(*, by: Actor, progress: Progress, year_ids: list[int]) -> JobResult:
    """A few schools after the other; may run again from anywhere: what was computed by the rules in force is left."""
    system, reason = Actor.system(), _("Quy định đánh giá thay đổi")
    with act_as(system):
        years = [one for one in school_years() if one.pk in year_ids]
        parts = [
            (year, units[start : start + AT_ONCE])
            for year in years
            for units in [sorted(open_units(system, year))]
            for start in range(0, len(units), AT_ONCE)
        ]
    pupils = 0
    for number, (year, some) in enumerate(parts, start=1):
        with act_as(system), acting(by, reason=reason):
            follow_rules(by=system, school_year=year, unit_ids=some, today=timezone.localdate())
            pupils += compute_everywhere(by=system, school_year=year, unit_ids=some).pupils
        progress.set(number, total=len(parts))
    return JobResult(message=_("Đã tính lại kết quả của %(n)d học sinh") % {"n": pupils})
