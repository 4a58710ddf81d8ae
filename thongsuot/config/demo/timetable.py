"""A solved timetable in force and a draft beside it for the schools of the demo accounts. Written by the actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook.actions import timetable_edits as edits
from thongsuot.modules.gradebook.actions import timetables as actions
from thongsuot.modules.gradebook.actions.timetable_publishing import publish_timetable
from thongsuot.modules.gradebook.domain.timetable_solver import SOLVED, effort_for, solve
from thongsuot.modules.gradebook.models import Timetable
from thongsuot.modules.gradebook.queries import timetables as queries
from thongsuot.modules.organization.models import SchoolYear, Unit

SYSTEM = Actor.system()
PRINCIPALS = ("hieutruong", "hieutruong2")


def build(context: DemoContext) -> None:
    if Timetable.objects.exists():
        return
    year = SchoolYear.objects.filter(starts_on__lte=context.today).order_by("-starts_on").first()
    if year is None:
        return
    term = 1 if context.today < year.starts_on + timedelta(days=135) else 2
    now = timezone.make_aware(datetime.combine(context.today, time(8, 0)))
    units = {h.unit_id for name in PRINCIPALS for h in context.actor(name).holdings}
    for unit in Unit.objects.filter(pk__in=units, kind="school").order_by("pk"):
        row = actions.create_timetable(
            by=SYSTEM, unit=unit, school_year=year, term=term, valid_from=year.starts_on, now=now
        )
        if not _solved(row, now):
            continue
        publish_timetable(by=SYSTEM, timetable=row, now=now)
        # The next version, being worked on: a few lessons taken out, so that there is something to place.
        later = min(context.today + timedelta(days=10), year.ends_on)
        copy = actions.create_timetable(
            by=SYSTEM,
            unit=unit,
            school_year=year,
            term=term,
            valid_from=later,
            note="Điều chỉnh sau phân công lại",
            copy_of=row,
            now=now,
        )
        for one in queries.board(SYSTEM, copy).placed[8:24:8]:
            edits.remove_lesson(
                by=SYSTEM, timetable=copy, class_id=one.class_id, slot=one.slot, edition=None, now=now
            )


def _solved(row: Timetable, now: datetime) -> bool:
    """Preschools have nothing to solve; a school whose assignments do not fit keeps its draft with the explanation."""
    board = queries.board(SYSTEM, row)
    if not board.to_solve.loads:
        row.delete()
        return False
    effort = replace(effort_for(board.to_solve), improve=1)
    outcome = solve(board.to_solve, effort)
    edits.keep_solution(by=SYSTEM, timetable=row, outcome=outcome, edition=row.edition, now=now)
    return outcome.state == SOLVED
