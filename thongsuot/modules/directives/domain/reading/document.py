"""What reading a file gives: its lines, and in their flow the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from thongsuot.kit.accounts.types import Refused


class UnreadableFile(Refused):
    """The file cannot be read; the message says in Vietnamese what the user is to do."""

    code = "unreadable_file"


@dataclass(frozen=True)
class Line:
    """A line of text outside tables. `number` counts from 1 in `ReadDocument.lines`.

    `gap`: blank space stands before it. `small`: set in smaller type than the body, as footnotes are.
    `ended`: in a PDF, the line was ended on purpose, for the first word of the next one would have fitted
    on it.
    """

    number: int
    text: str
    page: int = 1
    gap: bool = False
    small: bool = False
    ended: bool | None = None


@dataclass(frozen=True)
class Cell:
    """`spanned`: the same cell as the one above it (or to its left) in the grid, merged with it."""

    text: str
    spanned: bool = False


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    start_line: int
    end_line: int
    page: int = 1

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]

    @property
    def start_line(self) -> int:
        return self.rows[0].start_line if self.rows else 0

    @property
    def end_line(self) -> int:
        return self.rows[-1].end_line if self.rows else 0

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True)
class ReadDocument:
    """`lines[n - 1]` is the source line n; `flow` the lines and tables in reading order; `notes` the
    footnotes
    that the format keeps apart from the text."""

    format: str
    lines: tuple[str, ...]
    flow: tuple[Line | Table, ...]
    notes: tuple[str, ...] = field(default=())

    def tables(self) -> Iterator[Table]:
        return (item for item in self.flow if isinstance(item, Table))

    def excerpt(self, start_line: int, end_line: int) -> str:
        return "\n".join(self.lines[max(start_line - 1, 0) : end_line])
