"""Overviews over REST, the schema that describes it all, and that no operation is open without its scope."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.directives import (
    make_assignment,
    make_directive,
    make_duty,
    make_obligation,
    make_target,
)
from tests.factories.organization import make_appointment, make_user
from tests.modules.directives.api.conftest import BASE
from thongsuot.config.api import api

TODAY = timezone.localdate()
SCHEMA = api.get_openapi_schema()
OURS = [
    (method.upper(), path, said)
    for path, methods in SCHEMA["paths"].items()
    for method, said in methods.items()
    if "x-scopes" in said
]
LISTS = {
    "/directives": lambda place: make_directive(place.department),
    "/targets": lambda place: make_target(make_directive(place.department), place.school_a1),
    "/reporting-duties": lambda place: make_duty(
        place.department, directive=make_directive(place.department)
    ),
    "/report-obligations": lambda place: make_obligation(
        make_duty(place.department, directive=make_directive(place.department)),
        place.school_a1,
        place.commune_a,
    ),
    "/dashboard": lambda place: make_assignment(
        place.school_a1,
        place.commune_a,
        directive=make_directive(place.department),
        due_on=TODAY - timedelta(days=9),
    ),
}


@pytest.fixture
def work(place):
    """One late task at each of two schools, one done on time at the office."""
    return [
        make_assignment(place.school_a1, place.commune_a, due_on=TODAY - timedelta(days=4)),
        make_assignment(place.school_b1, place.commune_b, due_on=TODAY - timedelta(days=2)),
        make_assignment(place.office, place.department, due_on=TODAY, state="accepted", completed_on=TODAY),
    ]


def test_the_dashboard_of_each_level(place, work, call, leader, commune, principal, stranger):
    whole = leader.get("/dashboard").json()
    assert (whole["is_province"], whole["counts"]["late"], whole["counts"]["done_on_time"]) == (True, 2, 1)
    assert whole["counts"]["on_time_rate"] == "100.0"
    assert {line["unit_name"] for line in whole["bottlenecks"]} == {
        place.school_a1.name,
        place.school_b1.name,
    }
    part = commune.get("/dashboard").json()
    assert (part["unit_id"], part["counts"]["late"]) == (place.commune_a.pk, 1)
    assert commune.get("/dashboard", unit_id=place.commune_b.pk).status_code == 404
    assert stranger.get("/dashboard", unit_id=place.school_a1.pk).status_code == 404
    assert principal.get("/dashboard").json()["counts"]["late"] == 1
    assert len(leader.get("/dashboard/trend").json()) == 12
    assert call("principal", "school_a1", ["directives.view"]).get("/dashboard").status_code == 404


def test_ranking(place, work, leader, commune):
    ranked = leader.items("/ranking", level="school")
    assert {row["unit_name"] for row in ranked} == {place.school_a1.name, place.school_b1.name}
    assert [row["unit_id"] for row in commune.items("/ranking", level="school")] == [place.school_a1.pk]
    assert leader.get("/ranking", level="galaxy").status_code == 422


def test_calendars(place, work, leader, stranger):
    duty = make_duty(place.department)
    make_obligation(duty, place.school_a1, place.commune_a, due_on=TODAY + timedelta(days=3))
    [line] = leader.get("/calendar").json()
    assert (line["total"], line["handed_in"], line["obligation_id"] is None) == (1, 0, False)
    assert stranger.get("/calendar").json() == []
    days = leader.get("/calendar/assignments", first=(TODAY - timedelta(days=9)).isoformat()).json()
    assert sum(one["open"] for one in days) == 2
    assert leader.get("/calendar", first="2026-01-01", last="2030-01-01").status_code == 422
    assert leader.get("/calendar", first="2026-01-01", last="2025-01-01").status_code == 422


def test_waiting_and_search(place, work, leader, principal, stranger):
    groups = {group["code"]: group for group in principal.get("/waiting").json()}
    assert groups["to_start"]["items"][0]["id"] == str(work[0].public_id)
    make_assignment(place.school_a1, place.commune_a, text="Tập huấn học bạ số")
    assert [hit["title"] for hit in leader.get("/search", q="hoc ba so").json()] == ["Tập huấn học bạ số"]
    assert stranger.get("/search", q="hoc ba so").json() == []
    assert leader.get("/search").status_code == 422


def test_what_goes_upwards(place, work, leader, principal, call):
    span = {"first": "2026-01-01", "last": TODAY.isoformat()}
    docx = leader.get("/periodic-report.docx", **span)
    assert docx.status_code == 200, docx.content[:300]
    assert docx.content[:2] == b"PK"
    assert leader.get("/periodic-report.pdf", **span).content[:5] == b"%PDF-"
    assert leader.get("/periodic-report.exe", **span).status_code == 422
    assert leader.get("/periodic-report.pdf", first=span["last"], last=span["first"]).status_code == 422
    assert leader.get("/central-export.xlsx").content[:2] == b"PK"
    assert call("school_office", "school_a1").get("/periodic-report.docx", **span).status_code == 404


@pytest.mark.parametrize("listed", sorted(LISTS))
def test_queries_do_not_grow_with_the_rows(place, leader, listed):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert leader.get(listed).status_code == 200
        return len(caught)

    LISTS[listed](place)
    queries()
    first = queries()
    LISTS[listed](place)
    LISTS[listed](place)
    assert queries() == first


def _filled(path):
    """An address with keys that nothing has."""
    path = path.removeprefix(BASE).replace("{paper}", "pdf")
    path = re.sub(r"\{public_id\}", "00000000-0000-0000-0000-000000000007", path)
    return re.sub(r"\{\w+\}", "7", path)


def test_the_schema_lists_the_whole_capability():
    assert SCHEMA["openapi"] == "3.1.0"
    paths = {(method, path.removeprefix(BASE)) for method, path, _said in OURS}
    assert len(paths) > 65
    assert ("POST", "/assignments/{public_id}/hand-down") in paths
    for _method, path, said in OURS:
        assert said["summary"], path
        assert said["x-scopes"], path
        assert "application/problem+json" in said["responses"]["4XX"]["content"], path
    names = [said["operationId"] for _method, _path, said in OURS]
    assert len(set(names)) == len(names)


def test_every_reference_of_the_schema_leads_somewhere():
    text = str(SCHEMA)
    known = set(SCHEMA["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= known


def test_the_schema_is_valid():
    """By the meta-schema of JSON Schema 2020-12, which OpenAPI 3.1 uses for its schemas."""
    from jsonschema import Draft202012Validator

    for name, found in SCHEMA["components"]["schemas"].items():
        try:
            Draft202012Validator.check_schema(found)
        except Exception as error:
            raise AssertionError(name) from error


@pytest.mark.django_db
def test_the_schema_is_served(client, place):
    user = make_user()
    make_appointment(user, "department_leader", place.department)
    client.force_login(user)
    served = client.get(f"{BASE}/openapi.json").json()
    assert f"{BASE}/assignments/{{public_id}}/result" in served["paths"]
    assert "POST /api/v1/directives/{public_id}/confirm" in client.get(f"{BASE}/docs").content.decode()


@pytest.mark.parametrize(
    ("method", "path"), [(m, p) for m, p, _ in OURS], ids=[f"{m} {p}" for m, p, _ in OURS]
)
def test_nothing_is_open_without_its_scope(place, call, method, path):
    """Without a key 401. With one that lacks the scope 404, or 422 as the body is read first: no answer."""
    address = BASE + _filled(path)
    assert Client().generic(method, address).status_code == 401
    powerless = call("system_administrator", "department")
    body = "{}" if method != "GET" else ""
    response = powerless.client.generic(method, address, body, content_type="application/json")
    assert response.status_code in (404, 422), response.content.decode()
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("role", ["teacher", "parent", "pupil"])
def test_families_and_teachers(place, client, work, role):
    """Signed in, in the browser: teachers read what is given to them, families nothing."""
    user = make_user()
    make_appointment(user, role, place.school_a1)
    own = make_assignment(place.school_a1, place.commune_a, person=user)
    client.force_login(user)
    found = client.get(f"{BASE}/assignments")
    if role == "teacher":
        assert [row["id"] for row in found.json()["items"]] == [str(own.public_id)]
        assert client.get(f"{BASE}/assignments/{work[0].public_id}").status_code == 404
    else:
        assert found.status_code == 404
    for path in ("/targets", "/report-obligations", "/dashboard", "/ranking?level=school", "/calendar"):
        assert client.get(BASE + path).status_code == 404, path
    # Writing takes a key.
    assert client.post(f"{BASE}/assignments/{own.public_id}/start").status_code == 401
