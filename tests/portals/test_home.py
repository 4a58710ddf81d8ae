"""Front doors: each audience finds its own, and nothing of others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.directives import make_assignment
from tests.factories.organization import make_appointment, make_province, make_user
from thongsuot.modules.organization.models import Appointment

pytestmark = pytest.mark.django_db
WORKING = [
    ("department_leader", "department"),
    ("department_officer", "office"),
    ("commune_officer", "commune_a_office"),
    ("principal", "school_a1"),
    ("school_office", "school_a1"),
    ("teacher", "school_a1"),
]
OTHERS = [("parent", "school_a1"), ("pupil", "school_a1")]


@pytest.fixture
def province():
    return make_province()


def enter(province, role, unit):
    user = make_user()
    make_appointment(user, role, getattr(province, unit))
    client = Client()
    client.force_login(user)
    return client, user


@pytest.mark.parametrize(("role", "unit"), WORKING + OTHERS)
def test_everybody_has_a_home_and_an_empty_one_says_what_comes(province, role, unit):
    client, user = enter(province, role, unit)
    page = client.get("/").content.decode()
    assert user.full_name in page
    assert "ts-empty" in page


def test_who_looks_after_the_system_sees_what_needs_a_hand(province):
    client, _user = enter(province, "system_administrator", "department")
    page = client.get("/").content.decode()
    assert f"{reverse('account-list')}?state=locked" in page
    assert f"{reverse('audit:sign-ins')}?event=failed" in page
    for role, unit in WORKING:
        other, _user = enter(province, role, unit)
        assert "Đang bị tạm khoá" not in other.get("/").content.decode()


def test_parents_are_not_offered_a_search_that_finds_nothing(province):
    client, _user = enter(province, "parent", "school_a1")
    page = client.get("/").content.decode()
    assert "data-search-box" not in page
    assert reverse("jobs:list") not in page


@pytest.mark.parametrize(("role", "unit"), WORKING)
def test_what_waits_is_named_and_opens(province, role, unit):
    client, user = enter(province, role, unit)
    lead = {"department": "department", "office": "office", "commune_a_office": "commune_a"}.get(unit, unit)
    mine = make_assignment(
        getattr(province, lead), province.department, text="Rà soát phòng máy", person=user,
        due_on=timezone.localdate() - timedelta(days=3),
    )  # fmt: skip
    page = client.get("/").content.decode()
    assert reverse("directives:assignment-detail", args=[mine.public_id]) in page
    assert "quá hạn 3 ngày" in page


def test_a_school_reads_nothing_of_another(province):
    make_assignment(province.school_b1, province.commune_b, text="Chỉ của Hòa Lợi")
    for role, unit in WORKING[2:]:
        client, _ = enter(province, role, unit)
        assert "Chỉ của Hòa Lợi" not in client.get("/").content.decode()


def test_a_home_costs_the_same_for_one_task_and_for_three(province):
    client, user = enter(province, "principal", "school_a1")
    make_assignment(province.school_a1, province.commune_a, person=user)
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for _ in range(2):
        make_assignment(province.school_a1, province.commune_a, person=user)
    with CaptureQueriesContext(connection) as three:
        client.get("/")
    assert len(three) == len(one)


def test_somebody_without_a_role_is_told_whom_to_ask(province):
    client = Client()
    client.force_login(make_user())
    assert "chưa được phân công" in client.get("/").content.decode()


def test_handing_over_by_page_moves_roles_and_open_work(province):
    leaving, coming = make_user("nguoi.cu"), make_user("nguoi.moi")
    left = make_appointment(leaving, "principal", province.school_a1)
    task = make_assignment(province.school_a1, province.commune_a, person=leaving)
    client, _ = enter(province, "commune_leader", "commune_a")
    today = timezone.localdate()
    response = client.post(
        reverse("hand-over", args=[left.pk]), {"on": today.isoformat(), "to_user": "nguoi.moi"}
    )
    assert response.status_code == 302
    assert Appointment.objects.get(user=coming).valid_from == today + timedelta(1)
    task.refresh_from_db()
    assert task.person_id == coming.pk


def test_handing_over_in_another_commune_does_not_exist(province):
    left = make_appointment(make_user(), "principal", province.school_b1)
    client, _ = enter(province, "commune_leader", "commune_a")
    assert client.get(reverse("hand-over", args=[left.pk])).status_code == 404
