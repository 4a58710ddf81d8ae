"""Background work of the gradebook: results follow the marks."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.modules.organization.queries import current_school_year, school_years

from .actions import compute_everywhere
from .queries import stale_units


@periodic_task(cron="*/10 * * * *", name="gradebook.stale_results")
def stale_results(*, by: Actor, today: date) -> None:
    """Schools in which somebody has written marks: the pupils concerned, in seconds."""
    stale = stale_units(by)
    for year in school_years():
        if year.pk in stale:
            compute_everywhere(by=by, school_year=year, unit_ids=stale[year.pk])


@periodic_task(cron="30 17 * * *", name="gradebook.new_results")
def new_results(*, by: Actor, today: date) -> None:
    """At half past midnight: pupils who have no results yet, who came, left or moved to another class."""
    year = current_school_year(today)
    if year is not None:
        compute_everywhere(by=by, school_year=year)
