"""The REST binding: every answer against the schema, paging, filters, fields, faults, whose rows."""

from datetime import timedelta

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone

from tests.modules.registry.oneroster.schema import SCHEMAS
from thongsuot.kit.api import keys
from thongsuot.kit.api.models import ApiToken

BASE = "/api/ims/oneroster/rostering/v1p2"
SETS = {"schools": "orgs", "terms": "academicSessions", "students": "users", "teachers": "users"}
ONES = {
    "orgs": "org",
    "schools": "org",
    "academicSessions": "academicSession",
    "terms": "term",
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


def test_paging(call):
    first = call("/users", limit=4)
    assert first["X-Total-Count"] == "6"
    assert 'rel="next"' in first["Link"]
    second = call("/users", limit=4, offset=4)
    assert 'rel="next"' not in second["Link"]
    keys = [row["sourcedId"] for row in first.json()["users"] + second.json()["users"]]
    assert len(set(keys)) == 6


def test_sort_and_fields(call):
    rows = call("/users", sort="familyName", orderBy="desc", fields="familyName,sourcedId").json()["users"]
    assert {tuple(row) for row in rows} == {("familyName", "sourcedId")}
    names = [row["familyName"] for row in rows]
    assert names == [row["familyName"] for row in call("/users", sort="familyName").json()["users"]][::-1]


@pytest.mark.parametrize(
    ("filter", "given"),
    [
        ("familyName='Trần'", {"Ánh"}),
        ("familyName='Trần' OR familyName='Phạm'", {"Ánh", "Hà"}),
        ("familyName='Trần' AND givenName='Hà'", set()),
        ("middleName~'ngọc'", {"Ánh"}),
        ("identifier!=''", {"Ánh"}),
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


@pytest.mark.parametrize(
    ("path", "query", "status", "minor"),
    [
        ("/users", {"filter": "password='x'; drop table"}, 400, "invalid_filter_field"),
        ("/users", {"filter": "secret='x'"}, 400, "invalid_filter_field"),
        ("/users", {"fields": "secret"}, 400, "invalid_selection_field"),
        ("/users", {"limit": 100000}, 400, "invalid_data"),
        ("/users/khong-co", {}, 404, "unknownobject"),
        ("/schools/org-999999/classes", {}, 404, "unknownobject"),
    ],
)
def test_faults(call, path, query, status, minor):
    response = call(path, **query)
    assert response.status_code == status
    body = response.json()
    assert body["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == minor


def test_nobody_of_another_school(call, province):
    assert call(f"/users/{province.stranger.public_id}").status_code == 404
    assert call(f"/schools/org-{province.school_b1.pk}/students").status_code == 404
    everywhere = call("/users", role="department_officer", unit="office")
    assert everywhere["X-Total-Count"] == "7"


def test_the_key_needs_its_scope(call):
    assert call("/users", scopes=("organization.view",)).status_code == 403
    assert Client().get(f"{BASE}/users").status_code == 401


@pytest.mark.parametrize("nasty", ["familyName='\\'' OR", "a='b' AND", "='x'", "familyName=''; --'"])
def test_nonsense_is_refused(call, nasty):
    assert call("/users", filter=nasty).status_code == 400
