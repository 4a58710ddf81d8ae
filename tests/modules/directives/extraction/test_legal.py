"""References to documents in running text."""

from __future__ import annotations

import pytest

from thongsuot.modules.directives.domain.extraction.legal import find_citations

CITED = [
    (
        "Công văn số 1491/SGDĐT-QLCLGDCNTT ngày 09 tháng 10 năm 2025 của Sở Giáo dục và Đào tạo tỉnh Quảng "
        "Ngãi về việc",
        ("Công văn", "1491/SGDĐT-QLCLGDCNTT", "2025-10-09", "Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi"),
    ),
    (
        "Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị về đột phá",
        ("Nghị quyết", "57-NQ/TW", "2024-12-22", "Bộ Chính trị"),
    ),
    ("Thông tư số 09/2021/TT-BGDĐT quy định", ("Thông tư", "09/2021/TT-BGDĐT", None, None)),
    ("Luật Giáo dục số 43/2019/QH14", (None, "43/2019/QH14", None, None)),
    (
        "Kế hoạch số 5/KH-STC ngày 1/2/2026 của Sở Tài chính giao dự toán",
        ("Kế hoạch", "5/KH-STC", "2026-02-01", "Sở Tài chính"),
    ),
    (
        "Kế hoạch hành động số 08-KH/TU ngày 29/8/2025 của Ban Thường vụ Tỉnh ủy thực hiện",
        ("Kế hoạch hành động", "08-KH/TU", "2025-08-29", "Ban Thường vụ Tỉnh ủy"),
    ),
]


@pytest.mark.parametrize(("text", "wanted"), CITED)
def test_citations(text: str, wanted: tuple[str | None, ...]) -> None:
    (found,) = find_citations(text)
    date = found.date.isoformat() if found.date else None
    assert (found.kind, found.number, date, found.issuer) == wanted


@pytest.mark.parametrize(
    "text", ["tỷ lệ 80/100 học sinh", "ngày 31/12/2026", "số 12 đường Hùng Vương", "2 buổi/ngày"]
)
def test_not_citations(text: str) -> None:
    assert find_citations(text) == []
