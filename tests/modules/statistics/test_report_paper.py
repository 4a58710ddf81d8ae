"""The report on paper: layout of NĐ 30/2020, tables, chart, appendix; opened by an office."""

import io
import shutil
import subprocess
import zipfile
from decimal import Decimal

import pytest
from docx import Document
from docx.shared import Pt
from pypdf import PdfReader

from tests.factories.reports import NOW, fill, make_report_province, start, text_of, write
from thongsuot.modules.statistics import actions, queries
from thongsuot.modules.statistics.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_report_province()


@pytest.fixture
def report(province):
    fill(province, "school_a1", 3, 2)
    fill(province, "school_a2", 1, 1)
    actor, made = start(province, "commune_leader", "commune_a", kind="year")
    write(actor, made, "shortcomings", "Thiếu hai phòng học.\nThiết bị cũ.")
    actions.note_figure(
        by=actor,
        report=made,
        code="registry.pupils",
        value=Decimal(8),
        reason="Một em chưa có hồ sơ",
        now=NOW,
    )
    return actor, Report.objects.get()


def test_the_word_file_keeps_the_layout_and_holds_chart_tables_and_appendices(report):
    actor, draft = report
    data = queries.report_file(draft, "docx")
    paper, words = Document(io.BytesIO(data)), text_of(data)
    page = paper.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert all(20 <= round(side.mm) <= 25 for side in (page.top_margin, page.bottom_margin))
    assert 30 <= round(page.left_margin.mm) <= 35
    assert 15 <= round(page.right_margin.mm) <= 20
    style = paper.styles["Normal"].font
    assert style.name == "Times New Roman"
    assert Pt(13) <= style.size <= Pt(14)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        pictures = [name for name in parts.namelist() if name.startswith("word/media/")]
        assert pictures
        assert all(parts.read(name).startswith(b"\x89PNG") for name in pictures)
        body = parts.read("word/document.xml").decode()
    assert 'title="Số học sinh, trẻ theo khối lớp"' in body
    assert 'descr="' in body
    assert {"Thiếu hai phòng học.", "Thiết bị cũ."} <= set(words.splitlines())
    assert "Nhiệm vụ trọng tâm: Chưa có nội dung." in words
    assert "8 (*)" in words
    assert "hệ thống tính 7; ghi đè, lý do: Một em chưa có hồ sơ" in words
    units = next(t for t in paper.tables if t.rows[0].cells[1].text == "Đơn vị")
    assert [[c.text for c in row.cells][1:4] for row in units.rows[1:]] == [
        ["Trường Mầm non Hoa Hồng", "1", "2"],
        ["Trường Tiểu học An Bình", "1", "5"],
    ]
    assert "ỦY BAN NHÂN DÂN" in words
    actions.sign_report(by=actor, report=draft, number=9, now=NOW)
    final = Report.objects.get()
    words = text_of(queries.report_file(final, "docx"))
    assert "Số: 09/BC-UBND" in words
    assert "Chưa có nội dung" not in words


def test_the_pdf_says_the_same(report):
    pages = PdfReader(io.BytesIO(queries.report_file(report[1], "pdf"))).pages
    words = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert len(pages) >= 2
    for said in ("TÌNH HÌNH CHUNG", "Số học sinh, trẻ theo khối lớp", "Thiếu hai phòng học.", "8 (*)"):
        assert said in words


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_opens_the_word_file(report, tmp_path):
    (tmp_path / "bao-cao.docx").write_bytes(queries.report_file(report[1], "docx"))
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
    for kind in ("pdf", "txt:Text (encoded):UTF8"):
        subprocess.run(
            [*command, kind, "bao-cao.docx"], cwd=tmp_path, check=True, capture_output=True, timeout=180
        )
    assert len(PdfReader(tmp_path / "bao-cao.pdf").pages) >= 2
    words = (tmp_path / "bao-cao.txt").read_text(encoding="utf-8")
    for said in ("TÌNH HÌNH CHUNG", "Thiếu hai phòng học.", "NHIỆM VỤ NĂM HỌC TỚI"):
        assert said in words
