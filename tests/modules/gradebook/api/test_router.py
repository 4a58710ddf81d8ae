"""Timetables through API keys: versions, lessons by page and by class, one's own week; nothing of others."""

from __future__ import annotations

from datetime import date

import pytest

from tests.modules.directives.api.conftest import call  # noqa: F401
from tests.modules.gradebook.test_timetable import DAY, NOW, draft, world  # noqa: F401
from tests.modules.gradebook.test_timetable import place as put
from thongsuot.modules.gradebook.actions import timetable_publishing as publishing
from thongsuot.modules.gradebook.domain.timetable import Slot
from thongsuot.modules.registry.models import Staff


@pytest.fixture
def place(world):  # noqa: F811
    return world.province


@pytest.fixture(autouse=True)
def _in_october(monkeypatch, settings):
    settings.API_CALLS_PER_MINUTE = 10_000
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a: date(2026, 10, 5))


def test_versions_lessons_and_the_own_week(world, call):  # noqa: F811
    row = draft(world)
    for number, subject, lesson in ((0, "Toán", 1), (0, "Tin học", 2), (1, "Toán", 2)):
        put(world, row, number, subject, Slot(3, 0, lesson))
    later = draft(world)
    publishing.publish_timetable(by=world.office, timetable=row, now=NOW)
    office, commune = call("school_office", "school_a1"), call("commune_officer", "commune_a_office")
    assert [one["version"] for one in office.items("/timetables")] == [2, 1]
    assert [one["version"] for one in commune.items("/timetables")] == [1]
    assert [one["id"] for one in office.items("/timetables", followed_on="2026-10-05")] == [
        str(row.public_id)
    ]
    assert office.items("/timetables", followed_on=str(DAY.replace(day=1))) == []
    path = f"/timetables/{row.public_id}"
    assert office.get(path).json()["valid_from"] == DAY.isoformat()
    assert commune.get(f"/timetables/{later.public_id}").status_code == 404
    assert call("principal", "school_b1").get(f"{path}/lessons").status_code == 404
    lessons = office.items(f"{path}/lessons")
    assert [(one["class_name"], one["subject"], one["day"], one["session"], one["lesson"]) for one in lessons] == [
        ("6A", "Toán", 3, "morning", 1), ("6A", "Tin học", 3, "morning", 2), ("6B", "Toán", 3, "morning", 2),
    ]  # fmt: skip
    math = world.people["Toán"]
    assert lessons[0]["staff_id"] == str(math.public_id)
    assert len(office.items(f"{path}/lessons", class_id=world.classes[1].pk)) == 1
    page = office.get(f"{path}/lessons?limit=1&offset=1&staff_id={math.public_id}").json()
    assert (page["total"], [one["class_name"] for one in page["items"]]) == (2, ["6B"])
    teacher = call("teacher", "school_a1")
    Staff.objects.filter(pk=math.pk).update(account_id=teacher.user.pk)
    weeks = teacher.get("/timetables/mine").json()
    assert [(one["title"], len(one["lessons"])) for one in weeks] == [("", 2), ("6A", 2)]
    assert weeks[0]["lessons"][0]["is_mine"]
    assert teacher.get("/timetables/mine?on=2026-09-01").json() == []
    assert teacher.get(path).status_code == 404
