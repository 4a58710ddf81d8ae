"""Tables whose cells came out of a PDF as running lines, without tabs: the cells are found again by what
they say.

The head gives the order of the columns, the numbers give the rows, and within a row every column begins
where its own words begin: a legal document's name, a unit, a word of time, the name of a product.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ..reading.document import Cell, Line, Row, Table
from . import columns
from .legal import KINDS, mask_citations
from .numbering import may_follow
from .text import fold, is_caps, join_lines, squeeze, starts_lower
from .units import starts_unit

_START = re.compile(r"^\s*(?:stt|tt|so tt|so thu tu)\s+\S")
_ROW = re.compile(r"^\s*(?P<n>[IVX]{1,5}|\d{1,3}(?:[.,]\d{1,2}){0,3})\s*[.)]?(?:\s+(?P<rest>\S.*))?$")
_HEADS = re.compile(
    r"(?:nhiem vu\s*/\s*giai phap(?: thuc hien)?|"
    r"(?:ten |noi dung )?(?:nhiem vu|cong viec|hoat dong|noi dung)(?: (?:thuc hien|cong viec|nhiem vu|cu "
    r"the|trien khai|chu yeu))*|"
    r"can cu(?: phap l[yi]| thuc hien)?|co so phap l[yi]|(?:don vi|co quan|phong|bo phan)(?:,? (?:don vi|"
    r"co quan))? (?:chu tri|phoi hop|thuc hien|"
    r"tham muu)(?:,? (?:tham muu|thuc hien|chu tri))*|chu tri|phoi hop|phan cong|"
    r"(?:thoi gian|thoi han|tien do|han)(?: (?:hoan thanh|thuc hien|trinh|du kien))*|"
    r"hinh thuc\s*/\s*ket qua(?: thuc hien)?(?:\s*/\s*du thao)?|(?:san pham|ket qua)(?:\s*[,/]\s*(?:ket "
    r"qua|san pham))?"
    r"(?: (?:yeu cau|du kien|thuc hien|hoan thanh|dau ra))*|ghi chu)"
)


@dataclass
class _Token:
    text: str
    line: int
    first: bool  # first word of its line
    gap: bool


def rebuild(lines: list[Line]) -> tuple[list[Line | Table], int]:
    """`lines` with flat tables turned into tables, and how many were found."""
    start = next((i for i, line in enumerate(lines) if _START.match(fold(line.text))), None)
    if start is None:
        return list(lines), 0
    head = _read_head(lines, start)
    if head is None:
        return list(lines), 0
    roles, titles, size = head
    body, end = _body(lines, start, size)
    rows = _rows(body)
    if len(rows) < 2:
        return list(lines), 0
    table = _table(rows, roles, titles, lines[start].number)
    return [*lines[:start], table, *lines[end:]], 1


def _read_head(lines: list[Line], start: int) -> tuple[list[str], list[str], int] | None:
    """Roles and titles in order, and the number of lines that the head takes: up to the first row."""
    for size in range(1, 20):
        if start + size >= len(lines):
            return None
        found = _ROW.match(lines[start + size].text)
        if found and found["n"] in ("1", "01", "I", "1.1") and not starts_lower(found["rest"] or "A"):
            words = join_lines([line.text for line in lines[start : start + size]])
            head = _match_head(words)
            return (*head, size) if head else None
    return None


def _match_head(words: str) -> tuple[list[str], list[str]] | None:
    """Every title begins with a capital that no stroke or comma leads up to."""
    titles: list[str] = []
    for word in words.split():
        if not titles or (word[0].isupper() and not titles[-1].endswith(("/", ",", "-", "("))):
            titles.append(word)
        else:
            titles[-1] += " " + word
    if is_caps(words):
        titles = _caps_titles(words)
    roles = columns.roles_of(titles)
    named = [role for role in roles if role != columns.OTHER]
    if not columns.is_task_table(roles) or len(set(named)) != len(named) or roles[0] != columns.NUMBER:
        return None
    return roles, titles


def _caps_titles(words: str) -> list[str]:
    """Titles in capitals, cut by the usual wordings."""
    folded, at, titles = fold(words), 0, []
    while at < len(folded):
        found = re.compile(r"(?:stt|tt|so tt)\b").match(folded, at) or _HEADS.match(folded, at)
        if not found:
            return []
        titles.append(squeeze(words[at : found.end()]))
        at = found.end()
        while at < len(folded) and folded[at] in " ,/-":
            at += 1
    return titles


def _body(lines: list[Line], start: int, size: int) -> tuple[list[Line], int]:
    """Lines of matter, the repeated heads left out, up to the foot of the document."""
    head = [squeeze(fold(line.text)) for line in lines[start : start + size]]
    out: list[Line] = []
    index = start + size
    while index < len(lines):
        here = [squeeze(fold(line.text)) for line in lines[index : index + size]]
        if here == head:
            index += size
            continue
        folded = fold(lines[index].text)
        if re.match(r"\s*(?:noi nhan\s*:|tren day la|(?:tm|kt|tl)\s*\.\s)", folded) or (
            re.match(r"\s*[IVX]+\s*[.]\s", lines[index].text) and is_caps(lines[index].text)
        ):
            break
        out.append(lines[index])
        index += 1
    return out, index


def _rows(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """Lines by row: a row begins at a number that may follow the one before it."""
    rows: list[tuple[str, list[Line]]] = []
    last: dict[str, str | None] = {"number": None, "roman": None, "any": None}
    for line in lines:
        found = _ROW.match(line.text)
        number = found["n"] if found else None
        if number and found and _credible(number, found["rest"], last, rows):
            rows.append((number, [Line(line.number, "", line.page)]))
            if number[0].isdigit():
                last["number"] = last["any"] = number
            else:
                last["roman"], last["number"] = number, None
            if found["rest"]:
                rows[-1][1].append(Line(line.number, found["rest"], line.page, line.gap))
        elif rows:
            rows[-1][1].append(line)
    return rows


def _credible(
    number: str, rest: str | None, last: dict[str, str | None], rows: list[tuple[str, list[Line]]]
) -> bool:
    if rest and not (rest[:1].isupper() or rest[:1] in "\"“'"):
        return False
    if not number[0].isdigit():
        from .numbering import roman_value

        value, before = roman_value(number), roman_value(last["roman"] or "")
        return value is not None and value == (before or 0) + 1
    # Below a new group the numbers begin again or go on.
    if may_follow(last["number"], number) or (last["number"] is None and may_follow(last["any"], number)):
        return not rows or any(line.text for line in rows[-1][1]) or bool(rest)
    return False


def _table(rows: list[tuple[str, list[Line]]], roles: list[str], titles: list[str], first: int) -> Table:
    numbers = [number for number, _ in rows]
    order = roles[1:]
    words = [_Words(_tokens(lines), order) for _, lines in rows]
    bare = [_is_group(numbers, i) for i in range(len(rows))]
    learnt: dict[str, Counter[str]] = {role: Counter() for role in order}
    cuts: list[dict[str, tuple[int, int]]] = []
    for _ in range(2):  # the second time with the cells that recurred in the first
        cuts = [
            {columns.TASK: (0, len(row.tokens))} if group else _segment(row, order, learnt)
            for row, group in zip(words, bare, strict=True)
        ]
        learnt = {
            role: Counter(row.key(*cut[role]) for row, cut in zip(words, cuts, strict=True) if role in cut)
            for role in order
        }
    out = [Row(tuple(Cell(title) for title in titles), first, first)]
    for (number, lines), row, cut in zip(rows, words, cuts, strict=True):
        cells = [Cell(number.replace(",", "."))]
        cells += [Cell(row.text(*cut[role]) if role in cut else "") for role in order]
        start = lines[0].number if lines else first
        out.append(Row(tuple(cells), start, lines[-1].number if lines else start))
    return Table(tuple(out))


def _is_group(numbers: list[str], index: int) -> bool:
    """Does the next number stand below this one?"""
    if not numbers[index][0].isdigit():
        return True
    if index + 1 >= len(numbers):
        return False
    here, after = (re.sub(",", ".", numbers[i]) for i in (index, index + 1))
    return after.startswith(here + ".")


def _tokens(lines: list[Line]) -> list[_Token]:
    out = []
    for place, line in enumerate(lines):
        for index, word in enumerate(line.text.split()):
            out.append(_Token(word, place, index == 0, index == 0 and line.gap))
    return out


def _text(tokens: list[_Token]) -> str:
    lines: dict[int, list[str]] = {}
    for token in tokens:
        lines.setdefault(token.line, []).append(token.text)
    return join_lines([" ".join(words) for words in lines.values()])


class _Words:
    """The words of one row with what the columns make of every place among them."""

    def __init__(self, tokens: list[_Token], order: list[str]) -> None:
        self.tokens = tokens
        self.folded = [fold(token.text) for token in tokens]
        # Asked again for every pair of places: found out once.
        self._dangles = [self._dangling(index) for index in range(len(tokens))]
        self._wants = [self._wants_object(index) for index in range(len(tokens))]
        self.starts: dict[str, dict[int, float]] = {role: {} for role in order[1:]}
        for index in range(1, len(tokens)):
            if self._completes(index):
                continue
            rest = " ".join(token.text for token in tokens[index : index + 40])
            if not _may_begin(tokens[index], rest):
                continue
            folded = " ".join(self.folded[index : index + 40])
            for role in self.starts:
                score = _start_score(rest, folded, role, tokens[index])
                if score is not None:
                    self.starts[role][index] = score
        self.prices = {role: self._prices(role) for role in order}

    def _prices(self, role: str) -> list[float]:
        """Running total of the price of words inside a cell of `role` that look like the start of another
        column."""
        out = [0.0]
        for index, token in enumerate(self.tokens):
            out.append(out[-1] + (self._stranger(index, token, role) if index else 0.0))
        return out

    def _stranger(self, index: int, token: _Token, role: str) -> float:
        before = self.tokens[index - 1].text
        if not token.text[:1].isupper() or before[-1:] in ',;:./(-“"' or self.dangling(index - 1):
            return 0.0
        if role == columns.DEADLINE and self.starts.get(columns.PRODUCT, {}).get(index, 0.0) >= 1.5:
            return 0.0 if self.wants_object(index - 1) else 1.6
        if any(
            index in places for other, places in self.starts.items() if other not in (role, columns.PRODUCT)
        ):
            return 0.6 if role in (columns.TASK, columns.LEGAL) and not token.first else 1.2
        return 1.2 if token.text in ("Các", "Thường", "Sau") else 0.0

    def _completes(self, index: int) -> bool:
        """ "Sở" in "Văn phòng Sở", "Lãnh đạo Sở" goes with the word before it."""
        return self.folded[index].strip(",;") in ("so", "bo", "tinh", "truong") and (
            self.folded[index - 1] in ("phong", "tra", "dao", "doc", "thuoc")
        )

    def dangling(self, index: int) -> bool:
        return self._dangles[index]

    def wants_object(self, index: int) -> bool:
        """Does the word at `index` end a verb whose object must follow ("phê duyệt", "ban hành")?"""
        return self._wants[index]

    def _dangling(self, index: int) -> bool:
        folded = self.folded[index]
        if index and self.folded[index - 1] in ("hang", "moi", "ca", "cuoi", "dau"):
            return False
        return (folded in _DANGLE and self.tokens[index].text[:1].islower()) or folded.endswith(
            (",", "/", "(", "-")
        )

    def _wants_object(self, index: int) -> bool:
        passive = {"duoc", "dc"} & set(self.folded[max(index - 5, 0) : index])
        return not passive and " ".join(self.folded[max(index - 1, 0) : index + 1]) in _VERBS

    def text(self, begin: int, end: int) -> str:
        return _text(self.tokens[begin:end])

    def key(self, begin: int, end: int) -> str:
        return " ".join(self.folded[begin:end])


def _may_begin(token: _Token, rest: str) -> bool:
    head = re.sub(r'^["“ -]+', "", rest)[:1]
    return head.isupper() or head.isdigit() or token.gap


def _segment(words: _Words, order: list[str], learnt: dict[str, Counter[str]]) -> dict[str, tuple[int, int]]:
    """Cut the words of a row at the places that suit the columns best (dynamic programming over the
    places)."""
    size = len(words.tokens)
    if not size:
        return {}
    # best[c][i]: score of giving the words before i to the first c columns, and where each of them ended
    best: list[dict[int, tuple[float, tuple[int, ...]]]] = [{0: (0.0, ())}]
    for place, role in enumerate(order):
        later = order[place + 1 :]
        ends = sorted({size, *(i for other in later for i in words.starts[other])}) if later else [size]
        layer: dict[int, tuple[float, tuple[int, ...]]] = {}
        for begin, (score, path) in best[place].items():
            for end in (begin, *(e for e in ends if e > begin)) if later else (size,):
                gain = _gain(words, begin, end, role, place, learnt)
                if gain is not None and (end not in layer or layer[end][0] < score + gain):
                    layer[end] = (score + gain, (*path, end))
        best.append(layer)
    path = best[-1].get(size, (0.0, (size,) * len(order)))[1]
    return {
        role: (begin, end) for role, begin, end in zip(order, (0, *path), path, strict=False) if end > begin
    }


_LIMITS = {
    columns.LEAD: 14,
    columns.COORDINATING: 40,
    columns.DEADLINE: 24,
    columns.PRODUCT: 45,
    columns.LEGAL: 120,
}


def _gain(
    words: _Words, begin: int, end: int, role: str, place: int, learnt: dict[str, Counter[str]]
) -> float | None:
    """How well the words from `begin` to `end` do as a cell of `role`; None where such a cell cannot
    begin."""
    if begin == end:
        return -1.5 if place else -20.0
    gain = 0.0
    if place:
        if begin not in words.starts[role]:
            return None
        gain += words.starts[role][begin]
    rate = 0.03 if role == columns.DEADLINE else 0.12
    gain -= rate * max(0, end - begin - _LIMITS.get(role, 150))
    if words.dangling(end - 1) or words.wants_object(end - 1):
        gain -= 4.0
    if role == columns.DEADLINE and words.folded[end - 1].endswith(";"):
        gain -= 1.0
    if role == columns.DEADLINE and _WHOLE_TIME.fullmatch(words.key(begin, end)):
        gain += 1.5
    gain -= words.prices[role][end] - words.prices[role][begin + 1]
    if place and learnt[role] and learnt[role][words.key(begin, end)] > 1:
        gain += 2.0
    return gain


_DANGLE = frozenset(
    [
        "cua",
        "va",
        "cac",
        "ve",
        "so",
        "ngay",
        "thang",
        "nam",
        "theo",
        "cho",
        "voi",
        "tai",
        "trong",
        "den",
        "tu",
        "do",
        "la",
        "nhung",
        "ban",
        "bo",
        "bao",
        "kem",
        "khi",
        "sau",
        "truoc",
        "nham",
        "de",
        "hoac",
        "tren",
        "duoc",
        "dong",
        "thuoc",
    ]
)


_VERBS = frozenset({"phe duyet", "ban hanh", "xay dung", "thu tuong", "thuc hien"})
_WHOLE_TIME = re.compile(
    r"(?:thuong xuyen|dinh ky)?,?\s*(?:hang (?:nam|quy|thang|tuan|ngay))?|(?:truoc |trong |den )?(?:ngay |"
    r"thang |quy |nam )?"
    r"[ivx\d/.-]+(?: thang \d+)?(?:,? nam \d{4})?"
)
_TIME = re.compile(
    r"(?:thuong xuyen|hang (?:nam|thang|quy|tuan|ngay)|dinh ky|quy (?:[ivx]+|[1-4])\b|thang \d|t\d{1,2}/|"
    r"nam (?:20|hoc)|truoc |"
    r"sau khi|ngay (?:sau|khi|\d)|khi |trong (?:nam|quy|thang|vong)|cham nhat|hoan thanh (?:truoc|trong|"
    r"quy|thang)|\d{1,2}/\d|giai doan|den (?:het|nam|ngay)|"
    r"het |cuoi nam|dau nam|theo (?:tien do|ke hoach|huong dan|yeu cau|lo trinh)|hoc ky|\d thang (?:dau|"
    r"cuoi)|20\d\d)"
)
_LONG_TIME = re.compile(
    r"(?:tiep tuc trien khai|hoi nghi|tham muu (?:dieu chinh|sua doi)).{0,140}?(?:quy [iv]+|sau khi|"
    r"\bkhi\b|thuong xuyen)"
)
_THING = re.compile(
    r"(?:-\s*)?(?:cac |du thao |nhung |he thong )?(?:van ban|bao cao|ke hoach|de an|cong van|tai lieu|hoi "
    r"nghi|quyet dinh|nghi quyet|to trinh|chuong trinh|"
    r"quy trinh|quy che|huong dan|thong bao|danh muc|phuong an|de xuat|bien ban|san pham|so lieu|ho so|lop|"
    r"hoi thao|chi thi|"
    r"phan mem|nen tang|co so du lieu|ty le|du lieu|ket qua|cong trinh|du an|co ty le|cac quy|cac nen|can "
    r"bo|pham vi|dam bao|bao dam|doi voi|he thong)"
)
_LAW = re.compile(
    r"(?:thuc hien |theo |can cu )?(?:"
    + "|".join(sorted(KINDS, key=len, reverse=True))
    + r")\b|nhiem vu nam hoc|nghi quyet|theo "
)


def _start_score(rest: str, folded: str, role: str, token: _Token) -> float | None:
    """How likely a cell of `role` begins at `token`, from which `rest` follows; None when it cannot."""
    place = 0.8 if token.gap else 0.4 if token.first else -0.4
    if role == columns.LEAD and rest.startswith("Theo ") and _LAW.match(folded[5:]):
        return 2.2 + place
    if role in (columns.LEAD, columns.COORDINATING, "both"):
        return 3.0 + place if rest[:1].isupper() and starts_unit(rest) else None
    if role == columns.DEADLINE:
        if _TIME.match(folded):
            return 3.0 + place
        return 2.2 + place if _LONG_TIME.match(mask_citations(rest)) else None
    if role == columns.PRODUCT:
        if _THING.match(folded):
            return 2.0 + place
        return place - 0.5 if rest.lstrip("- ")[:1].isupper() else None
    if role == columns.LEGAL:
        if not _LAW.match(folded):
            return None
        return (3.0 if re.match(r"[^,;.]{0,60}?\d", folded) else 2.2) + place - (0.0 if token.first else 1.5)
    return 0.2 + place
