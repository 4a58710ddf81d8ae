"""A report and a letter that use every part of the layout."""

from datetime import date

from thongsuot.modules.documents.types import (
    AdministrativeDocument,
    Align,
    Appendix,
    BarChart,
    Bases,
    Column,
    GroupRow,
    HeaderCell,
    Heading,
    Items,
    Note,
    Orientation,
    Paragraph,
    Row,
    Series,
    Signature,
    Table,
)

COLUMNS = (
    Column("STT", 1, Align.CENTER),
    Column("Nhiệm vụ", 6),
    Column("Đơn vị chủ trì", 3),
    Column("Thời hạn", 2, Align.CENTER),
    Column("%", 1, Align.RIGHT),
)
SERIES = (Series("Đúng hạn", "#2b8a3e"), Series("Quá hạn", "#c92a2a"))
HEADER = (
    (HeaderCell("STT", rowspan=2), HeaderCell("Nhiệm vụ", rowspan=2), HeaderCell("Thực hiện", colspan=3)),
    (HeaderCell("Đơn vị chủ trì"), HeaderCell("Thời hạn"), HeaderCell("%")),
)


def table(rows: int) -> Table:
    lines = tuple(
        Row((str(index), f"Việc thứ {index}", "Văn phòng Sở", "30/6/2026", "100"))
        for index in range(1, rows + 1)
    )
    shown = (GroupRow("I. Hạ tầng số"), *lines) if rows else ()
    return Table(COLUMNS, shown, caption="Bảng 1", header=HEADER)


def report(**changes: object) -> AdministrativeDocument:
    given = {
        "parent_agency": "Ủy ban nhân dân tỉnh Quảng Ngãi",
        "issuing_agency": "Sở Giáo dục và Đào tạo",
        "type_name": "Báo cáo",
        "abstract": "Kết quả thực hiện nhiệm vụ quý II năm 2026",
        "number": 5,
        "symbol": "BC-SGDĐT",
        "place": "Quảng Ngãi",
        "issued_on": date(2026, 1, 5),
        "blocks": (
            Bases(("Căn cứ Kế hoạch số 12/KH-UBND", "Căn cứ Kế hoạch số 68/KH-SGDĐT.")),
            Heading(1, "TÌNH HÌNH CHUNG"),
            Paragraph("Ký tự <b>#let x = 1 *đậm* $a$ @b <nhan> // không phải mã</b>."),
            Heading(2, "Hạ tầng"),
            Heading(3, "Đường truyền"),
            Items(("Một", "Hai"), marker="a"),
            BarChart("Theo đơn vị", SERIES, (("Văn phòng", (5, 2)),)),
            table(40),
            Note("Nguồn: hệ thống."),
            Heading(1, "KIẾN NGHỊ"),
            Paragraph("Trên đây là báo cáo./."),
        ),
        "signature": Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Thị Hồng"),
        "recipients": ("UBND tỉnh (báo cáo)", "Các phòng thuộc Sở"),
        "archive": "VT, GDTrH",
        "appendices": (
            Appendix("Nhiệm vụ quá hạn", (table(3),), Orientation.LANDSCAPE),
            Appendix("Số liệu", (table(0),)),
        ),
    }
    return AdministrativeDocument(**(given | changes))


def letter() -> AdministrativeDocument:
    return report(
        type_name="",
        abstract="báo cáo kết quả thực hiện nhiệm vụ ứng dụng công nghệ thông tin",
        number=1491,
        symbol="SGDĐT-QLCL",
        addressed_to=("Ủy ban nhân dân các xã, phường", "Các đơn vị trực thuộc"),
        appendices=(),
        is_draft=False,
    )
