"""Files as schools send them: the ministry's columns, with what goes wrong in them. Names are invented."""

from __future__ import annotations

import io
import json
import random
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from thongsuot.modules.organization.models import CodeList, CodeValue

LISTS = (
    "dan_toc",
    "ton_giao",
    "trang_thai_hoc_sinh",
    "ly_do_thoi_hoc",
    "loai_khuyet_tat",
    "dien_chinh_sach",
    "trang_thai_can_bo",
    "chuc_vu",
    "hinh_thuc_hop_dong",
    "trinh_do_chuyen_mon",
    "danh_gia_chuan_nghe_nghiep",
)
STUDENT_HEAD = [
    "STT",
    "Mã lớp",
    "Mã học sinh",
    "Họ tên",
    "Ngày sinh",
    "Giới tính",
    "Trạng thái HS",
    "Ngày nhập trạng thái",
    "Dân tộc",
    "Loại khuyết tật",
    "Số định danh cá nhân",
]
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Y", "H'", "Đặng")
MIDDLE = ("Thị", "Văn", "Minh", "Thu", "Đức", "Ngọc")
GIVEN = ("An", "Bình", "Hòa", "Thủy", "Đạt", "Ưng", "Khôi", "Êban", "Niê")
EXCEL_DAY_ZERO = date(1899, 12, 30)


def upload(data: bytes, name: str = "hoc-sinh.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def xlsx(
    rows: Sequence[Sequence[Any]],
    *,
    name: str = "Sheet1",
    merges: Sequence[tuple[int, int, int, int]] = (),
    others: Sequence[str] = (),
) -> bytes:
    """A workbook with the rows in one sheet; `others`: list sheets beside it, as the ministry's file has."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(name)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, cell, day)
            elif cell is not None:
                sheet.write(row, column, cell)
    for top, left, bottom, right in merges:
        sheet.merge_range(top, left, bottom, right, rows[top][left])
    for other in others:
        book.add_worksheet(other).write_column(0, 0, ["Mã", "01", "02"])
    book.close()
    return out.getvalue()


def csv_of(rows: Sequence[Sequence[Any]], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    lines = [delimiter.join("" if c is None else str(c) for c in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def eth(text: str) -> str:
    """As programs with a wrong table write it."""
    return text.replace("Đ", "Ð").replace("đ", "ð")


def serial(day: date) -> int:
    return (day - EXCEL_DAY_ZERO).days


def pupil(
    name: str = "Nguyễn Thị Thử",
    *,
    code: Any = None,
    klass: Any = "1A",
    born: Any = date(2020, 3, 8),
    gender: Any = "Nữ",
    state: Any = "Đang học",
    since: Any = None,
    ethnicity: Any = "Kinh",
    disability: Any = None,
    personal_id: Any = None,
) -> list[Any]:
    """One row under STUDENT_HEAD."""
    return [None, klass, code, name, born, gender, state, since, ethnicity, disability, personal_id]


def student_rows(pupils: Sequence[Sequence[Any]], *, head: Sequence[str] = STUDENT_HEAD) -> list[list[Any]]:
    return [["DANH SÁCH HỌC SINH"], list(head), *([n, *row[1:]] for n, row in enumerate(pupils, start=1))]


def messy(pupils: Sequence[Sequence[Any]], luck: random.Random) -> list[list[Any]]:
    """The same pupils with all that happens to files; no pupil is lost, none is added."""
    head = [label.replace(" ", "\n", 1) if luck.random() < 0.5 else nfd(label) for label in STUDENT_HEAD]
    order = list(range(len(head)))
    luck.shuffle(order)
    rows: list[list[Any]] = [["SỞ GIÁO DỤC VÀ ĐÀO TẠO"], [], ["DANH SÁCH HỌC SINH NĂM HỌC 2026-2027"]]
    rows.append([head[place] for place in order])
    for number, pupil_row in enumerate(pupils, start=1):
        if luck.random() < 0.15:
            rows.append([head[place] for place in order])
        cells = [number, *(_worn(cell, luck) for cell in pupil_row[1:])]
        rows.append([cells[place] for place in order])
        if luck.random() < 0.05:
            rows.append([])
    rows.append([f"Tổng cộng: {len(pupils)} học sinh"])
    rows.append([None, "Người lập biểu", None, None, None, "HIỆU TRƯỞNG"])
    return rows


def _worn(cell: Any, luck: random.Random) -> Any:
    if isinstance(cell, date):
        ways = [
            cell,
            serial(cell),
            f"{cell:%d/%m/%Y}",
            f"{cell.day}-{cell.month}-{cell.year}",
            cell.isoformat(),
        ]
        return luck.choice(ways)
    if not isinstance(cell, str):
        return cell
    if cell.isdecimal() and len(cell) == 12 and luck.random() < 0.5:
        return int(cell)
    ways = [cell, nfd(cell), f" {cell} ", cell.replace(" ", "\u00a0")]
    return luck.choice([*ways, eth(cell)])


def people(number: int, luck: random.Random, *, classes: Sequence[str] = ("1A", "1B")) -> list[list[Any]]:
    """Sound pupils that differ in every code."""
    rows = []
    for place in range(number):
        born = date(2020, luck.randint(1, 12), luck.randint(1, 28))
        name = f"{luck.choice(FAMILY)} {luck.choice(MIDDLE)} {luck.choice(GIVEN)}"
        rows.append(
            pupil(
                name,
                code=luck.choice([f"HS{place:04d}", f"74{place:08d}", None]),
                klass=luck.choice(classes),
                born=born,
                gender=luck.choice(["Nam", "Nữ"]),
                ethnicity=luck.choice(["Kinh", "Tày", None]),
                personal_id=f"051220{place:06d}",
            )
        )
    return rows


def load_code_lists(data: Path, lists: Iterable[str] = LISTS) -> None:
    """The ministry's lists that the layouts name, or others."""
    for code in lists:
        said = json.loads((data / "codes" / f"{code}.json").read_text())
        made, _is_new = CodeList.objects.get_or_create(code=code, defaults={"name": said["name"]})
        CodeValue.objects.bulk_create(
            (CodeValue(code_list=made, code=one["code"], name=one["name"]) for one in said["values"]),
            ignore_conflicts=True,
        )
