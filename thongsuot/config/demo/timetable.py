"""A solved timetable in force and a draft beside it for the schools of the demo accounts. Written by the actions.

In the secondary school two classes have physical education together and a class is parted into two groups for it; the
primary school has classes on several sites.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from thongsuot.config.demo.context import DemoContext
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.gradebook.actions import timetable_edits as edits
from thongsuot.modules.gradebook.actions import timetables as actions
from thongsuot.modules.gradebook.actions.timetable_publishing import publish_timetable
from thongsuot.modules.gradebook.domain.timetable_solver import SOLVED, effort_for, solve
from thongsuot.modules.gradebook.models import Timetable
from thongsuot.modules.gradebook.queries import timetables as queries
from thongsuot.modules.gradebook.queries.timetable_rules import timetable_rules
from thongsuot.modules.organization.models import SchoolYear, Unit
from thongsuot.modules.registry import queries as registry
from thongsuot.modules.registry.actions import assign_teaching
from thongsuot.modules.registry.models import Staff

SYSTEM = Actor.system()
PRINCIPALS = ("hieutruong", "hieutruong2")
TOGETHER = "Giáo dục thể chất"
LAST_PRIMARY = 5


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
        _hold_together(unit, year, now)
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


def _hold_together(unit: Unit, year: SchoolYear, now: datetime) -> None:
    """Rules of the school: classes that sit together with one teacher, groups of a class with one each."""
    classes = {
        one.pk: one
        for one in registry.classes(SYSTEM, school_year_id=year.pk, unit_id=unit.pk)
        if one.grade is not None and LAST_PRIMARY < one.grade <= 12
    }
    # The week of a primary school is full: its classes have no lesson that two could share a slot with.
    if not classes:
        return
    taught: dict[int, list[int]] = defaultdict(list)
    lines = registry.unit_teaching(SYSTEM, unit_id=unit.pk, school_year_id=year.pk, on=year.starts_on)
    for class_id, subject, staff_id, _name, _lessons in lines:
        if subject == TOGETHER and class_id in classes:
            taught[staff_id].append(class_id)
    bonds = []
    pair = next(
        (found for found in (_pair(staff, own, classes) for staff, own in taught.items()) if found), None
    )
    if pair is not None:
        bonds.append({"name": "Học chung sân", "members": pair})
    busy = {one["class_id"] for one in pair or ()}
    if len(taught) > 1:
        first, second = sorted(taught)[:2]
        parted = next((pk for pk in taught[first] if pk not in busy), None)
        if parted is not None:
            assign_teaching(
                by=SYSTEM,
                staff=Staff.objects.get(pk=second),
                school_class=classes[parted],
                subject=TOGETHER,
                lessons_per_week=next(
                    n for c, s, p, _x, n in lines if (c, s, p) == (parted, TOGETHER, first)
                ),
                valid_from=year.starts_on,
            )
            name = f"{classes[parted].name}: hai nhóm"
            bonds.append({"name": name, "members": [_member(parted, first), _member(parted, second)]})
    if bonds:
        rules = timetable_rules(unit.pk, year.pk, [one.grade for one in classes.values()])
        body = {**rules.model_dump(mode="json"), "bonds": bonds}
        actions.set_rules(by=SYSTEM, unit=unit, school_year=year, body=body, edition=0, now=now)


def _pair(staff_id: int, own: list[int], classes: dict[int, Any]) -> list[dict[str, Any]] | None:
    """Two classes of a grade on one site whom somebody teaches."""
    seen: dict[tuple[Any, Any], int] = {}
    for pk in own:
        place = (classes[pk].grade, classes[pk].site_id)
        if place in seen:
            return [_member(seen[place], staff_id), _member(pk, staff_id)]
        seen[place] = pk
    return None


def _member(class_id: int, staff_id: int) -> dict[str, Any]:
    return {"class_id": class_id, "subject": TOGETHER, "staff_id": staff_id}


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
