"""A line of marks taken from one book into another: as texts by cell, filled into what stands there. Pure.

Keys of cells are those of domain/cells.py ("regular.0", "midterm", "final_level", "remark" ...), with "midterm_absent" and
"final_absent" for an absence without leave. Texts: marks with one decimal, levels as they are, "1" for yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .cells import Line

Cells = Mapping[str, str]
MARKS = ("midterm", "final")
LEVELS = ("midterm_level", "final_level")
FLAGS = ("midterm_absent", "final_absent", "exempt")
REMARK = "remark"


def cells_of(line: Line) -> dict[str, str]:
    """What is written in the line."""
    found = {f"regular.{place}": f"{mark:.1f}" for place, mark in enumerate(line.regular) if mark is not None}
    found |= {f"regular_level.{place}": level for place, level in enumerate(line.regular_levels) if level}
    found |= {name: f"{getattr(line, name):.1f}" for name in MARKS if getattr(line, name) is not None}
    found |= {name: getattr(line, name) for name in (*LEVELS, REMARK) if getattr(line, name)}
    return found | {name: "1" for name in FLAGS if getattr(line, name)}


def line_of_cells(cells: Cells) -> Line:
    """The line in which these cells are written."""
    marks, levels = _places(cells, "regular"), _places(cells, "regular_level")
    return Line(
        regular=tuple(Decimal(one) if one else None for one in marks),
        midterm=_mark(cells, "midterm"),
        final=_mark(cells, "final"),
        regular_levels=tuple(levels),
        midterm_level=cells.get("midterm_level", ""),
        final_level=cells.get("final_level", ""),
        midterm_absent="midterm_absent" in cells,
        final_absent="final_absent" in cells,
        exempt="exempt" in cells,
        remark=cells.get(REMARK, ""),
    )


def _places(cells: Cells, name: str) -> list[str]:
    found = {int(key.partition(".")[2]): text for key, text in cells.items() if key.startswith(f"{name}.")}
    return [found.get(place, "") for place in range(max(found, default=-1) + 1)]


def _mark(cells: Cells, name: str) -> Decimal | None:
    return Decimal(cells[name]) if name in cells else None


@dataclass(frozen=True)
class Added:
    """line: with what it did not have yet. places: cell as it was named -> cell where it stands now. left: what found no
    place because something else stands there.
    """

    line: Line
    places: dict[str, str]
    left: dict[str, str]


def added(line: Line, more: Cells) -> Added:
    """`more` written into `line`, over nothing.

    A regular assessment whose column is taken goes into the next free one: they weigh the same wherever they stand. An
    absence is none where the mark stands.
    """
    there, places, left = cells_of(line), {}, {}
    for key, text in sorted(more.items()):
        place = key
        if key in there and there[key] != text:
            name = key.partition(".")[0]
            place = _free({**there, **more}, name) if name in ("regular", "regular_level") else ""
        if not place:
            left[key] = text
            continue
        there[place], places[key] = text, place
    for key in ("midterm_absent", "final_absent"):
        if key in there and _is_written(there, key):
            del there[key]
    return Added(line_of_cells(there), places, left)


def _is_written(cells: Cells, absent: str) -> bool:
    name = absent.removesuffix("_absent")
    return name in cells or f"{name}_level" in cells


def _free(cells: Cells, name: str) -> str:
    place = 0
    while f"{name}.{place}" in cells:
        place += 1
    return f"{name}.{place}"


def columns_of_cells(cells: Cells) -> int:
    """How many columns of regular assessments the cells need."""
    return max(len(_places(cells, "regular")), len(_places(cells, "regular_level")))


def closed_cells(cells: Cells, *, is_over: bool) -> list[str]:
    """What only the school that wrote it may change: marks and levels; of a term that had ended the remark too.

    An absence may be made up for at the new school, and whether a pupil is exempt is its own decision.
    """
    return sorted(key for key in cells if key not in FLAGS and (is_over or key != REMARK))
