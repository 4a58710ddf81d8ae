"""Words and ruled lines of PDF pages, by way of PDFium (which is fast, and knows the fonts of scanners and
old converters).

Coordinates run from the top left of the page as it is shown, in points. PDFium is not safe for threads:
one lock for all.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

LOCK = threading.Lock()
Point = tuple[float, float]


@dataclass
class PdfPage:
    words: list[dict[str, Any]] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    letters: int = 0
    pictures: int = 0


def read_pages(data: bytes, most: int) -> list[PdfPage]:
    """All pages; raises pdfium.PdfiumError on a damaged or locked file, ValueError past `most` pages."""
    with LOCK:
        document = pdfium.PdfDocument(data)
        try:
            if len(document) > most:
                raise ValueError("too many pages")
            return [_page(document, index) for index in range(len(document))]
        finally:
            document.close()


def _page(document: Any, index: int) -> PdfPage:
    page = document[index]
    textpage = page.get_textpage()
    try:
        place = _placer(page)
        out = PdfPage()
        out.words = list(_words(_chars(textpage, place)))
        out.letters = sum(len(word["text"]) for word in out.words)
        count = raw.FPDFPage_CountObjects(page.raw)
        _objects((raw.FPDFPage_GetObject(page.raw, i) for i in range(count)), (1, 0, 0, 1, 0, 0), place, out)
        return out
    finally:
        textpage.close()
        page.close()


def _placer(page: Any) -> Callable[[float, float], Point]:
    """Page space (from the bottom left, before rotation) to what is shown (from the top left)."""
    left, bottom, right, top = page.get_cropbox()
    width, height = right - left, top - bottom
    turned = page.get_rotation()

    def place(x: float, y: float) -> Point:
        x, y = x - left, y - bottom
        if turned == 90:
            return y, x
        if turned == 180:
            return width - x, y
        if turned == 270:
            return height - y, width - x
        return x, height - y

    return place


@dataclass
class _Char:
    text: str
    x0: float
    x1: float
    base: float
    size: float
    space: bool


def _chars(textpage: Any, place: Callable[[float, float], Point]) -> Iterator[_Char]:
    handle = textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    box = raw.FS_RECTF()
    for index in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, index)
        char = chr(code) if 0 < code < 0x110000 else ""
        if code in (2, 0xFFFE):  # a hyphen at the end of a line
            char = "-"
        if char in ("", "\r", "\n") or 0xD800 <= code < 0xE000:
            continue
        raw.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y))
        raw.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box))
        (ax, ay), (bx, by) = place(box.left, box.bottom), place(box.right, box.top)
        _, base = place(x.value, y.value)
        size = raw.FPDFText_GetFontSize(handle, index) or abs(by - ay)
        height = abs(by - ay)
        if size <= 1.5 and height > 3:  # the size is in the matrix, not in the font
            size = height / 1.15
        yield _Char(char, min(ax, bx), max(ax, bx), base, size, char.isspace())


def _words(chars: Iterator[_Char]) -> Iterator[dict[str, Any]]:
    """Letters put together while they stand on one base line without a space between."""
    held: list[_Char] = []
    for char in chars:
        if char.space:
            if held:
                yield _word(held)
            held = []
            continue
        if held:
            last = held[-1]
            size = max(last.size, char.size)
            apart = char.x0 - last.x1 > 0.22 * size or char.x0 < last.x0 - 0.5 * size
            if apart or abs(char.base - last.base) > 0.15 * size or abs(char.size - last.size) > 0.12 * size:
                yield _word(held)
                held = []
        held.append(char)
    if held:
        yield _word(held)


def _word(chars: list[_Char]) -> dict[str, Any]:
    size = chars[0].size
    base = chars[0].base
    return {
        "text": "".join(c.text for c in chars),
        "x0": min(c.x0 for c in chars),
        "x1": max(c.x1 for c in chars),
        "top": base - 0.8 * size,
        "bottom": base,
        "size": size,
    }


def _objects(
    objects: Iterator[Any],
    matrix: tuple[float, ...],
    place: Callable[[float, float], Point],
    out: PdfPage,
    depth: int = 0,
) -> None:
    for item in objects:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            out.pictures += 1
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _path(item, _joined(_matrix(item), matrix), place, out)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 6:
            inner = (raw.FPDFFormObj_GetObject(item, i) for i in range(raw.FPDFFormObj_CountObjects(item)))
            _objects(inner, _joined(_matrix(item), matrix), place, out, depth + 1)


def _matrix(item: Any) -> tuple[float, ...]:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return (1, 0, 0, 1, 0, 0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _joined(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _path(item: Any, matrix: tuple[float, ...], place: Callable[[float, float], Point], out: PdfPage) -> None:
    count = raw.FPDFPath_CountSegments(item)
    if not 2 <= count <= 400:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    lines = list(_segments(item, count, matrix, place))
    if stroke.value:
        for one, other in lines:
            _edge(one, other, out)
    elif fill.value and lines:
        points = [point for line in lines for point in line]
        x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
        y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
        if min(x1 - x0, y1 - y0) < 3:  # a thin rectangle is how many programs draw a rule
            across = x1 - x0 >= y1 - y0
            middle = (y0 + y1) / 2 if across else (x0 + x1) / 2
            _edge((x0, middle) if across else (middle, y0), (x1, middle) if across else (middle, y1), out)


def _segments(
    item: Any, count: int, matrix: tuple[float, ...], place: Callable[[float, float], Point]
) -> Iterator[tuple[Point, Point]]:
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = place(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield last, point
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield last, start


def _edge(one: Point, other: Point, out: PdfPage) -> None:
    (x0, y0), (x1, y1) = one, other
    if abs(y0 - y1) < 0.8 and abs(x0 - x1) >= 3:
        out.edges.append(_line(min(x0, x1), y0, max(x0, x1), y0, "h"))
    elif abs(x0 - x1) < 0.8 and abs(y0 - y1) >= 3:
        out.edges.append(_line(x0, min(y0, y1), x0, max(y0, y1), "v"))


def _line(x0: float, top: float, x1: float, bottom: float, orientation: str) -> dict[str, Any]:
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": orientation,
        "object_type": "line",
    }


def ruled_cells(edges: list[dict[str, Any]]) -> list[list[tuple[float, float, float, float]]]:
    """Cells (x0, top, x1, bottom) of the tables that ruled lines make, table by table."""
    if len(edges) < 4:
        return []
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    merged = [e for e in merge_edges(edges, 3, 3, 3, 3) if max(e["width"], e["height"]) >= 3]
    cells = intersections_to_cells(edges_to_intersections(merged, 3, 3))
    return [list(table) for table in cells_to_tables(cells)]
