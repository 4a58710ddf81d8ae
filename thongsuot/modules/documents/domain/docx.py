"""A document as .docx that an office goes on editing. Same words as the PDF (see composition.py)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from ..types import AdministrativeDocument
from . import docx_parts as parts
from .composition import LEFT_SHARE, Composed, compose
from .layout import Layout
from .pdf import render_chart_png
from .widths import width_mm

CENTER = WD_ALIGN_PARAGRAPH.CENTER


def render_docx(document: AdministrativeDocument, layout: Layout, fonts_dir: Path | None) -> bytes:
    """Word opens it with the layout's font; charts are pictures drawn with the fonts of this machine."""
    return _Writer(compose(document, layout), layout, fonts_dir).written(document)


class _Writer:
    def __init__(self, words: Composed, layout: Layout, fonts_dir: Path | None) -> None:
        self.words = words
        self.layout = layout
        self.fonts_dir = fonts_dir
        self.docx = Document()
        parts.set_base_style(self.docx, layout)

    def written(self, document: AdministrativeDocument) -> bytes:
        self._page(self.docx.sections[0], landscape=False)
        self._masthead()
        self._title()
        self._blocks(self.words["blocks"], level_shift=0)
        self._closing()
        for appendix in self.words["appendices"]:
            self._appendix(appendix)
        properties = self.docx.core_properties
        properties.title = self.words["title"].replace("\n", " ")[:255]
        properties.author = document.issuing_agency
        properties.language = "vi-VN"
        day = document.issued_on or document.drafted_on
        if day is not None:
            properties.created = properties.modified = datetime.combine(day, time(0), tzinfo=UTC)
        out = io.BytesIO()
        self.docx.save(out)
        return out.getvalue()

    # -- page -------------------------------------------------------------------------------

    def _page(self, section: Any, *, landscape: bool) -> None:
        layout = self.layout
        width, height = (
            (layout.height_mm, layout.width_mm) if landscape else (layout.width_mm, layout.height_mm)
        )
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        for side, length in layout.margins_mm.items():
            setattr(section, f"{side}_margin", Mm(length))
        section.header_distance = Mm(layout.margins_mm["top"] / 2)
        section.different_first_page_header_footer = True
        parts.restart_page_numbers(section)
        for header in (section.header, section.first_page_header):
            header.is_linked_to_previous = False
        number = section.header.paragraphs[0]
        number.alignment = CENTER
        parts.add_page_number(number, layout.sizes_pt["page_number"])
        if self.words["draft"]:
            for header in (section.header, section.first_page_header):
                parts.add_watermark(header.paragraphs[0], self.words["draft"], layout.font)

    @property
    def _room_mm(self) -> float:
        section: Any = self.docx.sections[-1]
        return (section.page_width - section.left_margin - section.right_margin) / 36000

    # -- words ------------------------------------------------------------------------------

    def _masthead(self) -> None:
        words, sizes = self.words, self.layout.sizes_pt
        room = self._room_mm
        left, right = room * LEFT_SHARE, room * (1 - LEFT_SHARE)
        table = parts.plain_table(self.docx, (left, right), rows=2)
        agency, nation = table.rows[0].cells
        number, day = table.rows[1].cells
        if words["parent_agency"]:
            self._line(agency, words["parent_agency"], sizes["agency"])
        self._line(agency, words["issuing_agency"], sizes["agency"], bold=True)
        longest = max(width_mm(line, sizes["agency"]) for line in words["issuing_agency"].split("\n"))
        parts.add_rule(agency, longest * 0.45, left)
        self._line(nation, words["national_title"], sizes["national_title"], bold=True)
        self._line(nation, words["motto"], sizes["motto"], bold=True)
        parts.add_rule(nation, width_mm(words["motto"], sizes["motto"]), right)
        self._line(number, words["number_line"], sizes["number"])
        if words["is_letter"]:
            self._line(number, words["abstract"], sizes["letter_abstract"])
        self._line(day, words["date_line"], sizes["date"], italic=True)
        for cell in (agency, nation, number, day):
            parts.drop_first_empty(cell)

    def _line(self, holder: Any, text: str, size: float, **style: Any) -> Any:
        """One unindented, centred paragraph with no space around it."""
        paragraph = holder.add_paragraph()
        paragraph.alignment = style.pop("alignment", CENTER)
        parts.tighten(paragraph)
        parts.add_text(paragraph, text, size=size, **style)
        return paragraph

    def _title(self) -> None:
        words, sizes = self.words, self.layout.sizes_pt
        if words["is_letter"]:
            self._addressees()
            return
        first = self._line(self.docx, words["type_name"], sizes["type_name"], bold=True)
        first.paragraph_format.space_before = Pt(14)
        self._line(self.docx, words["abstract"], sizes["abstract"], bold=True)
        parts.add_rule(self.docx, 28, self._room_mm)
        self.docx.paragraphs[-1].paragraph_format.space_after = Pt(8)

    def _addressees(self) -> None:
        lines = self.words["addressed_to"]
        size = self.layout.sizes_pt["body"]
        if len(lines) == 1:
            only = self._line(self.docx, f"Kính gửi: {lines[0]}", size)
            only.paragraph_format.space_before = only.paragraph_format.space_after = Pt(12)
            return
        for index, text in enumerate(["Kính gửi:", *lines] if lines else []):
            made = self._line(self.docx, text, size, alignment=WD_ALIGN_PARAGRAPH.LEFT)
            made.paragraph_format.left_indent = Mm(self.layout.indent_mm * (2.2 if index == 0 else 3.4))
            made.paragraph_format.space_before = Pt(12 if index == 0 else 2)
        self.docx.paragraphs[-1].paragraph_format.space_after = Pt(12)

    def _blocks(self, blocks: list[Composed], *, level_shift: int) -> None:
        for block in blocks:
            kind = block["kind"]
            if kind == "heading":
                self._heading(block, level_shift)
            elif kind == "paragraph":
                self._paragraph(block)
            elif kind in ("bases", "items"):
                for line in block["lines"]:
                    self._body_line(line, italic=kind == "bases")
            elif kind == "table":
                parts.add_data_table(self.docx, block, self._room_mm, self.layout)
            elif kind == "chart":
                self._chart(block)
            elif kind == "note":
                self._note(block["text"])
            elif kind == "page_break":
                self.docx.add_page_break()

    def _heading(self, block: Composed, shift: int) -> None:
        level = min(block["level"] + shift, 3)
        made = self.docx.add_paragraph(style=f"Heading {level}")
        parts.add_text(made, block["text"])

    def _paragraph(self, block: Composed) -> None:
        made = self._body_line(block["text"], bold=block["bold"], italic=block["italic"])
        if block["align"] != "justify":
            made.alignment = parts.ALIGNMENTS[block["align"]]
            made.paragraph_format.first_line_indent = Mm(0)

    def _body_line(self, text: str, **style: Any) -> Any:
        made = self.docx.add_paragraph(style="Body Text")
        parts.add_text(made, text, **style)
        return made

    def _note(self, text: str) -> None:
        size = self.layout.sizes_pt["note"]
        made = self._line(self.docx, text, size, italic=True, alignment=WD_ALIGN_PARAGRAPH.LEFT)
        made.paragraph_format.space_before = Pt(4)
        made.paragraph_format.space_after = Pt(8)

    def _chart(self, block: Composed) -> None:
        picture = render_chart_png(block, self.layout, self.fonts_dir)
        made = self.docx.add_paragraph()
        made.alignment = CENTER
        shape = made.add_run().add_picture(io.BytesIO(picture), width=Mm(self._room_mm))
        parts.describe_picture(shape, block["title"], block["alt"])

    def _closing(self) -> None:
        words, sizes = self.words, self.layout.sizes_pt
        if not words["signature"] and not words["recipients"]:
            return
        # A signature never stands alone on a page.
        parts.tighten(self.docx.add_paragraph())
        for above in self.docx.paragraphs[-2:]:
            above.paragraph_format.keep_with_next = True
        room = self._room_mm
        table = parts.plain_table(self.docx, (room * 0.45, room * 0.55), rows=1)
        parts.keep_row_whole(table.rows[0])
        left, right = table.rows[0].cells
        if words["recipients"]:
            start = WD_ALIGN_PARAGRAPH.LEFT
            self._line(left, "Nơi nhận:", sizes["recipients_title"], bold=True, italic=True, alignment=start)
            for line in words["recipients"]:
                self._line(left, line, sizes["recipients"], alignment=start)
        if words["signature"]:
            for line in words["signature"]["lines"]:
                self._line(right, line, sizes["signature"], bold=True)
            name = self._line(right, words["signature"]["name"], sizes["signature"], bold=True)
            name.paragraph_format.space_before = Mm(26)
        for cell in (left, right):
            parts.drop_first_empty(cell)

    def _appendix(self, appendix: Composed) -> None:
        self._page(self.docx.add_section(WD_SECTION.NEW_PAGE), landscape=appendix["landscape"])
        size = self.layout.sizes_pt["appendix_title"]
        for text, style in (
            (appendix["label"], {"bold": True}),
            (appendix["title"], {"bold": True}),
            (appendix["reference"], {"italic": True}),
        ):
            made = self._line(self.docx, text, size, **style)
        made.paragraph_format.space_after = Pt(10)
        self._blocks(appendix["blocks"], level_shift=0)
