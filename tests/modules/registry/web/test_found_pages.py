"""The list of pupils searched over a province: pages from the beginning of the register, a number up to a bound."""

import re

import pytest
from django.urls import reverse

from tests.factories.organization import make_appointment, make_user
from tests.factories.registry import make_student
from tests.modules.directives.api.conftest import Caller
from thongsuot.kit.api import paging as api_paging
from thongsuot.modules.registry.models import Student
from thongsuot.modules.registry.queries import register
from thongsuot.modules.registry.web import students

ADDRESS = reverse("registry:student-list")


@pytest.fixture
def many(province):
    """Thirty more of one given name, over two schools; one without a day of birth."""
    for number in range(30):
        school = (province.school_a1, province.school_b1)[number % 2]
        born = {"birth_date": None} if number == 7 else {}
        make_student(school, f"Nguyễn {'Thị' if number % 3 else 'Văn'} Vy{number:02d}", **born)
    return province


@pytest.fixture
def leader(browse, many):
    return browse("department_leader", "department")


def shown(client, **asked):
    page = client.get(ADDRESS, asked).content.decode()
    return re.findall(r"Nguyễn (?:Thị|Văn) Vy\d\d(?=</a>)", page), page


@pytest.mark.parametrize("few", [0, 1000])
def test_pages_go_on_where_the_last_one_ended(leader, monkeypatch, few):
    monkeypatch.setattr(register, "FEW", few)
    everybody = list(
        Student.objects.filter(name_fold__contains="vy")
        .order_by("sort_key", "id")
        .values_list("full_name", flat=True)
    )
    pages = [shown(leader, q="vy", size="25", page=page) for page in (1, 2)]
    assert pages[0][0] + pages[1][0] == everybody
    assert "30" in pages[0][1]
    thi, _page = shown(leader, q="nguyen thi vy", size="25")
    assert thi == [name for name in everybody if "Thị" in name]


def test_beyond_the_bound_the_number_is_not_counted(leader, monkeypatch):
    monkeypatch.setattr(register, "FEW", 0)
    monkeypatch.setattr(students, "FOUND_CAP", 26)
    found, page = shown(leader, q="vy", size="25", page=2)
    assert len(found) == 1
    assert "hơn 26" in page


def test_filters_and_orders_beside_words(leader, monkeypatch):
    monkeypatch.setattr(register, "FEW", 0)
    found, _page = shown(leader, q="vy", size="50", sort="-full_name")
    assert len(found) == 30
    assert found == sorted(found, key=lambda name: name[-2:], reverse=True)
    assert shown(leader, q="vy", state="in")[0] == []


def test_the_api_takes_the_same_road(many, monkeypatch, settings):
    settings.API_CALLS_PER_MINUTE = 10_000
    user = make_user()
    make_appointment(user, "department_leader", many.department)
    caller = Caller(user, ["registry.view"])
    monkeypatch.setattr(register, "FEW", 0)
    whole = caller.get("/students", q="vy", limit=50).json()
    assert (whole["total"], len(whole["items"])) == (30, 30)
    part = caller.get("/students", q="vy", limit=7, offset=6)
    assert part.json()["items"] == whole["items"][6:13]
    assert 'rel="next"' in part["Link"]
    monkeypatch.setattr(api_paging, "FOUND_CAP", 29)
    assert caller.get("/students", q="vy", limit=7).json()["total"] is None
    assert caller.get("/students", q="vy", unit_id=many.school_b1.pk).json()["total"] == 15
