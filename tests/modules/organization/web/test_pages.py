"""Pages through the whole stack: sign-in, middleware, row-level scope, templates."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.modules.organization.list_pages import ROWS
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.models import Appointment, CodeList, CodeValue, SchoolSite, Unit, WorkDay

pytestmark = pytest.mark.django_db
SEEING = [
    ("system_administrator", "department"),
    ("department_leader", "department"),
    ("department_officer", "office"),
    ("commune_leader", "commune_a"),
    ("commune_officer", "commune_a_office"),
    ("principal", "school_a1"),
    ("school_office", "school_a1"),
    ("accountant", "school_a1"),
    ("teacher", "school_a1"),
]
FAMILY = [("parent", "school_a1"), ("pupil", "school_a1")]
# The values of one list have its code in their address; their queries are counted by the house test.
KEYLESS = [name for name in ROWS if name != "organization:codevalue-list"]
PLAIN = [*KEYLESS, "organization:unit-tree", "organization:roles", "organization:work-days"]


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.MFA_REQUIRED = "none"


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def sign_in(client, province):
    """sign_in("principal", "school_a1"): the client of somebody who holds the role today."""

    def enter(role, unit):
        user = make_user()
        make_appointment(user, role, getattr(province, unit))
        client.force_login(user)
        client.user = user
        return client

    return enter


def url(name, *args):
    return reverse(f"organization:{name}", args=args)


@pytest.mark.parametrize("holder", SEEING)
def test_lists_open_for_whoever_works_here(sign_in, holder):
    client = sign_in(*holder)
    for name in PLAIN:
        assert client.get(reverse(name)).status_code == 200, name


@pytest.mark.parametrize("holder", FAMILY)
def test_families_find_none_of_it(sign_in, province, holder):
    client = sign_in(*holder)
    pages = [reverse(name) for name in PLAIN] + [
        url("unit-detail", province.school_a1.pk),
        url("school-detail", province.school_a1.pk),
    ]
    for address in pages:
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("holder", SEEING[3:])
def test_nothing_of_another_commune_is_shown(sign_in, province, holder):
    other = make_user(full_name="Hoàng Văn Bí Mật")
    hidden = make_appointment(other, "principal", province.school_b1)
    client = sign_in(*holder)
    for name in ("unit-list", "unit-tree", "school-list", "commune-list", "appointment-list"):
        page = client.get(url(name)).content.decode()
        assert "Hòa Lợi" not in page, name
        assert "Bí Mật" not in page, name
    b1 = province.school_b1
    site = b1.school.sites.get()
    for address in (
        url("unit-detail", b1.pk),
        url("unit-contacts", b1.pk),
        url("unit-close", b1.pk),
        url("school-detail", b1.pk),
        url("school-edit", b1.pk),
        url("site-add", b1.pk),
        url("site-edit", b1.pk, site.pk),
        url("site-edit", province.school_a1.pk, site.pk),
        url("appoint", b1.pk),
        url("appointment-detail", hidden.pk),
        url("appointment-end", hidden.pk),
        url("appointment-delegate", hidden.pk),
    ):
        assert client.get(address).status_code == 404, address
        # A page without a form answers 405 whatever it is asked about.
        assert client.post(address, {"on": "2026-11-23"}).status_code in (404, 405), address


def test_details_open_on_every_tab(sign_in, province):
    client = sign_in("system_administrator", "department")
    a1 = province.school_a1.pk
    for tab in ("", "units", "people", "history"):
        assert client.get(url("unit-detail", province.commune_a.pk), {"tab": tab}).status_code == 200
    for tab in ("", "sites", "people", "history"):
        assert client.get(url("school-detail", a1), {"tab": tab}).status_code == 200
    for name in ("unit-create", "school-create", "year-create"):
        assert client.get(url(name)).status_code == 200
    for name in ("school-edit", "unit-contacts", "unit-close", "site-add", "appoint"):
        assert client.get(url(name, a1)).status_code == 200
    appointment = Appointment.objects.get(user=client.user)
    assert client.get(url("appointment-detail", appointment.pk)).status_code == 200


def test_a_school_is_founded_and_changed(sign_in, province):
    client = sign_in("system_administrator", "department")
    form = {
        "name": "Trường Mầm non Mới",
        "code": "M9",
        "parent": province.commune_a.pk,
        "valid_from": "2026-09-01",
        "levels": ["preschool"],
        "school_type": "private",
    }
    assert client.post(url("school-create"), {**form, "administrative_unit": "99999"}).status_code == 422
    response = client.post(url("school-create"), form)
    made = Unit.objects.get(code="M9")
    assert response["Location"] == url("school-detail", made.pk)
    assert made.school.school_type == "private"
    response = client.post(
        url("school-edit", made.pk), {**form, "name": "Trường Mầm non Khác", "aliases": "MN Khác\n\nKhác"}
    )
    made.refresh_from_db()
    assert (made.name, made.aliases, made.name_fold) == (
        "Trường Mầm non Khác",
        ["MN Khác", "Khác"],
        "truong mam non khac",
    )
    assert client.post(url("school-create"), form).status_code == 422


def test_a_principal_appoints_and_ends(sign_in, province):
    teacher = make_user("co.giao")
    client = sign_in("principal", "school_a1")
    page = client.get(url("appoint", province.school_a1.pk)).content.decode()
    assert "Giáo viên" in page
    assert "Quản trị hệ thống" not in page
    today = timezone.localdate()
    form = {"user": "CO.GIAO", "role": "teacher", "valid_from": today.isoformat()}
    assert client.post(url("appoint", province.school_a1.pk), {**form, "user": "khong.co"}).status_code == 422
    assert (
        client.post(url("appoint", province.school_a1.pk), {**form, "role": "principal"}).status_code == 422
    )
    assert client.post(url("appoint", province.school_a1.pk), form).status_code == 302
    made = Appointment.objects.get(user=teacher)
    assert client.post(url("appointment-end", made.pk), {"on": today.isoformat()}).status_code == 302
    made.refresh_from_db()
    assert made.valid_to == today


def test_lending_rights(sign_in, province):
    deputy = make_user("pho.hieu.truong")
    make_appointment(deputy, "teacher", province.school_a1)
    stranger = make_user("nguoi.ngoai")
    make_appointment(stranger, "teacher", province.school_b1)
    client = sign_in("principal", "school_a1")
    own = Appointment.objects.get(user=client.user)
    today = timezone.localdate()
    form = {
        "to": deputy.pk,
        "rights": ["directives.accept"],
        "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(7)).isoformat(),
        "reason": "Giấy uỷ quyền số 1",
    }
    address = url("appointment-delegate", own.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {**form, "to": stranger.pk}).status_code == 422
    assert client.post(address, {**form, "rights": ["accounts.manage"]}).status_code == 422
    assert client.post(address, form).status_code == 302
    assert Appointment.objects.get(user=deputy, delegated_from=own).lent_rights == ["directives.accept"]


def test_sites_are_kept_by_the_school(sign_in, province):
    client = sign_in("school_office", "school_a1")
    a1 = province.school_a1.pk
    assert client.post(url("site-add", a1), {"name": "Thôn 3", "valid_from": "2026-09-01"}).status_code == 302
    site = SchoolSite.objects.get(school_id=a1, name="Thôn 3")
    assert client.post(url("site-edit", a1, site.pk), {"name": "Thôn Ba"}).status_code == 302
    assert client.post(url("site-close", a1, site.pk), {"on": "2026-12-01"}).status_code == 302
    assert client.post(url("unit-contacts", a1), {"address": "Thôn 1", "phone": "0255"}).status_code == 302


def test_lists_are_corrected_by_the_administrator_only(sign_in):
    value = CodeValue.objects.create(
        code_list=CodeList.objects.create(code="ton_giao", name="Tôn giáo", confidence="M"),
        code="01",
        name="Sai",
        confidence="M",
    )
    address = url("codevalue-edit", "ton_giao", value.pk)
    client = sign_in("department_officer", "office")
    assert client.get(address).status_code == 404
    assert "Cần kiểm tra" in client.get(url("codevalue-list", "ton_giao")).content.decode()
    client = sign_in("system_administrator", "department")
    assert client.post(address, {"name": "Phật giáo"}).status_code == 302
    assert "Đã hiệu chỉnh" in client.get(url("codevalue-list", "ton_giao")).content.decode()
    assert client.get(url("codevalue-list", "khong-co")).status_code == 404


def test_a_school_year_is_entered(sign_in):
    make_school_year(2026)
    client = sign_in("system_administrator", "department")
    form = {
        "starts_on": "2027-09-05",
        "first_ends": "2028-01-15",
        "second_starts": "2028-01-17",
        "ends_on": "2028-05-31",
    }
    assert client.post(url("year-create"), {**form, "first_ends": "2028-02-15"}).status_code == 422
    assert client.post(url("year-create"), form)["Location"] == url("year-list")
    assert "2027-2028" in client.get(url("year-list")).content.decode()


@pytest.mark.parametrize("name", KEYLESS)
def test_lists_cost_the_same_at_one_row_and_at_three(sign_in, name):
    client = sign_in("system_administrator", "department")
    ROWS[name](1, Actor.system())
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(name))
    ROWS[name](3, Actor.system())
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(name))
    assert len(one) == len(three), [q["sql"][:120] for q in three.captured_queries]


def test_search_without_accents(sign_in):
    client = sign_in("department_officer", "office")
    page = client.get(url("school-list"), {"q": "mam non hoa"}).content.decode()
    assert "Trường Mầm non Hoa Hồng" in page
    assert "Trường Tiểu học An Bình" not in page


def test_exports(sign_in):
    client = sign_in("department_officer", "office")
    for name in ("school-list", "unit-list", "appointment-list"):
        # Read to its end, the answer closes its file.
        text = b"".join(client.get(url(name), {"export": "csv"}).streaming_content).decode("utf-8-sig")
        assert (client.user.full_name if name == "appointment-list" else "Trường Tiểu học An Bình") in text


def test_the_anonymous_are_sent_to_sign_in(client, province):
    assert client.get(url("unit-list")).status_code == 302
    assert get_user_model().objects.count() == 0


def test_days_are_set_right_on_the_page_of_working_days(sign_in, province):
    office = sign_in("school_office", "school_a1")
    day = {"day": "2027-03-01", "is_working": "0", "name": "Nghỉ phòng tránh bão"}
    assert office.post(url("work-days"), day).status_code == 404
    officer = sign_in("department_officer", "office")
    assert officer.post(url("work-days"), day | {"name": ""}).status_code == 422
    assert officer.post(url("work-days"), day).status_code == 302
    row = WorkDay.objects.get()
    shown = officer.get(url("work-days"), {"nam": "2027"})
    assert {one.day.year for one in shown.context["days"]} == {2027}
    clear = url("work-day-clear", row.pk)
    assert clear in shown.content.decode()
    assert officer.get(clear).status_code == 200
    assert officer.post(clear).status_code == 302
    assert not WorkDay.objects.exists()
    assert officer.get(url("work-days"), {"nam": "1999"}).status_code == 200
