"""Dashboards: what stands on them, who may open them, what they cost."""

from datetime import date

import pytest
from django.core.cache import cache

from tests.factories.organization import make_appointment, make_province, make_school_year, make_user
from tests.factories.registry import make_class, make_enrolment, make_room, make_staff, make_student
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.statistics import actions

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def p():
    cache.clear()
    p = make_province()
    last, year = make_school_year(2025), make_school_year(2026)
    old = make_class(p.school_a1, last, grade=1)
    now = make_class(p.school_a1, year, grade=2)
    six = make_class(p.school_b2, year, grade=6)
    for sex in ("female", "female", "male"):
        pupil = make_student(p.school_a1, gender=sex)
        make_enrolment(pupil, old, exit_type="year_end", left_on=date(2026, 5, 31))
        make_enrolment(pupil, now, entry_type="promoted")
    make_student(p.school_b2, school_class=six)
    make_staff(p.school_a1)
    make_room(p.school_a1)
    actions.refresh(by=Actor.system(), as_of=DAY)
    return p


def signed_in(client, role, unit):
    user = make_user()
    make_appointment(user, role, unit)
    client.force_login(user)
    return client


def part(client, unit, name="tong-quan", **query):
    return client.get(f"/thong-ke/don-vi/{unit.pk}/{name}/", query)


def table(response, code):
    (panel,) = [one for one in response.context["panels"] if one.code == code]
    return [tuple(line.cells) for line in panel.lines]


def test_each_level_of_government_opens_its_own(client, p):
    for role, unit, name in (
        ("department_leader", p.department, p.department.name),
        ("commune_leader", p.commune_a, p.commune_a.name),
        ("principal", p.school_a1, p.school_a1.name),
    ):
        response = signed_in(client, role, unit).get("/thong-ke/", follow=True)
        assert response.status_code == 200
        assert name in response.content.decode()


def test_key_figures_of_the_unit_and_all_below_it(client, p):
    leader = signed_in(client, "department_leader", p.department)
    of_province = {one["code"]: one["value"] for one in part(leader, p.department).context["key"]}
    of_commune = {one["code"]: one["value"] for one in part(leader, p.commune_a).context["key"]}
    assert (of_province["registry.pupils"], of_commune["registry.pupils"]) == (4, 3)


def test_what_is_not_ones_own_does_not_exist(client, p):
    principal = signed_in(client, "principal", p.school_a1)
    assert part(principal, p.school_b2).status_code == 404
    assert part(principal, p.department).status_code == 404
    assert part(principal, p.school_a1, "ban-do").status_code == 404
    assert part(principal, p.school_a1, "bat-thuong").status_code == 404
    assert part(principal, p.school_a1, "khong-co").status_code == 404
    client.logout()
    assert part(client, p.department).status_code == 302


def test_pyramid_and_flow_by_hand(client, p):
    response = part(signed_in(client, "principal", p.school_a1), p.school_a1, "hoc-sinh")
    assert table(response, "thap-khoi") == [("Khối 2", 1, 2, 0)]
    # Born in 2020, in the school year that begins in 2026.
    assert table(response, "thap-tuoi") == [("6", 1, 2, 0)]
    assert table(response, "luong") == [("Khối 1 (năm trước)", "Lên lớp", "Khối 2 (năm nay)", 3)]


def test_classes_teachers_and_rooms_by_hand(client, p):
    response = part(signed_in(client, "principal", p.school_a1), p.school_a1, "lop-va-truong")
    assert table(response, "si-so")[0][:3] == ("Khối 2", 1, 3)
    assert table(response, "giao-vien")[0][:4] == ("Tiểu học", 1, 1, 1)
    assert table(response, "phong")


def test_a_school_learns_its_place_but_no_other_name(client, p):
    response = part(signed_in(client, "principal", p.school_a1), p.school_a1, "so-sanh")
    assert response.status_code == 200
    words = response.content.decode()
    assert p.school_b1.name not in words
    assert p.school_b2.name not in words


def test_a_commune_compares_its_schools(client, p):
    response = part(signed_in(client, "commune_leader", p.commune_a), p.commune_a, "so-sanh")
    rows = {row[0]: row[1] for row in table(response, "so-sanh")}
    assert rows == {p.school_a1.name: 3, p.school_a2.name: 0}


def test_the_map_and_what_lies_apart_for_the_department(client, p):
    leader = signed_in(client, "department_leader", p.department)
    assert part(leader, p.department, "ban-do", **{"chi-so": "registry.pupils"}).status_code == 200
    assert part(leader, p.department, "bat-thuong").status_code == 200
    assert part(leader, p.department, "ban-do", **{"chi-so": "khong.co"}).status_code == 404


def test_tables_are_files_too(client, p):
    principal = signed_in(client, "principal", p.school_a1)
    for kind, begins in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        response = part(principal, p.school_a1, "hoc-sinh", bang="thap-khoi", export=kind)
        assert b"".join(response.streaming_content).startswith(begins)
    assert part(principal, p.school_a1, "hoc-sinh", bang="khac", export="csv").status_code == 404


def test_boundaries_are_small_and_kept_by_the_browser(client, p):
    signed_in(client, "department_leader", p.department)
    response = client.get("/thong-ke/ranh-gioi/51.json")
    assert response.json()["type"] == "FeatureCollection"
    assert "max-age" in response["Cache-Control"]
    assert client.get("/thong-ke/ranh-gioi/../51.json").status_code == 404
    assert client.get("/thong-ke/ranh-gioi/00.json").status_code == 404


def test_a_page_of_more_schools_asks_no_more_questions(client, p, django_assert_max_num_queries):
    leader = signed_in(client, "department_leader", p.department)
    part(leader, p.department)
    with django_assert_max_num_queries(14):
        part(leader, p.department)


def test_how_it_was_counted_is_for_who_manages(client, p):
    assert signed_in(client, "principal", p.school_a1).get("/thong-ke/lan-tinh/").status_code == 404


def test_before_anything_was_counted_the_page_says_so(client):
    cache.clear()
    p = make_province()
    response = part(signed_in(client, "principal", p.school_a1), p.school_a1)
    assert "Số liệu chưa được tính" in response.content.decode()
