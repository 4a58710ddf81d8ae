"""Sheets of a class on paper: pages with as many lines as the others, the head on each, signatures under lines."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from thongsuot.modules.gradebook.queries.sheet_files import Head, Sheet, SheetTable, Signer, sheet_pdf


def pages(pupils):
    head = [[Head("STT"), Head("Họ và tên"), Head("Ngữ văn"), Head("Kết quả")]]
    rows = [[number, f"Em số {number}", 8, "Được lên lớp"] for number in range(1, pupils + 1)]
    sheet = Sheet(
        above="UBND xã Sa Thầy",
        school="Trường THCS Sa Thầy",
        title="BẢNG TỔNG HỢP",
        subtitle="Lớp 6A",
        tables=[SheetTable("", head, [1, 5, 2, 3], rows)],
        signers=[Signer("Hiệu trưởng")],
        size=8.5,
    )
    read = PdfReader(io.BytesIO(sheet_pdf(sheet, day=date(2026, 11, 27))))
    return [one.extract_text() for one in read.pages]


@pytest.mark.parametrize(("pupils", "wanted"), [(20, [20]), (39, [20, 19]), (45, [23, 22])])
def test_lines_are_parted_evenly(pupils, wanted):
    found = pages(pupils)
    assert [one.count("Em số") for one in found] == wanted
    assert all("Ngữ văn" in one for one in found)
    assert ["Hiệu trưởng" in one for one in found] == [False] * (len(found) - 1) + [True]
