"""Words of a statutory form: sections of rows and columns, in each cell a measure or a formula over cells. Pure.

A cell is named by its row and its column, "B03.2"; rows are named once in the whole form. `form_reading.parse_form`
makes a Form from JSON (data/forms/README.md) and checks it; `form_values` computes it, `form_checks` checks the values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thongsuot.kit.indicators.measures import Measure

    from .form_formula import Formula

# Values of one unit: what cannot be computed (a division by nothing) is not in it; what is zero is.
Values = Mapping[str, Decimal]


def gettext_noop(message: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return message


class FormFault(ValueError):
    """A form that cannot be read. `said` is Vietnamese with places for `values`; `place` names file, row, cell."""

    def __init__(self, place: str, said: str, **values: object) -> None:
        self.place, self.said, self.values = place, said, values
        super().__init__(f"{place}: {said % values}" if place else said % values)


class Period(StrEnum):
    START_OF_YEAR = "start_of_year"
    END_OF_YEAR = "end_of_year"


class Desk(StrEnum):
    """Who hands a form on, from below; the department gives it to the ministry."""

    SCHOOL = "school"
    COMMUNE = "commune"
    DEPARTMENT = "department"


class CheckKind(StrEnum):
    EQUAL = "equal"
    AT_MOST = "at_most"


@dataclass(frozen=True)
class YearDay:
    """A day of every school year; `next_year`: in the calendar year after that in which the school year begins."""

    month: int
    day: int
    next_year: bool = False

    def of(self, start_year: int) -> date:
        return date(start_year + self.next_year, self.month, self.day)


@dataclass(frozen=True)
class Column:
    """group: the heading above it, which it shares with the columns beside it. part_of: column that it is a part of."""

    code: str
    name: str
    group: str = ""
    part_of: str = ""


@dataclass(frozen=True)
class Row:
    """compared: with last year's value of each of its cells. part_of: row that it is a part of.

    confidence: V read in the official text, V2 in a secondary one, M from memory, I inferred.
    """

    code: str
    name: str
    indent: int = 0
    unit: str = ""
    confidence: str = "I"
    part_of: str = ""
    compared: bool = False
    decimals: int = 0


@dataclass(frozen=True)
class Cell:
    """Either a measure or a formula. A cell that the form crosses out does not exist."""

    code: str
    row: Row
    column: Column
    measure: Measure | None = None
    formula: Formula | None = None


@dataclass(frozen=True)
class Section:
    code: str
    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]

    @cached_property
    def by_place(self) -> dict[tuple[str, str], Cell]:
        """(row, column) -> cell; nothing where the form crosses it out."""
        return {(one.row.code, one.column.code): one for one in self.cells}


@dataclass(frozen=True)
class Check:
    """left and right must be equal, or left at most right. right_form: the form whose cells `right` names."""

    code: str
    kind: CheckKind
    left: Formula
    right: Formula
    name: str = ""
    right_form: str = ""
    must: bool = True


@dataclass(frozen=True)
class Form:
    """levels: education levels (organization.EducationLevel) whose schools fill it. due: last day at each desk's
    next one. tolerance: percent by which a compared cell may differ from last year without a reason; smaller changes
    than `least_change` are never asked about. data: the JSON that it was read from."""

    code: str
    slug: str
    name: str
    period: Period
    as_of: YearDay
    due: Mapping[Desk, YearDay] = field(hash=False)
    levels: frozenset[str]
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]
    version: int = 1
    legal_source: str = ""
    confidence: str = "I"
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    tolerance: Decimal = Decimal(10)
    least_change: Decimal = Decimal(0)
    data: Mapping[str, object] = field(default_factory=dict, hash=False, compare=False)

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """All cells by code, in the order of the paper."""
        return {cell.code: cell for section in self.sections for cell in section.cells}

    @cached_property
    def rows(self) -> dict[str, Row]:
        return {row.code: row for section in self.sections for row in section.rows}

    @property
    def measures(self) -> Iterator[Measure]:
        return (cell.measure for cell in self.cells.values() if cell.measure is not None)

    @property
    def name_of_version(self) -> str:
        return f"{self.code} ({self.version})"

    def is_in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or self.valid_to >= on
        )

    def day(self, start_year: int) -> date:
        """The day whose figures are reported for the school year that begins in this calendar year."""
        return self.as_of.of(start_year)

    def last_day(self, desk: Desk | str, start_year: int) -> date:
        """The last day on which this desk hands it on. Raises KeyError for a desk that the form does not name."""
        return self.due[Desk(desk)].of(start_year)


def with_rows(form: Form, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON of the form with other names, units, confidences of some rows: {row code: {"name": ..., ...}}."""
    data: dict[str, Any] = dict(form.data)
    data["sections"] = [
        {**section, "rows": [{**row, **changes.get(str(row["code"]), {})} for row in section["rows"]]}
        for section in data["sections"]
    ]
    return data
