"""The page of the rules: which year under which, a new version seen before it holds, files, withdrawal; who may."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.gradebook import fill_year
from thongsuot.kit.jobs.models import Job
from thongsuot.modules.gradebook import actions
from thongsuot.modules.gradebook.models import RulesVersion

PAGE = "gradebook:rules"


@pytest.fixture
def department(world, signed_in):
    return signed_in(world.province.actor("department_officer", "department"))


def given_by(form):
    """What a browser sends of a form as it stands."""
    return {bound.html_name: bound.value() if bound.value() is not None else "" for bound in form}


def new_rules(client, world, **changed):
    page = client.get(reverse("gradebook:rules-new"), {"tu": "TT22-2021"})
    given = given_by(page.context["form"])
    first = str(world.year.starts_on.year)
    for name in given:
        if name.startswith("applies-"):
            given[name] = first if name.endswith("-8") else ""
    return {**given, "is_checked": "", "source": "Đối chiếu Điều 12", **changed}


def post(client, given, **more):
    return client.post(reverse("gradebook:rules-new"), {**given, **more})


def test_a_version_seen_first_and_then_set(world, department):
    student = world.secondary.students[0]
    fill_year(world.secondary, student, "4.8")
    actions.compute_results(by=None, unit=world.school, school_year=world.year)
    given = new_rules(department, world, reassess_below="4.5")
    seen = post(department, given, lam="ap-dung")
    # Not before it was shown what would change.
    assert (seen.status_code, RulesVersion.objects.count()) == (200, 0)
    (part,) = seen.context["preview"]["parts"]
    assert part["lines"] == [("Được đánh giá lại khi cả năm dưới", "5", "4,5")]
    (touched,) = seen.context["preview"]["touched"]
    assert (touched.year, touched.pupils, touched.published) == (world.year, 2, 0)
    again = given_by(seen.context["form"]) | {"is_checked": ""}
    # Something else than what was shown is shown again.
    assert post(department, {**again, "reassess_below": "4.0"}, lam="ap-dung").status_code == 200
    done = post(department, again, lam="ap-dung")
    job = Job.objects.get()
    assert done["Location"] == reverse("jobs:detail", args=[job.public_id])
    row = RulesVersion.objects.get()
    assert (row.code, row.document["reassess_below"], row.source) == (
        "TT22-2021.1",
        "4.5",
        "Đối chiếu Điều 12",
    )
    # Compared by a person: no longer said to be from memory; the others still are.
    assert "reassess_below" not in row.document["unsure"]
    assert set(row.document["unsure"]) == {
        "regular_by_comment", "absent_periodic", "both_failed_repeats", "adjustment_steps"
    }  # fmt: skip
    page = department.get(reverse(PAGE))
    held = {
        (line["level"], line["grades"]): [cell["rules"].code for cell in line["cells"] if cell["rules"]]
        for line in page.context["holdings"]
    }
    assert held["Trung học cơ sở", "khối 8"] == ["TT22-2021.1"]
    assert held["Trung học cơ sở", "khối 9"] == ["TT22-2021"]
    assert "Đối chiếu Điều 12" in page.content.decode()
    # From what was kept, nothing but what is changed is told as changed.
    later = new_rules(department, world, reassess_below="4.0")
    (part,) = post(department, later | {"base": row.code}).context["preview"]["parts"]
    assert [label for label, _before, _after in part["lines"]] == ["Được đánh giá lại khi cả năm dưới"]
    withdraw = reverse("gradebook:rules-withdraw", args=[row.code])
    assert department.post(withdraw, {"ly-do": ""}).status_code == 302
    assert RulesVersion.objects.filter(withdrawn_at=None).exists()
    department.post(withdraw, {"ly-do": "Chưa ban hành"})
    assert not RulesVersion.objects.filter(withdrawn_at=None).exists()
    gone = department.get(reverse(PAGE)).content.decode()
    assert "Chưa ban hành" in gone
    assert withdraw not in gone


def test_faults_stand_at_their_fields(world, department):
    given = new_rules(
        department,
        world,
        **{"learning-1-every": "7", "weights-midterm": "x", "regular_by_score-3-number": "5"},
    )
    first = post(department, given)
    assert first.status_code == 422
    assert set(first.context["form"].errors) == {"weights-midterm"}
    given["weights-midterm"] = "2"
    assert set(post(department, given).context["form"].errors) == {"regular_by_score-3-number"}
    given["regular_by_score-3-from_periods"] = "140"
    assert set(post(department, given).context["form"].errors) == {"learning-1-every"}
    given["learning-1-every"] = "5"
    page = post(department, given)
    assert "Môn" not in str(page.context["form"].errors)
    assert "5 lần khi môn có từ 140 tiết" in page.content.decode()
    nothing = {**new_rules(department, world), "applies-lower_secondary-8": ""}
    assert "Chưa chọn khối nào áp dụng" in post(department, nothing).content.decode()
    for strange in ("{}", "1", "không"):
        assert post(department, {**given, "document": strange}).status_code == 404
    # Nothing changed is nothing set, and a base that nobody knows is none.
    same = new_rules(department, world)
    same["seen"] = given_by(post(department, same).context["form"])["seen"]
    assert "Không có gì khác" in post(department, same, lam="ap-dung").content.decode()
    unknown = {**same, "base": "TT22-2021.99999999999"}
    assert "Không có quy định đánh giá" in post(department, unknown, lam="ap-dung").content.decode()
    assert not RulesVersion.objects.exists()
    assert department.get(reverse("gradebook:rules-new"), {"tu": "TT58-2011"}).status_code == 404


def test_out_to_a_file_and_in_again(world, department):
    out = department.get(reverse("gradebook:rules-download", args=["TT27-2020"]))
    given = json.loads(out.content)
    assert (given["code"], given["learning"][0]["tests"]) == ("TT27-2020", 9)
    given |= {
        "code": "TT99-2027",
        "title": "Quy định mới",
        "applies": [{"level": "primary", "grade": 3, "from_year": 2026}],
    }

    def bring(content):
        upload = SimpleUploadedFile("quy-dinh.json", content.encode(), content_type="application/json")
        return department.post(reverse("gradebook:rules-file"), {"file": upload})

    page = bring(json.dumps(given))
    sent = given_by(page.context["form"]) | {"source": "Thông tư mới", "is_checked": "on", "lam": "xem"}
    assert (sent["code"], sent["base"], sent["applies-primary-3"]) == ("TT99-2027", "", "2026")
    seen = post(department, sent)
    again = given_by(seen.context["form"]) | {"lam": "ap-dung"}
    assert post(department, again).status_code == 302
    row = RulesVersion.objects.get()
    assert (row.code, row.document["confidence"], row.document["unsure"]) == ("TT99-2027.1", "V", {})
    assert "không phải JSON" in bring("không").content.decode()
    assert (
        "learning.0.tests: lớn hơn"
        in bring(json.dumps({**given, "learning": [{**given["learning"][0], "tests": 11}]})).content.decode()
    )


def test_who_may(world, signed_in):
    for actor in (world.principal, world.maths):
        client = signed_in(actor)
        page = client.get(reverse(PAGE))
        assert page.status_code == 200
        assert reverse("gradebook:rules-new") not in page.content.decode()
        for name in ("gradebook:rules-new", "gradebook:rules-file"):
            assert client.get(reverse(name), {"tu": "TT22-2021"}).status_code == 404
        assert client.post(reverse("gradebook:rules-withdraw", args=["TT22-2021.1"])).status_code == 404
        assert client.get(reverse("gradebook:rules-download", args=["TT22-2021"])).status_code == 200
