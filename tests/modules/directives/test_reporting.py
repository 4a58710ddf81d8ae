"""Reports owed: opened, handed in, returned, accepted, gathered."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories.directives import NOW, make_duty, make_obligation
from tests.factories.organization import TODAY, make_province
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.directives.actions import reporting
from thongsuot.modules.directives.models import ReportObligation
from thongsuot.modules.directives.queries import reports
from thongsuot.modules.directives.types import ObligationState

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def owed(province):
    """The school owes its commune a report, the commune owes the department one."""
    duty = make_duty(province.department)
    school = make_obligation(duty, province.school_a1, province.commune_a, due_on=date(2026, 12, 10))
    commune = make_obligation(duty, province.commune_a, province.department, due_on=date(2026, 12, 20))
    return school, commune


def test_a_single_report_is_opened_for_each_unit(province):
    leader = province.actor("department_leader", "department")
    duty = reporting.create_duty(
        by=leader, owner_unit=province.department, what="Tổng kết", first_due_on=date(2027, 6, 10), now=NOW,
        owing=[(province.school_a1.pk, province.commune_a.pk), (province.school_b1.pk, province.commune_b.pk)],
    )  # fmt: skip
    assert set(duty.obligations.values_list("unit_id", "due_on")) == {
        (province.school_a1.pk, date(2027, 6, 10)),
        (province.school_b1.pk, date(2027, 6, 10)),
    }


def test_a_monthly_report_is_opened_sixty_days_ahead_and_again_without_a_double(province):
    leader = province.actor("department_leader", "department")
    duty = reporting.create_duty(
        by=leader, owner_unit=province.department, what="Tháng", period="month", first_due_on=date(2026, 11, 25),
        now=NOW, owing=[(province.commune_a.pk, province.department.pk)],
    )  # fmt: skip
    due = list(duty.obligations.order_by("due_on").values_list("due_on", flat=True))
    assert due == [date(2026, 11, 25), date(2026, 12, 25)]
    later = TODAY + timedelta(days=40)
    assert reporting.open_obligations(by=Actor.system(), today=later) == 2
    assert reporting.open_obligations(by=Actor.system(), today=later) == 0
    assert duty.obligations.count() == 4


def test_a_yearly_report_far_ahead_is_opened_once(province):
    leader = province.actor("department_leader", "department")
    duty = reporting.create_duty(
        by=leader, owner_unit=province.department, what="Năm", period="year", first_due_on=date(2027, 5, 31), now=NOW,
        owing=[(province.commune_a.pk, province.department.pk)],
    )  # fmt: skip
    assert list(duty.obligations.values_list("due_on", flat=True)) == [date(2027, 5, 31)]


def test_nothing_is_opened_where_no_day_is_known(province):
    leader = province.actor("department_leader", "department")
    duty = reporting.create_duty(
        by=leader, owner_unit=province.department, what="Khi có sự cố", first_due_on=None, now=NOW,
        owing=[(province.commune_a.pk, province.department.pk)],
    )  # fmt: skip
    assert not duty.obligations.exists()


def test_a_school_asks_nobody_for_reports(province):
    with pytest.raises(NotAllowed):
        reporting.create_duty(
            by=province.actor("principal", "school_a1"), owner_unit=province.department, what="x",
            first_due_on=TODAY, now=NOW, owing=[],
        )  # fmt: skip


def test_submit_return_submit_accept(province, owed):
    school, _ = owed
    principal, officer = (
        province.actor("principal", "school_a1"),
        province.actor("commune_officer", "commune_a_office"),
    )
    with pytest.raises(reporting.ReportIncomplete):
        reporting.submit_report(by=principal, obligation=school, summary="  ", now=NOW)
    reporting.submit_report(by=principal, obligation=school, summary="Đã làm", now=NOW)
    with pytest.raises(reporting.ReportIncomplete):
        reporting.return_report(by=officer, obligation=school, reason="", now=NOW)
    reporting.return_report(by=officer, obligation=school, reason="Thiếu số liệu", now=NOW)
    reporting.submit_report(by=principal, obligation=school, summary="Đã bổ sung", now=NOW)
    done = reporting.accept_report(by=officer, obligation=school, now=NOW)
    assert done.state == ObligationState.ACCEPTED
    assert [line.verb for line in done.log.order_by("pk")] == ["submit", "return", "submit", "accept"]
    with pytest.raises(reporting.ReportStep):
        reporting.accept_report(by=officer, obligation=school, now=NOW)


def test_only_the_right_people_submit_and_decide(province, owed):
    school, commune = owed
    with pytest.raises(NotAllowed):  # the commune does not report in its school's name
        reporting.submit_report(
            by=province.actor("commune_officer", "commune_a_office"), obligation=school, summary="x", now=NOW
        )
    reporting.submit_report(
        by=province.actor("principal", "school_a1"), obligation=school, summary="x", now=NOW
    )
    for role, unit in (("principal", "school_a1"), ("commune_officer", "commune_b_office")):
        with pytest.raises(NotAllowed):
            reporting.accept_report(by=province.actor(role, unit), obligation=school, now=NOW)
    with pytest.raises(NotAllowed):
        reporting.waive(by=province.actor("principal", "school_a1"), obligation=commune, reason="x", now=NOW)


def test_forwarding_gathers_accepted_reports_only(province, owed):
    school, commune = owed
    principal, officer = (
        province.actor("principal", "school_a1"),
        province.actor("commune_officer", "commune_a_office"),
    )
    reporting.submit_report(by=principal, obligation=school, summary="x", now=NOW)
    with pytest.raises(reporting.ReportStep, match=province.school_a1.name):
        reporting.forward_reports(
            by=officer, obligation=commune, gathered=[school.pk], summary="Tổng hợp", now=NOW
        )
    commune.refresh_from_db()
    assert commune.state == ObligationState.OWED
    reporting.accept_report(by=officer, obligation=school, now=NOW)
    sent = reporting.forward_reports(
        by=officer, obligation=commune, gathered=[school.pk], summary="Tổng hợp", now=NOW
    )
    assert sent.state == ObligationState.SUBMITTED
    assert list(sent.gathered.all()) == [school]
    story = reports.obligation_story(officer, ReportObligation.objects.get(pk=commune.pk), today=TODAY)
    assert [row.pk for row in story.gathered] == [school.pk]


def test_forwarding_somebody_elses_reports_is_refused(province, owed):
    _, commune = owed
    foreign = make_obligation(
        make_duty(province.department, what="khác"), province.school_b1, province.commune_b
    )
    with pytest.raises(NotAllowed):
        reporting.forward_reports(
            by=province.actor("commune_officer", "commune_a_office"), obligation=commune, gathered=[foreign.pk],
            summary="x", now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("due", "submitted", "state", "expected"),
    [
        (date(2026, 11, 22), None, "owed", "late"),
        (date(2026, 11, 23), None, "owed", "due_soon"),
        (date(2026, 11, 30), None, "owed", "due_soon"),
        (date(2026, 12, 1), None, "owed", "on_time"),
        # Handed in on the last day, minutes before midnight in Vietnam (the next day in UTC would still be the same).
        (
            date(2026, 11, 20),
            datetime(2026, 11, 20, 23, 59, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
            "submitted",
            "done_on_time",
        ),
        (
            date(2026, 11, 20),
            datetime(2026, 11, 21, 0, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
            "accepted",
            "done_late",
        ),
        (date(2026, 11, 20), None, "waived", "stopped"),
    ],
)
def test_late_or_on_time_is_derived(province, due, submitted, state, expected):
    leader = province.actor("department_leader", "department")
    fields = {"submitted_at": submitted, "submitted_by_id": leader.user_id} if submitted else {}
    make_obligation(
        make_duty(province.department),
        province.school_a1,
        province.commune_a,
        due_on=due,
        state=state,
        **fields,
    )
    assert reports.obligations(leader, today=TODAY).get().timeliness == expected


def test_the_calendar_counts_by_day_in_one_or_two_queries(province, owed, django_assert_max_num_queries):
    leader = province.actor("department_leader", "department")
    duty = owed[0].duty
    make_obligation(duty, province.school_b1, province.commune_b, due_on=date(2026, 12, 10))
    with django_assert_max_num_queries(2):
        lines = reports.calendar(leader, first=date(2026, 12, 1), last=date(2026, 12, 31), today=TODAY)
    assert [(line.due_on.day, line.total, line.handed_in) for line in lines] == [(10, 2, 0), (20, 1, 0)]
    assert lines[0].obligation_id is None
    assert lines[1].obligation_id == owed[1].public_id


def test_a_school_sees_only_its_own_on_the_calendar(province, owed):
    make_obligation(owed[0].duty, province.school_b1, province.commune_b, due_on=date(2026, 12, 10))
    principal = province.actor("principal", "school_b1")
    with act_as(principal):
        lines = reports.calendar(principal, first=date(2026, 12, 1), last=date(2026, 12, 31), today=TODAY)
    assert [(line.due_on.day, line.total) for line in lines] == [(10, 1)]
