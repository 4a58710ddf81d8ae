"""The API of digital maturity: the same rights as the pages, and as many statements for three rows as for one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.organization import make_appointment, make_user
from tests.modules.directives.api.conftest import Caller
from tests.modules.maturity.list_pages import make_assessments, make_lines
from tests.modules.maturity.steps import make_assessment
from thongsuot.modules.maturity.models import RubricVersion
from thongsuot.modules.organization.domain.roles import ROLES


@pytest.fixture
def call(world, settings):
    settings.API_CALLS_PER_MINUTE = 10_000

    def caller(role, unit, scopes=None):
        user = make_user()
        make_appointment(user, role, getattr(world, unit))
        return Caller(user, sorted(ROLES[role].rights) if scopes is None else scopes)

    return caller


def test_rubrics_are_those_in_force(world, call):
    school = call("principal", "school_a1")
    rows = school.items("/maturity/rubrics")
    assert {row["code"] for row in rows} == {"4725", "3276", "3806"}
    assert all(RubricVersion.objects.get(public_id=row["id"]).is_current for row in rows)
    assert call("teacher", "school_a1").get("/maturity/rubrics").status_code == 404


def test_a_sheet_within_reach_and_with_what_the_team_says_once_it_is_told(world, call):
    external, proposed = make_assessment(world, "external"), make_assessment(world, "proposed", "school_b1")
    school, stranger = call("principal", "school_a1"), call("principal", "school_b1")
    [listed] = school.items("/maturity/assessments")
    assert (listed["id"], listed["state"], listed["self_level"]) == (str(external.public_id), "external", 3)
    assert school.items("/maturity/assessments", state="proposed") == []
    assert school.items("/maturity/assessments", year="2020-2021") == []
    path = f"/maturity/assessments/{external.public_id}"
    said = school.get(path).json()
    assert (said["level"], said["missing"]) == (3, [])
    items = {item["code"]: item for item in said["items"]}
    assert (float(items["1.5.1"]["own_points"]), items["1.5.1"]["external_points"]) == (15, None)
    assert stranger.get(path).status_code == 404
    told = stranger.get(f"/maturity/assessments/{proposed.public_id}").json()
    assert float({i["code"]: i for i in told["items"]}["1.5.1"]["external_points"]) == 5
    assert len(call("department_officer", "office").items("/maturity/assessments")) == 2
    assert call("principal", "school_a1", ["organization.view"]).get(path).status_code == 404


def test_levels_and_the_overview(world, call):
    make_assessment(world, "published")
    make_assessment(world, "recognised", "school_b1")
    department, stranger = call("department_officer", "office"), call("principal", "school_b1")
    assert len(department.items("/maturity/levels")) == 2
    # Signed and not yet published: the school does not see it.
    assert stranger.items("/maturity/levels") == []
    [line] = call("principal", "school_a1").items("/maturity/levels", year="2026-2027")
    assert (line["unit_name"], line["level"], line["is_live"]) == (world.school_a1.name, 3, True)
    rows = {row["unit_id"]: row for row in department.items("/maturity/overview")}
    area = rows[world.commune_a.pk]
    assert (area["handed_in"], area["concluded"], area["levels"]) == (1, 1, {"3": 1})
    assert area["reached_before"] is None
    assert call("commune_officer", "commune_b_office").items("/maturity/overview", year="2020-2021") == []
    mine = call("commune_officer", "commune_b_office").items("/maturity/overview")
    assert [row["unit_id"] for row in mine] == [world.commune_b.pk]


def test_statements_do_not_grow_with_the_rows(world, call):
    department = call("department_officer", "office")

    def asked(path):
        with CaptureQueriesContext(connection) as caught:
            assert department.items(path)
        return len(caught)

    make_assessments(1, None)
    make_lines(1, None)
    paths = ("/maturity/assessments", "/maturity/levels", "/maturity/overview")
    first = {path: (asked(path), asked(path))[1] for path in paths}
    make_assessments(2, None)
    make_lines(2, None)
    assert {path: asked(path) for path in paths} == first
