"""Where the table of a sheet begins, and which of its columns is which. Pure: no database.

Real files begin with titles, have heads of two or three rows with merged cells, a row of numbers (1) (2) (3)
below them, totals, notes and signatures at the end, and the head again on every printed page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from thongsuot.kit.importing.columns import Column, Date, text_of
from thongsuot.kit.importing.reading import Sheet
from thongsuot.kit.importing.types import Cell
from thongsuot.kit.text.vietnamese import fold

SEARCHED_ROWS = 20
MOST_DEEP = 3
DATE_PARTS = ("ngay", "thang", "nam")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LEADING_NUMBER = re.compile(r"^(?:\d+|[ivx]+)[.)]\s+")
_NOT_WORDS = re.compile(r"[^0-9a-z]+")
_NUMBERING = re.compile(r"\(?(\d{1,2}|[a-z])\)?(?:\s*=.*)?")
# With its accent: "công" is a word of many names, "Cộng Hòa" a commune.
_TOTAL = re.compile(
    r"(tổng cộng|tổng số|tổng|cộng|toàn trường|toàn xã|toàn tỉnh)\s*(?:[:.(\d].*)?", re.IGNORECASE
)
_TOTAL_OF = re.compile(r"(tong cong|tong so|cong don)\b.*")
_SIGNED = re.compile(r"(nguoi lap|hieu truong|pho hieu truong|giao vien chu nhiem|thu truong|ky ten|\(ky)")
Places = dict[str, list[int]]


@dataclass(frozen=True)
class Header:
    """The head of a table. row: its first row, counted from 0. labels: what each column says, by position."""

    sheet: str
    row: int
    depth: int
    labels: list[str]
    mapping: Places = field(default_factory=dict)

    def missing(self, columns: Sequence[Column]) -> list[Column]:
        return [column for column in columns if column.required and column.key not in self.mapping]


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """A header as it is compared: folded words; brackets, stars and a leading number left out."""
    plain = _LEADING_NUMBER.sub("", _BRACKETS.sub(" ", fold(text)).strip())
    return _NOT_WORDS.sub(" ", plain).strip() or _NOT_WORDS.sub(" ", fold(text)).strip()


def find_header(sheet: Sheet, columns: Sequence[Column]) -> Header | None:
    """The head that matches most columns; None when nothing looks like one."""
    best, best_score = None, (0, 0, 0)
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for depth in range(1, min(MOST_DEEP, len(sheet.rows) - row) + 1):
            header = header_at(sheet, row, depth, columns)
            required = sum(1 for column in columns if column.required and column.key in header.mapping)
            # The shallower head wins a draw: what stands below it is data.
            score = (len(header.mapping), required, -depth)
            if score > best_score:
                best, best_score = header, score
    wanted = min(2, len(columns))
    return best if best_score[0] >= wanted else None


def header_at(sheet: Sheet, row: int, depth: int, columns: Sequence[Column]) -> Header:
    """The head that stands in these rows, with its columns matched."""
    parts = _parts(sheet, row, depth)
    labels = [" ".join(part) for part in parts]
    return Header(sheet.name, row, depth, labels, match(parts, columns))


def _parts(sheet: Sheet, row: int, depth: int) -> list[list[str]]:
    """For each column the different texts above each other, the topmost first."""
    rows = [[text_of(cell) for cell in line] for line in sheet.rows[row : row + depth]]
    width = max((len(line) for line in rows), default=0)
    rows = [line + [""] * (width - len(line)) for line in rows]
    for level, line in enumerate(rows[:-1]):
        below = rows[level + 1 :]
        for position in range(1, width):
            # A merged cell has its text in the first column only; in csv that is all there is of it.
            is_open = not line[position] and line[position - 1] and any(lower[position] for lower in below)
            if is_open and _is_merged(sheet, row + level, position) is not False:
                line[position] = line[position - 1]
    parts: list[list[str]] = []
    for position in range(width):
        texts = [line[position] for line in rows if line[position]]
        parts.append([text for index, text in enumerate(texts) if index == 0 or text != texts[index - 1]])
    return parts


def _is_merged(sheet: Sheet, row: int, position: int) -> bool | None:
    """Whether the cell lies in a merged one; None when the file does not say (csv, ods)."""
    if not sheet.merged:
        return None
    return any(
        top <= row <= bottom and left <= position <= right for (top, left), (bottom, right) in sheet.merged
    )


# -- which column is which ------------------------------------------------------------------------


def match(parts: Sequence[Sequence[str]], columns: Sequence[Column]) -> Places:
    """{key of a column: [positions]}. Dates in three columns, then exact heads, then those that begin so."""
    labels = [_spellings(part) for part in parts]
    found: Places = {}
    taken: set[int] = set()
    for column in columns:
        if isinstance(column, Date):
            three = _three_parts(column, parts, taken)
            if three:
                found[column.key] = three
                taken.update(three)
    said = {spelling for spellings in labels for spelling in spellings}
    for exact in (True, False):
        for column in columns:
            if column.key in found:
                continue
            position = _position(column, labels, said, taken, exact=exact)
            if position is not None:
                found[column.key] = [position]
                taken.add(position)
    return found


def _spellings(part: Sequence[str]) -> list[str]:
    """What a head may be read as: all its levels, the lowest, the highest."""
    if not part:
        return []
    return list(dict.fromkeys([normal(" ".join(part)), normal(part[-1]), normal(part[0])]))


def _position(
    column: Column, labels: Sequence[Sequence[str]], said: set[str], taken: set[int], *, exact: bool
) -> int | None:
    """said: all that stands in `labels`. Of the rows that are tried as a head most say nothing that is wanted."""
    for name in column.names():
        wanted = normal(name)
        if not (wanted in said if exact else any(_is_it(wanted, text, exact=False) for text in said)):
            continue
        for level in range(3):
            for position, spellings in enumerate(labels):
                if position in taken or level >= len(spellings):
                    continue
                if _is_it(wanted, spellings[level], exact=exact):
                    return position
    return None


def _is_it(wanted: str, said: str, *, exact: bool) -> bool:
    if exact:
        return wanted == said
    # "Ho va ten hoc sinh" is "Ho va ten"; a single short word ("ten", "lop") begins too many heads.
    return (
        said.startswith(wanted)
        and said.startswith(f"{wanted} ")
        and len(wanted.split()) >= 2
        and len(said.split()) <= len(wanted.split()) + 4
    )


def _three_parts(column: Column, parts: Sequence[Sequence[str]], taken: set[int]) -> list[int]:
    """Positions of day, month and year under one head ("Ngày sinh" over three columns)."""
    for name in column.names():
        wanted = normal(name)
        places = []
        for piece in DATE_PARTS:
            said = [
                position
                for position, part in enumerate(parts)
                if position not in taken
                and len(part) > 1
                and normal(" ".join(part[:-1])) == wanted
                and normal(part[-1]) == piece
            ]
            places += said[:1]
        if len(places) == 3:
            return places
    return []


# -- rows below the head --------------------------------------------------------------------------


@dataclass(frozen=True)
class DataRow:
    """A row of the table: its number as a spreadsheet program shows it, the cells under the matched heads."""

    number: int
    cells: dict[str, Cell]


def data_rows(sheet: Sheet, header: Header, columns: Sequence[Column]) -> Iterator[DataRow | int]:
    """Each row below the head; a bare number is a row that was passed over (total, note, head again)."""
    reader = RowReader(header, columns)
    for index in range(header.row + header.depth, len(sheet.rows)):
        row = sheet.rows[index]
        texts = [text_of(cell) for cell in row]
        if not any(texts):
            continue
        if reader.is_passed(texts):
            yield index + 1
        else:
            yield DataRow(index + 1, reader.cells(row))


class RowReader:
    """What stands under the heads of one table, and which rows of it are no data."""

    def __init__(self, header: Header, columns: Sequence[Column]) -> None:
        self.mapping = header.mapping
        self.heads = {normal(label) for label in header.labels if label}
        self.required = [column.key for column in columns if column.required]

    def cells(self, row: Sequence[Cell]) -> dict[str, Cell]:
        return {key: _cell(row, positions) for key, positions in self.mapping.items()}

    def is_passed(self, texts: Sequence[str]) -> bool:
        """A total, a note, a signature, the head or its numbering again. texts: of all cells of the row."""
        cells = self.cells(texts)
        return (
            _is_head_again(texts, self.heads)
            or _is_numbering(texts)
            or _is_note(texts, cells, self.required)
            or _is_total(texts, cells, self.required)
            or _is_signature(texts, cells, self.required)
        )


def _cell(row: Sequence[Cell], positions: Sequence[int]) -> Cell:
    found = [row[position] if position < len(row) else None for position in positions]
    if len(found) == 1:
        return found[0]
    texts = [text_of(cell) for cell in found]
    return "/".join(texts) if all(texts) else None


def _is_head_again(texts: Sequence[str], heads: set[str]) -> bool:
    said = [normal(text) for text in texts if text]
    return len(said) > 1 and sum(1 for text in said if text in heads) >= max(2, len(said) * 0.6)


def _is_numbering(texts: Sequence[str]) -> bool:
    """The row (1) (2) (3) ... or A B 1 2 under many official heads."""
    said = [fold(text) for text in texts if text]
    if len(said) < 3 or not all(_NUMBERING.fullmatch(text) for text in said):
        return False
    numbers = [int(n) for text in said if (n := re.sub(r"\D.*", "", text.lstrip("(")))]
    return (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 2
    )


def _is_total(texts: Sequence[str], cells: dict[str, Cell], required: Sequence[str]) -> bool:
    first = next((text for text in texts if text and not text.isdecimal()), "")
    if _TOTAL.fullmatch(first):
        return True
    # "Tổng số học sinh" may be a row of its own kind of list: then it has all that a row must have.
    is_whole = all(text_of(cells.get(key)) for key in required)
    return bool(_TOTAL_OF.fullmatch(fold(first))) and not is_whole


def _is_note(texts: Sequence[str], cells: dict[str, Cell], required: Sequence[str]) -> bool:
    """A section's name, a note, a signature: nothing under our heads, or one text alone in its row."""
    said = [key for key, cell in cells.items() if text_of(cell)]
    if not said:
        return True
    # Where one cell is all that a record needs, a row of one cell is the record.
    alone = sum(1 for text in texts if text) == 1 and len(cells) > 1
    return alone and required != said


def _is_signature(texts: Sequence[str], cells: dict[str, Cell], required: Sequence[str]) -> bool:
    """Who made the list and who signs it, in two or three cells below the table."""
    said = [fold(text) for text in texts if text]
    is_whole = all(text_of(cells.get(key)) for key in required)
    # Two of them in one row: a name of a person or a post may say so, a record does not twice.
    return (not is_whole or len(said) > 1) and all(_SIGNED.match(text) for text in said)
