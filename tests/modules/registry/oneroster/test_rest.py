"""The REST binding: every answer against the schema, paging, filters, fields, faults, whose rows."""

import re
from datetime import timedelta

import jsonschema
import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.registry import make_student
from tests.modules.registry.oneroster.schema import ADDRESSES, FAULT, SCHEMAS
from thongsuot.config.api import roster_api
from thongsuot.kit.api import keys
from thongsuot.kit.api.models import ApiToken

BASE = "/api/ims/oneroster/rostering/v1p2"
SETS = {
    "schools": "orgs",
    "terms": "academicSessions",
    "gradingPeriods": "academicSessions",
    "students": "users",
    "teachers": "users",
}
ONES = {
    "orgs": "org",
    "schools": "org",
    "academicSessions": "academicSession",
    "terms": "academicSession",
    "courses": "course",
    "classes": "class",
    "users": "user",
    "students": "user",
    "teachers": "user",
    "enrollments": "enrollment",
    "demographics": "demographics",
}


@pytest.fixture
def call(province):
    def key_of(actor, scopes=("registry.export",)):
        secret, prefix, digest = keys.new_key()
        ApiToken.objects.create(
            user_id=actor.user_id,
            name="LMS",
            prefix=prefix,
            digest=digest,
            scopes=list(scopes),
            expires_at=timezone.now() + timedelta(days=1),
        )
        return secret

    def call(path, *, role="school_office", unit="school_a1", scopes=("registry.export",), **query):
        headers = {"Authorization": f"Bearer {key_of(province.actor(role, unit), scopes)}"}
        return Client().get(BASE + path, query, headers=headers)

    return call


@pytest.mark.parametrize("name", sorted(ONES))
def test_lists_and_single_ones_fit_the_schema(call, name):
    body = call(f"/{name}").json()
    kind = SETS.get(name, name)
    assert list(body) == [kind]
    rows = body[kind]
    assert rows
    for row in rows:
        jsonschema.validate(row, SCHEMAS[kind], format_checker=jsonschema.FormatChecker())
    one = call(f"/{name}/{rows[0]['sourcedId']}").json()
    assert one == {ONES[name]: rows[0]}


def test_every_address_of_the_service_is_there():
    ours = {re.sub(r"\{\w+\}", "{}", path) for path in roster_api.get_openapi_schema()["paths"]}
    root = "/api/ims/oneroster/rostering/v1p2"
    assert {path.removeprefix(root) for path in ours} - {"/me"} == ADDRESSES


def test_paging(call):
    first = call("/users", limit=4)
    assert first["X-Total-Count"] == "8"
    assert 'rel="next"' in first["Link"]
    second = call("/users", limit=4, offset=4)
    assert 'rel="next"' not in second["Link"]
    keys = [row["sourcedId"] for row in first.json()["users"] + second.json()["users"]]
    assert len(set(keys)) == 8


@pytest.mark.parametrize("name", ["users", "enrollments", "classes", "orgs"])
@pytest.mark.parametrize("sort", ["", "sourcedId"])
def test_following_the_next_link_reads_everything_once(call, name, sort):
    whole = [row["sourcedId"] for row in call(f"/{name}", sort=sort).json()[name]]
    read, query = [], {"limit": 3, "sort": sort}
    while query:
        response = call(f"/{name}", **query)
        read += [row["sourcedId"] for row in response.json()[name]]
        found = re.search(r'<[^>]*\?([^>]*)>; rel="next"', response["Link"])
        query = QueryDict(found[1]).dict() if found else {}
    assert read == whole


def test_as_many_queries_for_many_as_for_one(call, province):
    def queries(path, **query):
        call(path, **query)  # what is remembered between calls is remembered now
        with CaptureQueriesContext(connection) as seen:
            assert call(path, **query).status_code == 200
        return len(seen)

    school, room = f"org-{province.school_a1.pk}", f"class-{province.room.pk}"
    paths = [
        "/users",
        f"/schools/{school}/students",
        f"/classes/{room}/students",
        "/enrollments",
        "/demographics",
    ]
    before = {path: queries(path) for path in paths}
    for number in range(5):
        make_student(province.school_a1, f"Thêm Nữa {number}", school_class=province.room)
    assert {path: queries(path) for path in paths} == before
    assert queries("/users", limit=1) == before["/users"]


def test_a_count_is_good_for_a_minute(call, province):
    assert call("/students")["X-Total-Count"] == "3"
    make_student(province.school_a1, "Vừa Vào", school_class=province.room)
    answer = call("/students")
    assert (answer["X-Total-Count"], len(answer.json()["users"])) == ("3", 4)
    cache.clear()
    assert call("/students")["X-Total-Count"] == "4"


def test_sort_and_fields(call):
    rows = call("/users", sort="familyName", orderBy="desc", fields="familyName,sourcedId").json()["users"]
    assert {tuple(row) for row in rows} == {("familyName", "sourcedId")}
    names = [row["familyName"] for row in rows]
    assert names == [row["familyName"] for row in call("/users", sort="familyName").json()["users"]][::-1]


@pytest.mark.parametrize(
    ("filter", "given"),
    [
        ("familyName='Trần'", {"Ánh", "Cha"}),
        ("familyName='Trần' OR familyName='Phạm'", {"Ánh", "Hà", "Cha"}),
        ("familyName='Trần' AND givenName='Hà'", set()),
        ("middleName~'ngọc'", {"Ánh"}),
        ("identifier!=''", {"Ánh"}),
        ("roles.role='siteAdministrator'", {"Lý"}),
        ("roles.role='parent' OR roles.role='guardian'", {"Cha", "Hộ"}),
        ("phone~'0912'", {"Cha"}),
        ("grades='01' AND familyName='Trần'", {"Ánh"}),
        ("dateLastModified>'2026-01-01T07:00:00+07:00' AND familyName='Trần'", {"Ánh", "Cha"}),
        ("sms='1'", set()),
        ("userProfiles~'x'", set()),
        ("dateLastModified>'2099-01-01'", set()),
    ],
)
def test_filters(call, filter, given):
    rows = call("/users", filter=filter).json()["users"]
    assert {row["givenName"] for row in rows} == given


def test_below(call, province):
    school = f"org-{province.school_a1.pk}"
    assert len(call(f"/schools/{school}/students").json()["users"]) == 3
    assert len(call(f"/schools/{school}/teachers").json()["users"]) == 2
    assert len(call(f"/schools/{school}/classes").json()["classes"]) == 1
    assert len(call(f"/schools/{school}/enrollments").json()["enrollments"]) == 5
    assert len(call(f"/schools/{school}/courses").json()["courses"]) == 1
    assert [row["type"] for row in call(f"/schools/{school}/terms").json()["academicSessions"]] == [
        "semester"
    ] * 2


def test_below_a_class(call, province):
    room, school = f"class-{province.room.pk}", f"org-{province.school_a1.pk}"
    for path in (f"/classes/{room}", f"/schools/{school}/classes/{room}"):
        pupils = call(f"{path}/students")
        assert (len(pupils.json()["users"]), pupils["X-Total-Count"]) == (3, "3")
        assert {row["givenName"] for row in call(f"{path}/teachers").json()["users"]} == {"Hà", '"Tư"'}
    assert len(call(f"/schools/{school}/classes/{room}/enrollments").json()["enrollments"]) == 5
    assert call(f"/schools/org-{province.school_a2.pk}/classes/{room}/students").status_code == 404
    assert len(call(f"/classes/{room}/students", limit=1, offset=1).json()["users"]) == 1


def test_classes_of_people_terms_and_courses(call, province):
    room = f"class-{province.room.pk}"
    child, leader = province.child.public_id, province.leader.public_id
    term = call("/terms").json()["academicSessions"][0]["sourcedId"]
    course = call("/courses").json()["courses"][0]["sourcedId"]
    for path in (
        f"/students/{child}",
        f"/users/{child}",
        f"/teachers/{leader}",
        f"/terms/{term}",
        f"/courses/{course}",
    ):
        answer = call(f"{path}/classes")
        assert ([row["sourcedId"] for row in answer.json()["classes"]], answer["X-Total-Count"]) == (
            [room],
            "1",
        )
    assert call(f"/teachers/{child}/classes").status_code == 404
    guardian = call(f"/users/{child}").json()["user"]["agents"][0]["sourcedId"]
    assert call(f"/users/{guardian}/classes").json() == {"classes": []}
    assert call(f"/terms/{term}/gradingPeriods").json() == {"academicSessions": []}
    assert call(f"/gradingPeriods/{term}").status_code == 404
    assert call("/gradingPeriods")["X-Total-Count"] == "0"


def test_guardians_are_users_tied_to_their_child(call, province):
    child = call(f"/users/{province.child.public_id}").json()["user"]
    assert len(child["agents"]) == 2
    guardians = [call(f"/users/{one['sourcedId']}").json()["user"] for one in child["agents"]]
    assert {(one["givenName"], one["roles"][0]["role"]) for one in guardians} == {
        ("Cha", "parent"),
        ("Hộ", "guardian"),
    }
    assert {agent["sourcedId"] for one in guardians for agent in one["agents"]} == {
        str(province.child.public_id)
    }
    hers = province.stranger.contacts.get()
    assert call(f"/users/contact-{hers.pk}").status_code == 404


@pytest.mark.parametrize(
    ("path", "query", "status", "minor"),
    [
        ("/users", {"filter": "password='x'; drop table"}, 400, "invalid_filter_field"),
        ("/users", {"filter": "secret='x'"}, 400, "invalid_filter_field"),
        ("/users", {"fields": "secret"}, 400, "invalid_selection_field"),
        ("/users", {"limit": 100000}, 422, "invaliddata"),
        ("/users", {"orderBy": "up"}, 422, "invaliddata"),
        ("/users", {"offset": "x"}, 422, "invaliddata"),
        ("/users", {"filter": "dateLastModified>'hôm qua'"}, 400, "invalid_filter_field"),
        ("/users", {"filter": "primaryOrgSourcedId='org-1'"}, 400, "invalid_filter_field"),
        ("/users/khong-co", {}, 404, "unknownobject"),
        ("/schools/org-999999/classes", {}, 404, "unknownobject"),
    ],
)
def test_faults(call, path, query, status, minor):
    response = call(path, **query)
    assert response.status_code == status
    body = response.json()
    jsonschema.validate(body, FAULT)
    assert body["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == minor


def test_nobody_of_another_school(call, province):
    assert call(f"/users/{province.stranger.public_id}").status_code == 404
    assert call(f"/schools/org-{province.school_b1.pk}/students").status_code == 404
    everywhere = call("/users", role="department_officer", unit="office")
    assert everywhere["X-Total-Count"] == "10"


def test_the_key_needs_its_scope(call):
    refused = call("/users", scopes=("organization.view",))
    assert refused.status_code == 403
    jsonschema.validate(refused.json(), FAULT)
    for headers in ({}, {"Authorization": "Bearer ts_sai"}):
        stranger = Client().get(f"{BASE}/users", headers=headers)
        assert stranger.status_code == 401
        jsonschema.validate(stranger.json(), FAULT)
        assert (
            stranger.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"]
            == "unauthorisedrequest"
        )


@pytest.mark.parametrize("after", ["0:x", "9:1", "0:", "x", "2:1 or 1=1", "0:\x00"])
def test_a_broken_place_in_a_list_breaks_nothing(call, after):
    assert call("/users", after=after).status_code == 200


@pytest.mark.parametrize("nasty", ["familyName='\\'' OR", "a='b' AND", "='x'", "familyName=''; --'"])
def test_nonsense_is_refused(call, nasty):
    assert call("/users", filter=nasty).status_code == 400
