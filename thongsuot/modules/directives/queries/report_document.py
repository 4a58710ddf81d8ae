"""A periodic report as an administrative document: what an office signs and sends upwards.

Order of a Báo cáo as practised: tình hình chung, kết quả, tồn tại, nhiệm vụ kỳ tới, kiến nghị, phụ lục.
The document is Vietnamese whatever the language of the page, so nothing here is translated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from thongsuot.modules.documents.queries import signing_lines, symbol_for
from thongsuot.modules.documents.types import (
    AdministrativeDocument,
    Align,
    Appendix,
    BarChart,
    Bases,
    Block,
    Column,
    GroupRow,
    HeaderCell,
    Heading,
    Items,
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

from ..domain.ranking import UnitCounts
from ..domain.wording import measured
from .periodic import PeriodicReport, TaskGroup, parent_name

SERIES = (
    Series("Hoàn thành", "#2e8b57"),
    Series("Đang thực hiện trong hạn", "#5b93bf"),
    Series("Quá hạn", "#c43c39"),
)
MOST_BARS = 15
HEADS = {
    UnitKind.DEPARTMENT: ("Giám đốc", "Phó Giám đốc", ""),
    UnitKind.COMMUNE: ("Chủ tịch", "Phó Chủ tịch", "Ủy ban nhân dân"),
    UnitKind.PROVINCE_COMMITTEE: ("Chủ tịch", "Phó Chủ tịch", "Ủy ban nhân dân"),
    UnitKind.SCHOOL: ("Hiệu trưởng", "Phó Hiệu trưởng", ""),
}


@dataclass(frozen=True)
class Signing:
    """Who signs, and whom the report is for."""

    name: str = ""
    is_deputy: bool = False
    addressee: str = ""


def report_document(report: PeriodicReport, signing: Signing) -> AdministrativeDocument:
    """A draft of the report: figures and tables filled in, judgement left to the one who signs."""
    unit = report.unit
    return AdministrativeDocument(
        parent_agency=_parent(unit),
        issuing_agency=agency_name(unit),
        type_name="Báo cáo",
        abstract=_abstract(report),
        symbol=symbol_for(type_name="Báo cáo", agency=abbreviation(unit), on=report.today),
        place=_place(unit),
        drafted_on=report.today,
        blocks=tuple(_body(report, signing)),
        signature=_signature(unit, signing),
        recipients=tuple(
            part
            for part in (
                f"{signing.addressee} (báo cáo)" if signing.addressee else "",
                "Lãnh đạo đơn vị",
                "Các đơn vị liên quan",
            )
            if part
        ),
        archive="VT",
        appendices=tuple(_appendices(report)),
        is_draft=True,
    )


def agency_name(unit: Any) -> str:
    """A department signs as "Sở Giáo dục và Đào tạo": its province stands in the line above."""
    if unit.kind == UnitKind.DEPARTMENT:
        return re.sub(r"\s+(?:tỉnh|thành phố)\s.*$", "", unit.name)
    return str(unit.name)


def abbreviation(unit: Any) -> str:
    """Letters of a unit in the symbol of its documents."""
    if unit.kind == UnitKind.DEPARTMENT:
        return "SGDĐT"
    if unit.kind in (UnitKind.COMMUNE, UnitKind.PROVINCE_COMMITTEE):
        return "UBND"
    return "".join(word[0] for word in unit.name.split() if word[0].isalpha()).upper()[:8]


def _parent(unit: Any) -> str:
    """A committee heads its papers with its own name alone."""
    return "" if unit.kind in (UnitKind.COMMUNE, UnitKind.PROVINCE_COMMITTEE) else parent_name(unit)


def _place(unit: Any) -> str:
    area = unit.administrative_unit
    if area is None and unit.parent is not None:
        area = unit.parent.administrative_unit
    return area.name if area is not None else ""


def _signature(unit: Any, signing: Signing) -> Signature:
    head, deputy, body = HEADS.get(unit.kind, ("Thủ trưởng đơn vị", "Phó Thủ trưởng đơn vị", ""))
    mode = SigningMode.KT if signing.is_deputy else SigningMode.HEAD
    return Signature(signing_lines(mode, head_title=head, signer_title=deputy, body=body), signing.name)


def _abstract(report: PeriodicReport) -> str:
    return f"Kết quả thực hiện {_subject(report)}\n{_period(report)}"


def _subject(report: PeriodicReport) -> str:
    order = report.directive
    if order is None:
        return "các nhiệm vụ được giao"
    return (
        f"{order.type or 'Văn bản'} số {order.number}"
        if order.number
        else f"{order.type} {order.subject}".strip()
    )


def _period(report: PeriodicReport) -> str:
    return f"(từ ngày {_day(report.first)} đến ngày {_day(report.last)})"


def _day(day: date) -> str:
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def _percent(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace(".", ",").removesuffix(",0") + "%"


def _body(report: PeriodicReport, signing: Signing) -> list[Block]:
    order = report.directive
    blocks: list[Block] = []
    if order is not None:
        issued = f" ngày {_day(order.issued_on)}" if order.issued_on else ""
        issuer = f" của {order.issuer}" if order.issuer else ""
        subject = f" về {_lower_first(order.subject)}" if order.subject else ""
        blocks.append(Bases((f"Thực hiện {_subject(report)}{issued}{issuer}{subject}",)))
    to = f" {signing.addressee}" if signing.addressee else ""
    blocks.append(
        Paragraph(
            f"{agency_name(report.unit)} báo cáo{to} kết quả thực hiện {_period(report).strip('()')} như sau:"
        )
    )
    blocks += [Heading(1, "TÌNH HÌNH CHUNG"), *_overview(report)]
    blocks += [Heading(1, "KẾT QUẢ THỰC HIỆN"), *_results(report)]
    blocks += [Heading(1, "TỒN TẠI, KHÓ KHĂN, VƯỚNG MẮC"), *_troubles(report)]
    blocks += [Heading(1, "NHIỆM VỤ KỲ TỚI"), *_next(report)]
    blocks += [Heading(1, "KIẾN NGHỊ, ĐỀ XUẤT"), *_proposals(report)]
    blocks.append(
        Paragraph(
            f"Trên đây là báo cáo kết quả thực hiện {_subject(report)} của {agency_name(report.unit)}./."
        )
    )
    return blocks


def _overview(report: PeriodicReport) -> list[Block]:
    c = report.counts
    on_time, completion = _percent(c.on_time_rate), _percent(c.completion_rate)
    return [
        Paragraph(
            f"Tính đến ngày {_day(report.today)}, tổng số nhiệm vụ được giao là {c.total}; "
            f"đã hoàn thành {c.finished} (đúng hạn {c.done_on_time}, quá hạn {c.done_late}, "
            f"không đặt thời hạn {c.done}); đang thực hiện trong hạn {c.on_time + c.due_soon}; "
            f"quá hạn chưa hoàn thành {c.late}; thường xuyên, không đặt thời hạn {c.no_deadline}; "
            f"chờ điều kiện {c.waiting}."
        ),
        Paragraph(
            f"Trong kỳ báo cáo giao mới {report.assigned_in_period} nhiệm vụ, hoàn thành "
            f"{report.done_in_period} nhiệm vụ. Tỷ lệ hoàn thành trên số đến hạn: {completion}; "
            f"tỷ lệ đúng hạn trên số hoàn thành có thời hạn: {on_time}."
        ),
    ]


def _results(report: PeriodicReport) -> list[Block]:
    blocks: list[Block] = [Heading(2, "Theo nhóm nhiệm vụ")]
    named = [group for group in report.groups if group.title]
    for group in named:
        c = group.counts
        blocks.append(
            Paragraph(
                f"{group.title}: {c.total} nhiệm vụ; hoàn thành {c.finished}, đang thực hiện "
                f"{c.open - c.late}, quá hạn {c.late}."
            )
        )
    if not named:
        blocks.append(Paragraph("Kết quả từng nhiệm vụ tại Phụ lục."))
    if report.targets:
        blocks += [Heading(2, "Kết quả thực hiện các chỉ tiêu"), _target_table(report)]
    if len(report.by_unit) > 1:
        blocks += [Heading(2, "Theo đơn vị"), *_unit_blocks(report)]
    return blocks


def _target_table(report: PeriodicReport) -> Table:
    words = {True: "Đạt", False: "Chưa đạt", None: "Chưa có số liệu"}
    rows = tuple(
        Row(
            (
                str(i),
                one.text,
                one.goal,
                measured(one.value, one.measure) if one.value is not None else "",
                words[one.is_met],
            )
        )
        for i, one in enumerate(report.targets, start=1)
    )
    columns = (
        Column("STT", 1, Align.CENTER),
        Column("Chỉ tiêu", 7),
        Column("Giao", 2, Align.CENTER),
        Column("Thực hiện", 2, Align.CENTER),
        Column("Đánh giá", 2.2, Align.CENTER),
    )
    return Table(columns, rows)


UNIT_COLUMNS = (
    Column("STT", 1.2, Align.CENTER),
    Column("Đơn vị", 6),
    Column("Tổng", 1.5, Align.CENTER),
    Column("Đúng hạn", 1.5, Align.CENTER),
    Column("Quá hạn", 1.5, Align.CENTER),
    Column("Trong hạn", 1.5, Align.CENTER),
    Column("Quá hạn", 1.5, Align.CENTER),
    Column("Tỷ lệ đúng hạn", 1.8, Align.CENTER),
)
UNIT_HEADER = (
    (
        HeaderCell("STT", rowspan=2),
        HeaderCell("Đơn vị", rowspan=2),
        HeaderCell("Tổng số", rowspan=2),
        HeaderCell("Hoàn thành", colspan=2),
        HeaderCell("Đang thực hiện", colspan=2),
        HeaderCell("Tỷ lệ đúng hạn", rowspan=2),
    ),
    (HeaderCell("Đúng hạn"), HeaderCell("Quá hạn"), HeaderCell("Trong hạn"), HeaderCell("Quá hạn")),
)


def _unit_cells(first: str, name: str, c: UnitCounts) -> tuple[str, ...]:
    figures = (c.total, c.done_on_time + c.done, c.done_late, c.open - c.late, c.late)
    return (first, name, *map(str, figures), _percent(c.on_time_rate))


def _unit_blocks(report: PeriodicReport) -> list[Block]:
    rows = [Row(_unit_cells(str(i), c.unit_name, c)) for i, c in enumerate(report.by_unit, start=1)]
    total = Row(_unit_cells("", "Tổng cộng", report.counts), bold=True)
    busiest = sorted(report.by_unit, key=lambda c: (-c.late, -c.total, c.unit_name))[:MOST_BARS]
    bars = tuple((c.unit_name, (c.finished, c.open - c.late, c.late)) for c in busiest)
    return [
        BarChart("Tình hình thực hiện theo đơn vị (số nhiệm vụ)", SERIES, bars),
        Table(UNIT_COLUMNS, (*rows, total), header=UNIT_HEADER),
        Note(f"Nguồn: số liệu trên hệ thống đến ngày {_day(report.today)}."),
    ]


def _troubles(report: PeriodicReport) -> list[Block]:
    blocks: list[Block] = []
    if report.counts.late:
        blocks.append(
            Paragraph(f"Còn {report.counts.late} nhiệm vụ quá hạn chưa hoàn thành (danh mục tại Phụ lục).")
        )
    else:
        blocks.append(Paragraph("Đến thời điểm báo cáo không có nhiệm vụ quá hạn chưa hoàn thành."))
    if report.difficulties:
        blocks.append(Paragraph("Khó khăn, vướng mắc do các đơn vị nêu trong kỳ:"))
        lines = tuple(
            f"{one.unit_name}: {_sentence(one.text)}"
            + (f" (Đã có ý kiến giải quyết: {_sentence(one.decision)})" if one.decision else "")
            for one in report.difficulties
        )
        blocks.append(Items(lines))
    else:
        blocks.append(Paragraph("Trong kỳ, các đơn vị không nêu khó khăn, vướng mắc."))
    return blocks


def _next(report: PeriodicReport) -> list[Block]:
    return [
        Paragraph(
            f"Đến ngày {_day(report.next_until)} có {report.next_due} nhiệm vụ đến hạn. Tiếp tục đôn đốc "
            "các đơn vị hoàn thành đúng thời hạn; tập trung giải quyết dứt điểm "
            f"{report.counts.late} nhiệm vụ đang quá hạn."
        )
    ]


def _proposals(report: PeriodicReport) -> list[Block]:
    open_ones = [one for one in report.difficulties if one.proposal and not one.decision]
    if not open_ones:
        return [Paragraph("Không có kiến nghị, đề xuất.")]
    return [Items(tuple(f"{_sentence(one.proposal)} ({one.unit_name})." for one in open_ones))]


def _lower_first(text: str) -> str:
    """ "Triển khai ..." goes on a sentence as "triển khai ..."; "UBND ..." stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _sentence(text: str) -> str:
    return " ".join(text.split()).rstrip(".;")


TASK_COLUMNS = (
    Column("STT", 1, Align.CENTER),
    Column("Nhiệm vụ", 8),
    Column("Đơn vị chủ trì", 3.4),
    Column("Sản phẩm, kết quả", 3),
    Column("Thời hạn", 2.2, Align.CENTER),
    Column("Tình hình", 3),
)


def _appendices(report: PeriodicReport) -> list[Appendix]:
    rows: list[Row | GroupRow] = []
    for group in report.groups:
        if group.title:
            rows.append(GroupRow(group.title))
        rows += _task_rows(group, start=sum(isinstance(row, Row) for row in rows) + 1)
    made = [
        Appendix(
            "Kết quả thực hiện từng nhiệm vụ", (Table(TASK_COLUMNS, tuple(rows)),), Orientation.LANDSCAPE
        )
    ]
    if report.late:
        made.append(
            Appendix("Nhiệm vụ quá hạn chưa hoàn thành", tuple(_late_blocks(report)), Orientation.LANDSCAPE)
        )
    return made


def _task_rows(group: TaskGroup, *, start: int) -> list[Row]:
    return [
        Row(
            (
                line.section or str(index),
                line.text,
                line.units,
                line.product,
                _day(line.due_on) if line.due_on else line.deadline_words,
                _standing(line.counts),
            )
        )
        for index, line in enumerate(group.lines, start=start)
    ]


def _standing(c: UnitCounts) -> str:
    """ "Hoàn thành đúng hạn" for one unit; "80/96 hoàn thành; 3 quá hạn" for many."""
    if c.total <= 1:
        names = (
            (c.done_on_time, "Hoàn thành đúng hạn"),
            (c.done_late, "Hoàn thành quá hạn"),
            (c.done, "Hoàn thành"),
            (c.late, "Quá hạn"),
            (c.waiting, "Chờ điều kiện"),
            (c.no_deadline, "Đang thực hiện"),
        )
        return next((words for number, words in names if number), "Đang thực hiện, trong hạn")
    late = f"; {c.late} quá hạn" if c.late else ""
    return f"{c.finished}/{c.total} hoàn thành{late}"


def _late_blocks(report: PeriodicReport) -> list[Block]:
    columns = (
        Column("STT", 1, Align.CENTER),
        Column("Nhiệm vụ", 8),
        Column("Đơn vị chủ trì", 4),
        Column("Thời hạn", 2, Align.CENTER),
        Column("Quá hạn (ngày)", 1.8, Align.CENTER),
        Column("Trạng thái", 2.5, Align.CENTER),
    )
    rows = tuple(
        Row((str(i), one.text, one.unit_name, _day(one.due_on), str(one.days), one.state))
        for i, one in enumerate(report.late, start=1)
    )
    blocks: list[Block] = [Table(columns, rows)]
    if report.late_left:
        blocks.append(Note(f"Và {report.late_left} nhiệm vụ khác."))
    return blocks
