"""A decision that recognises levels, as an administrative document in the layout of NĐ 30/2020.

The document is Vietnamese whatever the language of the page, so nothing here is translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.utils import timezone

from thongsuot.modules.documents import queries as documents
from thongsuot.modules.documents.types import (
    AdministrativeDocument,
    Align,
    Appendix,
    Bases,
    Block,
    Column,
    GroupRow,
    Paragraph,
    Row,
    Signature,
    SigningMode,
    Table,
)

from ..models import Decision, Recognition
from .register import BODY
from .rubrics import rubric_of

TYPE = "Quyết định"
AGENCY = "SGDĐT"


def symbol_on(day: date) -> str:
    """ "QĐ-SGDĐT", by the abbreviations of the layout in force."""
    return documents.symbol_for(type_name=TYPE, agency=AGENCY, on=day)


def decision_document(decision: Decision) -> AdministrativeDocument:
    """The draft while it has no number, else the signed text."""
    unit = decision.owner_unit
    year = decision.round.school_year.name
    rows = list(
        decision.recognitions.select_related("unit__parent", "assessment__rubric")
        .defer(BODY)
        .order_by("unit__parent__sort_key", "unit__parent_id", "unit__sort_key", "pk")
    )
    mode = SigningMode.KT if decision.by_deputy else SigningMode.HEAD
    lines = documents.signing_lines(mode, head_title="Giám đốc", signer_title="Phó Giám đốc")
    area = unit.administrative_unit or (unit.parent.administrative_unit if unit.parent else None)
    return AdministrativeDocument(
        parent_agency=unit.parent.name if unit.parent else "",
        issuing_agency=_agency(unit.name),
        type_name=TYPE,
        abstract=f"Công nhận mức độ chuyển đổi số của cơ sở giáo dục\nnăm học {year}",
        number=decision.number,
        symbol=decision.symbol,
        issued_on=decision.signed_on,
        place=area.name if area else "",
        blocks=tuple(_body(decision, rows)),
        signature=Signature(lines, decision.signer_name),
        recipients=("Như Điều 3", "UBND các xã, phường, đặc khu", "Lãnh đạo Sở"),
        archive="VT, QLCLGD-CNTT",
        appendices=(Appendix("Danh sách được công nhận mức độ chuyển đổi số", (_table(rows),)),),
        is_draft=decision.number is None,
    )


def decision_pdf(decision: Decision) -> bytes:
    """PDF/A of the decision, in the layout in force on its day."""
    return documents.document_pdf(decision_document(decision), on=decision.signed_on or timezone.localdate())


def _agency(name: str) -> str:
    """The province stands in the line above."""
    return re.sub(r"\s+(?:tỉnh|thành phố)\s.*$", "", name)


def _body(decision: Decision, rows: list[Recognition]) -> list[Block]:
    agency = _agency(decision.owner_unit.name)
    rubrics = {row.assessment.rubric.decision: row.assessment.rubric for row in rows}
    bases = [
        f"Căn cứ Quyết định số {one.decision} ngày {one.issued_on:%d/%m/%Y} của Bộ trưởng Bộ Giáo dục và Đào tạo "
        f"ban hành {one.title[0].lower()}{one.title[1:]}"
        for one in rubrics.values()
    ]
    bases.append("Căn cứ kết quả tự đánh giá và kết quả đánh giá ngoài")
    blocks: list[Block] = [
        Paragraph(f"GIÁM ĐỐC {agency.upper()}", bold=True, align=Align.CENTER),
        Bases(tuple(bases)),
        Paragraph("QUYẾT ĐỊNH:", bold=True, align=Align.CENTER),
    ]
    year = decision.round.school_year.name
    if decision.amends is not None:
        old = decision.amends
        blocks.append(
            Paragraph(
                f"Điều 1. Sửa đổi kết quả công nhận tại Quyết định số {old} ngày {old.signed_on:%d/%m/%Y} đối với "
                f"{len(rows)} đơn vị có tên trong danh sách kèm theo."
            )
        )
    else:
        blocks.append(
            Paragraph(
                f"Điều 1. Công nhận mức độ chuyển đổi số năm học {year} đối với {len(rows)} đơn vị "
                "có tên trong danh sách kèm theo."
            )
        )
    days = decision.round.appeal_days
    return [
        *blocks,
        Paragraph(f"Điều 2. Đơn vị có kiến nghị về kết quả gửi về Sở trong {days} ngày kể từ ngày công bố."),
        Paragraph(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, trưởng các phòng thuộc Sở và thủ trưởng "
            "các đơn vị có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./."
        ),
    ]


def _table(rows: Iterable[Recognition]) -> Table:
    lines: list[Row | GroupRow] = []
    number = 0
    for parent, inside in groupby(rows, key=lambda row: row.unit.parent.name if row.unit.parent else ""):
        lines.append(GroupRow(parent))
        for row in inside:
            number += 1
            rubric = rubric_of(row.assessment.rubric)
            points = "; ".join(
                f"{group.code}: {str(row.points.get(group.code, '')).replace('.', ',')}"
                for group in rubric.groups
            )
            lines.append(
                Row((str(number), row.unit.name, points, f"Mức {row.level}. {rubric.level_name(row.level)}"))
            )
    columns = (
        Column("TT", 1, Align.CENTER),
        Column("Đơn vị", 8),
        Column("Điểm từng nhóm", 4),
        Column("Mức được công nhận", 6),
    )
    return Table(columns, tuple(lines))
