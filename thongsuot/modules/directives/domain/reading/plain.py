"""Plain text and Markdown, and what is common to all formats: rows of tabs or of pipes become tables."""

from __future__ import annotations

import re
from dataclasses import replace

from ..extraction.text import clean, fold, plain, squeeze
from .document import Cell, Line, ReadDocument, Row, Table, UnreadableFile

_PIPE_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$")


def read_text(data: bytes) -> ReadDocument:
    """Text in UTF-8, UTF-16 or Windows-1258."""
    text = clean(decode(data))
    lines = text.split("\n")
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    if not any(line.strip() for line in lines):
        raise UnreadableFile("Tệp rỗng, không có nội dung. Hãy kiểm tra lại tệp trước khi tải lên.")
    found: list[Line | Table] = []
    gap = False
    for number, line in enumerate(lines, 1):
        if line.strip():
            found.extend(Line(number, part, gap=gap) for part in _side_by_side(plain(line)))
        gap = not line.strip()
    return ReadDocument("text", tuple(lines), tuple(gather_rows(found)))


def _side_by_side(line: str) -> list[str]:
    """Two things set on one line by spaces: the issuer and the motto, "Nơi nhận" and the signature."""
    parts = re.split(r"(?<=\S) {6,}(?=\S)", line)
    if len(parts) != 2 or "\t" in line or re.search(r"(?:[Ss][ốÔỐ]\s*:?|ngày|tháng|năm)$", parts[0]):
        return [line]  # the room left for a number or a day
    return parts


def decode(data: bytes) -> str:
    """Bytes to text; refuses what is not text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(data, encoding)
    if data.count(b"\x00") > len(data) // 8:
        even = data[::2].count(0)
        return _strict(data, "utf-16-be" if even > data[1::2].count(0) else "utf-16-le")
    if b"\x00" in data:
        raise UnreadableFile("Tệp không phải là văn bản. Hệ thống đọc .docx, .pdf có lớp chữ, .txt và .md.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strict(data, "cp1258")
    if not re.search(r"(?i)\b(?:của|và|các|về|thực hiện|giáo dục)\b", clean(text)):
        raise UnreadableFile(
            "Bảng mã của tệp chữ không phải Unicode. Hãy mở tệp và lưu lại với bảng mã UTF-8."
        )
    return text


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "Bảng mã của tệp chữ bị lỗi. Hãy mở tệp và lưu lại với bảng mã UTF-8."
        ) from error


def gather_rows(flow: list[Line | Table]) -> list[Line | Table]:
    """Lines whose cells are parted by tabs (or pipes) put together as tables.

    A blank line or a page between two runs does not end the table when the rows keep their width.
    """
    out: list[Line | Table] = []
    run: list[Row] = []
    for item in flow:
        cells = _cells(item.text) if isinstance(item, Line) else None
        if cells and isinstance(item, Line) and _belongs(cells, run):
            if not (item.text.count("|") > 1 and _PIPE_RULE.match(item.text)):
                run.append(Row(tuple(Cell(cell) for cell in cells), item.number, item.number, item.page))
            continue
        _close(run, out)
        if cells and isinstance(item, Line):
            out.extend(replace(item, text=cell) for cell in cells if cell)
        else:
            out.append(item)
    _close(run, out)
    return out


def _close(run: list[Row], out: list[Line | Table]) -> None:
    if run:
        width = max(len(row.cells) for row in run)
        if len(run) == 1 and width < 4:
            out.extend(Line(run[0].start_line, cell.text, run[0].page) for cell in run[0].cells if cell.text)
        else:
            out.append(Table(tuple(replace(row, cells=_padded(row.cells, width)) for row in run)))
        run.clear()


def _padded(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells + (Cell(""),) * (width - len(cells))


def _cells(text: str) -> list[str] | None:
    """Cells of a tabbed or piped line, None for running text (a tab that only indents counts for nothing)."""
    if text.strip().startswith("|") and text.count("|") >= 2:
        return [squeeze(cell) for cell in text.strip().strip("|").split("|")]
    if "\t" not in text.strip():
        return None
    return [squeeze(cell) for cell in text.split("\t")]


def _belongs(cells: list[str], run: list[Row]) -> bool:
    filled = sum(bool(cell) for cell in cells)
    if run:
        return len(cells) >= 3 and (len(cells) >= len(run[-1].cells) - 1 or filled >= 2)
    words = fold(" ".join(cells))
    return (
        len(cells) >= 3 and filled >= 2 and "doc lap - tu do" not in words and "cong hoa xa hoi" not in words
    )
