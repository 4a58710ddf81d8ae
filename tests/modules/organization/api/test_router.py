import pytest

from tests.factories.organization import (
    make_administrative_unit,
    make_appointment,
    make_province,
    make_school_year,
    make_user,
)
from thongsuot.modules.organization.models import CodeList, CodeValue

pytestmark = pytest.mark.django_db
BASE = "/api/v1"
LISTS = (
    "/units",
    "/schools",
    "/administrative-units",
    "/school-years",
    "/code-lists",
    "/code-lists/x/values",
)


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def sign_in(client, province):
    def enter(role, unit):
        user = make_user()
        make_appointment(user, role, getattr(province, unit))
        client.force_login(user)
        return client

    return enter


@pytest.fixture(autouse=True)
def _lists():
    CodeValue.objects.create(code_list=CodeList.objects.create(code="x", name="X"), code="01", name="Một")
    make_school_year()
    make_administrative_unit("51", "Quảng Ngãi", kind="Tỉnh")


def names(response):
    return {item["name"] for item in response.json()["items"]}


def test_schools_of_ones_own_reach(sign_in):
    client = sign_in("commune_officer", "commune_a_office")
    assert names(client.get(f"{BASE}/schools")) == {"Trường Tiểu học An Bình", "Trường Mầm non Hoa Hồng"}
    assert names(client.get(f"{BASE}/schools?level=preschool")) == {"Trường Mầm non Hoa Hồng"}


def test_units(sign_in, province):
    client = sign_in("principal", "school_a1")
    assert client.get(f"{BASE}/units/{province.school_a1.pk}").json()["parent_id"] == province.commune_a.pk
    assert client.get(f"{BASE}/units/{province.school_b1.pk}").status_code == 404
    assert "Trường Tiểu học Hòa Lợi" not in names(client.get(f"{BASE}/units"))
    assert names(client.get(f"{BASE}/units?kind=school")) == {"Trường Tiểu học An Bình"}


def test_lists(sign_in):
    client = sign_in("teacher", "school_a1")
    for path in LISTS:
        assert client.get(BASE + path).status_code == 200, path
    assert client.get(f"{BASE}/school-years").json()[0]["terms"][0]["number"] == 1
    assert client.get(f"{BASE}/administrative-units?q=quang+ngai").json()["items"][0]["code"] == "51"
    assert client.get(f"{BASE}/code-lists/khong-co/values").status_code == 404


def test_families_and_strangers_read_nothing(client, sign_in):
    for path in LISTS:
        assert client.get(BASE + path).status_code == 401, path
    client = sign_in("parent", "school_a1")
    for path in LISTS:
        assert client.get(BASE + path).status_code in (403, 404), path
