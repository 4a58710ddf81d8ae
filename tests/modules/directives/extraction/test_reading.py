"""Files of all kinds: what is read, and what is refused with a way out."""

from __future__ import annotations

import contextlib
import io
import unicodedata

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import Line, UnreadableFile, read_file

from .rendering import to_docx, to_pdf
from .scoring import labels, shortfalls
from .seeds import LETTER, PLAN, source


def encodings() -> dict[str, bytes]:
    text = source(PLAN)
    return {
        "utf-8 with mark": text.encode("utf-8-sig"),
        "utf-16": text.encode("utf-16"),
        "utf-16 big end": text.encode("utf-16-be"),
        "crlf": text.replace("\n", "\r\n").encode(),
        "decomposed": unicodedata.normalize("NFD", text).encode(),
        "eth": text.replace("Đ", "Ð").encode(),
        "hard spaces": text.replace(" ", "\u00a0").encode(),
        "soft hyphens": text.replace("nhiệm", "nhi\u00adệm").replace("phòng", "phò\u200bng").encode(),
    }


@pytest.mark.parametrize("name", encodings())
def test_the_same_is_found_in_any_encoding(name: str) -> None:
    found = extract(read_file(encodings()[name], "ke-hoach.txt")).as_json()
    assert shortfalls(labels(PLAN), found) == {}


def test_windows_1258() -> None:
    text = "KẾ HOẠCH\nCăn cứ Quyết định số 12/QĐ-UBND\n1. Giao Phòng Văn hóa chủ trì thực hiện.\n"
    marks = {0x300, 0x301, 0x303, 0x309, 0x323}
    split = "".join(
        unicodedata.normalize(
            "NFC", "".join(c for c in unicodedata.normalize("NFD", char) if ord(c) not in marks)
        )
        + "".join(c for c in unicodedata.normalize("NFD", char) if ord(c) in marks)
        for char in text
    )
    document = read_file(split.encode("cp1258"), "a.txt")
    assert unicodedata.normalize("NFC", text).split("\n")[1] == document.lines[1]


def test_old_and_new_place_of_the_tone_mark() -> None:
    text = source(LETTER).replace("hóa", "hoá").replace("Ủy", "Uỷ").replace("hòa", "hoà")
    assert len(extract(read_file(text.encode(), "a.txt")).tasks) == 38


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(to_pdf([{"p": "Kế hoạch"}])))
    writer.encrypt("mat-khau", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def blank_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def empty_docx() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


REFUSED = {
    "empty.txt": (b"", "rỗng"),
    "spaces.txt": (b" \n\t\n ", "rỗng"),
    "scan.pdf": (blank_pdf(), "OCR"),
    "locked.pdf": (locked_pdf(), "mật khẩu"),
    "broken.pdf": (b"%PDF-1.7\nnothing here", "hỏng"),
    "not.pdf": (b"hello", "không đúng là tệp .pdf"),
    "broken.docx": (b"PK\x03\x04rubbish", "hỏng"),
    "empty.docx": (empty_docx(), "không có chữ"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".docx"),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    "a.rtf": (b"{\\rtf1 abc}", ".docx"),
    "a.odt": (b"not even a zip", ".docx"),
    "a.png": (b"\x89PNG\r\n\x1a\n...", "ảnh"),
    "a.xlsx": (b"PK\x05\x06" + b"\0" * 18, "bảng tính"),
    "bytes.txt": (b"abc\x00\x01\x02" + bytes(range(1, 255)), "văn bản"),
    "latin.txt": ("Ünïcödé ñandú".encode("latin-1"), "UTF-8"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_way_out(name: str) -> None:
    data, says = REFUSED[name]
    with pytest.raises(UnreadableFile) as refusal:
        read_file(data, name)
    assert says in refusal.value.message
    assert "Hãy" in refusal.value.message or "Hệ thống đọc" in refusal.value.message


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UnreadableFile, match="Không mở được"):
        read_file("/khong/co/tep.docx")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.docx", "a.txt", "a.md", "a"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    for candidate in (data, b"%PDF-1.4\n" + data, b"PK\x03\x04" + data):
        with contextlib.suppress(UnreadableFile):
            extract(read_file(candidate, name))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(
                [
                    "STT\tNhiệm vụ\tChủ trì\tThời gian",
                    "1\tLàm\tSở A\tQuý I",
                    "I. NHIỆM VỤ",
                    "1. Giao Sở A chủ trì",
                    "- Rà soát",
                    "Nơi nhận:",
                    "STT Nhiệm vụ Đơn vị chủ trì Thời gian",
                    "1 Rà soát Phòng A Quý I",
                    "2",
                    "Kính gửi:",
                    "KẾ HOẠCH",
                ]
            ),
        ),
        max_size=14,
    )
)
def test_any_lines_are_extracted(lines: list[str]) -> None:
    try:
        document = read_file("\n".join(lines).encode("utf-8", "ignore"), "a.txt")
    except UnreadableFile:
        return
    for task in extract(document).tasks:
        assert 1 <= task.source.start_line <= task.source.end_line <= len(document.lines)


def _numbered_docx() -> bytes:
    """Paragraphs that Word numbers by itself: I., 1., a) and a bullet."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(
            [("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-")]
        )
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level, text in [
        (0, "NHIỆM VỤ"),
        (1, "Phòng Tổ chức cán bộ"),
        (2, "Rà soát biên chế trước ngày 30/4/2026."),
        (2, "Tham mưu kế hoạch tuyển dụng."),
        (1, "Văn phòng Sở"),
        (3, "Theo dõi, đôn đốc thực hiện."),
        (0, "TỔ CHỨC THỰC HIỆN"),
        (1, "Các trường"),
        (2, "Báo cáo về Sở trước ngày 15/12/2026."),
    ]:
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_numbers_that_word_prints_by_itself() -> None:
    document = read_file(_numbered_docx(), "a.docx")
    texts = [item.text for item in document.flow if isinstance(item, Line)]
    assert texts[:6] == [
        "I. NHIỆM VỤ",
        "1. Phòng Tổ chức cán bộ",
        "a) Rà soát biên chế trước ngày 30/4/2026.",
        "b) Tham mưu kế hoạch tuyển dụng.",
        "2. Văn phòng Sở",
        "- Theo dõi, đôn đốc thực hiện.",
    ]
    tasks = extract(document).tasks
    assert [(t.section, t.lead) for t in tasks] == [
        ("I.1.a", ("Phòng Tổ chức cán bộ",)),
        ("I.1.b", ("Phòng Tổ chức cán bộ",)),
        ("I.2.1", ("Văn phòng Sở",)),
        ("II.1.a", ("Các trường",)),
    ]


def test_cells_merged_downwards_give_each_row_its_lead() -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=4)
    for row, cells in enumerate(
        [
            ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
            ["1", "Rà soát dữ liệu học sinh", "Phòng Trung học", "Quý I/2026"],
            ["2", "Chuẩn hóa dữ liệu giáo viên", "", "Quý II/2026"],
            ["3", "Kết nối cơ sở dữ liệu", "Văn phòng Sở", "2026"],
        ]
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    out = io.BytesIO()
    document.save(out)
    tasks = extract(read_file(out.getvalue(), "a.docx")).tasks
    assert [t.lead for t in tasks] == [("Phòng Trung học",), ("Phòng Trung học",), ("Văn phòng Sở",)]


LONG = "Rà soát, cập nhật dữ liệu học sinh, giáo viên, cơ sở vật chất trên cơ sở dữ liệu ngành. " * 9


def test_a_row_broken_over_a_page_is_one_task() -> None:
    rows: list[list[str | None]] = [["TT", "Nội dung", "Đơn vị chủ trì", "Phối hợp", "Sản phẩm", "Thời gian"]]
    rows += [
        [
            str(n),
            f"Việc thứ {n}: {LONG}",
            f"Phòng {'ABCDEF'[n % 6]}",
            "Các trường",
            "Báo cáo",
            f"Tháng {n}/2026",
        ]
        for n in range(1, 9)
    ]
    tasks = extract(
        read_file(to_pdf([{"p": "PHỤ LỤC"}, {"table": rows}], running="Phụ lục kèm theo"), "a.pdf")
    ).tasks
    assert [t.deadline.date.month for t in tasks if t.deadline.date] == list(range(1, 9))
    assert all(t.text.count("Rà soát") == 9 for t in tasks)


def test_a_table_without_ruled_lines() -> None:
    rows: list[list[str | None]] = [["TT", "Nội dung công việc", "Đơn vị chủ trì", "Sản phẩm", "Thời gian"]]
    rows += [
        [str(n), f"Việc thứ {n}: {LONG[:150]}", f"Phòng Giáo dục {n}", "Báo cáo kết quả", f"Tháng {n}/2026"]
        for n in range(1, 13)
    ]
    blocks = [{"p": "KẾ HOẠCH"}, {"p": "Phân công nhiệm vụ năm 2026"}, {"table": rows, "bare": True}]
    tasks = extract(read_file(to_pdf([*blocks, {"p": "Trên đây là Kế hoạch."}]), "a.pdf")).tasks
    assert [t.lead for t in tasks] == [(f"Phòng Giáo dục {n}",) for n in range(1, 13)]
    assert [t.deadline.date.month for t in tasks if t.deadline.date] == list(range(1, 13))
    assert {t.product for t in tasks} == {"Báo cáo kết quả"}


def test_markdown_table() -> None:
    text = (
        "# KẾ HOẠCH\n\n| STT | Nhiệm vụ | Chủ trì | Thời gian |\n|---|:---|---|---|\n| 1 | Rà soát **dữ "
        "liệu** | Văn phòng | Quý I/2026 |\n"
        "| 2 | Chuẩn hóa dữ liệu | Phòng A | 30/6/2026 |\n"
    )
    tasks = extract(read_file(text.encode(), "a.md")).tasks
    assert [(t.text, t.lead) for t in tasks] == [
        ("Rà soát dữ liệu", ("Văn phòng",)),
        ("Chuẩn hóa dữ liệu", ("Phòng A",)),
    ]


def test_deleted_and_hidden_words_are_left_out() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1. Giao Văn phòng chủ trì rà soát hồ sơ")
    paragraph._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText> cũ</w:delText></w:r></w:del>'
        )
    )
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t> mới.</w:t></w:r></w:ins>')
    )
    hidden = paragraph.add_run(" ẩn")
    hidden.font.hidden = True
    out = io.BytesIO()
    document.save(out)
    assert read_file(out.getvalue(), "a.docx").lines[0] == "1. Giao Văn phòng chủ trì rà soát hồ sơ mới."


def test_the_head_of_a_document_in_two_columns() -> None:
    sides = {
        "sides": [
            [
                "UBND TỈNH AN BÌNH",
                "SỞ GIÁO DỤC",
                "VÀ ĐÀO TẠO",
                "Số: 77/SGDĐT-VP",
                "V/v báo cáo số liệu",
                "đầu năm học",
            ],
            [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "An Bình, ngày 9 tháng 9 năm 2026",
            ],
        ]
    }
    blocks = [
        sides,
        {"p": "Kính gửi: Các trường trung học phổ thông."},
        {
            "p": "Để tổng hợp số liệu đầu năm học, Sở Giáo dục và Đào tạo yêu cầu các đơn vị thực hiện các "
            "nội dung sau:"
        },
        {"p": "1. Cập nhật dữ liệu học sinh trên cơ sở dữ liệu ngành trước ngày 20/9/2026."},
        {"p": "2. Gửi báo cáo về Sở (qua Văn phòng Sở) trước ngày 25/9/2026."},
    ]
    for data, name in ((to_docx(blocks), "a.docx"), (to_pdf(blocks), "a.pdf")):
        found = extract(read_file(data, name))
        head = found.header
        assert (head.number, head.type, str(head.date)) == ("77/SGDĐT-VP", "Công văn", "2026-09-09")
        assert head.issuer == "Sở Giáo dục và Đào tạo tỉnh An Bình"
        assert head.subject == "V/v báo cáo số liệu đầu năm học"
        assert head.addressed_to == ("Các trường trung học phổ thông",)
        assert [str(t.deadline.date) for t in found.tasks] == ["2026-09-20", "2026-09-25"]
        assert found.reporting[0].through == "Văn phòng Sở"
