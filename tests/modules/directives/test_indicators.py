"""Figures of indicators are those of the lists behind them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories.directives import (
    NOW,
    make_assignment,
    make_directive,
    make_duty,
    make_obligation,
    make_target,
)
from tests.factories.organization import TODAY, make_appointment, make_province, make_user
from thongsuot.kit.indicators import queries, registry
from thongsuot.modules.directives import queries as directives

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def place(db):
    return make_province()


def figure(code, unit, as_of=TODAY):
    return queries.value(code, unit.pk, as_of)


def test_on_time_and_completion(place):
    done = {"state": "accepted", "due_on": TODAY}
    make_assignment(place.school_a1, place.commune_a, completed_on=TODAY, **done)
    make_assignment(place.school_a2, place.commune_a, completed_on=TODAY, due_on=YESTERDAY, state="accepted")
    make_assignment(place.school_a2, place.commune_a, due_on=YESTERDAY)
    make_assignment(place.school_a2, place.commune_a, due_on=TODAY + timedelta(days=9))
    make_assignment(place.school_a2, place.commune_a, due_on=None, deadline_kind="ongoing")
    make_assignment(place.school_a2, place.commune_a, due_on=None, deadline_kind="event")
    make_assignment(place.school_a2, place.commune_a, due_on=YESTERDAY, state="cancelled")
    make_assignment(place.school_b1, place.commune_b, due_on=YESTERDAY)
    assert figure("directives.on_time_rate", place.commune_a).value == Decimal("50.0")
    assert figure("directives.completion_rate", place.commune_a).value == Decimal("66.7")
    assert figure("directives.late_tasks", place.commune_a).value == 1
    assert figure("directives.late_tasks", place.commune_b).value == 1
    assert figure("directives.on_time_rate", place.commune_b).value is None


def test_what_was_true_then(place):
    make_assignment(place.school_a1, place.commune_a, state="accepted", completed_on=TODAY, due_on=YESTERDAY)
    assert figure("directives.late_tasks", place.commune_a, TODAY).value == 0
    month_ago = date(2026, 10, 25)
    make_assignment(
        place.school_a1, place.commune_a, state="accepted", completed_on=TODAY, due_on=date(2026, 10, 20)
    )
    assert figure("directives.late_tasks", place.commune_a, month_ago).value == 1


def test_reports_in_time(place):
    duty = make_duty(place.department)
    sent = {
        "state": "submitted",
        "submitted_at": NOW,
        "submitted_by_id": place.actor("principal", "school_a1").user_id,
    }
    make_obligation(duty, place.school_a1, place.commune_a, due_on=TODAY, **sent)
    make_obligation(duty, place.school_a2, place.commune_a, due_on=YESTERDAY, **sent)
    make_obligation(duty, place.commune_a, place.department, due_on=YESTERDAY)
    make_obligation(duty, place.commune_b, place.department, due_on=YESTERDAY, state="waived")
    assert figure("directives.reports_on_time", place.commune_a).value == Decimal("33.3")
    assert figure("directives.reports_on_time", place.commune_b).value is None


def test_the_rows_behind_a_figure_stay_within_reach(place):
    make_assignment(place.school_a1, place.commune_a, due_on=YESTERDAY)
    make_assignment(place.school_b1, place.commune_b, due_on=YESTERDAY)
    drill = registry.get("directives.late_tasks").drill_down
    leader, commune = (
        place.actor("department_leader", "department"),
        place.actor("commune_leader", "commune_a"),
    )
    assert drill(leader, place.committee.pk, TODAY).rows.count() == 2
    assert drill(commune, place.committee.pk, TODAY).rows.count() == 1
    reports = registry.get("directives.reports_on_time").drill_down
    make_obligation(make_duty(place.commune_b), place.school_b1, place.commune_b, due_on=YESTERDAY)
    assert reports(commune, place.committee.pk, TODAY).rows.count() == 0


def test_a_target_bound_to_an_indicator_shows_live_figures(place):
    order = make_directive(place.department)
    target = make_target(
        order, place.commune_a, place.commune_b, indicator_code="directives.completion_rate", value=90
    )
    make_assignment(place.school_a1, place.commune_a, state="accepted", completed_on=TODAY, due_on=TODAY)
    make_assignment(place.school_b1, place.commune_b, due_on=YESTERDAY)
    leader = place.actor("department_leader", "department")
    detail = directives.target_detail(leader, target, today=TODAY)
    assert (detail.value, detail.met) == (Decimal("50.00"), False)
    assert [(line.unit.name, line.value) for line in detail.missing] == [
        (place.commune_b.name, Decimal("0.0"))
    ]
    assert {line.unit: line.met for line in detail.standings} == {
        place.commune_a: True,
        place.commune_b: False,
    }
    gone = make_target(order, place.commune_a, indicator_code="nobody.declares_it")
    assert directives.target_detail(leader, gone, today=TODAY).value is None


@pytest.mark.parametrize("at", ["department", "office", "commune_a", "commune_a_office", "school_a1"])
def test_a_figure_is_as_many_rows_as_stand_behind_it(place, at):
    """Of the department too, which stands for the province, and of an office, which stands for its body."""
    done = {"state": "accepted", "completed_on": TODAY}
    for unit, by in ((place.school_a1, place.commune_a), (place.school_b1, place.commune_b)):
        make_assignment(unit, by, due_on=YESTERDAY)
        make_assignment(unit, by, due_on=YESTERDAY, **done)
        make_assignment(unit, by, due_on=None, deadline_kind="none")
        make_assignment(unit, by, due_on=None, deadline_kind="ongoing")
    make_assignment(place.commune_a, place.department, due_on=YESTERDAY)
    make_assignment(place.office, place.department, due_on=TODAY + timedelta(days=3))
    leader, unit = place.actor("department_leader", "department"), getattr(place, at)

    def rows(code):
        return registry.get(code).drill_down(leader, unit.pk, TODAY).rows.count()

    late, rate = figure("directives.late_tasks", unit), figure("directives.completion_rate", unit)
    on_time = figure("directives.on_time_rate", unit)
    assert late.value > 0
    assert rows("directives.late_tasks") == late.value
    assert rows("directives.completion_rate") == rate.denominator - rate.numerator
    assert rows("directives.on_time_rate") == on_time.denominator - on_time.numerator


def test_a_row_behind_a_figure_opens_its_record_and_is_found_by_words(place, client):
    late = make_assignment(place.school_a1, place.commune_a, due_on=YESTERDAY, text="Rà soát phòng máy")
    make_assignment(place.school_b1, place.commune_b, due_on=YESTERDAY, text="Nộp sổ điểm")
    user = make_user()
    make_appointment(user, "department_leader", place.department)
    client.force_login(user)
    url = reverse("indicators:rows", args=["directives.late_tasks", place.department.pk])
    page = client.get(url, {"ngay": TODAY.isoformat(), "q": "ra soat"}).content.decode()
    assert reverse("directives:assignment-detail", args=[late.public_id]) in page
    assert "Nộp sổ điểm" not in page
