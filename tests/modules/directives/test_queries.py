from datetime import date, timedelta

import pytest
from django.http import Http404

from tests.factories.directives import (
    make_assignment,
    make_directive,
    make_duty,
    make_obligation,
    make_target,
)
from tests.factories.organization import TODAY, make_province, make_school_year
from thongsuot.modules.directives import queries
from thongsuot.modules.directives.domain.timeliness import timeliness
from thongsuot.modules.directives.models import Assignment
from thongsuot.modules.directives.types import AssignmentState, DeadlineKind, Timeliness


@pytest.fixture
def place(db):
    return make_province()


def days(number):
    return TODAY + timedelta(days=number)


@pytest.fixture
def every_standing(place):
    """Each state, kind and distance to the deadline there can be."""
    for state in AssignmentState.values:
        for kind in (DeadlineKind.DATE, DeadlineKind.EVENT, DeadlineKind.ONGOING):
            for due in (None, -30, -1, 0, 7, 8):
                for event in (None, -40):
                    done = [-1, 0, 30] if state == AssignmentState.ACCEPTED else [None]
                    for completed in done:
                        make_assignment(
                            place.school_a1,
                            place.commune_a,
                            state=state,
                            deadline_kind=kind,
                            due_on=None if due is None else days(due),
                            event_occurred_on=None if event is None else days(event),
                            **({"completed_on": days(completed)} if completed is not None else {}),
                        )
    return place


def test_the_database_says_what_the_rule_says(every_standing):
    rows = Assignment.objects.annotate(standing=queries.timeliness_case(TODAY))
    assert rows.count() > 300
    for row in rows:
        expected = timeliness(
            state=row.state,
            deadline_kind=row.deadline_kind,
            due_on=row.due_on,
            completed_on=row.completed_on,
            event_occurred_on=row.event_occurred_on,
            today=TODAY,
        )
        assert row.standing == expected


def test_each_filter_finds_its_own(every_standing):
    rows = Assignment.objects.annotate(standing=queries.timeliness_case(TODAY))
    for value in Timeliness.values:
        found = queries.with_timeliness(rows, value, TODAY)
        assert {row.standing for row in found} <= {value}
        assert found.count() == sum(row.standing == value for row in rows)


def test_the_dashboard_counts_what_the_list_shows(every_standing):
    place = every_standing
    order = make_directive(place.department, recipients=(place.commune_b,))
    make_assignment(place.office, place.department, due_on=days(-3))
    make_assignment(place.commune_b, place.department, due_on=days(-5), directive=order)
    make_assignment(place.school_b1, place.commune_b, due_on=days(-9), directive=order, state="submitted")
    actor = place.actor("department_leader", "department")
    board = queries.dashboard(actor, unit_id=place.department.pk, today=TODAY)
    listed = list(queries.assignments(actor, today=TODAY).values_list("timeliness", flat=True))
    for value in Timeliness.values:
        assert getattr(board.counts, value) == listed.count(value), value
    by_unit = {line.name: line.counts.late for line in [*board.by_unit, *board.by_office]}
    assert by_unit[place.commune_b.name] == 2
    assert by_unit[place.office.name] == 1
    assert sum(by_unit.values()) == board.counts.late
    assert [(line.number, line.counts.late) for line in board.by_directive] == [(order.number, 2)]
    stuck = {(b.unit_name, b.state): (b.number, b.days_late) for b in board.bottlenecks}
    assert stuck[place.commune_b.name, "assigned"] == (1, 5)
    assert stuck[place.commune_b.name, "submitted"] == (1, 9)


def test_a_commune_sees_its_own_dashboard_only(every_standing):
    place = every_standing
    make_assignment(place.school_b1, place.commune_b, due_on=days(-9))
    actor = place.actor("commune_officer", "commune_a_office")
    board = queries.dashboard(actor, unit_id=place.commune_a.pk, today=TODAY)
    assert (
        board.counts.total
        == queries.assignments(actor, today=TODAY).exclude(state__in=("paused", "cancelled")).count()
    )
    assert [line.name for line in board.by_unit] == [place.school_a1.name]
    for unit in (place.commune_b, place.department, place.school_b1):
        with pytest.raises(Http404):
            queries.dashboard(actor, unit_id=unit.pk, today=TODAY)


def test_tally_follows_every_kind_of_change(place):
    actor = place.actor("department_leader", "department")

    def late():
        return queries.dashboard(actor, unit_id=place.department.pk, today=TODAY).counts.late

    first = make_assignment(place.school_a1, place.commune_a, due_on=days(-1))
    second = make_assignment(place.school_a2, place.commune_a, due_on=days(-1))
    assert late() == 2
    Assignment.objects.filter(pk=first.pk).update(due_on=days(30))
    assert late() == 1
    Assignment.objects.filter(pk=second.pk).update(progress=40)
    assert late() == 1
    second.delete()
    assert late() == 0


def test_lists_have_their_annotations(place):
    parent = make_assignment(
        place.commune_a, place.department, due_on=days(4), directive=make_directive(place.department)
    )
    make_assignment(place.school_a1, place.commune_a, parent=parent, state="accepted")
    make_assignment(place.school_a2, place.commune_a, parent=parent)
    row = queries.assignment(
        place.actor("commune_officer", "commune_a_office"), parent.public_id, today=TODAY
    )
    assert (row.days_left, row.timeliness, row.children_total, row.children_done) == (4, "due_soon", 2, 1)
    assert row.unit.name == place.commune_a.name


def test_lists_cost_the_same_for_one_row_and_for_many(place, django_assert_num_queries):
    actor = place.actor("department_officer", "office")
    for count in (1, 3):
        for _ in range(count):
            make_assignment(place.school_a1, place.commune_a, directive=make_directive(place.department))
        with django_assert_num_queries(1):
            for row in queries.assignments(actor, today=TODAY):
                assert row.unit.name
                assert row.directive.number


def test_not_yours_is_not_there(place):
    task = make_assignment(place.school_b1, place.commune_b)
    order = make_directive(place.commune_b, recipients=(place.school_b1,))
    goal = make_target(order, place.school_b1)
    owed = make_obligation(make_duty(place.commune_b), place.school_b1, place.commune_b)
    for who in (
        ("principal", "school_a1"),
        ("commune_leader", "commune_a"),
        ("teacher", "school_b1"),
        ("parent", "school_b1"),
    ):
        actor = place.actor(*who)
        for ask in (
            lambda a: queries.assignment(a, task.public_id, today=TODAY),
            lambda a: queries.directive(a, order.public_id),
        ):
            with pytest.raises(Http404):
                ask(actor)
        assert queries.target(actor, goal.public_id) is None
        assert queries.obligation(actor, owed.public_id, today=TODAY) is None


def test_search_without_accents(place):
    make_assignment(place.school_a1, place.commune_a, text="Triển khai học bạ số ở cấp tiểu học")
    order = make_directive(place.department, subject="Kế hoạch chuyển đổi số", recipients=(place.school_a1,))
    make_target(order, place.school_a1, text="100% giáo viên có chữ ký số")
    actor = place.actor("principal", "school_a1")
    assert [hit.kind for hit in queries.search(actor, "hoc ba so")] == ["assignment"]
    assert [hit.kind for hit in queries.search(actor, "Chu ky so")] == ["target"]
    assert [hit.kind for hit in queries.search(actor, "CHUYEN DOI")] == ["directive"]
    assert queries.search(actor, "&|!():*") == []
    assert queries.search(place.actor("principal", "school_b1"), "hoc ba") == []


def test_what_waits_for_each(place):
    make_school_year(2026)
    make_assignment(place.school_a1, place.commune_a, state="submitted")
    make_assignment(place.school_a1, place.commune_a, state="returned")
    make_assignment(
        place.school_a1,
        place.commune_a,
        deadline_kind="ongoing",
        due_on=None,
        assigned_on=date(2026, 7, 1),
        state="in_progress",
    )
    duty = make_duty(place.department)
    make_obligation(duty, place.school_a1, place.commune_a, due_on=days(3))
    make_obligation(duty, place.commune_a, place.department, due_on=days(30))
    make_directive(place.commune_a, state="reviewing")

    def codes(role, unit):
        return {g.code: g.count for g in queries.waiting_for_me(place.actor(role, unit), TODAY)}

    assert codes("principal", "school_a1") == {"returned": 1, "reports_to_send": 1, "confirmations": 1}
    assert codes("commune_officer", "commune_a_office") == {"to_accept": 1, "to_review": 1}
    assert codes("teacher", "school_a1") == {}
    assert codes("parent", "school_a1") == {}


def test_calendar_is_one_line_a_report(place):
    duty = make_duty(place.department)
    make_obligation(duty, place.school_a1, place.commune_a)
    make_obligation(duty, place.school_b1, place.commune_b, state="accepted")
    actor = place.actor("department_officer", "office")
    found = queries.calendar(actor, first=date(2026, 12, 1), last=date(2026, 12, 31), today=TODAY)
    assert [(e.due_on, e.total, e.handed_in) for e in found] == [(date(2026, 12, 10), 2, 1)]


def test_ranking_of_communes_counts_their_offices(place):
    make_assignment(place.commune_a_office, place.commune_a, state="accepted", due_on=days(1))
    make_assignment(place.commune_b, place.department, state="accepted", due_on=days(-1))
    make_assignment(place.school_a1, place.commune_a, due_on=days(-1))
    ranked = queries.ranking(place.actor("department_leader", "department"), level="commune", today=TODAY)
    assert [(r.rank, r.counts.unit_name, r.counts.late) for r in ranked] == [
        (1, place.commune_a.name, 0),
        (2, place.commune_b.name, 0),
    ]
    assert (
        queries.ranking(place.actor("commune_leader", "commune_a"), level="school", today=TODAY)[
            0
        ].counts.late
        == 1
    )
    with pytest.raises(Http404):
        queries.ranking(place.actor("teacher", "school_a1"), level="school", today=TODAY)
