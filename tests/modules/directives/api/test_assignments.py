"""Tasks over REST: lists, one with its story, every step of its life, and who is told that there is none."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.directives import NOW, make_assignment, make_directive
from tests.factories.organization import make_unit
from thongsuot.kit.files.models import StoredFile
from thongsuot.modules.directives.models import Assignment, Difficulty, Submission, WorkLog

TODAY = timezone.localdate()
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def day(days):
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.fixture
def task(place):
    return make_assignment(
        place.school_a1, place.commune_a, text="Triển khai học bạ số", due_on=TODAY + timedelta(days=20)
    )


def path(task, step=""):
    return f"/assignments/{task.public_id}" + (f"/{step}" if step else "")


def test_the_list_is_narrowed_and_sorted(place, leader, task):
    order = make_directive(place.department)
    late = make_assignment(
        place.commune_b,
        place.department,
        directive=order,
        text="Bồi dưỡng giáo viên",
        due_on=TODAY - timedelta(days=3),
    )
    done = make_assignment(
        place.office,
        place.department,
        state="accepted",
        text="Ban hành kế hoạch",
        due_on=TODAY,
        completed_on=TODAY,
    )
    sub = make_assignment(place.school_b1, place.commune_b, parent=late, due_on=TODAY + timedelta(days=1))

    def found(**query):
        return [one["id"] for one in leader.items("/assignments", **query)]

    def ids(*rows):
        return [str(row.public_id) for row in rows]

    assert found() == ids(late, done, sub, task)
    assert found(sort="-due_on") == ids(task, sub, done, late)
    assert found(q="hoc ba so") == ids(task)
    assert found(timeliness=["late", "due_soon"]) == ids(late, sub)
    assert found(state="accepted") == ids(done)
    assert found(directive_id=order.public_id) == ids(late)
    assert found(parent_id=late.public_id) == ids(sub)
    assert found(below=place.commune_b.pk) == ids(late, sub)
    assert found(unit_id=place.office.pk) == ids(done)
    assert found(assigned_by_unit_id=place.commune_a.pk) == ids(task)
    assert found(due_from=day(1), due_to=day(30)) == ids(sub, task)
    assert found(level="sub") == ids(sub)
    assert found(mine="given") == []
    assert found(changed_since=(timezone.now() + timedelta(hours=1)).isoformat()) == []
    assert found(q="!!!") == []
    for wrong in (
        {"sort": "password"},
        {"state": "gone"},
        {"due_from": "31/01/2026"},
        {"q": "a\x00b"},
        {"limit": 0},
    ):
        response = leader.get("/assignments", **wrong)
        assert response.status_code == 422, wrong
        assert response["Content-Type"] == "application/problem+json"


def test_pages(place, leader):
    for _ in range(5):
        make_assignment(place.school_a1, place.department)
    response = leader.get("/assignments", limit=2, offset=2)
    assert response.json()["total"] == 5
    assert len(response.json()["items"]) == 2
    assert 'rel="next"' in response["Link"]
    assert leader.get("/assignments", limit=201).status_code == 422


def test_pages_of_more_than_is_counted(place, leader, monkeypatch):
    monkeypatch.setattr("thongsuot.kit.api.paging.COUNT_CAP", 2)
    for _ in range(3):
        make_assignment(place.school_a1, place.department)
    response = leader.get("/assignments", limit=2)
    assert response.json()["total"] is None
    assert 'rel="next"' in response["Link"]
    assert 'rel="last"' not in response["Link"]
    assert 'rel="next"' not in leader.get("/assignments", limit=2, offset=2)["Link"]


@pytest.mark.parametrize("listed", ["/assignments", "/changes", "/difficulties"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(place, leader, listed):
    order = make_directive(place.department)

    def add(number):
        for _ in range(number):
            row = make_assignment(
                place.school_a1, place.commune_a, directive=order, person=leader.user, leader=leader.user
            )
            WorkLog.objects.create(
                assignment=row, verb="start", by=leader.user, by_unit=place.school_a1, at=NOW
            )
            Difficulty.objects.create(
                assignment=row, text="Thiếu máy", raised_by_unit=place.school_a1, raised_by=leader.user,
                raised_at=NOW, routed_to=place.commune_a,
            )  # fmt: skip

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert leader.get(listed).status_code == 200
        return len(caught)

    add(1)
    leader.get(listed)
    first = queries()
    add(2)
    assert queries() == first
    assert first < 25


def test_what_is_not_ones_own_is_not_there(place, call, task, stranger, commune, principal):
    assert [one["id"] for one in principal.items("/assignments")] == [str(task.public_id)]
    assert stranger.items("/assignments") == []
    assert stranger.get(path(task)).status_code == 404
    assert stranger.post(path(task, "start")).status_code == 404
    assert stranger.get(path(task, "children")).status_code == 404
    assert call("system_administrator", "department").get("/assignments").status_code == 404
    # The commune gave it: it does not do it; the school does it: it does not accept it.
    assert commune.post(path(task, "start")).status_code == 404
    assert principal.post(path(task, "accept")).status_code == 404
    assert principal.post(path(task, "cancel"), {"reason": "x"}).status_code == 404
    assert principal.get("/assignments/00000000-0000-0000-0000-000000000007").status_code == 404


def test_a_key_does_what_its_scopes_say(call, task):
    reading = call("principal", "school_a1", ["directives.view", "directives.view_unit"])
    assert reading.get(path(task)).status_code == 200
    assert reading.get(path(task)).json()["open_steps"] == []
    assert reading.post(path(task, "start")).status_code == 404
    assert call("principal", "school_a1", ["directives.work"]).get("/assignments").status_code == 404


def test_from_start_to_acceptance(task, commune, principal):
    assert "start" in principal.get(path(task)).json()["open_steps"]
    assert principal.post(path(task, "start")).json()["state"] == "in_progress"
    reported = principal.send(
        path(task, "progress"), percent=40, note="Đã tập huấn", difficulties="Thiếu máy"
    ).json()
    assert reported["progress"] == 40
    assert reported["difficulties"][0]["text"] == "Thiếu máy"
    assert reported["notes"][0]["file"] is None

    nothing = principal.send(path(task, "result"), subject="Báo cáo")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "missing_evidence")
    handed = principal.send(
        path(task, "result"), subject="Báo cáo kết quả", number="12", symbol="BC-THAB", issued_on=day(0),
        file=SimpleUploadedFile("bao-cao.pdf", PDF, "application/pdf"),
    )  # fmt: skip
    assert handed.status_code == 200, handed.content.decode()
    submission = handed.json()["submissions"][0]
    assert (handed.json()["state"], submission["file"]["name"]) == ("submitted", "bao-cao.pdf")

    seen = commune.get(f"/files/{submission['file']['id']}")
    assert b"".join(seen.streaming_content) == PDF
    assert commune.post(path(task, "return"), {"reason": ""}).status_code == 422
    assert commune.post(path(task, "return"), {"reason": "Thiếu danh sách"}).json()["state"] == "returned"
    again = principal.send(path(task, "result"), subject="Báo cáo", link="https://truong.example.vn/bc")
    assert again.json()["state"] == "submitted"
    done = commune.post(path(task, "accept"), {"note": "Tốt"}).json()
    assert (done["state"], done["timeliness"], done["progress"]) == ("accepted", "done_on_time", 100)
    assert [line["verb"] for line in done["log"]][:2] == ["accept", "submit"]
    twice = commune.post(path(task, "accept"))
    assert (twice.status_code, twice.json()["code"]) == (409, "wrong_state")
    assert "Hoàn thành" in twice.json()["detail"]


def test_evidence_of_others_is_not_there(task, principal, stranger):
    handed = principal.send(path(task, "result"), subject="Bc", file=SimpleUploadedFile("a.pdf", PDF)).json()
    assert stranger.get(f"/files/{handed['submissions'][0]['file']['id']}").status_code == 404


def test_a_refused_result_leaves_no_file_behind(task, principal):
    principal.send(path(task, "result"), subject="Bc", number="1", file=SimpleUploadedFile("a.pdf", PDF))
    assert not StoredFile.objects.exists()
    assert not Submission.objects.exists()


def test_links_lead_to_pages_only(task, principal):
    for link in ("javascript:alert(1)", "ftp://x.vn/a", "không phải"):
        response = principal.send(path(task, "result"), subject="Bc", link=link)
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == "link"


def test_a_new_task_and_handing_it_down(place, leader, commune, principal):
    made = leader.post(
        "/assignments",
        {
            "text": "Rà soát cơ sở vật chất", "unit_ids": [place.commune_a.pk],
            "coordinating_ids": [place.office.pk], "deadline_kind": "date", "due_on": day(30), "product": "B",
        },
    )  # fmt: skip
    assert made.status_code == 201, made.content.decode()
    row = made.json()[0]
    assert row["unit"] == {"id": place.commune_a.pk, "name": place.commune_a.name, "kind": "commune"}
    assert leader.get(f"/assignments/{row['id']}").json()["coordinators"][0]["id"] == place.office.pk

    below = commune.post(
        f"/assignments/{row['id']}/hand-down", {"unit_ids": [place.school_a1.pk], "due_on": day(20)}
    )
    assert below.status_code == 201, below.content.decode()
    sub = below.json()[0]
    assert sub["parent_id"] == row["id"]
    assert commune.items(f"/assignments/{row['id']}/children")[0]["id"] == sub["id"]
    # The school sees its own task and not the one above it.
    assert principal.get(f"/assignments/{sub['id']}").json()["parent_id"] is None
    late = commune.post(
        f"/assignments/{row['id']}/hand-down", {"unit_ids": [place.school_a2.pk], "due_on": day(60)}
    )
    assert late.json()["code"] == "bad_deadline"
    far = commune.post(f"/assignments/{row['id']}/hand-down", {"unit_ids": [place.school_b1.pk]})
    assert far.json()["code"] == "out_of_reach"
    people = principal.post(f"/assignments/{sub['id']}/people", {"person_id": principal.user.pk}).json()
    assert people["person"]["name"] == principal.user.full_name
    assert (
        principal.post(f"/assignments/{sub['id']}/people", {"person_id": 10**9}).json()["code"]
        == "out_of_reach"
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "  "}, "text"),
        ({"unit_ids": []}, "unit_ids"),
        ({"unit_ids": [10**15]}, "unit_ids"),
        ({"unit_ids": ["x"]}, "unit_ids.0"),
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"deadline_kind": "soon"}, "deadline_kind"),
        ({"section": "x" * 41}, "section"),
        ({"text": "a\x00b"}, "text"),
        ({"person_id": 1}, "person_id"),
    ],
)
def test_mistakes_in_a_new_task(place, leader, change, field):
    said = {"text": "Việc", "unit_ids": [place.commune_a.pk], **change}
    response = leader.post("/assignments", said)
    assert response.status_code == 422, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    assert [one["field"] for one in response.json()["errors"]] == [field]
    assert not Assignment.objects.exists()


def test_extensions(task, commune, principal):
    asked = principal.post(path(task, "extensions"), {"new_due_on": day(40), "reason": "Chờ thiết bị"}).json()
    number = asked["extensions"][0]["id"]
    decide = path(task, f"extensions/{number}/decide")
    assert principal.post(decide, {"granted": True}).status_code == 404
    assert commune.post(path(task, "extensions/999999/decide"), {"granted": True}).status_code == 404
    assert commune.post(decide, {"granted": False}).json()["code"] == "missing_reason"
    granted = commune.post(decide, {"granted": True, "granted_due_on": day(30)}).json()
    assert (granted["due_on"], granted["extensions"][0]["state"]) == (day(30), "granted")
    assert granted["first_due_on"] == day(20)


def test_difficulties_go_up(task, place, leader, commune, principal, stranger):
    principal.post(path(task, "difficulties"), {"text": "Thiếu phòng máy", "proposal": "Cấp kinh phí"})
    one = commune.items("/difficulties", is_open="true")[0]
    assert one["routed_to"]["id"] == place.commune_a.pk
    assert stranger.items("/difficulties") == []
    assert stranger.get(f"/difficulties/{one['id']}").status_code == 404
    assert principal.post(f"/difficulties/{one['id']}/decide", {"decision": "Có"}).status_code == 404
    up = commune.post(f"/difficulties/{one['id']}/forward", {"note": "Vượt thẩm quyền"}).json()
    assert up["routed_to"]["id"] == place.department.pk
    decided = leader.post(f"/difficulties/{one['id']}/decide", {"decision": "Cấp trong quý IV"}).json()
    assert decided["decision"] == "Cấp trong quý IV"
    assert leader.items("/difficulties", is_open="false")[0]["id"] == one["id"]
    assert (
        leader.post(f"/difficulties/{one['id']}/decide", {"decision": "Nữa"}).json()["code"] == "wrong_state"
    )


def test_events_periods_and_stopping(place, leader, commune):
    waiting = make_assignment(
        place.commune_a, place.department, deadline_kind="event", due_on=None,
        deadline_event="Sau khi Thủ tướng phê duyệt",
        deadline_words="trong 15 ngày sau khi Thủ tướng phê duyệt",
    )  # fmt: skip
    assert leader.get(path(waiting)).json()["timeliness"] == "waiting"
    recorded = leader.post(path(waiting, "event"), {"occurred_on": day(0), "document": "QĐ 12/QĐ-TTg"}).json()
    assert recorded["due_on"] == day(15)
    assert leader.post(path(waiting, "event"), {"occurred_on": day(0)}).json()["code"] == "wrong_state"

    ongoing = make_assignment(
        place.commune_a, place.department, deadline_kind="ongoing", due_on=None, period="quarter"
    )
    confirmed = commune.send(path(ongoing, "confirm-period"), note="Đã duy trì")
    assert confirmed.status_code == 200, confirmed.content.decode()
    assert confirmed.json()["notes"][0]["period_start"]

    assert leader.post(path(ongoing, "pause"), {"reason": "Chờ hướng dẫn"}).json()["state"] == "paused"
    assert leader.post(path(ongoing, "resume"), {}).json()["state"] == "in_progress"
    assert leader.post(path(ongoing, "cancel"), {"reason": "Thôi"}).json()["state"] == "cancelled"
    verbs = [line["verb"] for line in leader.items("/changes")]
    assert verbs[:3] == ["cancel", "resume", "pause"]


def test_a_body_outside_is_a_unit_like_others(place, leader):
    police = make_unit("external", "Công an tỉnh")
    made = leader.post("/assignments", {"text": "Phối hợp", "unit_ids": [police.pk]})
    assert made.status_code == 201
