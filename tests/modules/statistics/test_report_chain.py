"""A report between a unit and the one above: gathered, sent back, overridden, due; and what directives put in."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories.directives import make_assignment, make_directive, make_target
from tests.factories.reports import NOW, fill, make_report_province, start, write
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.models import Notification
from thongsuot.modules.statistics import actions, queries
from thongsuot.modules.statistics.models import Report
from thongsuot.modules.statistics.permissions import can_return_report
from thongsuot.modules.statistics.types import PaperState, ReportStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_report_province()


def signed(province, name, words):
    actor, report = start(province, "principal", name)
    write(actor, report, "shortcomings", words)
    return actor, actions.sign_report(by=actor, report=report, now=NOW)


def test_sent_back_it_is_written_on_and_its_new_words_take_the_place_of_the_old(province):
    author, report = signed(province, "school_a1", "Thiếu hai phòng học.")
    above, gathering = start(province, "commune_officer", "commune_a_office", "commune_a")
    said = {"report": report, "reason": "Chưa nêu nguyên nhân", "now": NOW}
    strangers = [
        author,
        province.actor("principal", "school_a2"),
        province.actor("commune_officer", "commune_b_office"),
        province.actor("department_officer", "office"),
    ]
    for stranger in strangers:
        assert not can_return_report(stranger, report)
        with pytest.raises(NotAllowed):
            actions.return_report(by=stranger, **said)
    with pytest.raises(ReportStep):
        actions.return_report(by=above, **{**said, "reason": " "})
    actions.return_report(by=above, **said)
    with pytest.raises(ReportStep):
        actions.return_report(by=above, **said)
    back = Report.objects.get(pk=report.pk)
    assert (back.state, back.note, back.signed_at) == (PaperState.RETURNED, "Chưa nêu nguyên nhân", None)
    told = Notification.objects.filter(kind="statistics.report_returned")
    assert [(one.recipient_id, one.body) for one in told] == [(author.user_id, "Chưa nêu nguyên nhân")]
    assert queries.report(above, back.public_id) is None
    found = {one.name: one for one in queries.below(gathering)}
    assert found["Trường Tiểu học An Bình"].signed is None
    assert found["Trường Tiểu học An Bình"].report.state == PaperState.RETURNED
    assert found["Trường Mầm non Hoa Hồng"].report is None
    write(author, back, "shortcomings", "Thiếu ba phòng học.")
    again = actions.sign_report(by=author, report=back, now=NOW)
    assert (again.state, again.note) == (PaperState.SIGNED, "")
    assert [(v.number, v.is_signed) for v in queries.versions(again)] == [(3, True), (2, False), (1, True)]
    write(above, gathering, "shortcomings", queries.texts_of(gathering)["shortcomings"] + "\nLời của xã.")
    assert actions.gather_report(by=above, report=gathering, now=NOW) == 1
    assert queries.texts_of(gathering)["shortcomings"].splitlines() == [
        "Trường Tiểu học An Bình: Thiếu ba phòng học.",
        "Lời của xã.",
    ]


def test_what_communes_signed_comes_to_the_department(province):
    signed(province, "school_a1", "Thiếu hai phòng học.")
    leader, of_commune = start(province, "commune_leader", "commune_a")
    actions.sign_report(by=leader, report=of_commune, now=NOW)
    _officer, of_department = start(province, "department_officer", "office", "department")
    text = queries.texts_of(of_department)["shortcomings"]
    assert text == f"{province.commune_a.name}: Trường Tiểu học An Bình: Thiếu hai phòng học."


def test_a_number_that_a_school_overrides_is_told_to_its_commune(province):
    fill(province, "school_a1", 3, 2)
    author, report = start(province, "principal", "school_a1")
    actions.note_figure(
        by=author,
        report=report,
        code="registry.pupils",
        value=Decimal(6),
        reason="Một em chưa có hồ sơ",
        now=NOW,
    )
    leader, gathering = start(province, "commune_leader", "commune_a")
    assert gathering.content["below"] == {}
    actions.sign_report(by=author, report=report, now=NOW)
    actions.gather_report(by=leader, report=gathering, now=NOW)
    gathering.refresh_from_db()
    assert gathering.content["figures"]["registry.pupils"]["value"] == "5"
    assert gathering.content["below"]["registry.pupils"] == [
        {"unit": "Trường Tiểu học An Bình", "computed": "5", "printed": "6", "reason": "Một em chưa có hồ sơ"}
    ]


def test_results_of_directives_are_cited(province):
    """School A1: 4 tasks, of which 1 done on time, 1 done late, 1 past its day, 1 going on; one target, met."""
    fill(province, "school_a1", 3, 2)
    directive = make_directive(province.department, recipients=(province.school_a1,))
    given = {"unit": province.school_a1, "by": province.department, "directive": directive}
    done = {"state": "accepted", "due_on": date(2026, 11, 30)}
    make_assignment(**given, **done, completed_on=date(2026, 11, 20))
    make_assignment(**given, **done, completed_on=date(2026, 12, 2))
    make_assignment(**given, state="in_progress", due_on=date(2026, 12, 20))
    make_assignment(**given, state="in_progress", due_on=date(2027, 3, 1))
    make_target(
        directive, province.school_a1, text="Có ít nhất 5 học sinh", value=5, measure="học sinh",
        indicator_code="registry.pupils",
    )  # fmt: skip
    _author, report = start(province, "principal", "school_a1")
    said = report.content["provided"]["directives"]
    assert said["sentences"] == [
        "Tính đến 05/01/2027, đơn vị được giao 4 nhiệm vụ: hoàn thành 2 (đúng hạn 1, quá hạn 1, không có hạn 0), quá hạn chưa hoàn thành 1, "
        "đang thực hiện 1."
    ]
    assert said["tables"][0]["rows"] == [["Có ít nhất 5 học sinh", "≥ 5 học sinh", "5 học sinh", "Đạt"]]
    _other, without = start(province, "principal", "school_a2")
    assert without.content["provided"] == {}


def test_the_department_sets_the_dates_and_reminders_follow_them(province):
    author, report = start(province, "principal", "school_a1")
    officer, system = province.actor("department_officer", "office"), Actor.system()
    said = {"school_year": province.year, "now": NOW}
    new = {("first_term", "school"): date(2027, 1, 25)}
    with pytest.raises(NotAllowed):
        actions.set_report_dates(by=author, dates=new, **said)
    for wrong in ({("first_term", "ward"): date(2027, 1, 25)}, {("year", "school"): date(2020, 1, 1)}):
        with pytest.raises(ReportStep):
            actions.set_report_dates(by=officer, dates=wrong, **said)
    province.actor("commune_leader", "commune_a")
    assert actions.remind_of_reports(by=system, today=date(2027, 1, 9)) == 1
    assert actions.set_report_dates(by=officer, dates=new, **said) == 1
    assert actions.set_report_dates(by=officer, dates=new, **said) == 0
    report.refresh_from_db()
    assert report.due_on == date(2027, 1, 25)
    days = [date(2027, 1, 10), date(2027, 1, 18), date(2027, 1, 26), date(2027, 2, 2), date(2027, 3, 2)]
    # The commune's own date is 20/01: it is reminded on the 18th with the school, and after.
    told = [actions.remind_of_reports(by=system, today=day) for day in days]
    assert told == [0, 2, 2, 2, 0]
    with pytest.raises(NotAllowed):
        actions.remind_of_reports(by=author, today=days[0])


def test_a_year_that_has_ended_is_still_reported_on(province):
    """The report of the year is due on 10/6, after the year's last day."""
    province.actor("principal", "school_a1")
    assert actions.remind_of_reports(by=Actor.system(), today=date(2027, 6, 3)) == 1
    actor = province.actor("principal", "school_a1")
    june = timezone.make_aware(datetime(2027, 6, 5, 9))
    made = actions.start_report(
        by=actor, unit=province.school_a1, school_year=province.year, kind="year", now=june
    )
    assert (made.as_of, made.due_on) == (date(2027, 5, 31), date(2027, 6, 10))
