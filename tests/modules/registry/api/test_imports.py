"""Imports by programs: dry run, rows refused with their reasons, apply, the same call again, undo, scopes."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from tests.modules.registry.imports.files import upload, xlsx
from thongsuot.kit.api import keys
from thongsuot.kit.api.models import ApiToken
from thongsuot.kit.importing import tasks
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.modules.registry.models import SchoolClass, Student, YearResult


@pytest.fixture
def world(db):
    found = make_province()
    found.year = make_school_year()
    found.room = make_class(found.school_a1, found.year, "1A", code="1A")
    found.child = make_student(found.school_a1, "Lê Văn Tám", school_class=found.room, local_code="HS1")
    secrets = {}

    def call(
        method, path, body=None, *, role="school_office", unit="school_a1", scopes=("registry.edit",), **more
    ):
        who = (role, unit, scopes)
        if who not in secrets:
            secrets[who], prefix, digest = keys.new_key()
            ApiToken.objects.create(
                user_id=found.actor(role, unit).user_id,
                name="Phần mềm trường",
                prefix=prefix,
                digest=digest,
                scopes=list(scopes),
                expires_at=timezone.now() + timedelta(days=1),
            )
        headers = {"Authorization": f"Bearer {secrets[who]}", **more.pop("headers", {})}
        if isinstance(body, dict) and "file" not in body:
            body, more["content_type"] = json.dumps(body), "application/json"
        return getattr(Client(), method)(f"/api/v1/imports/{path}", body, headers=headers, **more)

    found.call = call
    return found


RESULT = {"person_code": "HS1", "full_name": "Lê Văn Tám", "learning": "Tốt", "promotion": "x"}


def results(world, *rows, **more):
    return {"year": world.year.name, "unit_id": world.school_a1.pk, "rows": list(rows), **more}


def test_rows_are_checked_then_written_then_taken_back(world):
    stranger = RESULT | {"person_code": "HS7", "full_name": "Không Có"}
    wrong = RESULT | {"learning": "Siêu giỏi"}
    checked = world.call("post", "results/rows", results(world, RESULT, stranger, wrong))
    assert checked.status_code == 200
    body = checked.json()
    assert (body["state"], body["counts"]["new"], body["counts"]["rejected"]) == ("planned", 1, 2)
    assert not YearResult.objects.exists()
    refused = world.call("get", f"{body['id']}/rejected").json()
    assert [one["row"] for one in refused["items"]] == [2, 3]
    assert refused["items"][1]["errors"][0] | {"reason": ""} == {
        "field": "learning",
        "label": "Xếp loại",
        "value": "Siêu giỏi",
        "reason": "",
    }
    applied = world.call("post", f"{body['id']}/apply").json()
    assert applied["state"] == "applied"
    assert YearResult.objects.get().learning == "good"
    assert world.call("post", f"{body['id']}/apply").status_code == 409
    assert world.call("post", f"{body['id']}/cancel").status_code == 409
    assert world.call("post", f"{body['id']}/undo").json()["state"] == "undone"
    assert not YearResult.objects.exists()


def test_the_same_call_again_does_nothing(world):
    head = {"Idempotency-Key": "thang-6"}
    first = world.call("post", "results/rows", results(world, RESULT, dry_run=False), headers=head)
    again = world.call("post", "results/rows", results(world, RESULT, dry_run=False), headers=head)
    assert first.json() == again.json()
    assert ImportRun.objects.count() == 1
    other = world.call("post", "results/rows", results(world, RESULT), headers=head)
    assert other.status_code == 409


def test_a_file_of_pupils_and_rows_of_classes(world):
    data = xlsx(
        [
            ["Mã học sinh", "Họ tên", "Ngày sinh", "Giới tính", "Mã lớp"],
            ["HS2", "Lý Thị Chín", "9/4/2020", "Nữ", "1A"],
        ]
    )
    form = {"file": upload(data), "year": world.year.name, "unit_id": world.school_a1.pk, "dry_run": "false"}
    answer = world.call("post", "students/file", form)
    assert (answer.status_code, answer.json()["counts"]["new"]) == (200, 1)
    assert Student.objects.get(local_code="HS2").unit == world.school_a1
    row = {"code": "1B", "name": "1B", "grade": "1"}
    made = world.call("post", "classes/rows", results(world, row, dry_run=False))
    assert made.status_code == 200, made.content
    assert SchoolClass.objects.filter(unit=world.school_a1, name="1B").exists()


def test_a_long_one_goes_to_a_worker(world, monkeypatch):
    """202 and a run to be asked for again: under way, stopped, done by the worker, written, taken back."""
    monkeypatch.setattr(tasks, "INLINE_ROWS", 1)
    friend = make_student(world.school_a1, "Lê Văn Chín", school_class=world.room, local_code="HS2")
    asked = results(world, RESULT, RESULT | {"person_code": "HS2", "full_name": friend.full_name})
    head = {"Idempotency-Key": "dài"}
    begun = world.call("post", "results/rows", asked, headers=head)
    body = begun.json()
    assert (begun.status_code, body["state"], body["is_running"], body["progress"]) == (
        202, "uploaded", True, None,
    )  # fmt: skip
    again = world.call("post", "results/rows", asked, headers=head)
    assert (again.status_code, again.json()["id"], ImportRun.objects.count()) == (202, body["id"], 1)
    assert world.call("get", body["id"]).json()["is_running"]
    assert world.call("post", f"{body['id']}/apply").status_code == 409
    stopped = world.call("post", f"{body['id']}/cancel")
    assert (stopped.status_code, stopped.json()["is_running"]) == (200, False)
    assert not YearResult.objects.exists()

    def work_off():
        assert run_jobs() == 1
        return world.call("get", body["id"]).json()

    for step, status, state, kept in (("apply", 202, "applied", 2), ("undo", 202, "undone", 0)):
        answer = world.call("post", f"{body['id']}/{step}")
        assert (answer.status_code, answer.json()["is_running"]) == (status, True)
        # Half done it says how far; nothing is written before the worker has ended.
        Job.objects.filter(pk=ImportRun.objects.get().job_id).update(done=1, total=4)
        assert world.call("get", body["id"]).json()["progress"] == 0.25
        done = work_off()
        assert (done["state"], done["is_running"], done["progress"]) == (state, False, None)
        assert YearResult.objects.count() == kept


def test_what_is_refused_as_a_whole(world):
    unknown = world.call("post", "results/rows", results(world, RESULT | {"marks": 9}))
    assert (unknown.status_code, "marks" in unknown.json()["detail"]) == (409, True)
    assert world.call("post", "results/rows", results(world)).status_code == 409
    assert world.call("post", "results/rows", results(world, {"person_code": "HS1"})).status_code == 409
    assert (
        world.call("post", "results/rows", results(world, RESULT) | {"year": "1999-2000"}).status_code == 409
    )
    assert world.call("post", "marks/rows", results(world, RESULT)).status_code == 422
    assert not ImportRun.objects.exists()


def test_only_with_the_scope_the_school_and_ones_own(world):
    mine = world.call("post", "results/rows", results(world, RESULT)).json()["id"]
    reading = {"scopes": ("registry.view",)}
    assert world.call("post", "results/rows", results(world, RESULT), **reading).status_code == 404
    assert world.call("get", mine, **reading).status_code == 404
    neighbour = {"unit": "school_b1"}
    assert world.call("get", mine, **neighbour).status_code == 404
    assert world.call("post", f"{mine}/apply", **neighbour).status_code == 404
    assert world.call("post", "results/rows", results(world, RESULT), **neighbour).status_code == 404
