"""A province of five units, and an indicator over stored files: how many of them are PDF."""

from __future__ import annotations

from django.db.models import Count, Q

from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.indicators.types import DrillDown, Indicator, UnitNode
from thongsuot.kit.pages.tables import Column, Table

DEPARTMENT, COMMUNE, SCHOOL_A, SCHOOL_B, OTHER_COMMUNE = 1, 2, 3, 4, 5
NODES = {
    DEPARTMENT: UnitNode(1, "Sở", frozenset({1, 2, 3, 4, 5}), (2, 5)),
    COMMUNE: UnitNode(2, "Xã Một", frozenset({2, 3, 4}), (3, 4)),
    SCHOOL_A: UnitNode(3, "Trường A", frozenset({3})),
    SCHOOL_B: UnitNode(4, "Trường B", frozenset({4})),
    OTHER_COMMUNE: UnitNode(5, "Xã Hai", frozenset({5})),
}


def nodes(unit_ids=None, as_of=None):
    return {key: node for key, node in NODES.items() if unit_ids is None or key in unit_ids}


def share_of_pdf(as_of, unit_ids):
    files = StoredFile.objects.filter(created_at__date__lte=as_of)
    if unit_ids is not None:
        files = files.filter(owner_unit_id__in=unit_ids)
    return (
        files.order_by()
        .values("owner_unit_id")
        .annotate(pdf=Count("pk", filter=Q(content_type="application/pdf")), all=Count("pk"))
        .values_list("owner_unit_id", "pdf", "all")
    )


class FileTable(Table):
    original_name = Column()


def not_pdf(actor, unit_id, as_of):
    rows = StoredFile.objects.filter(owner_unit_id__in=NODES[unit_id].covers).exclude(
        content_type="application/pdf"
    )
    return DrillDown(rows.order_by("original_name"), FileTable, "Tệp chưa là PDF")


def make_indicator(**changes) -> Indicator:
    said = {
        "code": "tests.pdf",
        "name": "Tỷ lệ tệp PDF",
        "unit": "%",
        "formula": share_of_pdf,
        "drill_down": not_pdf,
        **changes,
    }
    return Indicator(**said)


def make_files(unit_id: int, *, pdf: int = 0, other: int = 0) -> None:
    for number in range(pdf + other):
        kind = "application/pdf" if number < pdf else "text/plain"
        StoredFile.objects.create(
            kind="tests.paper",
            sha256=f"{unit_id:032d}{number:032d}",
            size=1,
            content_type=kind,
            original_name=f"{unit_id}-{number}",
            owner_unit_id=unit_id,
        )
