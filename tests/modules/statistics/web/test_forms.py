"""Pages of the forms: who sees which, what a number opens, files; the same by API."""

from datetime import date

import pytest
from django.test import Client

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.kit.accounts.models import User
from thongsuot.kit.audit.models import ReadingLog

pytestmark = pytest.mark.django_db
DAY = "ngay=2026-09-30"


@pytest.fixture
def world():
    p = make_province()
    room = make_class(p.school_a1, make_school_year(2026), grade=1)
    make_student(p.school_a1, "Nguyễn Thị Một", school_class=room, birth_date=date(2020, 5, 1))
    make_student(p.school_a1, "Nguyễn Văn Hai", school_class=room, gender="male", birth_date=date(2020, 5, 1))
    return p


def client_of(world, role, unit):
    client = Client()
    client.force_login(User.objects.get(pk=world.actor(role, unit).user_id))
    return client


def test_the_list_leads_to_ones_own_form(world):
    client = client_of(world, "principal", "school_a1")
    page = client.get("/thong-ke/bieu/").content.decode()
    assert "02.ĐN-TH" in page
    assert "/thong-ke/bieu/02-dn-th/" in page
    shown = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}")
    assert shown.context["unit"] == world.school_a1
    assert shown.context["sheet"].values["C01.1"] == 2


def test_only_units_within_ones_reach(world):
    client = client_of(world, "principal", "school_a1")
    for unit in (world.school_b1, world.commune_a, world.department):
        assert client.get(f"/thong-ke/bieu/02-dn-th/{unit.pk}/?{DAY}").status_code == 404
        assert client.get(f"/thong-ke/bieu/02-dn-th/?don-vi={unit.pk}").status_code == 404
        assert client.get(f"/thong-ke/bieu/02-dn-th/{unit.pk}/o/C01.1/dong/").status_code == 404
    commune = client_of(world, "commune_officer", "commune_a")
    assert commune.get(f"/thong-ke/bieu/02-dn-th/{world.school_a1.pk}/?{DAY}").status_code == 200
    assert commune.get(f"/thong-ke/bieu/02-dn-th/{world.school_b1.pk}/?{DAY}").status_code == 404
    assert client_of(world, "pupil", "school_a1").get("/thong-ke/bieu/").status_code == 404


@pytest.mark.parametrize("address", ["khong-co/", "02-dn-th/1/o/Z99.1/", "02-dn-th/1/o/C01.1/dong/"])
def test_what_does_not_exist(world, address):
    assert client_of(world, "principal", "school_a1").get(f"/thong-ke/bieu/{address}").status_code == 404


def test_a_number_opens_its_rows_and_leaves_a_trace(world):
    client = client_of(world, "principal", "school_a1")
    url = f"/thong-ke/bieu/02-dn-th/{world.school_a1.pk}/o/C02.1/dong/"
    form_page = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}").content.decode()
    assert f'{url}?{DAY}"' in form_page
    page = client.get(f"{url}?{DAY}").content.decode()
    assert "Nguyễn Thị Một" in page
    assert "Nguyễn Văn Hai" not in page
    assert "Giới tính: Nữ" in page
    assert (
        ReadingLog.objects.filter(subject_pk=str(world.school_a1.pk), purpose__contains="C02.1").count() == 1
    )


def test_a_formula_opens_onto_its_cells(world):
    client = client_of(world, "principal", "school_a1")
    page = client.get(f"/thong-ke/bieu/02-dn-th/{world.school_a1.pk}/o/B06.1/?{DAY}").content.decode()
    assert "C01 / B01" in page
    assert "/o/C01.1/" in page


def test_nothing_counted_is_said(world):
    client = client_of(world, "principal", "school_a2")
    page = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}").content.decode()
    assert "Đơn vị này không có số liệu" in page


@pytest.mark.parametrize(
    ("kind", "begins"), [("xlsx", b"PK"), ("pdf", b"%PDF"), ("csv", "\ufeff".encode()), ("sdmx", b"{")]
)
def test_files(world, kind, begins):
    client = client_of(world, "principal", "school_a1")
    answer = client.get(f"/thong-ke/bieu/02-dn-th/?{DAY}&export={kind}")
    assert answer.content.startswith(begins)
    assert "02-dn-th-" in answer["Content-Disposition"]


def test_the_api_gives_forms_and_values(world):
    client = client_of(world, "principal", "school_a1")
    listed = client.get("/api/v1/statistics/forms?as_of=2026-09-30").json()
    assert listed[0]["code"] == "01.ĐN-MN"
    given = client.get(
        f"/api/v1/statistics/forms/02-dn-th/values?unit_id={world.school_a1.pk}&as_of=2026-09-30"
    ).json()
    assert given["cells"]["C01.1"] == 2
    for bad in (f"unit_id={world.school_b1.pk}", "unit_id=999999"):
        assert client.get(f"/api/v1/statistics/forms/02-dn-th/values?{bad}").status_code == 404
    assert client.get("/api/v1/statistics/forms/none").status_code == 404
    whole = client.get("/api/v1/statistics/forms/02-dn-th?as_of=2026-09-30").json()
    assert whole["sections"][0]["rows"][0]["code"] == "A01"
