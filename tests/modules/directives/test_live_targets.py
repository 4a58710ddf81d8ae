"""Targets whose figures come from the records of the registry."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from tests.factories.directives import make_directive, make_target
from tests.factories.organization import make_actor, make_province, make_school_year
from tests.factories.registry import make_class, make_student
from tests.modules.directives.api.conftest import Caller
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.actions import take_snapshots
from thongsuot.kit.indicators.registry import goals
from thongsuot.modules.directives import queries as reads
from thongsuot.modules.directives.actions import targets
from thongsuot.modules.directives.models import Target

GIVEN = date(2026, 9, 10)
TODAY = date(2026, 11, 23)
CODE = "registry.pupils_verified"


@pytest.fixture
def province(db):
    """A1: three pupils, one of them checked and found; B1: one, checked and found; the upper-secondary school: one."""
    found = make_province()
    year = make_school_year()
    for school, states in (
        (found.school_a1, ("matched", "unchecked", "unchecked")), (found.school_b1, ("matched",)),
        (found.upper_school, ("unchecked",)),
    ):  # fmt: skip
        school_class = make_class(school, year, grade=1)
        for state in states:
            make_student(school, school_class=school_class, identity_status=state)
    return found


@pytest.fixture
def target(province):
    """Given to both communes and to one school, which lies in one of them and so counts once."""
    units = (province.commune_a, province.commune_b, province.school_a1)
    directive = make_directive(province.department, recipients=units, issued_on=GIVEN)
    text = "100% học sinh có số định danh xác thực"
    return make_target(directive, *units, text=text, indicator_code=CODE, due_on=date(2027, 5, 31))


def detail(province, target, role="department_leader", unit="department"):
    actor = province.actor(role, unit)
    return reads.target_detail(actor, reads.target(actor, target.public_id), today=TODAY)


def test_units_are_added_up_once_and_those_below_it_are_missing(province, target):
    found = detail(province, target)
    # 2 of 4: not the upper-secondary school, which the target was not given to.
    assert found.value == 50
    values = {one.unit.pk: one.value for one in found.standings}
    assert {key: str(value) for key, value in values.items()} == {
        province.commune_a.pk: "33.3", province.commune_b.pk: "100.0", province.school_a1.pk: "33.3",
    }  # fmt: skip
    assert {one.unit.pk for one in found.missing} == {province.commune_a.pk, province.school_a1.pk}
    # Below commune A only the school with pupils has a figure; a school has nothing below it.
    behind = {one.unit.pk: (one.behind, one.below) for one in found.standings}
    assert behind == {
        province.commune_a.pk: (1, 1), province.commune_b.pk: (0, 1), province.school_a1.pk: (0, 0),
    }  # fmt: skip
    # On the day it was given nothing was kept: it is counted as the records say.
    assert found.trend == [(GIVEN, 50), (TODAY, 50)]
    assert found.course.is_on is False
    assert found.course.begins == GIVEN
    # 74 of 263 days: 50 + 50 * 74 / 263.
    assert str(found.course.expected) == "64.07"


def test_a_number_is_added_up_not_averaged(province, target):
    Target.objects.update(indicator_code="registry.pupils", measure="học sinh", value=10)
    found = detail(province, target)
    assert found.value == 4
    assert found.met is False


def test_the_trend_is_of_the_units_it_was_given_to(province, target):
    day = date(2026, 10, 31)
    take_snapshots(by=Actor.system(), as_of=day, today=TODAY, codes=[CODE])
    assert [at for at, _value in detail(province, target).trend] == [GIVEN, day, TODAY]
    assert [value for _at, value in detail(province, target).trend] == [50, 50, 50]
    # A school sees the way of its own.
    own = detail(province, target, "principal", "school_a1")
    assert [str(value) for _at, value in own.trend] == ["33.3", "33.3", "33.3"]


def test_as_many_questions_for_three_units_as_for_one(province, target, django_assert_max_num_queries):
    province.actor("department_leader", "department")
    with django_assert_max_num_queries(60) as captured:
        detail(province, target)
    of_three = len(captured)
    target.units.exclude(unit=province.commune_a).delete()
    with django_assert_max_num_queries(of_three) as captured:
        detail(province, target)
    assert len(captured) == of_three


def test_a_share_is_not_bound_to_a_number(province, target):
    officer = make_actor("department_officer", province.office)
    with pytest.raises(targets.BadValue, match="không so sánh được"):
        targets.bind_indicator(by=officer, target=target, code="registry.pupils")
    assert targets.bind_indicator(by=officer, target=target, code="registry.girls_share").indicator_code
    Target.objects.update(measure="trường")
    target.refresh_from_db()
    with pytest.raises(targets.BadValue):
        targets.bind_indicator(by=officer, target=target, code=CODE)
    assert targets.bind_indicator(by=officer, target=target, code="registry.schools").indicator_code


def test_the_page_leads_to_who_is_missing(province, target, client):
    actor = make_actor("department_leader", province.department, today=timezone.localdate())
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    page = client.get(reverse("directives:target-detail", args=[target.public_id]))
    rows = {row["name"]: row for row in page.context["missing"]}
    of_school = rows[province.school_a1.name]
    assert of_school["left"] == "2"
    opened = client.get(of_school["rows_url"])
    assert opened.context["page"].paginator.count == 2
    assert client.get(of_school["url"]).status_code == 200
    assert rows[province.commune_a.name]["below"] == "1/1 đơn vị trực thuộc chưa đạt"
    assert page.context["course"]["label"] == "Chậm tiến độ"
    assert "không phải quy định của văn bản" in page.content.decode()
    assert [one["name"] for one in page.context["figure"]["series"]] == ["Thực hiện", "Giao", "Theo tiến độ"]
    bind = next(act for act in page.context["acts"] if act.key == "bind")
    offered = [
        code for _subject, codes in bind.form.fields["indicator_code"].choices[1:] for code, _name in codes
    ]
    assert CODE in offered
    assert "registry.pupils" not in offered


def test_the_course_is_told_over_the_api(province, target):
    user = get_user_model().objects.get(pk=province.actor("department_leader", "department").user_id)
    told = Caller(user, ["directives.view_unit"]).get(f"/targets/{target.public_id}").json()
    today = timezone.localdate()
    line = reads.target_detail(province.actor("department_leader", "department"), target, today=today).course
    assert (told["course"]["is_on"], told["course"]["begins"], told["course"]["expected"], told["course"]["gap"]) == (
        False, "2026-09-10", str(line.expected), str(line.gap))  # fmt: skip
    Target.objects.update(due_on=None)
    assert Caller(user, ["directives.view_unit"]).get(f"/targets/{target.public_id}").json()["course"] is None


def test_the_page_of_the_figure_says_what_is_wanted_of_it(province, target):
    (goal,) = goals(province.actor("department_leader", "department"), CODE)
    assert (goal.words, goal.source.endswith("đến 31/05/2027")) == ("≥ 100%", True)
    assert goal.url == reverse("directives:target-detail", args=[target.public_id])
    assert goals(province.actor("department_leader", "department"), "registry.other") == []
    # Not given to the upper-secondary school: its people do not see it.
    assert goals(province.actor("principal", "upper_school"), CODE) == []
