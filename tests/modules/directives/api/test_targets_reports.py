"""Targets and reports owed over REST."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.directives import make_directive, make_duty, make_obligation, make_target
from thongsuot.modules.directives.models import TargetValue

TODAY = timezone.localdate()


def day(days):
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.fixture
def target(place):
    order = make_directive(place.department, recipients=(place.commune_a, place.school_a1))
    return make_target(order, place.school_a1, place.commune_a, value=90)


def path(target, step=""):
    return f"/targets/{target.public_id}" + (f"/{step}" if step else "")


def test_a_value_is_reported_and_approved(place, target, leader, commune, principal, stranger):
    assert principal.get(path(target)).json()["reports_for"] == [place.school_a1.pk]
    assert stranger.get(path(target)).status_code == 404
    assert stranger.items("/targets") == []
    assert (
        stranger.send(path(target, "values"), as_of=day(0), value=95, link="https://a.vn/").status_code == 404
    )
    made = principal.send(
        path(target, "values"), as_of=day(0), numerator=19, denominator=20, link="https://a.vn/x"
    )
    assert made.status_code == 201, made.content.decode()
    value = made.json()
    assert (value["value"], value["approver_unit"]["id"]) == ("95.0000", place.commune_a.pk)
    assert commune.items("/target-values/waiting")[0]["id"] == value["id"]
    # The school does not approve its own figure, another commune does not know of it.
    assert principal.post(f"/target-values/{value['id']}/approve", {}).status_code == 404
    assert stranger.post(f"/target-values/{value['id']}/approve", {}).status_code == 404
    approved = commune.post(f"/target-values/{value['id']}/approve", {"note": "Đúng"})
    assert approved.json()["state"] == "approved"
    again = commune.post(f"/target-values/{value['id']}/return", {"reason": "Nhầm"})
    assert (again.status_code, again.json()["code"]) == (409, "value_decided")
    shown = leader.get(path(target)).json()
    assert (shown["current"], shown["met"]) == ("95.00", True)
    assert [row["unit"]["id"] for row in leader.items(path(target, "units"), missing="true")] == [
        place.commune_a.pk
    ]
    assert leader.items(path(target, "values"))[0]["link"] == "https://a.vn/x"
    assert leader.items("/targets")[0]["reported_count"] == 1


def test_values_that_are_refused(target, principal):
    for change, status in (
        ({"value": 120}, 409),
        ({"value": "nhiều"}, 422),
        ({"as_of": day(2), "value": 5}, 409),
        ({"numerator": 5, "denominator": 0}, 409),
        ({"value": 5, "link": ""}, 409),
        ({"value": 5, "link": "javascript:x"}, 422),
        ({"value": "NaN"}, 422),
        ({"value": 5, "unit_id": 10**9}, 404),
    ):
        said = {"as_of": day(0), "link": "https://a.vn/", **change}
        assert principal.send(path(target, "values"), **said).status_code == status, change
    assert not TargetValue.objects.exists()


def test_a_value_is_returned(target, commune, principal):
    evidence = SimpleUploadedFile("danh-sach.csv", b"stt,ten\n1,a\n", "text/csv")
    made = principal.send(path(target, "values"), as_of=day(0), value=80, file=evidence)
    assert made.json()["file"]["name"] == "danh-sach.csv"
    back = f"/target-values/{made.json()['id']}/return"
    assert commune.post(back, {"reason": " "}).status_code == 422
    assert commune.post(back, {"reason": "Thiếu một lớp"}).json()["state"] == "returned"


def test_binding_to_an_indicator(target, leader, commune):
    unknown = leader.post(path(target, "indicator"), {"code": "khong.co"})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "no_such_indicator")
    assert leader.post(path(target, "indicator"), {"code": ""}).json()["indicator_code"] == ""
    assert commune.post(path(target, "indicator"), {"code": ""}).status_code == 404


@pytest.fixture
def owed(place):
    """The school owes its commune a report, the commune owes the department one."""
    duty = make_duty(place.department, what="Báo cáo sơ kết")
    school = make_obligation(duty, place.school_a1, place.commune_a, due_on=TODAY + timedelta(days=5))
    commune = make_obligation(duty, place.commune_a, place.department, due_on=TODAY + timedelta(days=10))
    return school, commune


def report(row, step=""):
    return f"/report-obligations/{row.public_id}" + (f"/{step}" if step else "")


def test_a_report_goes_from_school_to_department(owed, place, leader, commune, principal, stranger):
    school, own = owed
    assert stranger.get(report(school)).status_code == 404
    assert stranger.items("/report-obligations") == []
    assert principal.get(report(own)).status_code == 404
    assert principal.get(report(school)).json()["steps"]["submit"] is True
    empty = principal.send(report(school, "submit"))
    assert (empty.status_code, empty.json()["code"]) == (409, "report_incomplete")
    assert commune.send(report(school, "submit"), summary="thay").status_code == 404
    assert principal.send(report(school, "submit"), summary="Đã làm xong").json()["state"] == "submitted"
    assert principal.post(report(school, "accept")).status_code == 404
    assert commune.post(report(school, "return"), {"reason": "Thiếu số"}).json()["state"] == "returned"
    principal.send(report(school, "submit"), summary="Đủ số")
    assert commune.post(report(school, "accept"), {}).json()["state"] == "accepted"
    gather = commune.get(report(own)).json()["to_gather"]
    assert [row["unit"]["id"] for row in gather] == [place.school_a1.pk]
    sent = commune.send(report(own, "forward"), gathered=[row["key"] for row in gather], summary="Tổng hợp")
    assert sent.json()["state"] == "submitted", sent.content.decode()
    assert [row["id"] for row in sent.json()["gathered"]] == [str(school.public_id)]
    assert leader.post(report(own, "accept"), {}).json()["timeliness"] == "done_on_time"
    assert [line["verb"] for line in leader.get(report(own)).json()["log"]] == ["accept", "submit"]


def test_waiving(owed, commune, principal):
    school, _own = owed
    assert principal.post(report(school, "waive"), {"reason": "x"}).status_code == 404
    assert commune.post(report(school, "waive"), {"reason": "Trường mới lập"}).json()["state"] == "waived"
    assert commune.post(report(school, "waive"), {"reason": "x"}).json()["code"] == "report_step"


def test_lists_of_reports(owed, place, leader, commune):
    def found(**query):
        return [row["unit"]["id"] for row in leader.items("/report-obligations", **query)]

    assert found() == [place.school_a1.pk, place.commune_a.pk]
    assert found(unit_id=place.commune_a.pk) == [place.commune_a.pk]
    assert found(to_unit_id=place.commune_a.pk) == [place.school_a1.pk]
    assert found(late="true") == []
    assert found(state="accepted") == []
    assert found(due_to=day(6)) == [place.school_a1.pk]
    assert found(q="so ket") == [] or found(q="sơ kết") == found()
    assert found(duty_id=owed[0].duty.public_id) == found()
    assert [row["owed"] for row in commune.items("/reporting-duties")] == [2]


def test_a_new_duty(place, leader, commune, principal):
    said = {
        "what": "Báo cáo tháng",
        "unit_ids": [place.commune_a.pk],
        "period": "month",
        "first_due_on": day(3),
    }
    made = leader.post("/reporting-duties", said)
    assert made.status_code == 201, made.content.decode()
    assert made.json()["owed"] >= 1
    assert leader.post("/reporting-duties", {**said, "last_due_on": day(1)}).status_code == 422
    # Beyond the commune's reach, whether there is such a unit or not.
    for unit in (place.school_b1.pk, 10**9):
        assert commune.post("/reporting-duties", {**said, "unit_ids": [unit]}).status_code == 422
    assert principal.post("/reporting-duties", {**said, "unit_ids": [place.commune_a.pk]}).status_code == 422
