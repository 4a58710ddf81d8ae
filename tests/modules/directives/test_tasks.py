"""What the system does by itself: once, however often it is asked."""

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from tests.factories.directives import NOW, make_assignment, make_directive, make_duty, make_obligation
from tests.factories.organization import TODAY, make_province, make_school_year
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.directives import actions, queries, tasks
from thongsuot.modules.directives.actions.reminding import ask_for_confirmations, send_reminders
from thongsuot.modules.directives.actions.tally import compact, recount
from thongsuot.modules.directives.models import Assignment, AssignmentTally, ReminderSent

SYSTEM = Actor.system()


@pytest.fixture
def place(db):
    return make_province()


def days(number):
    return TODAY + timedelta(days=number)


def titles(actor):
    return list(
        Notification.objects.filter(recipient_id=actor.user_id).order_by("id").values_list("title", flat=True)
    )


def test_one_message_for_all_that_is_due_and_none_twice(place):
    principal = place.actor("principal", "school_a1")
    for due in (days(7), days(2), days(-3), days(30)):
        make_assignment(place.school_a1, place.commune_a, due_on=due)
    make_assignment(place.school_a1, place.commune_a, due_on=days(-3), state="accepted")
    make_obligation(make_duty(place.commune_a), place.school_a1, place.commune_a, due_on=days(1))
    with act_as(SYSTEM):
        assert send_reminders(by=SYSTEM, today=TODAY) == 4
        assert send_reminders(by=SYSTEM, today=TODAY) == 0
    assert titles(principal) == ["2 nhiệm vụ sắp đến hạn, 1 nhiệm vụ quá hạn", "1 báo cáo sắp đến hạn"]


def test_after_downtime_only_the_latest_is_sent(place):
    make_assignment(place.school_a1, place.commune_a, due_on=days(10))
    assert send_reminders(by=SYSTEM, today=TODAY) == 0
    assert send_reminders(by=SYSTEM, today=days(9)) == 1
    assert list(ReminderSent.objects.values_list("step", flat=True)) == [1]
    assert send_reminders(by=SYSTEM, today=days(12)) == 1
    assert send_reminders(by=SYSTEM, today=days(17)) == 0
    assert send_reminders(by=SYSTEM, today=days(18)) == 1


def test_a_new_deadline_is_reminded_of_anew(place):
    task = make_assignment(place.school_a1, place.commune_a, due_on=days(1))
    send_reminders(by=SYSTEM, today=TODAY)
    Assignment.objects.filter(pk=task.pk).update(due_on=days(20))
    assert send_reminders(by=SYSTEM, today=days(19)) == 1


def test_the_person_in_charge_is_told_rather_than_the_desk(place):
    teacher, principal = place.actor("teacher", "school_a1"), place.actor("principal", "school_a1")
    make_assignment(place.school_a1, place.school_a1, due_on=days(3), person_id=teacher.user_id)
    send_reminders(by=SYSTEM, today=TODAY)
    assert (len(titles(teacher)), len(titles(principal))) == (1, 0)


def test_what_was_just_given_is_not_reminded_of(place):
    make_assignment(place.school_a1, place.commune_a, due_on=days(5), assigned_on=TODAY)
    assert send_reminders(by=SYSTEM, today=TODAY) == 0
    assert send_reminders(by=SYSTEM, today=days(2)) == 1


def test_ongoing_work_is_asked_about_each_period(place):
    make_school_year(2026)
    principal = place.actor("principal", "school_a1")
    task = make_assignment(
        place.school_a1,
        place.commune_a,
        deadline_kind="ongoing",
        due_on=None,
        state="in_progress",
        assigned_on=date(2026, 9, 1),
    )
    first = date(2026, 10, 1)
    assert ask_for_confirmations(by=SYSTEM, today=first) == 1
    assert ask_for_confirmations(by=SYSTEM, today=first) == 0
    assert ask_for_confirmations(by=SYSTEM, today=first + timedelta(days=7)) == 1
    actions.confirm_period(by=principal, assignment=task, note="Đã làm", now=NOW)
    assert ask_for_confirmations(by=SYSTEM, today=TODAY) == 0
    assert "chờ xác nhận" in titles(principal)[0]


def test_reminding_many_is_a_handful_of_statements(place, django_assert_max_num_queries):
    for _ in range(3):
        make_assignment(place.school_a1, place.commune_a, due_on=days(3))
        make_assignment(place.school_b1, place.commune_b, due_on=days(3))
    place.actor("principal", "school_a1")
    place.actor("principal", "school_b1")
    with django_assert_max_num_queries(16):
        send_reminders(by=SYSTEM, today=TODAY)


def test_only_the_system_does_this(place):
    leader = place.actor("department_leader", "department")
    for act in (
        lambda: send_reminders(by=leader, today=TODAY),
        lambda: compact(by=leader, today=TODAY),
        lambda: recount(by=leader),
    ):
        with pytest.raises(NotAllowed):
            act()


def tally():
    rows = AssignmentTally.objects.values_list(
        "unit_id", "directive_id", "state", "due_on", "outcome", "is_ongoing"
    )
    return {row[:-1]: row[-1] for row in rows.annotate(n=Sum("number")) if row[-1]}


def test_compacting_and_recounting_change_no_figure(place):
    order = make_directive(place.department)
    for number in range(4):
        task = make_assignment(place.school_a1, place.commune_a, directive=order, due_on=days(number % 2))
        Assignment.objects.filter(pk=task.pk).update(state="in_progress")
    Assignment.objects.filter(pk=task.pk).update(state="accepted", completed_on=TODAY)
    before, rows = tally(), AssignmentTally.objects.count()
    with act_as(SYSTEM):
        compact(by=SYSTEM, today=TODAY)
        assert tally() == before
        assert AssignmentTally.objects.count() < rows
        assert not AssignmentTally.objects.filter(number__lte=0).exists()
        recount(by=SYSTEM)
        assert tally() == before


def test_the_days_of_what_is_late_are_joined(place):
    leader = place.actor("department_leader", "department")
    for number in (1, 5, 90):
        task = make_assignment(place.school_a1, place.commune_a, due_on=days(-number))
    make_assignment(place.school_a1, place.commune_a, due_on=days(1))

    def late(day):
        return queries.dashboard(leader, unit_id=place.department.pk, today=day).counts.late

    before = [late(TODAY), late(days(2))]
    compact(by=SYSTEM, today=TODAY)
    assert AssignmentTally.objects.count() == 2
    assert [late(TODAY), late(days(2))] == before == [3, 4]
    Assignment.objects.filter(pk=task.pk).update(state="accepted", completed_on=TODAY)
    assert late(TODAY) == 2
    compact(by=SYSTEM, today=days(1))
    assert late(days(1)) == 2


def test_writers_within_a_narrow_scope_keep_the_whole_tally(place):
    """The rows that count for the province are outside what a school may see or write."""
    order = make_directive(place.department, recipients=(place.school_a1,))
    task = make_assignment(place.school_a1, place.commune_a, directive=order)
    principal = place.actor("principal", "school_a1")
    with act_as(principal):
        actions.start(by=principal, assignment=task, now=NOW)
        assert not AssignmentTally.objects.filter(directive=order).exists()
    assert {row[2]: n for row, n in tally().items() if row[1] == order.pk} == {"in_progress": 1}


def test_what_runs_by_the_clock(place):
    for task in (tasks.open_reports, tasks.remind, tasks.compact_tally):
        with act_as(SYSTEM):
            task(by=SYSTEM, today=TODAY)
