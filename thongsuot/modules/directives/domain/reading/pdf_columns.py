"""Tables without ruled lines: columns are known by the places where the words of the head begin.

Taken for a table only when the lines below the head begin their words at the same places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..extraction import columns
from ..extraction.text import clean, join_lines, squeeze
from .pdf_layout import PageLine


@dataclass
class OpenTable:
    """Rows of cells, each cell as the lines that stand in it."""

    starts: list[float]
    rows: list[list[list[str]]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)  # identities of the lines taken

    def grid(self) -> list[list[str]]:
        return [[squeeze(join_lines(cell)) for cell in row] for row in self.rows]


def find_open_table(lines: list[PageLine]) -> OpenTable | None:
    """The first table of `lines` that is set without lines, if there is one."""
    for index, line in enumerate(lines):
        parts = _segments(line)
        if len(parts) < 3:
            continue
        for extra in range(4):  # the head may take several lines
            head = lines[index : index + 1 + extra]
            starts = [part[0]["x0"] for part in parts]
            texts = [squeeze(clean(" ".join(_cell(head, starts, i)))) for i in range(len(starts))]
            roles = columns.roles_of(texts)
            if roles[0] == columns.NUMBER and columns.is_task_table(roles):
                below = lines[index + 1 + extra :]
                if below and _number(below[0], starts) and _aligned(below[:8], starts):
                    return _read(texts, head, below, starts)
    return None


def _segments(line: PageLine) -> list[list[dict[str, Any]]]:
    parts: list[list[dict[str, Any]]] = [[line.words[0]]]
    for before, word in zip(line.words, line.words[1:], strict=False):
        if word["x0"] - before["x1"] > 0.75 * word["size"]:
            parts.append([])
        parts[-1].append(word)
    return parts


def _column(word: dict[str, Any], starts: list[float]) -> int:
    return max((i for i, start in enumerate(starts) if word["x0"] >= start - 4), default=0)


def _cell(lines: list[PageLine], starts: list[float], column: int) -> list[str]:
    texts = (" ".join(w["text"] for w in line.words if _column(w, starts) == column) for line in lines)
    return [text for text in texts if text]


def _number(line: PageLine, starts: list[float]) -> bool:
    first = line.words[0]
    text = first["text"].strip(".)")
    return _column(first, starts) == 0 and (text.replace(".", "").isdigit() or text in ("I", "A"))


def _aligned(lines: list[PageLine], starts: list[float]) -> bool:
    fitting = sum(
        sum(any(abs(part[0]["x0"] - start) < 3 for part in _segments(line)) for start in starts[1:]) >= 2
        for line in lines
    )
    return fitting >= max(2, len(lines) // 3) and not any(_crosses(line, starts) for line in lines[:2])


def _crosses(line: PageLine, starts: list[float]) -> bool:
    return any(
        word["x0"] < start - 4 and word["x1"] > start + 3 for word in line.words for start in starts[1:]
    )


def _read(head: list[str], taken: list[PageLine], below: list[PageLine], starts: list[float]) -> OpenTable:
    table = OpenTable(starts, [[[text] for text in head]], {id(line) for line in taken})
    for line in below:
        if _crosses(line, starts) and not _number(line, starts):
            break
        if _number(line, starts) or len(table.rows) == 1:
            table.rows.append([[] for _ in starts])
        for column in range(len(starts)):
            table.rows[-1][column] += [clean(text) for text in _cell([line], starts, column)]
        table.used.add(id(line))
    return table
