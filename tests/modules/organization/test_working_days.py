"""Setting days right; the calendar that every deadline asks; the move of the table keeps rows and history."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.factories.organization import make_province
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.modules.organization import actions, queries
from thongsuot.modules.organization.models import WorkDay

pytestmark = pytest.mark.django_db
STORM = date(2027, 3, 1)


def test_whoever_keeps_the_calendar_sets_days_and_takes_them_back():
    province = make_province()
    officer, school = (
        province.actor("department_officer", "office"),
        province.actor("principal", "school_a1"),
    )
    said = {"day": STORM, "is_working": False, "name": "Nghỉ phòng tránh bão"}
    with pytest.raises(NotAllowed):
        actions.set_work_day(by=school, **said)
    with pytest.raises(Refused):
        actions.set_work_day(by=officer, **said | {"name": "  "})
    row = actions.set_work_day(by=officer, **said)
    assert queries.work_calendar().add(date(2027, 2, 26), 1) == date(2027, 3, 2)
    # Tết of 2027 by the file: Friday 5 to Thursday 11 February.
    assert queries.work_calendar().add(date(2027, 2, 4), 1) == date(2027, 2, 12)
    actions.set_work_day(by=officer, day=date(2027, 2, 6), is_working=True, name="Thông báo lịch nghỉ")
    assert queries.work_calendar().add(date(2027, 2, 4), 1) == date(2027, 2, 6)
    with pytest.raises(NotAllowed):
        actions.clear_work_day(by=school, work_day=row)
    actions.clear_work_day(by=officer, work_day=row)
    assert queries.work_calendar().add(date(2027, 2, 26), 1) == STORM


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_the_move_from_quality_keeps_rows_and_history_both_ways():
    actions.set_work_day(by=Actor.system(), day=STORM, is_working=True, name="Bão")
    actions.set_work_day(by=Actor.system(), day=STORM, is_working=False, name="Nghỉ bão")
    told = "select day, is_working, name, id from {}_workday"
    history = "select pgh_label, name, pgh_obj_id, pgh_created_at from {}_workdayevent order by pgh_id"
    before, story = rows(told.format("organization")), rows(history.format("organization"))
    assert [label for label, *_rest in story] == ["insert", "update"]
    module = import_module("thongsuot.modules.quality.migrations.0002_work_days_moved")
    migration = module.Migration("0002_work_days_moved", "quality")
    nodes = [("quality", "0001_initial"), ("organization", "0004_work_days")]

    def state():
        return MigrationLoader(connection).project_state(nodes)

    with connection.schema_editor(atomic=False) as editor:
        migration.unapply(state(), editor)
    assert (rows(told.format("quality")), rows(history.format("quality"))) == (before, story)
    with connection.cursor() as cursor:
        cursor.execute("alter table organization_workdayevent disable trigger user")
        cursor.execute("delete from organization_workdayevent")
        cursor.execute("alter table organization_workday disable trigger user")
        cursor.execute("delete from organization_workday")
        cursor.execute("alter table organization_workday enable trigger user")
        cursor.execute("alter table organization_workdayevent enable trigger user")
    with connection.schema_editor(atomic=False) as editor:
        migration.apply(state(), editor)
    assert (rows(told.format("organization")), rows(history.format("organization"))) == (before, story)
    # The next row gets a key of its own.
    assert WorkDay.objects.create(day=date(2027, 3, 2), is_working=False, name="Bão").pk > before[0][3]
