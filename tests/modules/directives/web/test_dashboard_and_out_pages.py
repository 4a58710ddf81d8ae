"""Figures on the dashboard agree with the lists behind them; what goes out opens."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.factories.directives import make_assignment, make_directive, make_target
from tests.kit.pages.reading import body
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.modules.directives.models import Difficulty
from thongsuot.modules.directives.types import AssignmentState


@pytest.fixture
def work(province, today):
    """Three tasks of communes, one of them late, one done; one handed down to a school."""
    directive = make_directive(province.department, recipients=(province.commune_a, province.commune_b))
    given = {"directive": directive, "group": "I. Hạ tầng số"}
    late = make_assignment(
        province.commune_a, province.department, due_on=today - timedelta(days=9), text="Cài đặt", **given
    )
    make_assignment(
        province.commune_b, province.department, due_on=today + timedelta(days=90), text="Cài đặt", **given
    )
    make_assignment(
        province.commune_b,
        province.department,
        state=AssignmentState.ACCEPTED,
        due_on=today,
        completed_on=today - timedelta(days=1),
        **given,
    )
    make_assignment(province.school_a1, province.commune_a, parent=late, due_on=today + timedelta(days=3))
    make_target(directive, province.commune_a)
    return directive


def test_each_figure_opens_as_many_rows(work, officer):
    page = officer.get(reverse("directives:dashboard"))
    for card in page.context["cards"]:
        if card.url:
            rows = officer.get(card.url).context["page"].paginator.count
            assert (card.label, rows) == (card.label, card.value)
    for group in page.context["groups"][:2]:
        for line in group.rows:
            assert officer.get(line.late_url).context["page"].paginator.count == line.late


def test_the_bottleneck_is_named(work, officer, province):
    page = officer.get(reverse("directives:dashboard"))
    assert [row.unit_name for row in page.context["bottleneck"]] == [province.commune_a.name]


def test_each_level_has_its_own(work, browse, province):
    commune = browse("commune_leader", "commune_a").get(reverse("directives:dashboard"))
    assert commune.context["unit_name"] == province.commune_a.name
    school = browse("principal", "school_a1").get(reverse("directives:dashboard"))
    assert school.context["unit_name"] == province.school_a1.name


def test_nobody_looks_into_a_neighbour(work, browse, province):
    address = reverse("directives:dashboard")
    assert (
        browse("commune_leader", "commune_a").get(address, {"unit": province.commune_b.pk}).status_code == 404
    )
    assert browse("principal", "school_a1").get(address, {"unit": province.commune_a.pk}).status_code == 404


@pytest.mark.parametrize("level", ["office", "commune", "school", "khong-co"])
def test_ranking(work, officer, level):
    assert officer.get(reverse("directives:ranking"), {"cap": level}).status_code == 200


def test_ranking_of_communes(work, officer, province):
    rows = officer.get(reverse("directives:ranking"), {"cap": "commune"}).context["rows"]
    assert [(row["rank"], row["name"]) for row in rows] == [
        (1, province.commune_b.name),
        (2, province.commune_a.name),
    ]


@pytest.fixture
def period(today):
    return {"start": (today - timedelta(days=120)).isoformat(), "end": today.isoformat()}


def docx_text(response) -> str:
    document = Document(io.BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_periodic_report_is_seen_and_taken_away(work, officer, province, period):
    asked = period | {"directive": str(work.public_id), "addressee": "UBND tỉnh", "signer_name": "Lê Văn Ký"}
    task = work.assignments.filter(unit=province.commune_a).first()
    Difficulty.objects.create(
        assignment=task,
        text="Thiếu đường truyền",
        proposal="Cấp kinh phí lắp đặt",
        raised_by_unit=province.commune_a,
        raised_by=work.imported_by,
        raised_at=work.imported_at,
        routed_to=province.department,
    )
    address = reverse("directives:periodic-report")
    page = officer.get(address, asked).content.decode()
    assert "tổng số nhiệm vụ được giao là 3" in page
    word = officer.get(address, asked | {"format": "docx"})
    text = docx_text(word)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "I. TÌNH HÌNH CHUNG",
        "Thiếu đường truyền",
        "Cấp kinh phí lắp đặt",
        "Lê Văn Ký",
        "I. Hạ tầng số",
        "Hoàn thành đúng hạn",
    ):
        assert words in text
    pdf = officer.get(address, asked | {"format": "pdf", "signing": "deputy"})
    assert pdf["Content-Type"] == "application/pdf"
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "KT. GIÁM ĐỐC" in read
    assert "DỰ THẢO" in read


def test_report_of_a_commune_and_of_a_school(work, browse, period):
    address = reverse("directives:periodic-report")
    commune = docx_text(browse("commune_leader", "commune_a").get(address, period | {"format": "docx"}))
    assert "TM. ỦY BAN NHÂN DÂN" in commune
    assert "tổng số nhiệm vụ được giao là 1" in commune
    school = docx_text(browse("principal", "school_a1").get(address, period | {"format": "docx"}))
    assert "HIỆU TRƯỞNG" in school


def test_report_of_a_period_that_runs_backwards_is_refused(officer):
    page = officer.get(reverse("directives:periodic-report"), {"start": "2026-12-31", "end": "2026-01-01"})
    assert page.context["paper"] is None
    assert "phải trước ngày kết thúc" in page.content.decode()


def test_report_without_any_work(officer, period):
    assert (
        "không có nhiệm vụ quá hạn"
        in officer.get(reverse("directives:periodic-report"), period).content.decode()
    )


def test_table_for_the_central_system(work, officer):
    response = officer.get(reverse("directives:central-export"), {"directive": str(work.public_id)})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body(response))).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["STT", "Mục", "Tên nhiệm vụ"]
    assert len(rows) == 4
    assert {row[2] for row in rows[1:]} >= {"Cài đặt"}


def test_a_long_table_for_the_central_system_is_made_in_the_background(work, officer, settings):
    settings.EXPORT_INLINE_ROWS = 2
    url = reverse("directives:central-export")
    page = officer.get(url, {"directive": str(work.public_id)}, follow=True)
    assert "đang được lập" in page.content.decode()
    assert run_jobs() == 1
    made = officer.get(Job.objects.get().result_url)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body(made))).get_sheet_by_index(0).to_python()
    assert len(rows) == 4
