"""A periodic report as an administrative document (NĐ 30/2020), and its parts for the page.

The document is Vietnamese whatever the language of the page, so nothing here is translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from thongsuot.modules.documents import queries as documents
from thongsuot.modules.documents.types import (
    AdministrativeDocument,
    Align,
    Appendix,
    BarChart,
    Bases,
    Block,
    Column,
    Heading,
    Note,
    Orientation,
    Paragraph,
    Row,
    Series,
    Signature,
    SigningMode,
    Table,
)
from thongsuot.modules.organization.types import UnitKind

from ..domain.report_words import figure_words, filled, number_words
from ..models import Report
from ..types import PaperState
from .reports import figures_with_notes, template_of, texts_of

HEADS: Mapping[str, tuple[str, str, str]] = {
    UnitKind.DEPARTMENT: ("Giám đốc", "Phó Giám đốc", ""),
    UnitKind.COMMUNE: ("Chủ tịch", "Phó Chủ tịch", "Ủy ban nhân dân"),
    UnitKind.SCHOOL: ("Hiệu trưởng", "Phó Hiệu trưởng", ""),
}
COLOR = "#2f6f9f"
MARK = "Chưa có nội dung."


def report_document(report: Report) -> AdministrativeDocument:
    """The draft, or the signed text with its number and date."""
    unit, body = report.unit, report.template
    signed = report.state == PaperState.SIGNED
    head, deputy, whole = HEADS.get(unit.kind, ("Thủ trưởng đơn vị", "Phó Thủ trưởng đơn vị", ""))
    mode = SigningMode.KT if report.by_deputy else SigningMode.HEAD
    lines = documents.signing_lines(mode, head_title=head, signer_title=deputy, body=whole)
    day = report.issued_on or report.as_of
    area = unit.administrative_unit or (unit.parent.administrative_unit if unit.parent else None)
    blocks = Blocks(report)
    return AdministrativeDocument(
        parent_agency="" if unit.kind == UnitKind.COMMUNE or unit.parent is None else unit.parent.name,
        issuing_agency=_agency(unit),
        type_name=body["type_name"],
        abstract=blocks.named(body["abstract"]),
        number=report.number if signed else None,
        symbol=documents.symbol_for(type_name=body["type_name"], agency=_letters(unit), on=day),
        issued_on=report.issued_on if signed else None,
        drafted_on=None if signed else report.as_of,
        place=area.name if area else "",
        blocks=tuple(_body(report, blocks)),
        signature=Signature(lines, report.signer_name),
        recipients=("Cơ quan quản lý cấp trên (báo cáo)", "Lãnh đạo đơn vị"),
        archive="VT",
        appendices=tuple(_appendices(report, blocks)),
        is_draft=not signed,
    )


def report_file(report: Report, kind: str) -> bytes:
    """kind: docx, pdf. A signed report says the same each time."""
    make = {"docx": documents.document_docx, "pdf": documents.document_pdf}[kind]
    return make(report_document(report), on=report.issued_on or report.as_of)


def _agency(unit: Any) -> str:
    if unit.kind == UnitKind.DEPARTMENT:
        return re.sub(r"\s+(?:tỉnh|thành phố)\s.*$", "", unit.name)
    return str(unit.name)


def _letters(unit: Any) -> str:
    if unit.kind == UnitKind.DEPARTMENT:
        return "SGDĐT"
    if unit.kind == UnitKind.COMMUNE:
        return "UBND"
    return "".join(word[0] for word in unit.name.split() if word[0].isalpha()).upper()[:8]


class Blocks:
    """Blocks of a template, filled: figures with their overrides, texts of the author."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.content: Mapping[str, Any] = report.content
        self.figures = figures_with_notes(report)
        self.texts = texts_of(report)

    def named(self, text: str) -> str:
        return text.replace("{year}", self.report.school_year.name).replace(
            "{agency}", _agency(self.report.unit)
        )

    def of(self, block: Mapping[str, Any]) -> Iterator[Block]:
        yield from getattr(self, f"_{block['kind']}")(block)

    def _heading(self, block: Mapping[str, Any]) -> Iterator[Block]:
        yield Heading(2, block["text"])

    def _sentence(self, block: Mapping[str, Any]) -> Iterator[Block]:
        yield Paragraph(filled(self.named(block["text"]), self.figures))

    def _prose(self, block: Mapping[str, Any]) -> Iterator[Block]:
        lines = [line.strip() for line in self.texts.get(block["key"], "").splitlines() if line.strip()]
        if not lines and self.report.state != PaperState.SIGNED:
            yield Paragraph(f"[{block.get('title') or block['key']}: {MARK}]", italic=True)
        if lines and block.get("as_heading"):
            yield Heading(2, block["title"])
        for line in lines:
            yield Paragraph(line)

    def _table(self, block: Mapping[str, Any]) -> Iterator[Block]:
        columns = (
            Column("TT", 1, Align.CENTER), Column("Chỉ tiêu", 7), Column("Đơn vị tính", 2.4, Align.CENTER),
            Column("Cùng kỳ năm trước", 2.6, Align.RIGHT), Column("Kỳ này", 2.4, Align.RIGHT),
        )  # fmt: skip
        rows = []
        for i, (code, figure) in enumerate(self.lines(block), start=1):
            before = number_words(figure["previous"], figure["decimals"])
            mark = " (*)" if figure.get("override") is not None else ""
            value = figure_words(figure).removesuffix("%")
            rows.append(Row((str(i), self.figures[code]["name"], figure["unit"], before, value + mark)))
        yield Table(columns, tuple(rows), caption=block["title"])
        yield Note(self._source())
        for code, figure in self.lines(block):
            if figure.get("override") is not None:
                computed = figure_words({**figure, "override": None})
                yield Note(
                    f"(*) {figure['name']}: hệ thống tính {computed}; ghi đè, lý do: {figure['reason']}."
                )
            if figure.get("comment"):
                yield Note(f"{figure['name']}: {figure['comment']}")
            for said in self.below(code):
                yield Note(
                    f"{said['unit']} báo {figure['name'][0].lower()}{figure['name'][1:]} là {said['printed']} (hệ thống "
                    f"tính {said['computed']}), lý do: {said['reason']}."
                )

    def lines(self, block: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        return [(code, self.figures[code]) for code in block["indicators"] if code in self.figures]

    def below(self, code: str) -> list[dict[str, str]]:
        """What units below print in the stead of this computed number."""
        return list(self.content.get("below", {}).get(code, []))

    def _source(self) -> str:
        return f"Nguồn: tính từ hồ sơ trên hệ thống đến ngày {self.report.as_of:%d/%m/%Y}."

    def parts(self, block: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(label, value as words) of the breakdown of an indicator."""
        lines = self.content.get("breakdowns", {}).get(f"{block['indicator']}/{block['by']}", [])
        decimals = self.figures.get(block["indicator"], {}).get("decimals", 0)
        return [(label, number_words(value, decimals)) for label, value, _key in lines]

    def _breakdown(self, block: Mapping[str, Any]) -> Iterator[Block]:
        columns = (Column("Phân theo", 6), Column("Giá trị", 3, Align.RIGHT))
        yield Table(columns, tuple(Row(line) for line in self.parts(block)), caption=block["title"])
        yield Note(self._source())

    def _chart(self, block: Mapping[str, Any]) -> Iterator[Block]:
        lines = self.content.get("breakdowns", {}).get(f"{block['indicator']}/{block['by']}", [])
        bars = tuple((str(label), (Decimal(value),)) for label, value, _key in lines if value is not None)
        if bars:
            name = self.figures.get(block["indicator"], {}).get("name", "")
            yield BarChart(block["title"], (Series(name, COLOR),), bars)
            yield Note(self._source())

    def unit_names(self, block: Mapping[str, Any]) -> list[str]:
        return [self.figures[code]["name"] if code in self.figures else code for code in block["indicators"]]

    def unit_rows(self, block: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
        return [
            (
                u["name"],
                [number_words(u["values"].get(c), u["decimals"].get(c, 0)) for c in block["indicators"]],
            )
            for u in self._counted()
        ]

    def unit_ids(self) -> list[int]:
        return [unit["id"] for unit in self._counted()]

    def _counted(self) -> list[dict[str, Any]]:
        """Units below, without those of which nothing could be counted (a commune that has no school)."""
        units = self.content.get("units", [])
        return [unit for unit in units if any(Decimal(value or 0) for value in unit["values"].values())]

    def _units(self, block: Mapping[str, Any]) -> Iterator[Block]:
        rows = self.unit_rows(block)
        if not rows:
            return
        columns = (
            Column("TT", 1, Align.CENTER), Column("Đơn vị", 6),
            *(Column(name, 2, Align.RIGHT) for name in self.unit_names(block)),
        )  # fmt: skip
        yield Table(
            columns, tuple(Row((str(i), name, *found)) for i, (name, found) in enumerate(rows, start=1))
        )
        yield Note(self._source())

    def _provided(self, block: Mapping[str, Any]) -> Iterator[Block]:
        said = self.content.get("provided", {}).get(block["code"])
        if said is None:
            return
        for sentence in said["sentences"]:
            yield Paragraph(sentence)
        for table in said["tables"]:
            columns = tuple(Column(title, 3 if i else 6) for i, title in enumerate(table["columns"]))
            yield Table(columns, tuple(Row(tuple(row)) for row in table["rows"]), caption=table["title"])


def _body(report: Report, blocks: Blocks) -> Iterator[Block]:
    body = report.template
    yield Bases(tuple(blocks.named(line) for line in body["bases"]))
    yield Paragraph(blocks.named(body["opening"]))
    for section in body["sections"]:
        yield Heading(1, section["title"])
        for block in section["blocks"]:
            yield from blocks.of(block)
    yield Paragraph(blocks.named(body["closing"]))


def _appendices(report: Report, blocks: Blocks) -> Iterator[Appendix]:
    """An appendix with nothing to show (a school has no units below) is left out."""
    for part in report.template["appendices"]:
        found = tuple(made for block in part["blocks"] for made in blocks.of(block))
        if found:
            turned = Orientation(part.get("orientation", Orientation.PORTRAIT))
            yield Appendix(part["title"], found, turned)


__all__ = ["Blocks", "report_document", "report_file", "template_of"]
