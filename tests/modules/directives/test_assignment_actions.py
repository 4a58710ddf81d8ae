"""A task's life, by the people who live it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.factories.directives import NOW, make_assignment, make_directive
from tests.factories.organization import TODAY, make_province, make_school_year
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.notify.models import Notification
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.directives import actions, queries
from thongsuot.modules.directives.actions.refusals import (
    BadDeadline,
    MissingEvidence,
    MissingReason,
    OpenSubtasks,
    OutOfReach,
    OwnWork,
    WrongState,
)
from thongsuot.modules.directives.models import Assignment, DirectiveRecipient, WorkLog

LINK = {"subject": "Kế hoạch chuyển đổi số", "link": "https://example.vn/ke-hoach", "now": NOW}


@pytest.fixture
def place(db):
    return make_province()


@pytest.fixture
def leader(place):
    return place.actor("department_leader", "department")


@pytest.fixture
def commune(place):
    return place.actor("commune_officer", "commune_a_office")


@pytest.fixture
def principal(place):
    return place.actor("principal", "school_a1")


def days(number):
    return TODAY + timedelta(days=number)


def verbs(assignment):
    return list(WorkLog.objects.filter(assignment=assignment).order_by("id").values_list("verb", flat=True))


def told(actor):
    return list(
        Notification.objects.filter(recipient_id=actor.user_id).order_by("id").values_list("kind", flat=True)
    )


def test_from_the_department_down_to_a_school_and_back(place, leader, commune, principal):
    """Everybody writes within their own row-level scope, as in a request."""
    order = make_directive(place.department)
    with act_as(leader):
        [top] = actions.create_assignment(
            by=leader,
            text="Dùng học bạ số",
            unit_ids=[place.commune_a.pk],
            directive=order,
            deadline_kind="date",
            due_on=days(60),
            now=NOW,
        )
    with act_as(commune):
        [below] = actions.hand_down(
            by=commune, assignment=top, unit_ids=[place.school_a1.pk], due_on=days(30), now=NOW
        )
    with act_as(principal):
        actions.start(by=principal, assignment=below, now=NOW)
        actions.report_progress(
            by=principal, assignment=below, percent=50, note="Đã tập huấn", difficulties="Thiếu máy", now=NOW
        )
        actions.submit_result(
            by=principal, assignment=below, number="12", symbol="BC-TH", issued_on=TODAY, **LINK
        )
        assert queries.directive(principal, order.public_id) == order
    with act_as(commune):
        actions.submit_result(by=commune, assignment=top, **LINK)
    with act_as(leader), pytest.raises(OpenSubtasks, match="An Bình"):
        actions.accept_result(by=leader, assignment=top, now=NOW)
    with act_as(commune):
        actions.accept_result(by=commune, assignment=below, now=NOW)
    with act_as(leader):
        done = actions.accept_result(by=leader, assignment=top, now=NOW)
    assert (done.state, done.progress, done.completed_on) == ("accepted", 100, TODAY)
    assert verbs(below) == ["assign", "start", "report", "difficulty", "submit", "accept"]
    assert "directives.assigned" in told(principal)
    assert told(commune) == [
        "directives.assigned",
        "directives.difficulty",
        "directives.submitted",
        "directives.decided",
    ]


def test_every_url_of_a_notice_is_there(place, leader):
    [made] = actions.create_assignment(by=leader, text="A", unit_ids=[place.commune_a.pk], now=NOW)
    actions.start(by=place.actor("commune_leader", "commune_a"), assignment=made, now=NOW)
    assert reverse("directives:assignment-detail", args=[made.public_id])


def test_who_may_not(place, leader, commune, principal):
    task = make_assignment(place.commune_a, place.department)
    for act in (
        lambda: actions.start(by=principal, assignment=task, now=NOW),
        lambda: actions.start(by=leader, assignment=task, now=NOW),
        lambda: actions.accept_result(by=commune, assignment=task, now=NOW),
        lambda: actions.cancel(by=commune, assignment=task, reason="x", now=NOW),
        lambda: actions.hand_down(by=principal, assignment=task, unit_ids=[place.school_a1.pk], now=NOW),
        lambda: actions.create_assignment(
            by=place.actor("teacher", "school_a1"), text="x", unit_ids=[place.school_a1.pk], now=NOW
        ),
        lambda: actions.create_assignment(
            by=place.actor("school_office", "school_a1"), text="x", unit_ids=[place.school_a1.pk], now=NOW
        ),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(OutOfReach):
        actions.hand_down(by=commune, assignment=task, unit_ids=[place.school_b1.pk], now=NOW)
    with pytest.raises(OutOfReach):
        actions.create_assignment(by=commune, text="x", unit_ids=[place.school_b1.pk], now=NOW)


def test_nobody_accepts_their_own(place, leader):
    task = make_assignment(place.department, place.department)
    actions.submit_result(by=leader, assignment=task, **LINK)
    with pytest.raises(OwnWork):
        actions.accept_result(by=leader, assignment=task, now=NOW)
    other = place.actor("department_officer", "office")
    assert actions.accept_result(by=other, assignment=task, now=NOW).state == "accepted"


@pytest.mark.parametrize(
    ("product", "kept"),
    [
        ({"subject": "A", "link": "https://a.vn"}, True),
        ({"subject": "A", "link": "https://a.vn", "number": "1", "symbol": "KH", "issued_on": TODAY}, True),
        ({"subject": " ", "link": "https://a.vn"}, False),
        ({"subject": "A"}, False),
        ({"subject": "A", "link": "https://a.vn", "number": "1"}, False),
        (
            {"subject": "A", "link": "https://a.vn", "number": "1", "symbol": "KH", "issued_on": days(1)},
            False,
        ),
    ],
)
def test_a_product_needs_its_evidence(place, commune, product, kept):
    task = make_assignment(place.commune_a, place.department)
    if kept:
        assert actions.submit_result(by=commune, assignment=task, now=NOW, **product).state == "pending"
    else:
        with pytest.raises(MissingEvidence):
            actions.submit_result(by=commune, assignment=task, now=NOW, **product)


def test_on_time_by_the_date_of_the_document(place, leader, commune):
    task = make_assignment(place.commune_a, place.department, due_on=days(-5))
    actions.submit_result(by=commune, assignment=task, number="1", symbol="KH", issued_on=days(-6), **LINK)
    actions.accept_result(by=leader, assignment=task, now=NOW)
    assert queries.assignment(leader, task.public_id, today=TODAY).timeliness == "done_on_time"


def test_a_return_needs_a_reason_and_opens_the_task_again(place, leader, commune):
    task = make_assignment(place.commune_a, place.department)
    actions.submit_result(by=commune, assignment=task, **LINK)
    with pytest.raises(MissingReason):
        actions.return_result(by=leader, assignment=task, reason=" ", now=NOW)
    returned = actions.return_result(by=leader, assignment=task, reason="Thiếu số liệu", now=NOW)
    assert returned.state == "returned"
    assert actions.submit_result(by=commune, assignment=returned, **LINK).state == "pending"
    with pytest.raises(WrongState):
        actions.submit_result(by=commune, assignment=returned, **LINK)


def test_extension_asked_and_granted(place, leader, commune):
    task = make_assignment(place.commune_a, place.department, due_on=days(-1))
    with pytest.raises(BadDeadline):
        actions.request_extension(
            by=commune, assignment=task, new_due_on=days(-1), reason="Chờ hướng dẫn", now=NOW
        )
    asked = actions.request_extension(
        by=commune, assignment=task, new_due_on=days(20), reason="Chờ hướng dẫn", now=NOW
    )
    with pytest.raises(WrongState):
        actions.request_extension(by=commune, assignment=task, new_due_on=days(30), reason="Nữa", now=NOW)
    with pytest.raises(NotAllowed):
        actions.decide_extension(by=commune, request=asked, granted=True, now=NOW)
    assert "decide_extension" in queries.open_steps(leader, task)
    actions.decide_extension(by=leader, request=asked, granted=True, granted_due_on=days(10), now=NOW)
    task.refresh_from_db()
    assert (task.due_on, task.first_due_on) == (days(10), days(-1))
    with pytest.raises(WrongState):
        actions.decide_extension(by=leader, request=asked, granted=True, now=NOW)


def test_a_subtask_is_not_extended_past_the_task_above(place, commune, principal):
    above = make_assignment(place.commune_a, place.department, due_on=days(10))
    below = make_assignment(place.school_a1, place.commune_a, parent=above, due_on=days(5))
    asked = actions.request_extension(
        by=principal, assignment=below, new_due_on=days(11), reason="Bận thi", now=NOW
    )
    with pytest.raises(BadDeadline):
        actions.decide_extension(by=commune, request=asked, granted=True, now=NOW)
    with pytest.raises(BadDeadline):
        actions.hand_down(
            by=commune, assignment=above, unit_ids=[place.school_a2.pk], due_on=days(11), now=NOW
        )


def test_an_event_starts_the_clock_for_all_who_wait_for_it(place, leader, principal):
    order = make_directive(place.department)
    wait = {
        "directive": order,
        "deadline_kind": "event",
        "due_on": None,
        "deadline_event": "Sau khi Thủ tướng phê duyệt Đề án",
    }
    words = {"deadline_words": "Trong 15 ngày sau khi Thủ tướng phê duyệt Đề án"}
    first = make_assignment(place.school_a1, place.department, **wait, **words)
    same = make_assignment(
        place.school_b1, place.department, **{**wait, "deadline_event": "sau khi thủ tướng phê duyệt đề án"}
    )
    other = make_assignment(
        place.school_b2, place.department, **{**wait, "deadline_event": "Sau khi có hướng dẫn"}
    )
    moved = actions.record_event(
        by=leader, assignment=first, occurred_on=days(-1), document="QĐ 12/QĐ-TTg", now=NOW
    )
    assert {row.pk for row in moved} == {first.pk, same.pk}
    first.refresh_from_db()
    same.refresh_from_db()
    other.refresh_from_db()
    assert (first.due_on, same.due_on, same.event_occurred_on) == (days(14), None, days(-1))
    assert other.event_occurred_on is None
    with pytest.raises(BadDeadline):
        actions.record_event(by=leader, assignment=other, occurred_on=days(1), now=NOW)
    with pytest.raises(NotAllowed):
        actions.record_event(by=principal, assignment=other, occurred_on=TODAY, now=NOW)


def test_working_days_after_an_event_leave_out_holidays(place, leader):
    task = make_assignment(
        place.school_a1,
        place.department,
        directive=make_directive(place.department),
        deadline_kind="event",
        due_on=None,
        deadline_words="Trong 05 ngày làm việc sau khi có hướng dẫn",
    )
    # Friday; Tuesday 24 November is a holiday.
    actions.record_event(by=leader, assignment=task, occurred_on=date(2026, 11, 20), now=NOW)
    task.refresh_from_db()
    assert task.due_on == date(2026, 11, 30)


def test_ongoing_work_is_confirmed_period_by_period(place, principal):
    make_school_year(2026)
    task = make_assignment(
        place.school_a1, place.commune_a, deadline_kind="ongoing", due_on=None, assigned_on=date(2026, 5, 1)
    )
    first = actions.confirm_period(by=principal, assignment=task, note="Đã làm", now=NOW)
    assert (first.period_start, first.period_end) == (date(2026, 7, 1), date(2026, 9, 30))
    second = actions.confirm_period(by=principal, assignment=task, note="Đang làm", now=NOW)
    assert second.period_start == date(2026, 10, 1)
    with pytest.raises(WrongState, match="Quý IV/2026"):
        actions.confirm_period(by=principal, assignment=task, note="Nữa", now=NOW)


def test_people_must_work_at_the_unit(place, commune, principal):
    task = make_assignment(place.school_a1, place.commune_a)
    teacher, stranger = place.actor("teacher", "school_a1"), place.actor("teacher", "school_b1")
    with pytest.raises(OutOfReach):
        actions.set_people(by=principal, assignment=task, person_id=stranger.user_id, leader_id=None, now=NOW)
    actions.set_people(
        by=principal, assignment=task, person_id=teacher.user_id, leader_id=principal.user_id, now=NOW
    )
    assert told(teacher) == ["directives.assigned"]
    actions.start(by=teacher, assignment=task, now=NOW)
    top = make_assignment(place.commune_a, place.department)
    actions.set_people(
        by=place.actor("commune_leader", "commune_a"),
        assignment=top,
        person_id=commune.user_id,
        leader_id=None,
        now=NOW,
    )


def test_handing_down_inside_a_school(place, principal):
    task = make_assignment(place.school_a1, place.commune_a)
    teacher = place.actor("teacher", "school_a1")
    with pytest.raises(OutOfReach):
        actions.hand_down(by=principal, assignment=task, unit_ids=[place.school_a1.pk], now=NOW)
    [part] = actions.hand_down(
        by=principal,
        assignment=task,
        unit_ids=[place.school_a1.pk],
        person_id=teacher.user_id,
        text="Nhập điểm",
        now=NOW,
    )
    actions.submit_result(by=teacher, assignment=part, **LINK)
    assert actions.accept_result(by=principal, assignment=part, now=NOW).state == "accepted"


def test_the_same_work_is_not_handed_down_twice(place, commune):
    task = make_assignment(place.commune_a, place.department)
    actions.hand_down(by=commune, assignment=task, unit_ids=[place.school_a1.pk], now=NOW)
    with pytest.raises(WrongState, match="An Bình"):
        actions.hand_down(
            by=commune, assignment=task, unit_ids=[place.school_a1.pk, place.school_a2.pk], now=NOW
        )


def test_cancelling_takes_the_subtasks_along(place, leader, commune, principal):
    top = make_assignment(place.commune_a, place.department)
    [below] = actions.hand_down(by=commune, assignment=top, unit_ids=[place.school_a1.pk], now=NOW)
    actions.submit_result(by=principal, assignment=below, **LINK)
    with pytest.raises(OpenSubtasks):
        actions.cancel(by=leader, assignment=top, reason="Thay bằng kế hoạch mới", now=NOW)
    actions.return_result(by=commune, assignment=below, reason="Chờ", now=NOW)
    actions.cancel(by=leader, assignment=top, reason="Thay bằng kế hoạch mới", now=NOW)
    below.refresh_from_db()
    assert below.state == "cancelled"


def test_pause_and_resume(place, leader, commune):
    task = make_assignment(place.commune_a, place.department, due_on=days(-1))
    actions.pause(by=leader, assignment=task, reason="Chờ kinh phí", now=NOW)
    assert queries.assignment(leader, task.public_id, today=TODAY).timeliness == "stopped"
    with pytest.raises(WrongState):
        actions.start(by=commune, assignment=task, now=NOW)
    actions.resume(by=leader, assignment=task, now=NOW)
    assert queries.assignment(leader, task.public_id, today=TODAY).timeliness == "late"


def test_a_difficulty_goes_up_until_somebody_answers(place, leader, commune, principal):
    top = make_assignment(place.commune_a, place.department)
    [below] = actions.hand_down(by=commune, assignment=top, unit_ids=[place.school_a1.pk], now=NOW)
    with act_as(principal):
        raised = actions.raise_difficulty(
            by=principal, assignment=below, text="Thiếu kinh phí", proposal="Cấp bổ sung", now=NOW
        )
    assert raised.routed_to == place.commune_a
    with act_as(commune):
        actions.forward_difficulty(by=commune, difficulty=raised, now=NOW)
    with pytest.raises(NotAllowed):
        actions.decide_difficulty(by=commune, difficulty=raised, decision="Không", now=NOW)
    with act_as(leader):
        assert [d.pk for d in queries.difficulties(leader, is_open=True)] == [raised.pk]
        actions.decide_difficulty(by=leader, difficulty=raised, decision="Cấp trong quý I", now=NOW)
    with pytest.raises(WrongState):
        actions.decide_difficulty(by=leader, difficulty=raised, decision="Lại", now=NOW)
    assert verbs(below)[-3:] == ["difficulty", "forward_difficulty", "decide_difficulty"]


def test_giving_to_many_units_is_a_handful_of_statements(place, leader, django_assert_max_num_queries):
    schools = [place.school_a1, place.school_a2, place.school_b1, place.school_b2, place.upper_school]
    order = make_directive(place.department)
    with django_assert_max_num_queries(25) as few:
        actions.create_assignment(by=leader, text="A", unit_ids=[schools[0].pk], directive=order, now=NOW)
    with django_assert_max_num_queries(25) as many:
        actions.create_assignment(
            by=leader, text="B", unit_ids=[s.pk for s in schools], directive=order, now=NOW
        )
    assert len(many) == len(few)
    assert DirectiveRecipient.objects.filter(directive=order).count() == 5


def test_kinds_of_deadline_need_their_day(place, leader):
    for kind in ("date", "month", "quarter"):
        with pytest.raises(BadDeadline):
            actions.create_assignment(
                by=leader, text="A", unit_ids=[place.commune_a.pk], deadline_kind=kind, now=NOW
            )
    with pytest.raises(BadDeadline):
        actions.create_assignment(
            by=leader, text="A", unit_ids=[place.commune_a.pk], deadline_kind="event", now=NOW
        )
    [made] = actions.create_assignment(
        by=leader,
        text="A",
        unit_ids=[place.commune_a.pk],
        deadline_kind="quarter",
        due_on=date(2027, 2, 1),
        now=NOW,
    )
    assert made.due_on == date(2027, 3, 31)
    assert Assignment.objects.get(pk=made.pk).assigned_by_unit == place.department
