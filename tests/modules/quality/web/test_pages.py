"""Pages: what is shown, to whom, and what a click does."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_user
from tests.modules.quality.conftest import make_world
from tests.modules.quality.test_running import at, case_of, spoil
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.models import Job
from thongsuot.modules.quality import actions
from thongsuot.modules.quality.models import QualityCase, RuleSetting


@pytest.fixture(scope="module")
def broken_once(django_db_setup, django_db_blocker):
    """Built and checked once, in a transaction that is rolled back; what a test changes is taken back with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        for school in ("school_a1", "school_b1"):
            spoil(at(world, school), gender="", phone="123")
        actions.run_checks(by=Actor.system(), today=timezone.localdate())
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def broken(broken_once, db):
    return deepcopy(broken_once)


def sign_in(world, role, unit):
    user = make_user()
    make_appointment(user, role, getattr(world, unit))
    client = Client()
    client.force_login(user)
    return client


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def url_of(case, act=""):
    if act:
        return reverse("quality:case-act", args=[case.public_id, act])
    return reverse("quality:case-detail", args=[case.public_id])


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("school_office", "school_a1"),
        ("commune_officer", "commune_a_office"),
        ("department_officer", "office"),
    ],
)
def test_every_page_opens(broken, role, unit):
    client = sign_in(broken, role, unit)
    for name in ("overview", "ranking", "case-list", "rule-list"):
        assert "Traceback" not in text(client.get(reverse(f"quality:{name}"), {"all": "1"}))
    assert text(client.get(url_of(case_of("student.gender.missing", at(broken)))))


@pytest.mark.parametrize(("role", "unit"), [("teacher", "school_a1"), ("parent", "school_a1")])
def test_without_the_right_there_are_no_pages(broken, role, unit):
    client = sign_in(broken, role, unit)
    for name in ("overview", "ranking", "case-list", "rule-list"):
        assert client.get(reverse(f"quality:{name}")).status_code == 404


def test_a_school_sees_its_own(broken):
    client = sign_in(broken, "school_office", "school_a1")
    body = text(client.get(reverse("quality:case-list"), {"all": "1"}))
    assert at(broken).full_name in body
    assert at(broken, "school_b1").full_name not in body
    other = case_of("student.gender.missing", at(broken, "school_b1"))
    assert client.get(url_of(other)).status_code == 404
    assert client.get(reverse("quality:overview"), {"unit": broken.school_b1.pk}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"rule": "student.gender.missing"}, 1),
        ({"field": "student.phone"}, 1),
        ({"severity": "warning", "dataset": "student"}, 1),
        ({"group": "format"}, 1),
        ({"incident": "yes"}, 0),
        ({"due": "late"}, 0),
        ({"state": "mended"}, 0),
        ({"q": "thieu gioi tinh"}, 1),
        ({"school": "hoa loi"}, 0),
    ],
)
def test_filters(broken, asked, number):
    response = sign_in(broken, "school_office", "school_a1").get(reverse("quality:case-list"), asked)
    assert len(response.context["page"].object_list) == number


def test_found_by_name_without_accents(broken):
    student = at(broken)
    response = sign_in(broken, "school_office", "school_a1").get(
        reverse("quality:case-list"), {"q": student.name_fold}
    )
    assert {row.object_id for row in response.context["page"].object_list} == {student.pk}


def test_exported_with_names(broken):
    response = sign_in(broken, "school_office", "school_a1").get(
        reverse("quality:case-list"), {"export": "csv", "dataset": "student"}
    )
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    assert at(broken).full_name in body
    assert "Thiếu giới tính" in body


def test_mend_on_the_page_of_the_case(broken):
    client, case = (
        sign_in(broken, "school_office", "school_a1"),
        case_of("student.gender.missing", at(broken)),
    )
    assert "Sửa tại chỗ" in text(client.get(url_of(case)))
    wrong = client.post(url_of(case, "sua"), {"value": ""})
    assert wrong.status_code == 422
    answer = client.post(url_of(case, "sua"), {"value": "female"}, follow=True)
    assert "lỗi được đóng" in text(answer)
    case.refresh_from_db()
    assert case.state == "mended"
    assert "Sửa tại chỗ" not in text(client.get(url_of(case)))


def test_claim_explain_take_on_the_page(broken):
    client, case = sign_in(broken, "school_office", "school_a1"), case_of("student.phone.format", at(broken))
    assert "vẫn chưa đúng" in text(client.post(url_of(case, "da-sua"), follow=True))
    client.post(url_of(case, "nhan"))
    assert client.post(url_of(case, "giai-trinh"), {"explanation": "ngắn"}).status_code == 422
    client.post(url_of(case, "giai-trinh"), {"explanation": "Gia đình dùng số điện thoại của Lào."})
    case.refresh_from_db()
    assert (case.state, case.explanation) == ("explained", "Gia đình dùng số điện thoại của Lào.")
    assert client.post(url_of(case, "xoa")).status_code == 404


def test_who_only_reads_has_no_buttons(broken):
    client, case = (
        sign_in(broken, "department_officer", "office"),
        case_of("student.gender.missing", at(broken)),
    )
    assert "Sửa tại chỗ" not in text(client.get(url_of(case)))
    assert client.post(url_of(case, "sua"), {"value": "female"}).status_code == 404


def test_several_at_once(broken):
    client = sign_in(broken, "school_office", "school_a1")
    keys = list(QualityCase.objects.filter(unit=broken.school_a1).values_list("pk", flat=True))
    client.post(reverse("quality:case-list"), {"do": "take", "pick": keys})
    assert set(QualityCase.objects.filter(pk__in=keys).values_list("state", flat=True)) == {"in_hand"}
    client.post(reverse("quality:case-list"), {"do": "claim", "pick": keys})
    assert Job.objects.filter(task="quality.check").count() == 1
    mate = make_user("dong.nghiep", "Người Đồng Nghiệp")
    make_appointment(mate, "principal", broken.school_a1)
    client.post(reverse("quality:case-list"), {"do": "assign", "pick": keys, "assignee": mate.pk})
    assert set(QualityCase.objects.filter(pk__in=keys).values_list("owner_id", flat=True)) == {mate.pk}


def test_check_now(broken):
    client = sign_in(broken, "school_office", "school_a1")
    answer = client.post(f"{reverse('quality:check')}?unit={broken.school_a1.pk}")
    job = Job.objects.get(task="quality.check")
    assert answer["Location"] == reverse("jobs:detail", args=[job.public_id])
    assert job.arguments == {"checked_unit_id": broken.school_a1.pk}


def test_rules_are_set_by_whoever_may(broken):
    office, officer = (
        sign_in(broken, "school_office", "school_a1"),
        sign_in(broken, "department_officer", "office"),
    )
    page = reverse("quality:rule-edit", args=["student.dossier.stale"])
    assert office.get(page).status_code == 404
    assert "Số ngày không cập nhật" in text(officer.get(page))
    said = {
        "is_on": "on",
        "weight": "2",
        "number_days": "300",
        "valid_from": "2026-11-01",
        "reason": "Công văn",
    }
    assert officer.post(page, {**said, "number_days": "-1"}).status_code == 422
    assert officer.post(page, said).status_code == 302
    setting = RuleSetting.objects.get()
    assert (setting.parameters, setting.weight) == ({"days": 300}, 2)
    assert officer.get(reverse("quality:rule-edit", args=["nothing"])).status_code == 404
    limits = {"green": 95, "yellow": 96, "valid_from": "2026-11-01"}
    assert officer.post(reverse("quality:threshold-edit"), limits).status_code == 422
    moved = office.get(reverse("quality:work-days-moved"))
    assert (moved.status_code, moved["Location"]) == (301, reverse("organization:work-days"))
