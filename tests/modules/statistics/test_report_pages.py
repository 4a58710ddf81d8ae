"""The pages of periodic reports as somebody uses them."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.factories.organization import make_province, make_school_year
from tests.factories.reports import NOW, fill, make_report_province, start
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.modules.statistics import actions, queries
from thongsuot.modules.statistics.models import Report, ReportFigureNote, ReportText

pytestmark = pytest.mark.django_db


def test_from_writing_to_the_signed_paper(client, settings):
    settings.MFA_REQUIRED = "none"
    province = make_province()
    principal = province.actor("principal", "school_a1")
    report = actions.start_report(
        by=principal, unit=province.school_a1, school_year=make_school_year(2026), kind="year", now=NOW
    )
    client.force_login(get_user_model().objects.get(pk=principal.user_id))
    page = client.get(reverse("statistics:report-detail", args=[report.public_id]))
    assert page.status_code == 200
    assert "Tồn tại, hạn chế" in page.content.decode()
    save = reverse("statistics:report-text", args=[report.public_id, "overview"])
    htmx = {"headers": {"HX-Request": "true"}}
    assert "Đã lưu" in client.post(save, {"text": "Bản một", "edition": "0"}, **htmx).content.decode()
    said = client.post(save, {"text": "Bản hai", "edition": "0"}, **htmx).content.decode()
    assert "Bản một" in said
    assert "Bản hai" in said
    # The author goes on in the box: nothing is said twice, nothing saved, until the author decides.
    waiting = {"text": "Gộp hai bản", "edition": "0", "seen": "1"}
    assert client.post(save, waiting, **htmx).status_code == 204
    assert ReportText.objects.get(key="overview").text == "Bản một"
    assert "Đã lưu" in client.post(save, {**waiting, "decided": "1"}, **htmx).content.decode()
    assert ReportText.objects.get(key="overview").text == "Gộp hai bản"
    whole = client.post(save, {"text": "Bản hai", "edition": "0"})
    assert whole.status_code == 409
    assert "Bản hai" in whole.content.decode()
    note = reverse("statistics:report-figure", args=[report.public_id, "registry.pupils"])
    client.post(note, {"value": "1.234", "reason": ""})
    assert not ReportFigureNote.objects.exists()
    client.post(note, {"value": "1.234", "reason": "Thiếu hồ sơ"})
    assert ReportFigureNote.objects.get().value == 1234
    for act, given in (("luu-ban", {"label": "Bản đầu"}), ("tinh-lai", {}), ("ky", {"number": "x"})):
        client.post(reverse("statistics:report-act", args=[report.public_id, act]), given)
    assert Report.objects.get().state == "draft"
    client.post(reverse("statistics:report-act", args=[report.public_id, "ky"]), {"number": "12"})
    assert (Report.objects.get().state, Report.objects.get().number) == ("signed", 12)
    compared = client.get(reverse("statistics:report-compare", args=[report.public_id, 1]))
    assert compared.status_code == 200
    paper = client.get(reverse("statistics:report-file", args=[report.public_id, "docx"]))
    assert paper.content.startswith(b"PK")
    beside = province.actor("principal", "school_a2")
    client.force_login(get_user_model().objects.get(pk=beside.user_id))
    for name, more in (("report-detail", []), ("report-compare", [1]), ("report-file", ["pdf"])):
        assert client.get(reverse(f"statistics:{name}", args=[report.public_id, *more])).status_code == 404


@pytest.fixture
def province(settings):
    settings.MFA_REQUIRED = "none"
    return make_report_province()


def enter(client, actor):
    client.force_login(get_user_model().objects.get(pk=actor.user_id))


def at(name, report, *more):
    return reverse(f"statistics:{name}", args=[report.public_id, *more])


def test_a_figure_opens_onto_its_rows(client, province, django_assert_max_num_queries):
    fill(province, "school_a1", 3, 2)
    actor, report = start(province, "principal", "school_a1")
    enter(client, actor)
    with django_assert_max_num_queries(30):
        page = client.get(at("report-detail", report)).content.decode()
    for code in ("registry.pupils", "registry.pupils_girls"):
        assert at("report-rows", report, code, "numerator") in page
    assert at("report-rows", report, "registry.pupils", "numerator", "level", "primary") in page
    before = ReadingLog.objects.count()
    counted = {
        more: client.get(at("report-rows", report, *more)).context["page"].paginator.count
        for more in (
            ("registry.pupils", "numerator"),
            ("registry.pupils_girls", "numerator"),
            ("registry.pupils", "numerator", "level", "primary"),
            ("registry.girls_share", "denominator"),
        )
    }
    assert list(counted.values()) == [5, 2, 5, 5]
    assert ReadingLog.objects.count() == before + 4
    for more in (
        ("registry.pupils", "part"),
        ("registry.pupils", "missing"),
        ("registry.unknown", "numerator"),
        ("registry.pupils", "numerator", "level", "upper_secondary"),
        ("registry.pupils", "numerator", "telephone", "1"),
    ):
        assert client.get(at("report-rows", report, *more)).status_code == 404
    about = client.get(at("report-figure", report, "registry.girls_share")).content.decode()
    assert "40%" in about
    assert "2 trên 5" in about
    assert "cách tính bản 1" in about
    assert client.get(at("report-figure", report, "registry.unknown")).status_code == 404


def test_a_signed_figure_says_that_the_records_have_changed_since(client, province):
    fill(province, "school_a1", 3, 2)
    actor, report = start(province, "principal", "school_a1")
    actions.sign_report(by=actor, report=report, now=NOW)
    enter(client, actor)
    assert "Hồ sơ đã sửa" not in client.get(at("report-figure", report, "registry.pupils")).content.decode()
    fill(province, "school_a1", 1, 0)
    page = client.get(at("report-rows", report, "registry.pupils", "numerator")).content.decode()
    assert "nay là 6" in page
    assert client.post(at("report-figure", report, "registry.pupils"), {"comment": "x"}).status_code == 302
    assert not ReportFigureNote.objects.exists()


def test_the_unit_above_reads_what_is_signed_and_sends_it_back(client, province):
    fill(province, "school_a1", 3, 2)
    author, report = start(province, "principal", "school_a1")
    above = province.actor("commune_officer", "commune_a_office")
    enter(client, above)
    drafted = [
        client.get(at("report-detail", report)),
        client.get(at("report-figure", report, "registry.pupils")),
        client.get(at("report-rows", report, "registry.pupils", "numerator")),
        client.post(at("report-text", report, "overview"), {"text": "x", "edition": "0"}),
        client.post(at("report-act", report, "ky")),
    ]
    assert [answer.status_code for answer in drafted] == [404] * 5
    actions.sign_report(by=author, report=report, now=NOW)
    assert "Trả lại đơn vị" in client.get(at("report-detail", report)).content.decode()
    rows = client.get(at("report-rows", report, "registry.pupils", "numerator"))
    assert rows.context["page"].paginator.count == 5
    for act in ("ky", "tinh-lai", "tong-hop", "luu-ban", "mo-lai", "xoa"):
        assert client.post(at("report-act", report, act), {"reason": "x"}).status_code == 404
    sent = client.post(at("report-act", report, "tra-lai"), {"reason": "Thiếu nguyên nhân"})
    assert sent.url == reverse("statistics:report-list")
    assert client.get(at("report-detail", report)).status_code == 404
    enter(client, author)
    assert "Thiếu nguyên nhân" in client.get(at("report-detail", report)).content.decode()


def test_dates_are_for_the_department_to_set(client, province):
    enter(client, province.actor("principal", "school_a1"))
    assert client.get(reverse("statistics:report-dates")).status_code == 404
    assert "Đặt hạn gửi" not in client.get(reverse("statistics:report-list")).content.decode()
    enter(client, province.actor("department_officer", "office"))
    page = client.get(reverse("statistics:report-dates"))
    assert page.status_code == 200
    given = {name: f"{field.initial}" for name, field in page.context["form"].fields.items()}
    assert given["first_term.school"] == "2027-01-10"
    wrong = client.post(reverse("statistics:report-dates"), {**given, "first_term.school": "10/13"})
    assert wrong.status_code == 422
    client.post(reverse("statistics:report-dates"), {**given, "first_term.school": "2027-01-15"})
    assert f"{queries.due_dates(province.year)['first_term', 'school']}" == "2027-01-15"
