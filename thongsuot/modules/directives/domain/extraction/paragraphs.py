"""Lines put together as paragraphs; footnotes, stamps, printed links and page numbers taken out."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from ..reading.document import Line, ReadDocument, Table
from .numbering import BULLETS, Marker, read_marker
from .text import ends_sentence, fold, is_caps, join_lines, squeeze, starts_lower, starts_upper

STAMP = re.compile(r"^\s*\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:[.]\d+)?(?:Z|[+-]\d{2}:?\d{2})?\s*$")
_STAMP_WORDS = re.compile(
    r"^\s*(?:(?:nguoi ky|ky boi|duoc ky boi|thoi gian ky|ngay ky|signed by|signature not verified|"
    r"digitally signed|email|to chuc xac thuc|ky so boi)\s*:|signature (?:not verified|valid)|"
    r"ngay ky:? \d|chu ky so cua)"
)
_LINK = re.compile(r"^\s*(?:https?://|www\.)\S+\s*$", re.IGNORECASE)
_PAGE = re.compile(r"^\s*(?:-\s*\d{1,3}\s*-|trang\s+\d{1,3}(?:\s*/\s*\d{1,3})?|\d{1,3})\s*$")
_FORCED = re.compile(
    r"^\s*(?:noi nhan\s*:?|kinh gui\s*:?|can cu\b|(?:tm|kt|tl|tuq|q)\s*\.|[tk]/[mtl]\s|cong hoa xa hoi|doc lap\s*-|"
    r"so\s*:\s|v/v\b|"
    r"tren day la\b|\(kem theo|\(ban hanh kem theo|phu luc\b|quyet dinh\s*:|xet de nghi|theo de nghi cua|nham |"
    r"ngay \d{1,2}/\d|nam hoc 20\d\d\s*-\s*20\d\d,|thoi gian qua\b|"
    r"de (?:trien khai|thuc hien|tiep tuc|kip thoi|chuan bi|bao dam|dam bao)\b|thuc hien "
    r"(?:nghi quyet|ke hoach|cong van|quyet dinh|chi thi|thong bao|thong tu|chuong trinh)\s+so|luu\s*:|ghi "
    r"chu\s*:)"
)

# The last paragraph of a letter or a plan: it asks all to carry it out.
CLOSING = re.compile(
    r"^\s*(?:tren day la|de nghi (?:cac|thu truong|lanh dao|ubnd|uy ban|giam doc|hieu truong|dong chi)|yeu "
    r"cau (?:cac|thu truong|"
    r"lanh dao|ubnd|uy ban|giam doc|hieu truong)|nhan duoc (?:cong van|van ban|ke hoach|thong bao|chi thi)|"
    r"trong qua trinh (?:to chuc |"
    r"trien khai )*(?:thuc hien|trien khai)|[^,;:.]{4,70}\s(?:de nghi|yeu cau|thong bao de|bao "
    r"cao)\s+(?:cac|thu truong|lanh dao|ubnd|"
    r"uy ban|giam doc|hieu truong|dong chi)\b|can cu (?:noi dung|ke hoach nay|huong dan nay))"
)


@dataclass
class Paragraph:
    """A paragraph with the source lines it came from; `marker` is its number, `text` what follows the
    number."""

    text: str
    start_line: int
    end_line: int
    marker: Marker | None = None
    caps: bool = False
    skip: list[tuple[int, int]] = field(default_factory=list)

    @property
    def full(self) -> str:
        return f"{self.marker.label} {self.text}" if self.marker else self.text


@dataclass
class Flow:
    """The document as paragraphs and tables, with what was set aside."""

    items: list[Paragraph | Table]
    footnotes: list[Paragraph]
    stamps: list[str]


def build(document: ReadDocument) -> Flow:
    """Paragraphs of `document` in reading order."""
    stamps: list[str] = []
    footnotes = [Paragraph(note, 0, 0) for note in document.notes]
    runs: list[list[Line] | Table] = []
    for item in document.flow:
        if isinstance(item, Table):
            runs.append(item)
        elif STAMP.match(item.text):
            stamps.append(item.text.strip())
        elif not _is_noise(item):
            if not runs or isinstance(runs[-1], Table):
                runs.append([])
            runs[-1].append(item)  # type: ignore[union-attr]
    lines = [line for run in runs if not isinstance(run, Table) for line in run]
    style = _Style(lines)
    items: list[Paragraph | Table] = []
    for run in runs:
        if isinstance(run, Table):
            items.append(run)
        else:
            items.extend(_Assembler(style, footnotes).run(run))
    return Flow(items, footnotes, stamps)


def _is_noise(line: Line) -> bool:
    folded = fold(line.text)
    if not any(char.isalnum() for char in line.text):
        return True
    if _LINK.match(line.text) or _STAMP_WORDS.match(folded):
        return True
    return bool(_PAGE.match(folded)) and not folded.strip().isdigit()


class _Style:
    """How the document breaks its lines: one paragraph a line, or wrapped at a width."""

    def __init__(self, lines: list[Line]) -> None:
        texts = [line.text.strip() for line in lines]
        lengths = sorted(map(len, texts)) or [0]
        lower = sum(starts_lower(text) and not read_marker(text) for text in texts)
        self.wrapped = lower >= 0.12 * max(len(texts), 1) and lengths[-1] < 260
        self.width = lengths[int(len(lengths) * 0.9)] if texts else 0
        gaps = sum(line.gap for line in lines[1:])
        stops = [
            starts_lower(b.text) and not read_marker(b.text) for a, b in itertools.pairwise(lines) if a.ended
        ]
        self.ends_tell = bool(stops) and sum(stops) < 0.1 * len(stops)
        self.gaps_tell = self.wrapped and 0 < gaps < 0.6 * max(len(lines) - 1, 1)


class _Assembler:
    def __init__(self, style: _Style, footnotes: list[Paragraph]) -> None:
        self.style, self.footnotes = style, footnotes
        self.done: list[Paragraph] = []
        self.parts: list[Line] = []
        self.last: dict[str, int] = {}
        self._head: Marker | None = None

    def run(self, lines: list[Line]) -> list[Paragraph]:
        index = 0
        while index < len(lines):
            size = self._footnote(lines, index)
            if size:
                self._keep_note(lines[index : index + size])
                index += size
                continue
            line = lines[index]
            if self.parts and self._breaks(self.parts[-1], line):
                self._close()
            if not self.parts:
                self._head = self._credible(line.text)
            self.parts.append(line)
            index += 1
        self._close()
        return [
            paragraph for paragraph in self.done if not (paragraph.text.isdigit() and not paragraph.marker)
        ]

    def _close(self) -> None:
        if not self.parts:
            return
        marker = self._head
        text = join_lines([line.text for line in self.parts])
        marker_end = read_marker(text)
        body = text[marker_end.end :] if marker and marker_end else text
        numbers = [line.number for line in self.parts]
        skips = [
            (a + 1, b - 1)
            for a, b in itertools.pairwise(numbers)
            if any(a < note.start_line < b for note in self.footnotes)
        ]
        self.done.append(
            Paragraph(
                squeeze(body), numbers[0], numbers[-1], marker if marker_end else None, is_caps(body), skips
            )
        )
        if marker and marker.value is not None:
            self.last[marker.kind] = marker.value
        self.parts, self._head = [], None

    def _credible(self, text: str) -> Marker | None:
        """The marker at the head of a line, unless it is a figure or a word that fell there."""
        marker = read_marker(text)
        if marker is None:
            return None
        rest = text[marker.end :]
        if (
            marker.kind in ("number", "number-paren")
            and starts_lower(rest)
            and self.style.wrapped
            and (marker.value != self.last.get(marker.kind, 0) + 1)
        ):
            return None
        if marker.kind == "dash" and re.match(r"\s*\d{4}\b", rest):
            return None
        return marker

    def _breaks(self, before: Line, line: Line) -> bool:
        text, prior = line.text.strip(), before.text.strip()
        folded = fold(text)
        if _FORCED.match(folded) and starts_upper(text):
            return not (
                folded.startswith("quyet dinh")
                and not ends_sentence(prior)
                and self.style.wrapped
                and not line.gap
                and len(prior) > 0.8 * self.style.width
            )
        if self._goes_on(prior, text):
            return False
        if CLOSING.match(folded) and prior.endswith((".", "./.")) and starts_upper(text):
            return True
        marker = self._credible(text)
        if marker:
            return not (
                self.style.wrapped
                and marker.kind not in BULLETS
                and not ends_sentence(prior)
                and not self._expected(marker)
                and not is_caps(text)
            )
        if not self.style.wrapped:
            return ends_sentence(prior) or not (starts_lower(text) or before.ended is False)
        return self._ends(before, line)

    @staticmethod
    def _goes_on(prior: str, text: str) -> bool:
        """A symbol or a span of years cut at its hyphen, or a line that breaks off in the middle of a
        phrase."""
        if re.search(r"\w-$|\d\s-$", prior) and re.match(r"[0-9A-ZĐ]", text) and not read_marker(text):
            return True
        return (
            bool(
                re.search(
                    r"(?:\b(?:và|của|các|về|ngày|số|tháng|năm|theo|cho|với|tại|trong|đến|từ|do|là|những)|,)$",
                    prior,
                )
            )
            and not read_marker(text)
            and not is_caps(text)
        )

    def _expected(self, marker: Marker) -> bool:
        if marker.value is None:
            return True
        before = self.last.get(marker.kind, 0)
        if self._head and self._head.kind == marker.kind and self._head.value is not None:
            before = self._head.value
        return marker.value in (1, before, before + 1)

    def _ends(self, before: Line, line: Line) -> bool:
        text, prior = line.text.strip(), before.text.strip()
        if starts_lower(text):
            return False
        if is_caps(prior) != is_caps(text) and len(text) > 3 and len(prior) > 3:
            return True
        if self.style.ends_tell and before.ended is not None:
            return before.ended and not (is_caps(prior) and is_caps(text))
        if self.style.gaps_tell and line.gap:
            return True
        if ends_sentence(prior) and (len(prior) < 0.8 * self.style.width or re.search(r"[;:]$", prior)):
            return True
        return not ends_sentence(prior) and len(prior) < 0.55 * self.style.width and not is_caps(prior)

    def _footnote(self, lines: list[Line], index: int) -> int:
        """How many lines from `index` are a footnote (0 when none begins there)."""
        line = lines[index]
        if line.small:
            size = 0
            while (
                index + size < len(lines)
                and lines[index + size].small
                and lines[index + size].page == line.page
            ):
                size += 1
            return size
        found = re.match(r"\s*(\d{1,2})\s?(?=[A-ZĐÂÊÔƠƯ][^\s.)]*\s)", line.text)
        if not found or not self._has_mark(int(found[1])):
            return 0
        for size in range(1, min(40, len(lines) - index + 1)):
            after = lines[index + size] if index + size < len(lines) else None
            if after is None:
                return size
            if lines[index + size - 1].text.rstrip().endswith((".", "./.", ";")) and (
                starts_lower(after.text) or self._credible(after.text) or after.page != line.page
            ):
                return size
        return 0

    def _has_mark(self, number: int) -> bool:
        """Does an earlier paragraph carry the raised figure `number` at the end of a word?"""
        pattern = re.compile(rf"(?<=[^\W\d_]){number}(?=[\s.,;:)”\"]|$)")
        for paragraph in self.done[-12:]:
            if pattern.search(paragraph.text):
                paragraph.text = pattern.sub("", paragraph.text, count=1)
                return True
        for place, part in enumerate(self.parts):
            if pattern.search(part.text):
                self.parts[place] = Line(
                    part.number, pattern.sub("", part.text, count=1), part.page, part.gap
                )
                return True
        return False

    def _keep_note(self, lines: list[Line]) -> None:
        text = re.sub(r"^\s*\[?\d{1,2}\]?\s?", "", join_lines([line.text for line in lines]))
        self.footnotes.append(Paragraph(text, lines[0].number, lines[-1].number))
