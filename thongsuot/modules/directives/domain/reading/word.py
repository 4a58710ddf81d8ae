"""Word files: paragraphs with their automatic numbers, tables with merged cells, footnotes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from ..extraction.text import clean, fold, plain, squeeze
from .document import Cell, Line, ReadDocument, Row, Table, UnreadableFile
from .plain import gather_rows
from .word_numbering import Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {W + "del", W + "moveFrom", _FALLBACK, W + "txbxContent", W + "instrText", W + "pPr", W + "rPr"}


def read_word(data: bytes) -> ReadDocument:
    """Read a .docx; deleted revisions, comments and hidden fallbacks are left out. A part that is broken
    makes the whole file broken: half an order is worse than none."""
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return _read(data)
    except (*_BROKEN, PackageNotFoundError) as error:
        raise UnreadableFile(
            "Tệp Word hỏng, không mở được. Hãy tải lại văn bản từ nơi gửi rồi thử lại."
        ) from error


# What zipfile, zlib, lxml (its errors are SyntaxErrors) and python-docx raise on damaged packages.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    EOFError,
    OSError,
    NotImplementedError,
)


def _read(data: bytes) -> ReadDocument:
    import docx

    document = docx.Document(io.BytesIO(data))
    reader = _Reader(Numbering(document))
    reader.walk(document.element.body)
    if not any(line.strip() for line in reader.lines):
        raise UnreadableFile(
            "Tệp Word không có chữ (có thể chỉ chứa ảnh quét). Hãy xin bản có chữ, hoặc dùng phần "
            "mềm nhận dạng chữ (OCR) rồi tải lên lại."
        )
    return ReadDocument("docx", tuple(reader.lines), tuple(gather_rows(reader.flow)), tuple(_notes(document)))


class _Reader:
    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.lines: list[str] = []
        self.flow: list[Line | Table] = []
        self._gap = False

    def walk(self, parent: Any) -> None:
        for child in parent.iterchildren():
            if child.tag == W + "p":
                self._paragraph(child)
            elif child.tag == W + "tbl":
                self._table(child)
            elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "smartTag"):
                self.walk(child)

    def _paragraph(self, element: Any) -> None:
        text = self._numbered(element)
        for piece in text.split("\n"):
            self._add(piece)
        for box in element.iter(W + "txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                self.walk(box)

    def _numbered(self, element: Any) -> str:
        text = clean(_text(element))
        label = self.numbering.label(element) if text.strip() else ""
        return f"{label} {text.lstrip()}" if label else text

    def _add(self, text: str) -> None:
        self.lines.append(text)
        if text.strip():
            self.flow.append(Line(len(self.lines), plain(text), gap=self._gap))
        self._gap = not text.strip()

    def _table(self, element: Any) -> None:
        grid = self._grid(element)
        if _is_layout(grid):
            for row in grid:
                for cell in row:
                    if not cell.spanned:
                        for piece in cell.text.split("\n"):
                            self._add(piece)
            return
        rows = []
        for cells in grid:
            self.lines.append("\t".join("" if cell.spanned else squeeze(cell.text) for cell in cells))
            rows.append(Row(tuple(cells), len(self.lines), len(self.lines)))
        if rows:
            self.flow.append(Table(tuple(rows)))
        self._gap = True

    def _grid(self, element: Any) -> list[list[Cell]]:
        grid: list[list[Cell]] = []
        for row in element.iterchildren(W + "tr", W + "sdt"):
            for tr in [row] if row.tag == W + "tr" else row.iter(W + "tr"):
                cells = self._row(tr, grid[-1] if grid else [])
                if cells:
                    grid.append(cells)
        width = max(map(len, grid), default=0)
        return [row + [Cell("")] * (width - len(row)) for row in grid]

    def _row(self, tr: Any, above: list[Cell]) -> list[Cell]:
        cells: list[Cell] = []
        before = tr.find(f"{W}trPr/{W}gridBefore")
        cells.extend([Cell("")] * (_number(before, 0) if before is not None else 0))
        for tc in _cells(tr):
            span = tc.find(f"{W}tcPr/{W}gridSpan")
            merge = tc.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and merge.get(W + "val", "continue") != "restart"
            if goes_on and len(cells) < len(above):
                cell = Cell(above[len(cells)].text, spanned=True)
            else:
                cell = Cell(self._cell_text(tc))
            cells.append(cell)
            cells.extend([Cell(cell.text, spanned=True)] * (_number(span, 1) - 1 if span is not None else 0))
        return cells

    def _cell_text(self, tc: Any) -> str:
        parts = [
            self._numbered(p)
            for p in tc.iter(W + "p")
            if not any(a.tag in (W + "del", _FALLBACK) for a in p.iterancestors())
        ]
        return "\n".join(part.replace("\t", " ").strip() for part in parts if part.strip())


def _cells(tr: Any) -> Iterator[Any]:
    for child in tr.iterchildren():
        if child.tag == W + "tc":
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent"):
            yield from child.iter(W + "tc")


def _number(element: Any, default: int) -> int:
    value = element.get(W + "val") if element is not None else None
    return int(value) if value and value.isdigit() else default


def _text(element: Any) -> str:
    """Text of a paragraph with its hyperlinks and insertions, without deletions and text boxes."""
    out: list[str] = []
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == W + "t":
            out.append(child.text or "")
        elif child.tag in (W + "tab", W + "ptab"):
            out.append("\t")
        elif child.tag in (W + "br", W + "cr"):
            out.append("\n")
        elif child.tag == W + "noBreakHyphen":
            out.append("-")
        elif child.tag == W + "r" and _is_hidden(child):
            continue
        elif child.tag not in _SKIPPED:
            stack.append(iter(child))
    return "".join(out)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(W + "val", "1") not in ("0", "false")


_LAYOUT = re.compile(
    r"cong hoa xa hoi chu nghia|doc lap\s*-\s*tu do|noi nhan|^\s*(?:tm|kt|tl|tuq)\.|kinh gui", re.MULTILINE
)


def _is_layout(grid: list[list[Cell]]) -> bool:
    """A table without lines that only sets things side by side: the head of the document, recipients and
    signature."""
    width = max(map(len, grid), default=0)
    if width <= 1:
        return True
    words = fold("\n".join(cell.text for row in grid for cell in row))
    return width <= 4 and len(grid) <= 8 and bool(_LAYOUT.search(words))


def _notes(document: Any) -> Iterator[str]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            from lxml import etree

            root = etree.fromstring(
                relation.target_part.blob, etree.XMLParser(resolve_entities=False, no_network=True)
            )
            for note in root.iterchildren():
                text = squeeze(clean(" ".join(_text(p) for p in note.iter(W + "p"))))
                if text:
                    yield text
