"""Which grades a school of some levels teaches. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# Luật Giáo dục 43/2019/QH14 (levels and their years); groups of preschool as in the ministry's list `khoi`.
GRADES = {
    "preschool": range(13, 19),
    "primary": range(1, 6),
    "lower_secondary": range(6, 10),
    "upper_secondary": range(10, 13),
    "continuing": range(1, 13),
}


def grades_of(levels: Iterable[str]) -> frozenset[int]:
    """Numbers of GradeLevel taught at these levels."""
    return frozenset(grade for level in levels for grade in GRADES.get(level, ()))


def mixed_grades(text: str) -> frozenset[int]:
    """The other grades of a mixed class, kept as "1, 2"."""
    return frozenset(int(part) for part in text.replace(";", ",").split(",") if part.strip().isdecimal())
