"""Rows of task tables: heads, group rows, rows that go on over a page, merged cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..reading.document import Row, Table
from . import columns
from .numbering import may_follow, roman_value
from .text import fold, is_caps, join_lines, squeeze, starts_lower

_NUMBER = re.compile(r"^\s*(?:[IVXL]{1,6}|[A-ZĐ]|\d{1,3}(?:[.,]\d{1,3}){0,4}|[a-zđ])\s*[.)]?\s*$")


@dataclass
class TableRow:
    """One row with its cells by role. `group` holds the titles of the groups above it, outermost first."""

    number: str
    cells: dict[str, str]
    start_line: int
    end_line: int
    page: int = 1
    group: tuple[tuple[str, str], ...] = ()
    spanned: frozenset[str] = frozenset()
    values: list[tuple[str, str]] = field(default_factory=list)  # head and value of columns of figures

    def get(self, role: str) -> str:
        return self.cells.get(role, "")


@dataclass
class ReadTable:
    roles: list[str]
    heads: list[str]
    rows: list[TableRow]
    top: tuple[str, ...] = ()  # heads of the upper storey, as a later page may repeat them alone


def read_table(table: Table, before: ReadTable | None = None) -> ReadTable | None:
    """Rows of `table`; None when it has no head that says what its columns are.

    A table without a head right after one of the same width (`before`) goes on with it.
    """
    head = find_head(table)
    if head is None:
        if before is None or len(before.roles) != table.width or not _numbered_rows(table):
            return None
        first, heads, roles = 0, before.heads, before.roles
    else:
        first, heads, roles = head
    top = _top(table, first) if head else ()
    if before is not None and (top == before.top or not head):
        heads, roles, top = before.heads, before.roles, before.top
    read = ReadTable(roles, heads, [], top)
    _Rows(read, list(table.rows[first:])).run()
    return read


def _top(table: Table, first: int) -> tuple[str, ...]:
    """The first row of the head: the one above the last that is not merged with it."""
    rows = [tuple(fold(squeeze(text)) for text in row.texts) for row in table.rows[:first]]
    return next((row for row in rows if columns.is_head(columns.roles_of(list(row)))), ())


def find_head(table: Table) -> tuple[int, list[str], list[str]] | None:
    """Index of the first row of matter, texts of the heads, roles of the columns."""
    for index in range(min(4, len(table.rows))):
        heads = [squeeze(text) for text in table.rows[index].texts]
        roles = columns.roles_of(heads)
        if not columns.is_head(roles) or _repeats(heads):
            continue
        end = index + 1
        while end < len(table.rows) and end < index + 3 and _more_head(table.rows[end], table.rows[index]):
            below = table.rows[end].texts
            heads = [
                _joined(a, squeeze(b), cell.spanned)
                for a, b, cell in zip(heads, below, table.rows[end].cells, strict=True)
            ]
            roles = columns.roles_of([_lowest(h) for h in heads])
            end += 1
        return end, [h.replace(" ¦ ", " ") for h in heads], roles
    return None


def _repeats(heads: list[str]) -> bool:
    """One cell over the whole width is a title, not a head."""
    return len({h for h in heads if h}) <= 1


def _joined(above: str, below: str, spanned: bool) -> str:
    return above if spanned or not below or below == above else f"{above} ¦ {below}"


def _lowest(head: str) -> str:
    """Of a head in two storeys the lower one decides, unless it says nothing."""
    parts = head.split(" ¦ ")
    for part in reversed(parts):
        if columns.role_of(part) != columns.OTHER:
            return part
    return " ".join(parts)


def _more_head(row: Row, head: Row) -> bool:
    """A second storey of the head: merged with the first, or the row (1) (2) (3) that counts the columns."""
    texts = [squeeze(text) for text in row.texts]
    filled = [text for text in texts if text]
    if (
        filled
        and all(re.fullmatch(r"\(?[\dA-Z]{1,2}\)?(?:\s*=.*)?", text) for text in filled)
        and len(filled) >= 3
    ):
        return True
    above = [squeeze(text) for text in head.texts]
    new = [
        text
        for text, cell, over in zip(texts, row.cells, above, strict=True)
        if text and not cell.spanned and text != over
    ]
    held = len(texts) - len(new)
    return (
        bool(new)
        and held >= 1
        and not (_NUMBER.match(texts[0]) and texts[0] != above[0])
        and all(len(text) < 60 and columns.role_of(text) != columns.OTHER for text in new)
    )


def _numbered_rows(table: Table) -> bool:
    return sum(bool(_NUMBER.match(row.texts[0])) for row in table.rows if row.texts) >= 0.5 * len(table.rows)


class _Rows:
    def __init__(self, read: ReadTable, rows: list[Row]) -> None:
        self.read, self.rows = read, rows
        self.groups: list[tuple[str, str]] = []
        self.shape = [fold(head) for head in read.heads]
        self.top = list(read.top)

    def run(self) -> None:
        for row in self.rows:
            texts = [squeeze(text) for text in row.texts]
            if not any(texts) or self._is_head(row, texts):
                continue
            if self._is_group(row, texts):
                self._open_group(row, texts)
            elif self._goes_on(row, texts):
                self._extend(row)
            else:
                self._add(row)
        self._drop_parents()

    def _is_head(self, row: Row, texts: list[str]) -> bool:
        """The head said again at the top of a page, or the row that counts the columns."""
        same = sum(fold(text) == head for text, head in zip(texts, self.shape, strict=False) if text)
        filled = sum(bool(text) for text in texts)
        same = max(same, sum(fold(text) == head for text, head in zip(texts, self.top, strict=False) if text))
        counting = filled >= 3 and all(re.fullmatch(r"\(?\d{1,2}\)?", text) for text in texts if text)
        return (
            counting
            or (same >= 2 and same >= 0.6 * filled)
            or (
                filled >= 3
                and columns.is_head(columns.roles_of(texts))
                and max(map(len, texts)) < 70
                and columns.role_of(texts[0]) == columns.NUMBER
            )
        )

    def _is_group(self, row: Row, texts: list[str]) -> bool:
        distinct = {text for text in texts if text}
        if not distinct:
            return False
        own = [text for text, cell in zip(texts, row.cells, strict=True) if text and not cell.spanned]
        matter = [text for text in own if not _NUMBER.match(text)]
        if len(own) <= 2 and len(matter) == 1 and len(texts) > 2:
            across = sum(cell.spanned for cell in row.cells) >= len(texts) - 2 and len(own) < len(texts)
            place = texts.index(matter[0])
            at_task = place < len(self.read.roles) and self.read.roles[place] in (
                columns.TASK,
                columns.NUMBER,
                columns.GROUP,
                columns.TARGET,
            )
            number = own[0] if _NUMBER.match(own[0]) else ""
            if across and at_task:
                return True
            return at_task and (bool(number) or is_caps(matter[0]) or bool(_titled(matter[0])))
        return False

    def _open_group(self, row: Row, texts: list[str]) -> None:
        own = [text for text, cell in zip(texts, row.cells, strict=True) if text and not cell.spanned]
        number = own[0].strip(" .)") if _NUMBER.match(own[0]) and len(own) > 1 else ""
        title = own[-1]
        if not number:
            found = _titled(title)
            if found:
                number, title = found[1], title[found.end() :]
        level = _level(number)
        self.groups = [g for g in self.groups if _level(g[0]) < level]
        self.groups.append((number, squeeze(title)))
        # A group row may itself be a task whose other cells are empty: kept until a row below claims it.
        self.read.rows.append(
            TableRow(
                number,
                {columns.TASK: squeeze(title), "group-row": "1"},
                row.start_line,
                row.end_line,
                row.page,
                tuple(self.groups[:-1]),
            )
        )

    def _goes_on(self, row: Row, texts: list[str]) -> bool:
        """No number, and no task of its own: the rest of a row that a page broke."""
        last = self.read.rows[-1] if self.read.rows else None
        if last is None or ("group-row" in last.cells and not self._broken_group(row, texts)):
            return False
        at = self._index(columns.NUMBER)
        if at is not None and texts[at]:
            return False
        task = texts[self._index(columns.TASK) or 0] if self._index(columns.TASK) is not None else ""
        if not task:
            return row.page != last.page or not any(
                texts[i] for i, role in enumerate(self.read.roles) if role == columns.LEAD
            )
        spanned = row.cells[self._index(columns.TASK) or 0].spanned
        if row.page != last.page and at is not None and not spanned:
            return starts_lower(task) or not re.match(r"\s*[-+•]", task)
        return starts_lower(task) and at is not None and not spanned

    @staticmethod
    def _broken_group(row: Row, texts: list[str]) -> bool:
        return False

    def _index(self, role: str) -> int | None:
        return self.read.roles.index(role) if role in self.read.roles else None

    def _cells(self, row: Row) -> tuple[dict[str, str], frozenset[str], list[tuple[str, str]]]:
        cells: dict[str, str] = {}
        spanned: set[str] = set()
        values: list[tuple[str, str]] = []
        for role, head, cell in zip(self.read.roles, self.read.heads, row.cells, strict=False):
            text = cell.text.strip()
            if role == columns.VALUE:
                values.append((head, squeeze(text)))
            if text and role not in cells:
                cells[role] = text
                if cell.spanned:
                    spanned.add(role)
        return cells, frozenset(spanned), values

    def _add(self, row: Row) -> None:
        cells, spanned, values = self._cells(row)
        number = squeeze(cells.get(columns.NUMBER, "")).strip(" .)")
        last = self.read.rows[-1] if self.read.rows else None
        if last is not None and columns.TASK in spanned and last.get(columns.TASK) == cells.get(columns.TASK):
            self._merge(last, cells, row, spanned)
            return
        while self.groups and number and not _under(self.groups[-1][0], number) and self.groups[-1][0]:
            self.groups.pop()
        self.read.rows.append(
            TableRow(
                number, cells, row.start_line, row.end_line, row.page, tuple(self.groups), spanned, values
            )
        )

    def _extend(self, row: Row) -> None:
        cells, spanned, _ = self._cells(row)
        self._merge(self.read.rows[-1], cells, row, spanned)

    @staticmethod
    def _merge(last: TableRow, cells: dict[str, str], row: Row, spanned: frozenset[str]) -> None:
        for role, text in cells.items():
            if role not in spanned:
                held = last.cells.get(role, "")
                last.cells[role] = f"{held}\n{text}" if held else text
        last.end_line, last.page = row.end_line, row.page

    def _drop_parents(self) -> None:
        """A group row is a group when rows stand below it; one that stands alone is a task without
        details."""
        rows = self.read.rows
        kept = []
        for index, row in enumerate(rows):
            if "group-row" in row.cells:
                continue
            following = rows[index + 1] if index + 1 < len(rows) else None
            if following is not None and _is_parent(row, following):
                self._adopt(rows[index + 1 :], row)
                continue
            kept.append(row)
        self.read.rows = kept

    @staticmethod
    def _adopt(rows: list[TableRow], parent: TableRow) -> None:
        title = (parent.number, squeeze(parent.get(columns.TASK)))
        for row in rows:
            if not _below(parent.number, row.number):
                break
            row.group = (*row.group, title)
            for role in (
                columns.LEAD,
                columns.COORDINATING,
                columns.DEADLINE,
                columns.LEGAL,
                columns.PRODUCT,
            ):
                if parent.get(role) and not row.get(role):
                    row.cells[role] = parent.get(role)


def _titled(text: str) -> re.Match[str] | None:
    return re.match(r"\s*([IVXL]{1,6}|[A-ZĐ]|\d{1,2})\s*[.)]\s+(?=\S)", text)


def _level(number: str) -> int:
    """Depth of a group by the form of its number: A, I, 1, 1.1, a."""
    number = number.strip(" .)")
    if not number:
        return 5
    if roman_value(number) is not None and number.isupper():
        return 1
    if len(number) == 1 and number.isupper():
        return 0
    if number[0].isdigit():
        return 2 + len(re.split(r"[.,]", number)) - 1
    return 6


def _under(group: str, number: str) -> bool:
    """May a row of `number` stand under a group of that number?"""
    if not group or (_level(group) >= _level(number) >= 2 and not _below(group, number)):
        return not group
    return _level(group) < _level(number) or _below(group, number)


def _below(parent: str, number: str) -> bool:
    dotted, above = re.sub(",", ".", number), re.sub(",", ".", parent)
    return bool(above) and dotted.startswith(above + ".")


def _is_parent(row: TableRow, following: TableRow) -> bool:
    bare = not any(row.get(role) for role in (columns.LEAD, columns.PRODUCT, columns.DEADLINE, "both"))
    return _below(row.number, following.number) and (bare or may_follow(row.number, following.number))


def cell_text(text: str) -> str:
    """Text of a cell with its lines joined; what the cell lists with dashes stays listed."""
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        if re.match(r"\s*[-+•]\s", line) and parts[-1]:
            parts.append([])
        parts[-1].append(line)
    return squeeze(" ".join(join_lines(part) for part in parts))
