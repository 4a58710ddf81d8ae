"""Who, how much and which product, as offices word them in sentences and in cells."""

from __future__ import annotations

import io

import docx
import pytest

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.extraction.products import read_product
from thongsuot.modules.directives.domain.extraction.roles import read_asked, read_roles
from thongsuot.modules.directives.domain.extraction.targets import find_values
from thongsuot.modules.directives.domain.reading import read_file

LEADS = [
    (
        "Đài Phát thanh và Truyền hình tỉnh tăng thời lượng tuyên truyền.",
        ["Đài Phát thanh và Truyền hình tỉnh"],
    ),
    ("Giao Công an tỉnh chỉ đạo lực lượng tuần tra.", ["Công an tỉnh"]),
    ("Đề nghị Tỉnh đoàn Sông Thao tổ chức chương trình.", ["Tỉnh đoàn Sông Thao"]),
    (
        "Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội vận động Nhân dân.",
        ["Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "các tổ chức chính trị - xã hội"],
    ),
    ("Trường Mầm non Hoa Ban huy động trẻ ra lớp.", ["Trường Mầm non Hoa Ban"]),
    ("Trưởng các bản vận động người dân.", ["Trưởng các bản"]),
    ("Giáo viên chủ nhiệm cập nhật sổ điểm.", ["Giáo viên chủ nhiệm"]),
    ("Tổ Công nghệ thông tin hỗ trợ kỹ thuật.", ["Tổ Công nghệ thông tin"]),
    ("Trạm Y tế phường khám sức khỏe cho học sinh.", ["Trạm Y tế phường"]),
    ("Các đồng chí Phó Giám đốc chỉ đạo lĩnh vực được phân công.", ["Các đồng chí Phó Giám đốc"]),
    ("Thống nhất với báo cáo của Sở. Yêu cầu các trường tập trung ôn tập.", ["các trường"]),
    ("Giáo dục đạo đức, lối sống cho học sinh.", []),
    ("Nâng cao chất lượng đội ngũ.", []),
]


@pytest.mark.parametrize(("text", "lead"), LEADS)
def test_the_unit_in_the_lead(text: str, lead: list[str]) -> None:
    assert list(read_roles(text).lead) == lead


def test_whom_a_stem_asks() -> None:
    stem = "Thực hiện Công văn số 5/BGDĐT-VP, Sở đề nghị UBND các xã, phường và các trường thực hiện như sau:"
    assert read_asked(stem) == ["UBND các xã, phường", "các trường"]
    assert read_asked("Sở Giáo dục và Đào tạo hướng dẫn một số nội dung như sau:") == []


VALUES = [
    ("Phấn đấu trên 95% học sinh", [(">", 95)]),
    ("Tối thiểu 80% trường", [(">=", 80)]),
    ("Đạt từ 50% trở lên", [(">=", 50)]),
    ("Không quá 5%", [("<=", 5)]),
    ("Không dưới 80%", [(">=", 80)]),
    ("Không vượt quá 0,3%", [("<=", 0.3)]),
    ("Giảm còn dưới 8%", [("<", 8)]),
    ("100% các trường", [("=", 100)]),
    ("giảm 10% số điểm trường so với năm 2025", [(">=", 10)]),
    ("đạt từ 60% đến 65%", [(">=", 60)]),
    ("đạt 85 - 90%", [(">=", 85)]),
    ("tăng từ 60% năm 2025 lên 80% năm 2026", [(">=", 80)]),
    ("giảm từ 5% xuống 3%", [("<=", 3)]),
    ("mỗi trường có ít nhất 02 giáo viên", [(">=", 2)]),
    ("bố trí tối thiểu 02 cán bộ y tế", [(">=", 2)]),
    ("sinh hoạt ít nhất 02 lần/tháng", []),
    ("người trong độ tuổi từ 15 đến 60 biết chữ đạt 98,5%", [(">=", 98.5)]),
]


@pytest.mark.parametrize(("text", "values"), VALUES)
def test_values_of_targets(text: str, values: list[tuple[str, float]]) -> None:
    assert [(v.operator, v.value) for v in find_values(text)] == values


PRODUCTS = [
    ("Công an tỉnh xây dựng kế hoạch bảo đảm an ninh, an toàn tại các điểm thi; hoàn thành trước ngày 01/6/2026.",
     "kế hoạch bảo đảm an ninh, an toàn tại các điểm thi"),
    ("Xây dựng kế hoạch thực hiện trong vòng 10 ngày kể từ ngày ký.", "kế hoạch thực hiện"),
    ("Sở Xây dựng hướng dẫn kiểm định công trình.", None),
    ("Rà soát biên chế sau khi Hội đồng nhân dân tỉnh ban hành nghị quyết giao biên chế.", None),
    ("Đảng ủy xã xây dựng kế hoạch thực hiện Chương trình hành động này.",
     "kế hoạch thực hiện Chương trình hành động này"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "product"), PRODUCTS)
def test_products(text: str, product: str | None) -> None:
    assert read_product(text) == product


def test_who_leads_and_who_helps_in_one_cell() -> None:
    text = (
        "KẾ HOẠCH\nSTT\tCông việc\tTrách nhiệm thực hiện\tMốc hoàn thành\n"
        "1\tRà soát dữ liệu\tChủ trì: Văn phòng Sở; Phối hợp: Phòng GDTrH, Phòng GDTH\tQuý I/2026\n"
        "2\tTập huấn\tPhòng TCCB chủ trì, các phòng phối hợp\t30/6/2026\n"
    )
    tasks = extract(read_file(text.encode(), "a.txt")).tasks
    assert [(t.lead, t.coordinating) for t in tasks] == [
        (("Văn phòng Sở",), ("Phòng GDTrH", "Phòng GDTH")),
        (("Phòng TCCB",), ("các phòng",)),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "STT\tNội dung chi\tĐơn vị tính\tSố lượng\tĐơn giá\tThành tiền\n1\tMua giấy\tRam\t10\t80.000\t800.000\n",
        "STT\tHọ và tên\tChức vụ, đơn vị công tác\tNhiệm vụ\n1\tLê A\tChủ tịch UBND xã\tTrưởng ban\n",
    ],
)
def test_tables_of_money_and_of_members_hold_no_tasks(rows: str) -> None:
    found = extract(read_file(f"KẾ HOẠCH\n{rows}".encode(), "a.txt"))
    assert (found.tasks, found.targets) == ((), ())


def test_a_head_in_two_storeys_with_cells_merged_both_ways() -> None:
    document = docx.Document()
    rows = [
        ["Nhóm nhiệm vụ", "Nhiệm vụ cụ thể", "Phân công", "", "Thời hạn"],
        ["", "", "Chủ trì", "Phối hợp", ""],
        ["Thể chế", "Ban hành quy chế quản lý dữ liệu", "Văn phòng Sở", "Các phòng", "Quý I/2026"],
        ["", "Rà soát thủ tục hành chính", "", "Sở Nội vụ", "Quý II/2026"],
        ["Hạ tầng", "Nâng cấp máy chủ", "Phòng KHTC", "- Sở KHCN;\n- Sở Tài chính", "30/9/2026"],
    ]
    table = document.add_table(rows=5, cols=5)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    for (top, left), (bottom, right) in [
        ((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((0, 4), (1, 4)), ((2, 0), (3, 0)), ((2, 2), (3, 2)),
    ]:  # fmt: skip
        text = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = text
    out = io.BytesIO()
    document.save(out)
    tasks = extract(read_file(out.getvalue(), "a.docx")).tasks
    assert [(t.lead, t.coordinating, str(t.deadline.date)) for t in tasks] == [
        (("Văn phòng Sở",), ("Các phòng",), "2026-03-31"),
        (("Văn phòng Sở",), ("Sở Nội vụ",), "2026-06-30"),
        (("Phòng KHTC",), ("Sở KHCN", "Sở Tài chính"), "2026-09-30"),
    ]


def test_the_room_left_for_a_number_is_no_second_column() -> None:
    text = "UBND TỈNH AN BÌNH\nSố:          /KH-UBND\nAn Bình, ngày      tháng       năm 2026\nKẾ HOẠCH\nNăm 2026\n"
    head = extract(read_file(text.encode(), "a.txt")).header
    assert (head.number, head.symbol, head.date) == (None, "KH-UBND", None)
