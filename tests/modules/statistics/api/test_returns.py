"""Periods and returns over the API: within reach, by version, and as many statements for three as for one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import registry
from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.statistics import NOW, make_period, officer, return_of
from tests.modules.directives.api.conftest import Caller
from thongsuot.modules.organization.domain.roles import ROLES
from thongsuot.modules.statistics.actions.return_corrections import correct_return
from thongsuot.modules.statistics.models import Return

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.API_CALLS_PER_MINUTE = 10_000
    province, year = make_province(), make_school_year()
    school_class = registry.make_class(province.school_a1, year, "1A")
    registry.make_student(province.school_a1, school_class=school_class)
    province.period = make_period(officer(province), year=year, frozen=True)
    return province


def caller(province, role, unit, scopes=None):
    user = make_user()
    make_appointment(user, role, getattr(province, unit))
    return Caller(user, sorted(ROLES[role].rights) if scopes is None else scopes)


def test_lists_hold_what_is_within_reach(world):
    school = caller(world, "principal", "school_a1")
    department = caller(world, "department_officer", "office")
    [period] = school.items("/statistics/periods")
    assert (period["id"], period["state"], period["return_count"], period["owed_count"]) == (
        str(world.period.public_id), "frozen", 1, 1)  # fmt: skip
    assert department.items("/statistics/periods", state="closed") == []
    [mine] = school.items("/statistics/returns")
    assert (mine["form"], mine["unit"]["name"], mine["to_unit"]["name"], mine["state"], mine["version"]) == (
        "99.TH", world.school_a1.name, world.commune_a.name, "draft", 1)  # fmt: skip
    assert mine["period_id"] == period["id"]
    assert len(department.items("/statistics/returns", period=period["id"], form="99.TH")) == 5
    assert len(department.items("/statistics/returns", unit_id=world.school_b1.pk)) == 1
    assert department.items("/statistics/returns", state="signed_off") == []
    assert department.get("/statistics/returns", state="anything").status_code == 422


def test_one_return_by_version(world):
    principal = world.actor("principal", "school_a1")
    one = return_of(world.period, world.school_a1)
    registry.make_student(world.school_a1, school_class=registry.make_class(
        world.school_a1, world.period.school_year, "1B"))  # fmt: skip
    correct_return(by=principal, one=one, reason="Sót lớp 1B", now=NOW)
    school = caller(world, "principal", "school_a1")
    path = f"/statistics/returns/{one.public_id}"
    now = school.get(path).json()
    assert (now["shown_version"], now["cells"]["A01.1"], now["as_of"]) == (2, 2, "2026-09-30")
    assert [(row["number"], row["cause"]) for row in now["versions"]] == [(2, "correction"), (1, "freeze")]
    assert school.get(path, version=1).json()["cells"]["A01.1"] == 1
    assert school.get(path, version=9).status_code == 404


def test_what_is_not_theirs_does_not_exist(world):
    path = f"/statistics/returns/{return_of(world.period, world.school_a1).public_id}"
    assert caller(world, "principal", "school_b1").get(path).status_code == 404
    assert caller(world, "principal", "school_a1", ["organization.view"]).get(path).status_code == 404
    assert caller(world, "teacher", "school_a1").get("/statistics/returns").status_code == 404
    waiting = make_period(officer(world), year=world.period.school_year, kind="other", name="Kỳ sau")
    blank = Return.objects.get(period=waiting, unit=world.school_a1)
    shown = caller(world, "principal", "school_a1").get(f"/statistics/returns/{blank.public_id}").json()
    assert (shown["state"], shown["shown_version"], shown["cells"]) == ("waiting", None, {})


def test_statements_do_not_grow_with_the_rows(world):
    department = caller(world, "department_officer", "office")

    def asked(path):
        with CaptureQueriesContext(connection) as caught:
            assert department.items(path)
        return len(caught)

    paths = ("/statistics/returns", "/statistics/periods")
    first = {path: (asked(path), asked(path))[1] for path in paths}
    make_period(officer(world), year=world.period.school_year, kind="other", name="Kỳ sau", frozen=True)
    assert {path: asked(path) for path in paths} == first


def test_a_return_goes_from_school_to_commune_and_back(world):
    school, commune = (
        caller(world, "principal", "school_a1"),
        caller(world, "commune_officer", "commune_a_office"),
    )
    department = caller(world, "department_officer", "office")
    path = f"/statistics/returns/{return_of(world.period, world.school_a1).public_id}"
    # Nobody confirms for the school, and nobody what was not seen.
    assert commune.post(f"{path}/confirm", {"version": 1}).status_code == 404
    assert caller(world, "principal", "school_b1").post(f"{path}/confirm", {"version": 1}).status_code == 404
    unseen = school.post(f"{path}/confirm", {"version": 2})
    assert (unseen.status_code, unseen.json()["code"]) == (409, "return_step")
    assert school.post(f"{path}/confirm", {}).status_code == 422
    assert school.post(f"{path}/confirm", {"version": 1}).json()["state"] == "confirmed"
    assert school.post(f"{path}/confirm", {"version": 1}).status_code == 409
    assert commune.post(f"{path}/return", {"reason": ""}).status_code == 422
    assert school.post(f"{path}/return", {"reason": "Tự trả"}).status_code == 404
    assert commune.post(f"{path}/return", {"reason": "Thiếu lớp ghép"}).json()["state"] == "returned"
    school.post(f"{path}/confirm", {"version": 1})
    assert commune.post(f"{path}/accept").json()["state"] == "accepted"
    # The school's return goes up within the commune's, and is not signed off by itself.
    assert commune.post(f"{path}/sign-off", {"version": 1}).status_code == 404
    assert department.post(f"{path}/sign-off", {"version": 1}).status_code == 404


def test_a_commune_forwards_and_the_department_signs_off(world):
    one = return_of(world.period, world.commune_b)
    path = f"/statistics/returns/{one.public_id}"
    commune, leader = (
        caller(world, "commune_officer", "commune_b_office"),
        caller(world, "department_leader", "department"),
    )
    early = commune.post(f"{path}/confirm", {"version": 1})
    assert early.json()["code"] == "return_incomplete"
    below = return_of(world.period, world.school_b1)
    caller(world, "principal", "school_b1").post(
        f"/statistics/returns/{below.public_id}/confirm", {"version": 1}
    )
    commune.post(f"/statistics/returns/{below.public_id}/accept")
    assert commune.post(f"{path}/confirm", {"version": 1}).json()["state"] == "confirmed"
    assert leader.post(f"{path}/sign-off", {"version": 2}).status_code == 409
    assert leader.post(f"{path}/sign-off", {"version": 1}).json()["state"] == "signed_off"
    assert leader.get(f"/statistics/returns/{below.public_id}").json()["state"] == "signed_off"
    assert commune.post(f"{path}/return", {"reason": "Muộn"}).status_code in (404, 409)
