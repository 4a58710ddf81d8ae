"""When a task is due: the words of a time cell or a clause read as a kind and a last day.

Kinds: date, month, quarter, school-year, ongoing, recurring, event, none. A calendar year, a half-year or
a span of years is `date` with the last day and its own `precision`. "Trước ngày 31/3" is due on the day
that is named. A school year has no day, for the plan of the school year that sets it is another document
(Luật Giáo dục 2019, Điều 105).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace

from .legal import mask_citations, valid_date
from .numbering import roman_value
from .text import blank_brackets, clean, fold, squeeze

KINDS = ("date", "month", "quarter", "school-year", "ongoing", "recurring", "event", "none")


@dataclass(frozen=True)
class Deadline:
    """`date` is the last day; `period` of a recurring one is day, week, month, quarter, term or year."""

    kind: str = "none"
    raw: str | None = None
    date: dt.date | None = None
    event: str | None = None
    precision: str | None = None
    bound: str | None = None
    period: str | None = None
    recurs_on: str | None = None

    def as_json(self) -> dict[str, str | None]:
        out: dict[str, str | None] = {
            "kind": self.kind,
            "raw": self.raw,
            "date": self.date.isoformat() if self.date else None,
            "event": self.event,
        }
        extra = {
            "precision": self.precision,
            "bound": self.bound,
            "period": self.period,
            "recurs_on": self.recurs_on,
        }
        return out | {key: value for key, value in extra.items() if value}


NONE = Deadline()


@dataclass(frozen=True)
class _Found:
    kind: str
    date: dt.date | None
    start: int
    end: int
    precision: str


_Y = r"(?:\s*(?:[/.-]|,?\s*nam)\s*(?P<y>20\d{2}))"
_DAY = re.compile(
    r"(?<!thang )(?<!quy "
    r")(?<![\d/.])(?P<d>[0-3]?\d)\s?[/.-]\s?(?P<m>[01]?\d)\s?[/.-]\s?(?P<y>20\d{2})(?![\d/])"
    r"|(?P<d2>[0-3]?\d)\s*thang\s*(?P<m2>[01]?\d)\s*,?\s*nam\s*(?P<y2>20\d{2})"
)
_DAY_NO_YEAR = re.compile(
    r"(?<=ngay )\s*(?P<d>[0-3]?\d)\s?[/-]\s?(?P<m>[01]?\d)(?![\d/])"
    r"|(?<=ngay )\s*(?P<d2>[0-3]?\d)\s*thang\s*(?P<m2>[01]?\d)(?!\s*,?\s*(?:nam\s*20)?\d)"
    r"|(?:truoc|den|cham nhat|^)\s*(?P<d3>[0-3]?\d)/(?P<m3>[01]?\d)(?![\d/])"
)
_MONTH = re.compile(
    r"(?:(?:\bthang|\bt)\s*(?:(?:[01]?\d\s*(?:,|-|va|den|den thang|- thang)\s*)*)(?:thang\s*)?(?P<m>[01]?\d)"
    + _Y
    + r")|(?<![\d/.-])(?P<m2>[01]?\d)\s?[/-]\s?(?P<y2>20\d{2})(?![\d/])",
    re.ASCII,
)
_MONTH_NO_YEAR = re.compile(
    r"\bthang\s*(?:[01]?\d\s*(?:,|-|va|den|den thang|- thang)\s*)*(?P<m>[01]?\d)\b(?!\s*(?:/|-)\s*\d)"
    r"(?!\s*(?:dau|cuoi)\b)(?!\s*hang\b)"
)
_Q = r"(?P<q>iv|i{1,3}|[1-4])"
_QUARTER = re.compile(
    r"\bquy\s*(?:(?:iv|i{1,3}|[1-4])\s*(?:,|-|va|den|den quy|- quy)\s*(?:quy\s*)?)*" + _Q + r"\b" + _Y
)
_QUARTER_NO_YEAR = re.compile(
    r"\bquy\s*(?:(?:iv|i{1,3}|[1-4])\s*(?:,|-|va|den)\s*(?:quy\s*)?)*" + _Q + r"\b(?!\s*[/-]\s*\d)"
)
_HALF = re.compile(r"\b0?(?P<n>6|sau|9|chin|3|ba)\s*thang\s*(?P<side>dau|cuoi)\s*nam(?:\s*(?P<y>20\d{2}))?")
_SCHOOL_YEAR = re.compile(
    r"(?:(?:het |cuoi |dau )?(?:hoc (?:ky|ki) (?:[12]|i{1,2})\s*,?\s*(?:cua\s*)?)?)nam "
    r"hoc\s*20\d{2}\s*[-/]\s*(?:20)?\d{2}"
    r"|(?:het |cuoi |dau |ket thuc )?hoc (?:ky|ki) (?:[12]|i{1,2})\b(?:\s*nam hoc\b)?|(?:dau|cuoi|ket thuc|"
    r"trong) nam hoc\b"
    r"|nam hoc moi\b"
)
_YEAR = re.compile(r"(?<![\d/-])(?:nam\s*)?(?P<y>20\d{2})(?![\d/])(?!\s*[-]\s*20\d{2})")
_SPAN = re.compile(r"(?:giai doan\s*)?20\d{2}\s*-\s*(?P<y>20\d{2})")
_ONGOING = re.compile(
    r"thuong xuyen|lien tuc|xuyen suot|hang ngay(?! thang)|trong suot|lau dai|ca nam|quanh nam"
)
_EVERY = re.compile(
    r"(?:hang|moi|theo)\s+(?P<p>ngay|tuan|thang|quy(?! (?:dinh|che|trinh|hoach|mo\b))|hoc (?:ky|ki)|nam hoc|nam)\b"
    r"(?!\s*\d)(?!\s*(?:i{1,3}|iv)\b)"
)
_REGULAR = re.compile(
    r"(?P<end>thang cuoi (?:cua )?(?:moi )?quy)\b|\bdinh (?:ky|ki)\b|(?:1|mot|2|hai|\d)\s*lan\s*[/]?\s*(?:nam|quy|thang|tuan|hoc ky)"
)
_PERIODS = {
    "ngay": "day",
    "tuan": "week",
    "thang": "month",
    "quy": "quarter",
    "hoc ky": "term",
    "hoc ki": "term",
    "nam": "year",
    "nam hoc": "year",
}
_EVENT = re.compile(
    r"(?:ngay\s+)?sau khi\b|ngay khi\b|\bkhi\s+(?:co|duoc|nhan|\"|bo|so|ubnd|thu tuong|chinh phu|de an|"
    r"trung uong|cap|hoan thanh|ket thuc|phat sinh|"
    r"co so|xay ra|trien khai|cac|nghi|luat|van ban|quyet dinh|thong tu|ke hoach)|"
    r"\bsau\s+\d+\s*(?:ngay|thang|tuan)|ngay sau\b|trong (?:vong|thoi han)\s+\d+|ke tu (?:ngay|khi)|"
    r"\btruoc\s+(?:khi|(?:ngay\s+|le\s+)?(?:tuu truong|khai giang)|them|dip|mua|tet|ky (?:thi|hop))\b|"
    r"\btheo\s+(?:dung\s+)?(?:tien do|lo trinh|ke hoach|huong dan|yeu cau|chi dao|quy dinh|lich|tung|thoi "
    r"gian|van ban|thong bao|de an)|\bdot xuat\b"
    r"|\bphat sinh\b"
)
_BEFORE = re.compile(
    r"(?:truoc|cham nhat|khong qua|muon nhat|den het|het|trong|den|xong truoc|vao)\s*(?:la\s+)?(?:ngay\s*)?$"
)


def parse_deadline(raw: str | None, *, today_year: int | None = None) -> Deadline:
    """Read a time cell or what a person typed as a deadline.

    `today_year` stands in for a year that is not written ("trước ngày 15/4", "Quý III"). Never raises:
    text that says nothing about time gives kind "none" with the text kept in `raw`.
    """
    text = squeeze(clean(raw or "").replace("\n", " ")).strip(" -;")
    if not text:
        return NONE
    folded = _quiet(text)
    found = _dated(folded, today_year, cell=True)
    if found:
        return _settle(text, folded, found)
    return replace(_undated(text, folded, cell=True), raw=text[:500])


def _quiet(text: str) -> str:
    """Folded, with citations and quoted names blanked, for their dates and years bind nobody."""
    masked = mask_citations(text)
    return re.sub(r'"[^"]*"', lambda m: '"' + "_" * (len(m.group()) - 2) + '"', masked)


def _dated(folded: str, year: int | None, *, cell: bool) -> list[_Found]:
    regular = _EVERY.search(folded)
    found = _days(folded, None if regular else year)
    taken = _blank(folded, found)
    for reader in (_halves, _months, _quarters):
        more = reader(taken, None if regular else year)
        found += more
        taken = _blank(taken, more)
    if not found and cell and not _SCHOOL_YEAR.search(taken) and not _EVENT.search(taken):
        found += _years(taken)
    return found


def _blank(folded: str, found: list[_Found]) -> str:
    out = list(folded)
    for item in found:
        out[item.start : item.end] = "_" * (item.end - item.start)
    return "".join(out)


def _days(folded: str, year: int | None) -> list[_Found]:
    out = []
    for match in _DAY.finditer(folded):
        n = "" if match.group("d") else "2"
        day = valid_date(int(match["y" + n]), int(match["m" + n]), int(match["d" + n]))
        if day:
            out.append(_Found("date", day, match.start(), match.end(), "day"))
    if year:
        for match in _DAY_NO_YEAR.finditer(_blank(folded, out)):
            n = next(n for n in ("", "2", "3") if match.group("d" + n))
            day = valid_date(year, int(match["m" + n]), int(match["d" + n]))
            if day:
                out.append(_Found("date", day, match.start(), match.end(), "day"))
    return out


def last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _months(folded: str, year: int | None) -> list[_Found]:
    out = []
    for match in _MONTH.finditer(folded):
        n = "" if match.group("m") else "2"
        month = int(match["m" + n])
        if 1 <= month <= 12:
            out.append(
                _Found("month", last_day(int(match["y" + n]), month), match.start(), match.end(), "month")
            )
    if year:
        for match in _MONTH_NO_YEAR.finditer(_blank(folded, out)):
            month = int(match["m"])
            if 1 <= month <= 12:
                out.append(_Found("month", last_day(year, month), match.start(), match.end(), "month"))
    return out


def _quarters(folded: str, year: int | None) -> list[_Found]:
    out = []
    matches = list(_QUARTER.finditer(folded)) or (list(_QUARTER_NO_YEAR.finditer(folded)) if year else [])
    for match in matches:
        value = match["q"]
        quarter = int(value) if value.isdigit() else roman_value(value.upper()) or 1
        stated = match.groupdict().get("y")
        out.append(
            _Found(
                "quarter",
                last_day(int(stated) if stated else year or 0, quarter * 3),
                match.start(),
                match.end(),
                "quarter",
            )
        )
    return out


def _halves(folded: str, year: int | None) -> list[_Found]:
    out = []
    for match in _HALF.finditer(folded):
        stated = int(match["y"]) if match["y"] else year
        if stated:
            months = {"6": 6, "sau": 6, "9": 9, "chin": 9}.get(match["n"], 3)
            month = months if match["side"] == "dau" else 12
            out.append(_Found("date", last_day(stated, month), match.start(), match.end(), "half-year"))
    return out


def _years(folded: str) -> list[_Found]:
    summers = [
        _Found("date", dt.date(int(m["y"]), 8, 31), m.start(), m.end(), "summer")
        for m in re.finditer(r"\b(?:dip )?he\s*(?:nam\s*)?(?P<y>20\d{2})", folded)
    ]
    if summers:
        return summers
    spans = [
        _Found("date", dt.date(int(m["y"]), 12, 31), m.start(), m.end(), "years")
        for m in _SPAN.finditer(folded)
    ]
    if spans:
        return spans
    return [
        _Found("date", dt.date(int(m["y"]), 12, 31), m.start(), m.end(), "year")
        for m in _YEAR.finditer(folded)
        if not re.search(r"(?:dinh huong|tam nhin)\s+(?:den\s+)?$", folded[: m.start()])
    ]


def _settle(text: str, folded: str, found: list[_Found]) -> Deadline:
    """Several dates in one cell: an exact day outranks a month or a quarter, then the latest one counts."""
    days = [item for item in found if item.kind == "date" and item.precision == "day"] or found
    chosen = max(days, key=lambda item: (item.date or dt.date.min, item.start))
    before = _BEFORE.search(folded[: chosen.start])
    event = _EVENT.search(folded)
    return Deadline(
        kind=chosen.kind,
        raw=text[:500],
        date=chosen.date,
        precision=chosen.precision,
        bound="before" if before and re.match(r"truoc", before.group()) else None,
        event=_clause(text, folded, event.start(), chosen.start)
        if event and event.start() < chosen.start
        else None,
    )


def _clause(text: str, folded: str, start: int, stop: int | None = None) -> str:
    """Words of the event: to the next comma or stop outside brackets."""
    quiet = blank_brackets(folded)
    end = re.compile(r"[;.](?:\s|$)|,\s").search(quiet, start)
    last = min(end.start() if end else len(text), stop or len(text))
    return text[start:last].strip(" ,;.(")[:400]


def _undated(text: str, folded: str, *, cell: bool) -> Deadline:
    every, regular, event = _EVERY.search(folded), _REGULAR.search(folded), _EVENT.search(folded)
    ongoing = _ONGOING.search(folded)
    period = _PERIODS.get(every["p"]) if every else "quarter" if regular and regular["end"] else None
    if ongoing and (cell or _is_adverb(folded, ongoing)):
        return Deadline("ongoing", text[ongoing.start() : ongoing.end()], period=period)
    if every or regular:
        start = min(m.start() for m in (every, regular) if m)
        on = re.search(r"ngay\s+(\d{1,2})(?:\s*(?:thang|/)\s*(\d{1,2}))?\s*(?:hang|moi|cua)", folded)
        recurs = None
        if on:
            recurs = f"{int(on[2]):02d}-{int(on[1]):02d}" if on[2] else f"{int(on[1]):02d}"
            start = min(start, on.start())
        return Deadline(
            "recurring",
            text[start:] if cell else _clause(text, folded, start),
            period=period,
            recurs_on=recurs,
        )
    school = _SCHOOL_YEAR.search(folded)
    if event and not (school and event.start() > school.end()):
        return Deadline("event", text[event.start() :], event=_clause(text, folded, event.start()))
    if school:
        return Deadline("school-year", text[school.start() : school.end()])
    return NONE


# "đánh giá thường xuyên", "giáo dục thường xuyên", "chi thường xuyên" are names of things.
_NAMED_REGULAR = re.compile(
    r"(?:giao duc|danh gia|chi|boi duong|kiem tra|kinh phi|du toan|ngan sach|che do|hoat dong|tu chu|"
    r"nhiem vu|cong tac|tt)\s+$"
)


_ADVERBS = ("thuong xuyen", "lien tuc", "trong suot", "quanh nam")


def _is_adverb(folded: str, match: re.Match[str]) -> bool:
    if match.group() == "hang ngay":
        return False
    return match.group() in _ADVERBS and not _NAMED_REGULAR.search(folded[: match.start()])


_DUE_WORDS = re.compile(
    r"(?:truoc|cham nhat|muon nhat|khong qua|den het|het|trong|den|hoan thanh|xong|vao|thoi gian|thoi han|"
    r"han)"
    r"(?:\s+(?:la|vao|truoc|trong|cuoi|dau|giua|het|den|hoan thanh|thuc hien|dip|bao cao|cuoi cung|gui|ve|"
    r":))*\s*:?\s*"
    r"(?:\d{1,2}\s*(?:gio|h)(?:\s*\d{0,2})?(?:\s*phut)?\s*,?\s*)?(?:ngay\s+)?(?:thu\s+\w+\s*,?\s*)?(?:ngay\s+)?$"
)


def find_deadline(text: str, *, year: int | None = None) -> Deadline:
    """The deadline that a clause of prose sets. Stricter than a cell: a date counts only after "trước",
    "chậm nhất", "trong", "hoàn thành" ..., "thường xuyên" only as an adverb, a school year only at the end.
    """
    text = squeeze(clean(text))
    folded = _quiet(text)
    found = _due(folded, _dated(folded, year, cell=False))
    found = found or [item for item in _years(folded) if _is_due(folded, item)]
    if found:
        deadline = _settle(text, folded, found)
        item = next(i for i in found if i.date == deadline.date)
        lead_in = _DUE_WORDS.search(folded[: item.start])
        return replace(deadline, raw=text[lead_in.start() if lead_in else item.start : item.end])
    return _prose_undated(text, folded)


def _due(folded: str, items: list[_Found]) -> list[_Found]:
    """Those that are due, and those that "và" or a comma joins to one that is."""
    out: list[_Found] = []
    for item in sorted(items, key=lambda item: item.start):
        joined = out and re.fullmatch(
            r"\s*(?:,|;|va|hoac)\s*(?:truoc\s*)?(?:ngay\s*)?", folded[out[-1].end : item.start]
        )
        if joined or _is_due(folded, item):
            out.append(item)
    return out


def _is_due(folded: str, item: _Found) -> bool:
    lead_in = _DUE_WORDS.search(folded[: item.start])
    return bool(lead_in) and not re.search(
        r"(?:tu|dinh huong|tam nhin)\s*(?:ngay\s*|den\s*)?$", folded[: item.start]
    )


_NOT_TIMED = re.compile(
    r"(?:danh gia|kiem tra|thanh tra|cong tac|ke hoach|du toan|ngan sach|khen thuong|so ket|hop|nam hoc)\s+$"
)


_PROSE_EVENT = re.compile(
    r"(?:ngay\s+)?sau khi\b|ngay khi\b|ngay sau\b|trong (?:vong|thoi han)\s+\d+|"
    r"\btrong \d+\s+(?:ngay|tuan|thang)\b|"
    r"(?:xong|hoan thanh) truoc khi\b|\bden khi\b|"
    # before a step of the same procedure ("trước khi ban hành") is how, not when
    r"\btruoc khi (?!ban hanh|ky|trinh|phe duyet|cong bo|gui|su dung|trien khai|thuc hien|dua|quyet dinh|"
    r"tham muu|dang|cap|cong khai|to chuc|lay|bao cao|chuyen|nhap)|"
    r"\btruoc (?:(?:ngay\s+|le\s+)?(?:tuu truong|khai giang)|them|dip|mua|tet|ky (?:thi|hop))\b"
)
_TERM = re.compile(r"hoc (?:ky|ki)|(?:het|cuoi|ket thuc) nam hoc")


def _prose_undated(text: str, folded: str) -> Deadline:
    quiet = blank_brackets(folded)
    ongoing = next((m for m in _ONGOING.finditer(quiet) if _is_adverb(quiet, m)), None)
    if ongoing:
        return Deadline("ongoing", text[ongoing.start() : ongoing.end()])
    for match in re.finditer(_EVERY.pattern + "|" + _REGULAR.pattern, quiet):
        if _NOT_TIMED.search(quiet[: match.start()]) or match.group().startswith(
            ("theo", "hang ngay", "moi ngay")
        ):
            continue
        return _undated(text, _only(quiet, match.start()), cell=False)
    event = _PROSE_EVENT.search(quiet)
    if event:
        return Deadline(
            "event", _clause(text, folded, event.start()), event=_clause(text, folded, event.start())
        )
    school = re.search(_SCHOOL_YEAR.pattern + r"(?=\s*[.;]?\s*$)", quiet)
    if (
        school
        and (
            re.search(r"nam hoc\s*20", school.group())
            or (
                _TERM.search(school.group())
                and re.search(r"\b(?:trong|het|xong|truoc)\s*$", quiet[: school.start()])
            )
            or re.match(r"(?:het|cuoi|ket thuc) ", school.group())
        )
        and not re.search(r"(?:tu|dau)\s*$", quiet[: school.start()])
    ):
        return Deadline("school-year", text[school.start() : school.end()])
    return NONE


def _only(folded: str, start: int) -> str:
    """`folded` from the clause in which `start` stands, what is before it blanked."""
    begin = max(folded.rfind(";", 0, start), folded.rfind(". ", 0, start)) + 1
    return "_" * begin + folded[begin:]


def same_time(one: Deadline, other: Deadline) -> bool:
    return (one.kind, one.date, one.event, one.period) == (other.kind, other.date, other.event, other.period)


def mentions_time(text: str) -> bool:
    return parse_deadline(text).kind != "none" or bool(re.search(r"thoi gian|thoi han", fold(text)))
