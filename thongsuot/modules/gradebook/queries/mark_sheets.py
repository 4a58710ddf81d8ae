"""The book of a class and subject as files: to fill in and bring back, and sổ theo dõi và đánh giá học sinh to print.

A file that comes back is only read here; an empty cell says nothing, so that a half-filled file removes no mark.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.importing.reading import read_file
from thongsuot.kit.pages.exporting import sheet_name
from thongsuot.kit.text.vietnamese import fold

from ..domain.cells import Column, Wrong, canonical
from ..models import ClassSubject
from ..types import BadValue, ColumnKind, Grid, GridRow
from .books import book_of
from .grid import class_grid as any_grid
from .sheet_files import Head, Sheet, SheetTable, Signer, Value

FIRST_COLUMNS = 4
CODE_HEAD = "Mã"
_IN_MEMORY = 2 * 1024 * 1024


@dataclass(frozen=True)
class FileChange:
    """A cell of the file that differs from the book. column: its title; key: its code."""

    row: int
    student_id: int
    name: str
    key: str
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class FileFault:
    """row: as the spreadsheet counts it."""

    row: int
    name: str
    column: str
    value: str
    reason: str


@dataclass
class FileRead:
    changes: list[FileChange] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)
    same: int = 0


def class_grid(actor: Actor, subject: ClassSubject, term: int) -> Grid:
    """The grid, for whoever may see it. Raises NotAllowed."""
    found = any_grid(actor, subject, term)
    if found is None:
        raise NotAllowed(_("Anh/chị không xem được sổ điểm này."))
    return found


def _stamp(subject: ClassSubject, term: int) -> str:
    return f"so:{subject.pk}:{term}"


def term_words(term: int) -> str:
    return _("học kỳ I") if term == 1 else _("học kỳ II")


def term_head(term: int) -> str:
    return _("Học kỳ I") if term == 1 else _("Học kỳ II")


def marks_workbook(actor: Actor, subject: ClassSubject, term: int) -> IO[bytes]:
    """The open spreadsheet: what stands in the book, one line a pupil, keys in hidden cells."""
    grid = class_grid(actor, subject, term)
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(made, options)
    page = book.add_worksheet(sheet_name(f"{subject.name} {subject.school_class.name}"))
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E9EDF1", "text_wrap": True})
    formats = {
        "text": book.add_format({"num_format": "@", "border": 1}),
        "mark": book.add_format({"num_format": "0.0", "border": 1, "align": "center"}),
    }
    said = {"subject": subject.name, "name": subject.school_class.name, "term": term_words(term)}
    page.write_string(0, 0, _stamp(subject, term))
    page.write_string(0, 1, _("%(subject)s, lớp %(name)s, %(term)s") % said, bold)
    page.write_string(1, 1, _("Điền vào các ô trống rồi đưa tệp lên lại. Đừng sửa cột mã ẩn ở đầu dòng."))
    heads = [CODE_HEAD, _("STT"), _("Họ và tên"), _("Ngày sinh"), *(one.title for one in grid.columns)]
    for right, text in enumerate(heads):
        page.write_string(3, right, text, head)
    for right, column in enumerate(grid.columns):
        page.write_string(2, FIRST_COLUMNS + right, column.key)
    for down, row in enumerate((one for one in grid.rows if not one.has_left), start=4):
        page.write_string(down, 0, str(row.public_id or row.student_id))
        page.write_number(down, 1, down - 3, formats["text"])
        page.write_string(down, 2, row.name, formats["text"])
        page.write_string(down, 3, f"{row.birth_date:%d/%m/%Y}" if row.birth_date else "", formats["text"])
        for right, column in enumerate(grid.columns, start=FIRST_COLUMNS):
            _write(page, down, right, row.cells.get(column.key, ""), formats)
    page.set_column(0, 0, None, None, {"hidden": True})
    page.set_row(2, None, None, {"hidden": True})
    page.set_column(2, 2, 26)
    page.set_column(3, 3, 12)
    for right, column in enumerate(grid.columns, start=FIRST_COLUMNS):
        page.set_column(right, right, 40 if column.kind is ColumnKind.REMARK else 9)
    page.freeze_panes(4, FIRST_COLUMNS)
    book.close()
    made.seek(0)
    return made


def _write(page: Any, down: int, right: int, text: str, formats: dict[str, Any]) -> None:
    number = mark_of(text)
    if text == "":
        page.write_blank(down, right, None, formats["text"])
    elif isinstance(number, Decimal):
        page.write_number(down, right, float(number), formats["mark"])
    else:
        page.write_string(down, right, text, formats["text"])


def mark_of(text: str) -> Value:
    """The text of a cell as a number where it is one."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def read_workbook(actor: Actor, subject: ClassSubject, term: int, data: bytes) -> FileRead:
    """What a filled-in file would change. Raises ImportRefused (no spreadsheet), BadValue (not a file of this book)."""
    rows = read_file(data)[0].rows
    top = next((n for n, row in enumerate(rows) if row and _text(row[0]) == CODE_HEAD), None)
    if top is None:
        raise BadValue(_("Không thấy dòng tiêu đề: hãy dùng tệp tải về từ trang này."))
    stamp = _text(rows[0][0]) if rows[0] else ""
    if stamp.startswith("so:") and stamp != _stamp(subject, term):
        raise BadValue(_("Tệp này của sổ khác (môn, lớp hoặc học kỳ khác)."))
    grid, book = class_grid(actor, subject, term), book_of(subject)
    columns = _columns(rows, top, grid)
    if not columns:
        raise BadValue(_("Không thấy cột điểm nào của môn này trong tệp."))
    by_key = {column.key: column for column in book.columns(term)}
    found = FileRead()
    seen: set[int] = set()
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        if not any(_text(cell) for cell in row):
            continue
        pupil = _pupil(row, grid)
        name = _text(row[2]) if len(row) > 2 else ""
        if pupil is None or pupil.student_id in seen:
            said = (
                _("không nhận ra học sinh của lớp") if pupil is None else _("học sinh này đã có ở dòng trên")
            )
            found.faults.append(FileFault(number, name, "", "", said))
            continue
        seen.add(pupil.student_id)
        for place, key in columns.items():
            text = _text(row[place]) if place < len(row) else ""
            _compare(found, number, pupil, by_key[key], text, _title(grid, key), book.decimals)
    return found


def _compare(
    found: FileRead, number: int, pupil: GridRow, column: Column, text: str, title: str, decimals: int
) -> None:
    if not text:
        return
    new, old = canonical(column, text, decimals), pupil.cells.get(column.key, "")
    if isinstance(new, Wrong):
        found.faults.append(FileFault(number, pupil.name, title, text, _(new.said) % new.about))
    elif new == old:
        found.same += 1
    else:
        found.changes.append(FileChange(number, pupil.student_id, pupil.name, column.key, title, old, new))


def _columns(rows: Sequence[Sequence[Any]], top: int, grid: Grid) -> dict[int, str]:
    """Place -> key: by the hidden line of keys, else by the titles."""
    known = {one.key for one in grid.columns}
    keys = rows[top - 1] if top else []
    found = {place: _text(cell) for place, cell in enumerate(keys) if _text(cell) in known}
    if found:
        return found
    titles = {fold(title): one.key for one in grid.columns for title in (one.title, one.short)}
    heads = {place: fold(_text(cell)) for place, cell in enumerate(rows[top])}
    return {place: titles[head] for place, head in heads.items() if head in titles}


def _title(grid: Grid, key: str) -> str:
    return next(one.title for one in grid.columns if one.key == key)


def _pupil(row: Sequence[Any], grid: Grid) -> GridRow | None:
    """By the hidden code; without one by the name, where only one pupil has it."""
    here = [one for one in grid.rows if not one.has_left]
    code = _text(row[0])
    if code:
        return next((one for one in here if code in (str(one.public_id), str(one.student_id))), None)
    name = fold(_text(row[2])) if len(row) > 2 else ""
    names = Counter(fold(one.name) for one in here)
    return next((one for one in here if fold(one.name) == name and names[name] == 1), None)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10g}".replace(".", ",")
    return str(cell).strip()


def follow_up_sheet(actor: Actor, subjects: Sequence[ClassSubject]) -> Sheet:
    """Sổ theo dõi và đánh giá học sinh: both terms of each subject, a page group each. subjects: of one class."""
    first = subjects[0]
    above = first.unit.parent
    said = {"name": first.school_class.name, "year": first.school_year.name}
    return Sheet(
        above=above.name if above else "",
        school=first.unit.name,
        title=_("SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH"),
        subtitle=_("Lớp %(name)s, năm học %(year)s") % said,
        tables=[_subject_table(actor, one) for one in subjects],
        signers=[Signer(_("Giáo viên bộ môn")), Signer(_("Hiệu trưởng"))] if len(subjects) == 1 else [],
        size=9,
    )


def _subject_table(actor: Actor, subject: ClassSubject) -> SheetTable:
    grids = [class_grid(actor, subject, term) for term in (1, 2)]
    columns = [
        [one for one in grid.columns if one.kind not in (ColumnKind.EXEMPT, ColumnKind.REMARK)]
        for grid in grids
    ]
    has_result = any(one.key.startswith("regular") for one in grids[0].columns)
    extra = [_("KQ")] if has_result else []
    head = [
        [Head(_("STT"), 1, 2), Head(_("Họ và tên"), 1, 2)]
        + [Head(term_head(term), len(columns[term - 1]) + len(extra) + 1) for term in (1, 2)],
        [
            Head(text)
            for term in (1, 2)
            for text in (*(one.short for one in columns[term - 1]), *extra, _("Nhận xét"))
        ],
    ]
    widths = [1.0, 5.5]
    for some in columns:
        widths += [1.2] * (len(some) + len(extra)) + [6.0]
    second = {row.student_id: row for row in grids[1].rows}
    rows: list[list[Value]] = []
    left = [1]
    for number, row in enumerate(grids[0].rows, start=1):
        line: list[Value] = [number, row.name]
        for some, one in zip(columns, (row, second.get(row.student_id)), strict=True):
            line += [mark_of(one.cells.get(c.key, "")) if one else "" for c in some]
            line += [mark_of(one.result) if one else ""] if has_result else []
            line.append(one.cells.get("remark", "") if one else "")
        rows.append(line)
    place = 2
    for some in columns:
        place += len(some) + len(extra)
        left.append(place)
        place += 1
    return SheetTable(subject.name, head, widths, rows, left=left, name=subject.name)
