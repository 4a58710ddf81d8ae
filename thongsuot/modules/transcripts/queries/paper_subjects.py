"""Which subjects a paper transcript of a grade is expected to hold, and how each is assessed: from the programme as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thongsuot.kit.text.vietnamese import fold
from thongsuot.modules.gradebook import queries as gradebook

from .contents import FIRST_GRADES, LAST_GRADES

# Words of level on paper, the newest circulars first: TT 27/2020 and 22/2016; TT 22/2021 and 58/2011.
PRIMARY_LEVELS = ("T", "H", "C")
SECONDARY_LEVELS = ("Đ", "CĐ")


@dataclass(frozen=True)
class PaperSubject:
    """form: "score" (a mark; in primary schools a level and, where there is a test, a mark) or "comment" (a level)."""

    code: str
    name: str
    names: tuple[str, ...]
    form: str


def paper_subjects(grade: int) -> list[PaperSubject]:
    """What everybody of the grade has, in the order of the programme; those that some choose are added by hand."""
    return [
        PaperSubject(one.code, one.name, one.names, one.form)
        for one in _planned(grade)
        if one.periods.get(grade)
    ]


def paper_subject(grade: int, name: str) -> PaperSubject | None:
    """The subject of the grade that goes by this name, accents and case aside; None for one that the programme lacks."""
    wanted = fold(name)
    for one in _planned(grade):
        if one.periods_in(grade) and wanted in {fold(each) for each in one.names}:
            return PaperSubject(one.code, one.name, one.names, one.form)
    return None


def is_primary(grade: int) -> bool:
    return grade <= LAST_GRADES["primary"]


def paper_levels(grade: int) -> tuple[str, ...]:
    return PRIMARY_LEVELS if is_primary(grade) else SECONDARY_LEVELS


def _planned(grade: int) -> tuple[Any, ...]:
    level = next((one for one in FIRST_GRADES if FIRST_GRADES[one] <= grade <= LAST_GRADES[one]), "")
    stage = gradebook.programme().stage(level)
    return stage.subjects if stage else ()
