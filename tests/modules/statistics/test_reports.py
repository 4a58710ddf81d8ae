"""A report from the draft to the signature, with figures counted by hand."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.reports import NOW, fill, make_report_province, start, text_of, write
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.statistics import actions, queries
from thongsuot.modules.statistics.models import Report
from thongsuot.modules.statistics.permissions import can_see_report, reports_visible
from thongsuot.modules.statistics.types import PaperState, ReportStep, TextConflict, WrongFigureNote

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_report_province()


def test_figures_are_counted_and_added_up_from_school_to_department(province):
    fill(province, "school_a1", 3, 2)
    fill(province, "school_b1", 1, 0)
    _actor, of_school = start(province, "principal", "school_a1")
    _actor, of_commune = start(province, "commune_leader", "commune_a")
    _actor, of_department = start(province, "department_leader", "department")
    found = [
        (
            one.content["figures"]["registry.pupils"]["value"],
            one.content["figures"]["registry.pupils_girls"]["value"],
        )
        for one in (of_school, of_commune, of_department)
    ]
    assert found == [("5", "2"), ("5", "2"), ("6", "2")]
    assert of_school.as_of == date(2026, 12, 31)
    assert (of_school.due_on, of_commune.due_on) == (date(2027, 1, 10), date(2027, 1, 20))
    rows = {one["name"]: one["values"]["registry.pupils"] for one in of_commune.content["units"]}
    assert rows == {"Trường Tiểu học An Bình": "5", "Trường Mầm non Hoa Hồng": "0"}


def test_a_text_that_somebody_saved_meanwhile_is_not_overwritten(province):
    actor, report = start(province, "principal", "school_a1")
    other = province.actor("school_office", "school_a1")
    write(actor, report, "overview", "Bản thứ nhất.")
    with pytest.raises(TextConflict) as refused:
        actions.write_text(by=other, report=report, key="overview", text="Bản thứ hai.", edition=0, now=NOW)
    assert (refused.value.theirs, refused.value.yours) == ("Bản thứ nhất.", "Bản thứ hai.")
    assert report.texts.get(key="overview").text == "Bản thứ nhất."


def test_an_override_needs_a_reason_and_shows_both_numbers(province):
    fill(province, "school_a1", 3, 2)
    actor, report = start(province, "principal", "school_a1")
    said = {"by": actor, "report": report, "code": "registry.pupils", "now": NOW}
    with pytest.raises(WrongFigureNote):
        actions.note_figure(**said, value=Decimal(6))
    actions.note_figure(**said, value=Decimal(6), reason="Một em chưa có hồ sơ")
    actions.recompute_report(by=actor, report=report, now=NOW)
    figure = queries.figures_with_notes(Report.objects.get())["registry.pupils"]
    assert (figure["value"], figure["override"]) == ("5", "6.0000")
    paper = text_of(queries.report_file(Report.objects.get(), "docx"))
    assert "hệ thống tính 5; ghi đè, lý do: Một em chưa có hồ sơ" in paper
    assert "6 (*)" in paper


def test_the_commune_gathers_what_its_schools_signed_once(province):
    for school, words in (("school_a1", "Thiếu hai phòng học."), ("school_a2", "Thiếu giáo viên.")):
        actor, report = start(province, "principal", school)
        write(actor, report, "shortcomings", words)
        if school == "school_a1":
            actions.sign_report(by=actor, report=report, now=NOW)
    actor, report = start(province, "commune_officer", "commune_a_office", "commune_a")
    assert queries.texts_of(report)["shortcomings"] == "Trường Tiểu học An Bình: Thiếu hai phòng học."
    unsigned = Report.objects.get(unit=province.school_a2)
    actions.sign_report(by=province.actor("principal", "school_a2"), report=unsigned, now=NOW)
    assert actions.gather_report(by=actor, report=report, now=NOW) == 1
    assert actions.gather_report(by=actor, report=report, now=NOW) == 0
    assert queries.texts_of(report)["shortcomings"].splitlines() == [
        "Trường Tiểu học An Bình: Thiếu hai phòng học.",
        "Trường Mầm non Hoa Hồng: Thiếu giáo viên.",
    ]


def test_signed_it_stands_still_and_is_taken_up_again_only_with_a_reason(province):
    fill(province, "school_a1", 3, 2)
    actor, report = start(province, "principal", "school_a1")
    write(actor, report, "overview", "Ổn định.")
    with pytest.raises(NotAllowed):
        actions.sign_report(by=province.actor("school_office", "school_a1"), report=report, now=NOW)
    signed = actions.sign_report(by=actor, report=report, number=7, now=NOW)
    before = queries.report_file(Report.objects.get(), "docx")
    fill(province, "school_a1", 1, 0)
    for refused in (
        lambda: write(actor, report, "overview", "Khác"),
        lambda: actions.recompute_report(by=actor, report=report, now=NOW),
        lambda: actions.sign_report(by=actor, report=report, now=NOW),
        lambda: actions.note_figure(by=actor, report=report, code="registry.pupils", comment="x", now=NOW),
        lambda: actions.reopen_report(
            by=province.actor("school_office", "school_a1"), report=report, reason="x", now=NOW
        ),
    ):
        with pytest.raises((ReportStep, NotAllowed)):
            refused()
    assert text_of(queries.report_file(Report.objects.get(), "docx")) == text_of(before)
    assert "Số: 07/BC-" in text_of(before)
    with pytest.raises(ReportStep):
        actions.reopen_report(by=actor, report=signed, reason=" ", now=NOW)
    actions.reopen_report(by=actor, report=signed, reason="Sót một lớp", now=NOW)
    again = Report.objects.get()
    actions.recompute_report(by=actor, report=again, now=NOW)
    write(actor, again, "overview", "Rất ổn định.")
    again.refresh_from_db()
    changed = queries.difference(again, queries.version(again, 1))
    assert [one.title for one in changed.passages] == ["Đặc điểm, thuận lợi, khó khăn"]
    assert ("Số học sinh, trẻ", "5", "6") in changed.figures
    assert [(one.number, one.is_signed) for one in queries.versions(again)] == [(2, False), (1, True)]


def test_the_paper_has_the_sections_of_a_periodic_report(province):
    fill(province, "school_a1", 3, 2)
    _actor, report = start(province, "principal", "school_a1", kind="year")
    report = Report.objects.get()
    paper = text_of(queries.report_file(report, "docx"))
    for title in (
        "TÌNH HÌNH CHUNG",
        "KẾT QUẢ THỰC HIỆN",
        "TỒN TẠI, HẠN CHẾ",
        "NHIỆM VỤ NĂM HỌC TỚI",
        "KIẾN NGHỊ",
    ):
        assert title in paper
    assert "với 5 học sinh, trẻ; trong đó 2 nữ" in paper
    assert queries.report_file(report, "pdf").startswith(b"%PDF")


def test_who_sees_and_writes(province):
    actor, report = start(province, "principal", "school_a1")
    above, beside = province.actor("commune_leader", "commune_a"), province.actor("principal", "school_a2")
    office = province.actor("school_office", "school_a1")

    def seen():
        people = (actor, office, above, beside)
        found = [can_see_report(one, Report.objects.get()) for one in people]
        assert found == [Report.objects.filter(reports_visible(one)).exists() for one in people]
        return found

    assert seen() == [True, True, False, False]
    with pytest.raises(NotAllowed):
        actions.recompute_report(by=above, report=report, now=NOW)
    start_by = {"by": above, "unit": province.school_a2, "school_year": province.year, "kind": "year"}
    with pytest.raises(NotAllowed):
        actions.start_report(**start_by, now=NOW)
    actions.sign_report(by=actor, report=report, now=NOW)
    assert Report.objects.get().state == PaperState.SIGNED
    assert seen() == [True, True, True, False]


def test_reminders_go_to_those_who_have_not_signed_once(province):
    actor, report = start(province, "principal", "school_a1")
    province.actor("principal", "school_b1")
    actions.sign_report(by=actor, report=report, now=NOW)
    for day, told in (
        (2, 0),
        (3, 1),
        (3, 0),
        (6, 0),
        (7, 1),
        (8, 0),
        (9, 1),
        (10, 1),
        (11, 1),
        (12, 0),
        (18, 1),
    ):
        assert actions.remind_of_reports(by=Actor.system(), today=date(2027, 1, day)) == told, day
