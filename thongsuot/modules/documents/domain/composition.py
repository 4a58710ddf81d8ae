"""From a document to the exact words on the page, as plain data for both renderers. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..types import (
    AdministrativeDocument,
    Appendix,
    BarChart,
    Bases,
    Block,
    GroupRow,
    Heading,
    Items,
    Note,
    Orientation,
    PageBreak,
    Paragraph,
    Table,
)
from .layout import Layout
from .numbering import (
    date_line,
    document_number,
    ended,
    heading_numbers,
    item_marker,
    number_and_symbol,
    roman,
)
from .widths import balanced

Composed = dict[str, Any]
# Share of the page's text width that the issuing agency's column takes.
LEFT_SHARE = 0.42


def compose(document: AdministrativeDocument, layout: Layout) -> Composed:
    """All strings of the document, numbered, ended and capitalised as the layout asks."""
    recipients = [*document.recipients, *([f"Lưu: {document.archive}"] if document.archive else [])]
    sizes, room = layout.sizes_pt, layout.text_width_mm
    left = room * LEFT_SHARE - 2
    abstract_size, abstract_room = (
        (sizes["letter_abstract"], left) if document.is_letter else (sizes["abstract"], room * 0.92)
    )
    abstract = f"V/v {document.abstract}" if document.is_letter else document.abstract
    return {
        "title": " ".join(part for part in (document.type_name, document.abstract) if part),
        "keywords": list(document.keywords),
        "parent_agency": balanced(document.parent_agency.upper(), sizes["agency"], left),
        "issuing_agency": balanced(document.issuing_agency.upper(), sizes["agency"], left),
        "national_title": layout.national_title,
        "motto": layout.motto,
        "number_line": number_and_symbol(document.number, document.symbol),
        "date_line": date_line(document.place, document.issued_on, document.drafted_on),
        "type_name": document.type_name.upper(),
        "abstract": balanced(abstract, abstract_size, abstract_room),
        "is_letter": document.is_letter,
        "addressed_to": list(document.addressed_to)
        if len(document.addressed_to) < 2
        else [f"- {line}" for line in ended(document.addressed_to)],
        "blocks": _blocks(document.blocks),
        "signature": asdict(document.signature) if document.signature else None,
        "recipients": [f"- {line}" for line in ended(recipients)],
        "appendices": [
            _appendix(one, index, document, layout) for index, one in enumerate(document.appendices, start=1)
        ],
        "draft": layout.draft_word if document.is_draft else "",
    }


def _appendix(appendix: Appendix, index: int, document: AdministrativeDocument, layout: Layout) -> Composed:
    number = appendix.number
    if number is None:
        number = roman(index) if len(document.appendices) > 1 else ""
    landscape = appendix.orientation is Orientation.LANDSCAPE
    room = (layout.height_mm - layout.width_mm) * landscape + layout.text_width_mm
    size = layout.sizes_pt["appendix_title"]
    return {
        "label": f"Phụ lục {number}".strip(),
        "title": balanced(appendix.title.upper(), size, room * 0.92),
        "reference": balanced(_reference(document), size, room),
        "landscape": landscape,
        "blocks": _blocks(appendix.blocks),
    }


def _reference(document: AdministrativeDocument) -> str:
    """ "(Kèm theo Báo cáo số 05/BC-SGDĐT ngày 05 tháng 01 năm 2026 của Sở Giáo dục và Đào tạo)" """
    name = document.type_name or "Công văn"
    number = document_number(document.number) if document.number is not None else "      "
    day = date_line("", document.issued_on, document.drafted_on).lstrip(", ")
    return f"(Kèm theo {name.capitalize()} số {number}/{document.symbol} {day} của {document.issuing_agency})"


def _blocks(blocks: tuple[Block, ...]) -> list[Composed]:
    counted = [block.level for block in blocks if isinstance(block, Heading) and block.number is None]
    numbers = iter(heading_numbers(counted))
    return [_block(block, numbers) for block in blocks]


def _block(block: Block, numbers: Any) -> Composed:
    match block:
        case Heading():
            number = next(numbers) if block.number is None else block.number
            return {"kind": "heading", "level": block.level, "text": f"{number} {block.text}".strip()}
        case Paragraph():
            return {"kind": "paragraph", **asdict(block)}
        case Bases():
            return {"kind": "bases", "lines": list(ended(block.lines))}
        case Items():
            texts = [f"{item_marker(block.marker, index)} {text}" for index, text in enumerate(block.texts)]
            return {"kind": "items", "lines": texts}
        case Table():
            return _table(block)
        case BarChart():
            return _chart(block)
        case Note():
            return {"kind": "note", "text": block.text}
        case PageBreak():
            return {"kind": "page_break"}


def _table(table: Table) -> Composed:
    rows: list[Composed] = [
        {"group": row.text} if isinstance(row, GroupRow) else {"cells": list(row.cells), "bold": row.bold}
        for row in table.rows
    ]
    total = sum(column.width for column in table.columns)
    return {
        "kind": "table",
        "caption": table.caption,
        "widths": [column.width / total for column in table.columns],
        "aligns": [column.align.value for column in table.columns],
        "header": [[asdict(cell) for cell in row] for row in table.header_rows],
        "rows": rows or [{"group": table.empty_text}],
        "size": table.size or 0,
    }


def _chart(chart: BarChart) -> Composed:
    largest = max((sum(values) for _, values in chart.rows), default=0) or 1
    return {
        "kind": "chart",
        "title": chart.title,
        "series": [asdict(one) for one in chart.series],
        "rows": [
            {
                "label": label,
                "shares": [float(value / largest) for value in values],
                "figures": " / ".join(str(value) for value in values),
            }
            for label, values in chart.rows
        ],
        "alt": f"{chart.title}: " + "; ".join(_bar_words(chart, *row) for row in chart.rows),
    }


def _bar_words(chart: BarChart, label: str, values: tuple[Any, ...]) -> str:
    named = zip(chart.series, values, strict=True)
    return f"{label}: " + ", ".join(f"{one.name} {value}" for one, value in named)
