"""A form as it stands on paper: headings that share a group, the line of letters and numbers, rows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from .form import Cell, Form, Row, Section, Values
from .form_checks import shown

# Columns before the numbers: the row's name, its code, its unit; lettered on paper.
STUB = 3


@dataclass(frozen=True)
class Heading:
    """columns, rows: how many it stretches over. at: its first column among the numbers."""

    text: str
    at: int
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Place:
    """One place in the table: crossed out where there is no cell, empty where it has no value."""

    cell: Cell | None
    value: Decimal | None
    number: str
    column_name: str = ""

    @property
    def is_crossed(self) -> bool:
        return self.cell is None


@dataclass(frozen=True)
class Line:
    row: Row
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Block:
    """A section: one or two rows of headings, the numbers of its columns, its lines."""

    section: Section
    head: tuple[tuple[Heading, ...], ...]
    numbers: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def head_rows(self) -> int:
        return len(self.head)


@dataclass(frozen=True)
class Sheet:
    """A form of one unit on a day, ready to be shown or written. state: whether it is live or frozen, in words."""

    form: Form
    unit_name: str
    unit_code: str
    above: str
    as_of: date
    values: Values
    state: str = ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_block(section, self.values) for section in self.form.sections)

    @property
    def is_empty(self) -> bool:
        return not any(self.values.values())


def _block(section: Section, values: Values) -> Block:
    return Block(
        section,
        tuple(_head(section)),
        tuple(str(number) for number in range(1, len(section.columns) + 1)),
        tuple(
            Line(row, tuple(_place(section, row, number, values) for number in range(len(section.columns))))
            for row in section.rows
        ),
    )


def _head(section: Section) -> Iterator[tuple[Heading, ...]]:
    """Columns of one group stand side by side under it; one without a group stretches over both rows."""
    if not any(column.group for column in section.columns):
        yield tuple(Heading(column.name, at) for at, column in enumerate(section.columns))
        return
    top: list[Heading] = []
    below: list[Heading] = []
    for group, members in groupby(enumerate(section.columns), key=lambda pair: pair[1].group):
        found = list(members)
        if group:
            top.append(Heading(group, found[0][0], columns=len(found)))
            below += [Heading(column.name, at) for at, column in found]
        else:
            top += [Heading(column.name, at, rows=2) for at, column in found]
    yield tuple(top)
    yield tuple(below)


def _place(section: Section, row: Row, number: int, values: Values) -> Place:
    column = section.columns[number]
    cell = section.by_place.get((row.code, column.code))
    value = values.get(cell.code) if cell is not None else None
    text = "x" if cell is None else "" if value is None else with_decimals(value, row.decimals)
    return Place(cell, value, text, column.name)


def with_decimals(value: Decimal, decimals: int) -> str:
    """1.234,50: the decimals of the row, also where they are zero."""
    if not decimals:
        return shown(value)
    return f"{value:,.{decimals}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
