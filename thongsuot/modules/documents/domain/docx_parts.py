"""Pieces of a .docx that python-docx has no call for: rules, page fields, watermark, repeated header rows."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any
from xml.sax.saxutils import escape

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .composition import Composed
from .layout import Layout

ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
WATERMARK = Template(Path(__file__).with_name("watermark.xml").read_text(encoding="utf-8"))
BLACK = RGBColor(0, 0, 0)


def set_base_style(docx: Any, layout: Layout) -> None:
    """Normal, Body Text and three headings in the layout's font, black, with its indent and spacing."""
    for name in ("Normal", "Body Text", "Heading 1", "Heading 2", "Heading 3"):
        style = docx.styles[name]
        style.font.name = layout.font
        style.font.size = Pt(layout.sizes_pt["body"])
        style.font.color.rgb = BLACK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[attribute]
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), layout.font)
        shape = style.paragraph_format
        shape.space_before, shape.space_after = Pt(0), Pt(layout.space_after_pt)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.MULTIPLE, layout.line_spacing
        if name != "Normal":
            shape.first_line_indent = Mm(layout.indent_mm)
            shape.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if name.startswith("Heading"):
            style.font.bold, style.font.italic = name != "Heading 3", name == "Heading 3"
            shape.keep_with_next = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    docx.styles["Normal"].element.get_or_add_rPr().append(language)


def tighten(paragraph: Any) -> None:
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = 1.0
    shape.first_line_indent = Mm(0)


def add_text(
    paragraph: Any, text: str, *, size: float | None = None, bold: bool = False, italic: bool = False
) -> None:
    for index, line in enumerate(text.split("\n")):
        run = paragraph.add_run()
        if index:
            run.add_break()
        run.add_text(line)
        run.bold, run.italic = bold or None, italic or None
        if size:
            run.font.size = Pt(size)


def add_rule(holder: Any, length_mm: float, room_mm: float) -> None:
    """A drawn line of a given length: an empty, very low paragraph with a top border and wide indents."""
    paragraph = holder.add_paragraph()
    tighten(paragraph)
    side = Mm(max(room_mm - length_mm, 0) / 2)
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = side
    shape.space_before = Pt(2)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(6)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    # The schema has an order: borders stand before spacing and indents.
    properties = paragraph._p.get_or_add_pPr()
    properties.insert(0, borders)


def plain_table(docx: Any, widths_mm: tuple[float, ...], *, rows: int) -> Any:
    """A table without borders or padding, for things that stand side by side."""
    table = docx.add_table(rows=rows, cols=len(widths_mm))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _pad_sides(table, 0)
    _set_widths(table, widths_mm)
    return table


def _pad_sides(table: Any, twentieths_of_point: int) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twentieths_of_point))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    _before(table._tbl.tblPr, margins, "w:tblLook")


def _before(parent: Any, child: Any, tag: str) -> None:
    later = parent.find(qn(tag))
    if later is None:
        parent.append(child)
    else:
        later.addprevious(child)


def _set_widths(table: Any, widths_mm: tuple[float, ...]) -> None:
    for index, width in enumerate(widths_mm):
        table.columns[index].width = Mm(width)
        for cell in table.columns[index].cells:
            cell.width = Mm(width)


def drop_first_empty(cell: Any) -> None:
    first = cell.paragraphs[0]
    if len(cell.paragraphs) > 1 and not first.text:
        first._p.getparent().remove(first._p)


def keep_row_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat_row(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def add_data_table(docx: Any, block: Composed, room_mm: float, layout: Layout) -> None:
    """Bordered table: header rows repeat on each page, rows are not broken across pages."""
    size = block["size"] or layout.sizes_pt["table"]
    if block["caption"]:
        caption = docx.add_paragraph()
        tighten(caption)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.space_before = caption.paragraph_format.space_after = Pt(6)
        caption.paragraph_format.keep_with_next = True
        add_text(caption, block["caption"], bold=True)
    header, rows = block["header"], block["rows"]
    table = docx.add_table(rows=len(header) + len(rows), cols=len(block["widths"]), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _pad_sides(table, 60)
    _set_widths(table, tuple(share * room_mm for share in block["widths"]))
    # table.cell() walks the whole table at each call; rows are read once here.
    lines = [list(row.cells) for row in table.rows]
    _fill_header(lines, header, size)
    for row in table.rows[: len(header)]:
        keep_row_whole(row)
        _repeat_row(row)
    for row, cells, words in zip(list(table.rows)[len(header) :], lines[len(header) :], rows, strict=True):
        keep_row_whole(row)
        _fill_row(cells, words, block["aligns"], size)
    tighten(docx.add_paragraph())


def _fill_header(lines: list[list[Any]], header: list[list[Composed]], size: float) -> None:
    taken: set[tuple[int, int]] = set()
    for y, cells in enumerate(header):
        x = 0
        for words in cells:
            while (y, x) in taken:
                x += 1
            spread = [(y + dy, x + dx) for dy in range(words["rowspan"]) for dx in range(words["colspan"])]
            taken.update(spread)
            last_y, last_x = spread[-1]
            cell = lines[y][x].merge(lines[last_y][last_x]) if len(spread) > 1 else lines[y][x]
            _write(cell, words["text"], size, "center", bold=True)
            cell.paragraphs[0].paragraph_format.keep_with_next = True
            x += words["colspan"]


def _fill_row(cells: list[Any], words: Composed, aligns: list[str], size: float) -> None:
    if "group" in words:
        cell = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
        _write(cell, words["group"], size, "left", bold=True)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        return
    for cell, text, align in zip(cells, words["cells"], aligns, strict=True):
        _write(cell, text, size, align, bold=words["bold"])


def _write(cell: Any, text: str, size: float, align: str, *, bold: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    paragraph = cell.paragraphs[0]
    tighten(paragraph)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.alignment = ALIGNMENTS[align]
    add_text(paragraph, text, size=size, bold=bold)


def add_page_number(paragraph: Any, size: float) -> None:
    for kind, text in (("begin", ""), (None, " PAGE "), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(size)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def restart_page_numbers(section: Any) -> None:
    mark = section._sectPr.find(qn("w:pgNumType"))
    if mark is None:
        mark = OxmlElement("w:pgNumType")
        _before(section._sectPr, mark, "w:cols")
    mark.set(qn("w:start"), "1")


def describe_picture(shape: Any, title: str, text: str) -> None:
    shape._inline.docPr.set("title", title)
    shape._inline.docPr.set("descr", text)


def add_watermark(paragraph: Any, word: str, font: str) -> None:
    """The word across the page, as Word's own watermark is kept: WordArt in the header."""
    run = paragraph.add_run()
    run._r.append(parse_xml(WATERMARK.substitute(word=escape(word), font=escape(font))))
