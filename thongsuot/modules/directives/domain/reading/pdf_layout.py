"""Words on a page to lines: superscripts, columns set side by side, running heads and page numbers."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..extraction.text import clean, fold


@dataclass
class PageLine:
    words: list[dict[str, Any]]
    page: int
    small: bool = False
    gap: bool = False
    ended: bool | None = None
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = " ".join(word["text"] for word in self.words)

    @property
    def top(self) -> float:
        return float(min(word["top"] for word in self.words))

    @property
    def bottom(self) -> float:
        return float(max(word["bottom"] for word in self.words))

    @property
    def x0(self) -> float:
        return float(self.words[0]["x0"])

    @property
    def x1(self) -> float:
        return float(self.words[-1]["x1"])


def body_size(pages: list[list[dict[str, Any]]]) -> float:
    """Size in which most letters are set."""
    sizes: Counter[float] = Counter()
    for words in pages:
        for word in words:
            sizes[round(float(word["size"]), 1)] += len(word["text"])
    return sizes.most_common(1)[0][0] if sizes else 0.0


def visual_lines(words: list[dict[str, Any]], page: int, size: float) -> list[PageLine]:
    """Words put together by height, left to right; `size` 0 leaves sizes out of account."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (round(w["bottom"], 1), w["x0"])):
        for row in rows[-3:]:
            height = max(float(row[0]["size"]), float(word["size"]))
            if abs(row[0]["bottom"] - word["bottom"]) < height * 0.45:
                row.append(word)
                break
        else:
            rows.append([word])
    lines = [line for line in (_line(row, page, size) for row in rows) if line is not None]
    lines.sort(key=lambda line: line.top)
    _mark_gaps(lines)
    return lines


def _line(row: list[dict[str, Any]], page: int, size: float) -> PageLine | None:
    row = sorted(row, key=lambda w: w["x0"])
    main = Counter(round(float(w["size"]), 1) for w in row for _ in w["text"]).most_common(1)[0][0]
    # A raised figure is the mark of a footnote, not part of the word before it.
    kept = [w for w in row if not (float(w["size"]) < 0.8 * main and w["text"].strip("()[] ").isdigit())]
    kept = _mend(kept)
    return PageLine(kept, page, small=bool(size) and main < size - 1.4) if kept else None


def _mend(row: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A change of size parts a word: put its halves together where there is no space between them."""
    out: list[dict[str, Any]] = []
    for word in row:
        if out and abs(word["x0"] - out[-1]["x1"]) < 0.6 and abs(word["size"] - out[-1]["size"]) > 0.05:
            out[-1] = {**out[-1], "text": out[-1]["text"] + word["text"], "x1": word["x1"]}
        else:
            out.append(word)
    return out


def _mark_gaps(lines: list[PageLine]) -> None:
    steps = sorted(b.top - a.top for a, b in itertools.pairwise(lines) if b.top - a.top > 2)
    usual = steps[len(steps) // 2] if steps else 0
    for before, line in itertools.pairwise(lines):
        line.gap = bool(usual) and line.top - before.top > 1.35 * usual


def mark_ends(lines: list[PageLine], right: float) -> None:
    """Which lines end before `right` with room for the first word of the line after."""
    for line, after in itertools.pairwise(lines):
        word = after.words[0]
        line.ended = right - line.x1 > word["x1"] - word["x0"] + 0.35 * word["size"]


_SIDE = re.compile(r"cong hoa xa hoi chu nghia|doc lap\s*-\s*tu do|noi nhan\s*:?")


def arrange(lines: list[PageLine]) -> list[PageLine]:
    """Two blocks set side by side (issuer and motto, recipients and signature) read one after the other.

    NĐ 30/2020, Phụ lục I: the issuer stands left of the motto, "Nơi nhận" left of the signature.
    """
    index = 0
    out = list(lines)
    while index < len(out):
        if _SIDE.search(fold(clean(out[index].text))):
            first, last, split = _block(out, index)
            if split is not None and last > first:
                sides = [_split(line, split) for line in out[first:last]]
                halves = [s[0] for s in sides if s[0]] + [s[1] for s in sides if s[1]]
                out[first:last] = halves
                index = first + len(halves)
                continue
        index += 1
    return out


def _block(lines: list[PageLine], index: int) -> tuple[int, int, float | None]:
    """First line, end and the x that parts the block about `index`."""
    split = None
    first = index
    words = fold(clean(lines[index].text))
    head = not re.search(r"noi nhan", words)
    for line in lines[index : index + 6]:
        gap = _widest_gap(line, 0.0 if head and line is lines[index] and _motto(line) else 12.0)
        if gap is not None:
            split = gap
            break
    if split is None:
        return index, index, None
    while (
        head
        and first > 0
        and not _crosses(lines[first - 1], split)
        and lines[first].top - lines[first - 1].top < 30
    ):
        first -= 1
    if not head and first > 0 and lines[first - 1].x0 > split - 20 and not _crosses(lines[first - 1], split):
        first -= 1
    last = index + 1
    while last < len(lines) and not _crosses(lines[last], split) and (not head or last - first < 12):
        last += 1
    return first, last, split


def _motto(line: PageLine) -> bool:
    return bool(re.search(r"cong hoa xa hoi|doc lap", fold(line.text)))


def _widest_gap(line: PageLine, least: float) -> float | None:
    if least == 0.0:  # the motto is a fixed formula: it begins the right-hand block
        for before, word in zip(line.words, line.words[1:], strict=False):
            if fold(clean(word["text"])) in ("cong", "doc"):
                return (before["x1"] + word["x0"]) / 2
        return None
    gaps = [
        (b["x0"] - a["x1"], (a["x1"] + b["x0"]) / 2) for a, b in zip(line.words, line.words[1:], strict=False)
    ]
    best = max(gaps, default=(0.0, 0.0))
    return best[1] if best[0] >= least else None


def _crosses(line: PageLine, split: float) -> bool:
    """Does the line run through `split` without a wide space there?"""
    if any(w["x0"] < split - 4 and w["x1"] > split + 4 for w in line.words):
        return True
    left, right = (
        [w for w in line.words if w["x1"] <= split + 4],
        [w for w in line.words if w["x0"] >= split - 4],
    )
    return bool(left and right) and right[0]["x0"] - left[-1]["x1"] < 7


def _split(line: PageLine, split: float) -> tuple[PageLine | None, PageLine | None]:
    left = [w for w in line.words if (w["x0"] + w["x1"]) / 2 < split]
    right = [w for w in line.words if (w["x0"] + w["x1"]) / 2 >= split]
    return (
        PageLine(left, line.page, line.small) if left else None,
        PageLine(right, line.page, line.small) if right else None,
    )


def drop_running(pages: list[list[PageLine]]) -> list[set[int]]:
    """For each page the identities of the lines to keep: heads and feet that recur on the pages are left
    out."""
    edges: Counter[str] = Counter()
    for lines in pages:
        for line in {_running_key(x): x for x in _edge_lines(lines)}:
            edges[line] += 1
    least = max(2, len(pages) // 2)
    keep = []
    for lines in pages:
        gone = {
            id(line)
            for line in _edge_lines(lines)
            if (edges[_running_key(line)] >= least and len(pages) > 2) or _is_page_number(line)
        }
        keep.append({id(line) for line in lines} - gone)
    return keep


def _edge_lines(lines: list[PageLine]) -> list[PageLine]:
    return lines[:2] + lines[-2:]


def _running_key(line: PageLine) -> str:
    return re.sub(r"\d+", "#", fold(clean(line.text)))


def _is_page_number(line: PageLine) -> bool:
    found = re.fullmatch(
        r"\s*(?:-\s*)?(?:trang\s*)?(\d{1,3})(?:\s*/\s*\d{1,3})?(?:\s*-)?\s*", fold(clean(line.text))
    )
    return bool(found) and abs(int(found[1]) - line.page) <= 1  # type: ignore[index]
