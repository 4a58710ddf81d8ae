"""Nothing that can be typed stops the reader: any text is read, whatever stands in it."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.extraction.numbering import may_follow, read_marker
from thongsuot.modules.directives.domain.extraction.text import clean, fold
from thongsuot.modules.directives.domain.reading import UnreadableFile, read_file
from thongsuot.modules.directives.domain.reading.document import Cell, ReadDocument, Row, Table

# Digits to str.isdigit() that int() refuses, letters whose case or marks change their length, lone marks.
TRAPS = "²³¹①②፩𐩀½٣०İßŉǰΐﬁſıⅣⅸ\u0301\u0323\u200d\ufeff\u0000\u2028\ud7a3\U0001f600"
PIECES = [
    "UBND TỈNH A", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Số: ", "/KH-UBND", "Số 4-CTr/TU", "KẾ HOẠCH", "Kính gửi:", "V/v",
    "A, ngày ", " tháng ", " năm ", "I. NHIỆM VỤ", "II- CHỈ TIÊU", "1. ", "1.1. ", "a) ", "- ", "+ ", "(1) ",
    "Điều 1. ", "STT\tNhiệm vụ\tChủ trì\tThời gian", "\t", "| STT | Nhiệm vụ | Chủ trì |", "|---|---|---|", "|",
    "STT Nhiệm vụ Đơn vị chủ trì Thời gian", "Giao Sở A chủ trì, phối hợp với ", "đạt từ ", "% đến ", "%",
    "ít nhất ", "trước ngày 31/02/2026", "99/99/9999", "Quý ", "hằng tháng", "sau khi ", "Nơi nhận:", "- Lưu: VT.",
    "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "(Đã ký)", "Nguyễn Văn A", "Phụ lục", "PHỤ LỤC I", "Trang 2/3",
    "Đơn vị chủ trì: ", "Sản phẩm: ", "theo Thông tư số 1/2026/TT-BGDĐT", "…", "(", ")", "“", "”", ";", ".", ",",
]  # fmt: skip
SNIPPETS = st.one_of(
    st.sampled_from(PIECES),
    st.text(max_size=12),
    st.text(TRAPS, max_size=4),
    st.integers(0, 10**30).map(str),
    st.sampled_from(["\n", "\n", "\n\n", " ", "\r\n", "\u00a0"]),
)
TEXTS = st.lists(SNIPPETS, max_size=40).map("".join)


def whole(document: ReadDocument) -> None:
    """The whole way to the JSON of the review, which any reader of JSON takes."""
    found = extract(document)
    json.loads(json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False))
    for task in found.tasks:
        assert 1 <= task.source.start_line <= task.source.end_line <= len(document.lines)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_any_text_at_all_is_read(text: str, form: Literal["NFC", "NFD", "NFKC"]) -> None:
    data = unicodedata.normalize(form, text).encode("utf-8", "ignore")
    with contextlib.suppress(UnreadableFile):
        whole(read_file(data, "a.txt"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXTS.map(lambda text: text[:40]), min_size=5, max_size=5), min_size=1, max_size=6))
def test_any_table_is_read(cells: list[list[str]]) -> None:
    head = ("STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Sản phẩm")
    rows = [Row(tuple(map(Cell, head)), 1, 1)]
    rows += [Row(tuple(Cell(clean(c)) for c in row), n, n) for n, row in enumerate(cells, 2)]
    lines = tuple("\t".join(cell.text for cell in row.cells) for row in rows)
    whole(ReadDocument("docx", lines, (Table(tuple(rows)),)))


@given(st.one_of(st.text(max_size=40), st.text(TRAPS + "0123456789.,) (IVXađA-", max_size=10)))
def test_any_mark_is_read(text: str) -> None:
    marker = read_marker(text)
    assert marker is None or 0 < marker.end <= len(text)
    assert may_follow(text, text) in (True, False)
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("digit", ["²", "³", "¹", "①", "፩", "𐩀"])
def test_a_raised_figure_is_not_the_number_of_a_row(digit: str) -> None:
    assert not may_follow(None, digit)
    assert not may_follow("1", f"1.{digit}")


@pytest.mark.parametrize(
    "text",
    [
        "I. CHỈ TIÊU\n1. Đạt " + "9" * 5000 + "%.\n2. Ít nhất 1" + ".000" * 2000 + " lớp.",
        "A, ngày " + "1" * 5000 + " tháng 1 năm " + "2" * 5000,
        "Số: " + "1" * 5000 + "/KH-UBND",
        "1. Giao Sở A chủ trì trước ngày 30/9/2026 " + "(" * 3000,
        "“" * 3000 + "\n" + "- " * 3000,
        "STT Nhiệm vụ Đơn vị chủ trì Thời gian\n" + "\n".join(map(str, range(1, 400))),
    ],
)
def test_figures_and_marks_without_end(text: str) -> None:
    whole(read_file(text.encode(), "a.txt"))
