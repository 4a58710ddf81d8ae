import io
from datetime import date

import pytest
from docx import Document
from pypdf import PdfReader

from thongsuot.modules.documents.domain.pdf import NoTimesFont, render_pdf
from thongsuot.modules.documents.queries import document_docx, document_pdf, layout_on

from .samples import letter, report

DAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def pdf():
    return PdfReader(io.BytesIO(document_pdf(report(), on=DAY)))


@pytest.fixture(scope="module")
def docx():
    return Document(io.BytesIO(document_docx(report(), on=DAY)))


def _all_text(docx) -> str:
    cells = [cell.text for table in docx.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in docx.paragraphs] + cells)


def test_pdf_repeats_byte_for_byte():
    assert document_pdf(report(), on=DAY) == document_pdf(report(), on=DAY)


def test_pdf_is_a4_with_its_words(pdf):
    first = pdf.pages[0]
    assert (round(float(first.mediabox.width)), round(float(first.mediabox.height))) == (595, 842)
    text = first.extract_text()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Số: 05/BC-SGDĐT" in text
    assert "DỰ THẢO" in text


def test_words_are_never_markup(pdf):
    assert "#let x = 1 *đậm* $a$ @b <nhan> // không phải mã" in pdf.pages[0].extract_text()


def test_appendix_turns_the_page_and_counts_its_own(pdf):
    wide = [page for page in pdf.pages if page.mediabox.width > page.mediabox.height]
    assert len(wide) == 1
    assert "Phụ lục I\n" in wide[0].extract_text()


def test_header_row_repeats_on_each_page(pdf):
    with_table = [page for page in pdf.pages if "Việc thứ" in page.extract_text()]
    assert len(with_table) == 3
    assert all("Đơn vị chủ trì" in page.extract_text() for page in with_table)


def test_pdf_is_tagged_and_in_vietnamese(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"


def test_signed_letter_has_no_watermark():
    reader = PdfReader(io.BytesIO(document_pdf(letter(), on=DAY)))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "DỰ THẢO" not in text
    assert "Kính gửi:" in text
    assert "V/v báo cáo" in text


def test_no_font_says_what_to_do(tmp_path):
    from dataclasses import replace

    layout = replace(layout_on(DAY), font_alternatives=("No Such Font",))
    with pytest.raises(NoTimesFont, match="make setup"):
        render_pdf(report(), layout, tmp_path)


def test_docx_page_and_font(docx):
    section = docx.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (30, 20)
    assert docx.styles["Normal"].font.name == "Times New Roman"
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "DỰ THẢO" in section.first_page_header._element.xml


def test_docx_words_and_table(docx):
    text = _all_text(docx)
    for words in ("Độc lập - Tự do - Hạnh phúc", "I. TÌNH HÌNH CHUNG", "- Lưu: VT, GDTrH.", "KT. GIÁM ĐỐC"):
        assert words in text
    data = next(table for table in docx.tables if len(table.columns) == 5)
    assert data.rows[0]._tr.trPr.xml.count("tblHeader") == 1
    assert data.rows[0].cells[2].text == data.rows[0].cells[4].text == "Thực hiện"


def test_docx_appendix_is_landscape_and_restarts(docx):
    sections = list(docx.sections)
    assert [one.page_width > one.page_height for one in sections] == [False, True, False]
    assert all('w:start="1"' in one._sectPr.xml for one in sections)


def test_docx_chart_has_a_description(docx):
    assert docx.inline_shapes[0]._inline.docPr.get("descr") == "Theo đơn vị: Văn phòng: Đúng hạn 5, Quá hạn 2"
