"""A province with a year of work in it, made in sets: units by bulk insert, tasks by INSERT ... SELECT."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from tests.bench.scale import Scale
from tests.bench.words import task_texts
from tests.factories.directives import make_directive
from tests.factories.organization import LONG_AGO, make_appointment, make_school_year, make_user
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.text.vietnamese import fold, sort_key
from thongsuot.modules.directives.actions.tally import compact
from thongsuot.modules.directives.models import Assignment
from thongsuot.modules.organization.models import Appointment, School, Unit

STATEMENTS = Path(__file__).with_name("tasks.sql").read_text().split(";\n")


@dataclass(frozen=True)
class World:
    """Who looks: the department's leader, a commune's officer, a principal of a school in that commune."""

    leader: Any
    officer: Any
    principal: Any
    department: Unit
    commune: Unit
    school_ids: list[int]
    today: date


def build(scale: Scale, total: int) -> World:
    """Units, people, orders and `total` tasks. The same units whatever the number of tasks."""
    today = timezone.localdate()
    committee = _units("province_committee", ["Ủy ban nhân dân tỉnh"], [None])[0]
    department = _units("department", ["Sở Giáo dục và Đào tạo"], [committee])[0]
    offices = _units("department_office", [f"Phòng chuyên môn {n}" for n in range(1, 9)], [department] * 8)
    names = [f"Ủy ban nhân dân xã Thử Nghiệm {n}" for n in range(1, scale.communes + 1)]
    communes = _units("commune", names, [committee] * len(names))
    halls = _units("commune_office", [f"Phòng Văn hóa - Xã hội {c.pk}" for c in communes], communes)
    # One in ten answers to the department, as upper-secondary schools do.
    above = [department if n % 10 == 9 else communes[n % len(communes)] for n in range(scale.schools)]
    schools = _units("school", [f"Trường Tiểu học số {n}" for n in range(1, scale.schools + 1)], above)
    School.objects.bulk_create([School(unit=unit, levels=["primary"]) for unit in schools])
    leader = _person("lanhdao", "department_leader", department)
    officer = _person("chuyenvien", "commune_officer", halls[0])
    principal = _person("hieutruong", "principal", schools[0])
    _desks(halls[1:], "commune_officer")
    _desks(schools[1:], "principal")
    for year in (today.year - 1, today.year):
        make_school_year(year)
    orders = [
        make_directive(department, issued_on=today - timedelta(days=n % 300))
        for n in range(_orders(scale, total))
    ]
    given = {
        "today": today,
        "total": total,
        "own": scale.own,
        "school": schools[0].pk,
        "commune": communes[0].pk,
        "department": department.pk,
        "giver": leader.pk,
        "offices": [unit.pk for unit in offices],
        "communes": [unit.pk for unit in communes],
        "schools": [unit.pk for unit in schools],
        "directives": [order.pk for order in orders],
        "texts": task_texts(),
        "folded": [fold(text) for text in task_texts()],
    }
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            if statement.strip():
                cursor.execute(statement, given)
    compact(by=Actor.system(), today=today)
    _go_on(scale.changes * total // scale.large, today)
    settle()
    return World(leader, officer, principal, department, communes[0], [u.pk for u in schools], today)


def _orders(scale: Scale, total: int) -> int:
    # A page of the list is full at both sizes: what is compared is the number of tasks.
    return max(30, total // scale.rows_per_directive)


def _units(kind: str, names: list[str], parents: list[Any]) -> list[Unit]:
    made = Unit.objects.bulk_create(
        [
            Unit(
                kind=kind, name=name, code=f"{kind}-{number}", parent=parent, name_fold=fold(name),
                sort_key=sort_key(name), valid_from=LONG_AGO,
            )
            for number, (name, parent) in enumerate(zip(names, parents, strict=True))
        ]
    )  # fmt: skip
    for unit in made:
        unit.path = f"{unit.parent.path if unit.parent else ''}{unit.pk}."
    Unit.objects.bulk_update(made, ["path"], batch_size=500)
    return made


def _person(username: str, role: str, unit: Unit) -> Any:
    user = make_user(username, f"Người {username}")
    make_appointment(user, role, unit)
    return user


def _desks(units: list[Unit], role: str) -> None:
    """Somebody at each, to whom notices go."""
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=f"{role}.{unit.pk}", full_name=f"Người {unit.pk}") for unit in units]
    )
    Appointment.objects.bulk_create(
        [
            Appointment(user=u, role=role, unit=unit, valid_from=LONG_AGO)
            for u, unit in zip(users, units, strict=True)
        ]
    )


def _go_on(changes: int, today: date) -> None:
    """Work goes on between two times that the tally is made small: each change adds to it."""
    rows = Assignment.objects.filter(state="assigned").order_by("pk")[:changes].values_list("pk", flat=True)
    for pk in list(rows):
        Assignment.objects.filter(pk=pk).update(state="in_progress", started_on=today)


def settle() -> None:
    """What autovacuum does within a minute; inside a transaction the half of it that can be done there."""
    inside = connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("analyze" if inside else "vacuum analyze")
