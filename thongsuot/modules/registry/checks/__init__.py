"""Data sets and rules of the registry: what the quality engine reads and how it judges. Written into the book by
`register_all` when the program starts."""

from __future__ import annotations

from thongsuot.modules.quality.types import BOOK

from . import enrolment, facilities, school, school_class, staff, student


def register_all() -> None:
    """Once only: a data set that is there already is refused."""
    for module in (student, enrolment, school_class, staff, school):
        BOOK.add(module.DATASET, module.RULES)
    for dataset, rules in facilities.DATASETS:
        BOOK.add(dataset, rules)
