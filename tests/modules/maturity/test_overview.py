"""Progress between years, worked by hand; the map for who sees the province; what a sheet asks the database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.organization import make_school, make_school_year
from tests.modules.maturity.conftest import NOW, TODAY
from tests.modules.maturity.list_pages import DAY
from tests.modules.maturity.steps import make_assessment
from thongsuot.kit.indicators import registry
from thongsuot.modules.maturity import queries
from thongsuot.modules.maturity.models import Assessment, Decision, MaturityRound, Recognition
from thongsuot.modules.maturity.web.overview import signed
from thongsuot.modules.organization.models import AdministrativeUnit

D = Decimal


def published(world, round, levels):
    """{school: level} in one published decision of the round."""
    decision = Decision.objects.create(
        round=round,
        owner_unit=world.department,
        number=round.pk,
        symbol="QĐ-SGDĐT",
        signed_on=DAY,
        published_on=DAY,
    )
    rubric = queries.current_rubrics().get(code="4725")
    for school, level in levels.items():
        row, _made = Assessment.objects.get_or_create(
            round=round, unit=school, rubric=rubric, defaults={"state": "recognised"}
        )
        Recognition.objects.create(decision=decision, assessment=row, unit=school, level=level)


@pytest.fixture
def two_years(world):
    """Commune A: a1 from 1 to 2, a3 stays at 2, a4 new at 1. Commune B: b1 from 3 down to 2."""
    world.before = MaturityRound.objects.create(
        school_year=make_school_year(2025), as_of=DAY.replace(year=2026), self_due_on=DAY.replace(year=2026),
        forward_due_on=DAY.replace(year=2026), external_due_on=DAY.replace(year=2026), appeal_days=10, opened_at=NOW,
    )  # fmt: skip
    a3, a4 = (make_school(name=name, parent=world.commune_a) for name in ("Tiểu học Ba", "Tiểu học Bốn"))
    published(world, world.before, {world.school_a1: 1, a3: 2, world.school_b1: 3})
    published(world, world.round, {world.school_a1: 2, a3: 2, a4: 1, world.school_b1: 2})
    return world


def test_progress_by_hand(two_years):
    officer = two_years.actor("department_officer", "office")
    rows = {row.unit_id: row for row in queries.by_area(officer, two_years.round, today=TODAY)}
    a, b = rows[two_years.commune_a.pk], rows[two_years.commune_b.pk]
    schools = a.schools
    assert a.levels == {2: 2, 1: 1}
    assert a.levels_before == {1: 1, 2: 1}
    assert a.gain == a.reached - a.reached_before > 0
    assert (a.reached * schools / 100).quantize(D(1)) == 2
    assert b.gain == 0
    found = queries.moves(officer, two_years.round)
    assert (found.before, found.up, found.same, found.down, found.new) == ("2025-2026", 1, 1, 1, 1)
    whole = queries.whole(rows.values(), "Tổng")
    assert (whole.levels, whole.levels_before) == ({2: 3, 1: 1}, {1: 1, 2: 1, 3: 1})
    # The first round has none before it.
    assert queries.moves(officer, two_years.before) is None
    earlier = queries.by_area(officer, two_years.before, today=TODAY)
    assert {row.gain for row in earlier} == {None}
    own = queries.moves(two_years.actor("principal", "school_b1"), two_years.round)
    assert (own.up, own.same, own.down, own.new) == (0, 0, 1, 0)
    sheet = Assessment.objects.get(round=two_years.round, unit=two_years.school_b1)
    assert queries.past_levels(sheet) == [("2025-2026", 3)]


def test_points_won_and_lost_in_words():
    assert [signed(D(x)) for x in ("12.50", "-3", "0")] == ["+12,5", "-3", "0"]
    assert signed(None) == ""


def test_the_map_is_for_who_sees_the_province(two_years):
    def page(role, unit, **asked):
        client = Client()
        client.force_login(get_user_model().objects.get(pk=two_years.actor(role, unit).user_id))
        answer = client.get(reverse("maturity:overview"), asked)
        assert answer.status_code == 200
        return answer

    assert page("department_leader", "department").context["drawing"] is None  # no commune says where it lies
    since = TODAY.replace(year=2025)
    province = AdministrativeUnit.objects.create(
        code="51", name="Quảng Ngãi", kind="province", valid_from=since
    )
    for unit, code in ((two_years.commune_a, "21172"), (two_years.commune_b, "21034")):
        unit.administrative_unit = AdministrativeUnit.objects.create(
            code=code, name=unit.name, kind="commune", parent=province, valid_from=since
        )
        unit.save()
    drawing = page("department_leader", "department").context["drawing"]
    assert drawing["source"] == reverse("statistics:boundaries", args=["51"])
    assert {one["name"] for one in drawing["data"]} == {"21172", "21034"}
    gain = page("department_leader", "department", **{"ban-do": "tien-bo"}).context["drawing"]
    assert {one["name"]: one["value"] for one in gain["data"]}["21034"] == 0
    first = page("department_leader", "department", nam="2025-2026").context
    assert first["drawn"] == "dat"
    assert page("commune_officer", "commune_a_office").context["drawing"] is None
    assert "Tiến bộ so với năm học 2025-2026" in page("principal", "school_b1").content.decode()


def test_a_year_without_a_round_is_not_found(two_years):
    client = Client()
    actor = two_years.actor("department_leader", "department")
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    assert client.get(reverse("maturity:overview"), {"nam": "1999-2000"}).status_code == 404


def test_what_a_sheet_asks_does_not_grow_with_its_items(world):
    """Sixteen items take a figure of the platform: one statement a fact table, one a figure that units report."""
    row = make_assessment(world, "draft")
    rubric = queries.rubric_of(row.rubric)
    codes = [str(i.source["indicator"]) for i in rubric.items() if i.source and "indicator" in i.source]
    asked = [registry.get(code) for code in codes]
    facts = {fact for one in asked for fact in one.facts}
    formulas = {one.code for one in asked if one.formula}
    queries.sheet(row, today=TODAY)
    with CaptureQueriesContext(connection) as caught:
        queries.sheet(row, today=TODAY)
    own = [q["sql"] for q in caught.captured_queries if "statistics_" in q["sql"] or "registry_" in q["sql"]]
    assert len(codes) > len(facts)
    assert len(own) <= len(facts) + len(formulas)


def test_lists_leave_the_body_of_the_rubric_where_it_is(two_years):
    """It is as large as a page, and the same on every row: a thousand of them took four seconds to read."""
    officer = two_years.actor("department_officer", "office")
    lists = (queries.assessments(officer), queries.register(officer), queries.appeals(officer))
    for rows in lists:
        assert '"body"' not in str(rows.query)
    with CaptureQueriesContext(connection) as caught:
        found = queries.published(year="2026-2027")
    assert {one.level_name for one in found} == {"Mức đáp ứng cơ bản", "Mức chưa đáp ứng"}
    assert sum('"body"' in q["sql"] for q in caught.captured_queries) <= 1
