"""The API: the same queries and actions, with the scopes of a key."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.organization import make_appointment, make_user
from tests.modules.quality.test_running import at, case_of, spoil
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.api.actions import create_token
from thongsuot.kit.jobs.models import Job
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.quality import actions

URL = "/api/v1/quality"


@pytest.fixture
def broken(world):
    for school in ("school_a1", "school_b1"):
        spoil(at(world, school), gender="", phone="123")
    actions.run_checks(by=Actor.system(), today=timezone.localdate())
    return world


@pytest.fixture
def call(broken):
    user, today = make_user(), timezone.localdate()
    make_appointment(user, "school_office", broken.school_a1)
    scopes = ("quality.view", "quality.mend", "quality.run")
    key = create_token(
        by=actor_for(user), name="Thử", scopes=scopes, expires_on=today + timedelta(days=9), today=today
    )
    client = Client(headers={"authorization": f"Bearer {key.secret}"})

    def send(path, method="get", body=None, status=200):
        kwargs = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(client, method)(f"{URL}/{path}", **kwargs)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return send


def test_the_index_in_four_layers(call, broken):
    found = call("index")
    assert found["unit_id"] == broken.school_a1.pk
    assert found["colour"] == "green"
    student = next(one for one in found["index"]["below"] if one["key"] == "student")
    gender = next(one for one in student["below"] if one["key"] == "gender")
    assert gender["below"][0]["key"] == "complete"
    assert gender["below"][0]["below"][0]["key"] == "student.gender.missing"
    assert gender["failed"] == 1
    call(f"index?unit_id={broken.school_b1.pk}", status=404)
    assert len(call("trend")) == 1


def test_cases_of_the_own_school(call, broken):
    rows = call("cases?rule=student.gender.missing")["items"]
    assert [row["unit_id"] for row in rows] == [broken.school_a1.pk]
    other = case_of("student.gender.missing", at(broken, "school_b1"))
    call(f"cases/{other.public_id}", status=404)
    assert call("cases?state=mended")["items"] == []
    assert len(call("rules")["items"]) > 0
    assert [row["unit_id"] for row in call("ranking?level=school")["items"]] == [broken.school_a1.pk]


def test_acts_on_a_case(call, broken):
    gender, phone = (case_of(f"student.{code}", at(broken)) for code in ("gender.missing", "phone.format"))
    assert call(f"cases/{gender.public_id}/take", "post")["state"] == "in_hand"
    call(f"cases/{gender.public_id}/claim", "post", status=409)
    said = {"explanation": "Gia đình dùng số điện thoại của Lào."}
    assert call(f"cases/{phone.public_id}/explain", "post", said)["state"] == "explained"
    job = call("checks", "post", {"unit_id": broken.school_a1.pk}, status=202)["job_id"]
    assert str(Job.objects.get(task="quality.check").public_id) == job
    call("checks", "post", {"unit_id": broken.school_b1.pk}, status=404)
