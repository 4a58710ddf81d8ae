"""References to legal and directing documents: kind, number and symbol, date, issuer.

Form of number and symbol: NĐ 30/2020/NĐ-CP, Phụ lục I, II.3 (535/BC-SGDĐT, 1491/SGDĐT-QLCLGDCNTT), Luật
Ban hành văn bản QPPL (09/2021/TT-BGDĐT, 43/2019/QH14) and the Party's HD 36-HD/VPTW (57-NQ/TW).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from .text import fold, squeeze

KINDS = {
    "thong tu lien tich": "Thông tư liên tịch",
    "nghi quyet lien tich": "Nghị quyết liên tịch",
    "ke hoach hanh dong": "Kế hoạch hành động",
    "chuong trinh hanh dong": "Chương trình hành động",
    "ke hoach lien tich": "Kế hoạch liên tịch",
    "ket luan thanh tra": "Kết luận thanh tra",
    "luat": "Luật",
    "bo luat": "Bộ luật",
    "phap lenh": "Pháp lệnh",
    "nghi quyet": "Nghị quyết",
    "nghi dinh": "Nghị định",
    "quyet dinh": "Quyết định",
    "chi thi": "Chỉ thị",
    "thong tu": "Thông tư",
    "ke hoach": "Kế hoạch",
    "cong van": "Công văn",
    "cong dien": "Công điện",
    "thong bao": "Thông báo",
    "ket luan": "Kết luận",
    "huong dan": "Hướng dẫn",
    "chuong trinh": "Chương trình",
    "de an": "Đề án",
    "quy dinh": "Quy định",
    "quy che": "Quy chế",
    "to trinh": "Tờ trình",
    "bao cao": "Báo cáo",
    "van ban": "Văn bản",
    "du an": "Dự án",
    "phuong an": "Phương án",
    "van ban hop nhat": "Văn bản hợp nhất",
    "thong cao": "Thông cáo",
    "giay moi": "Giấy mời",
}
_KIND = "|".join(sorted(KINDS, key=len, reverse=True))
# 57-NQ/TW | 1491/SGDĐT-QLCL | 09/2021/TT-BGDĐT | 218/2025/QH15 | 02-QC/BCĐTW
_SYMBOL = (
    r"\d{1,6}[a-z]?\s?(?:/(?:19|20)\d{2}\s?)?[/-]\s?(?:[a-zđ&]{1,12}\d{0,2})"
    r"(?:\s?[/-]\s?[a-z&.]{1,24}\d{0,2}){0,4}"
)
_DATE = (
    r"(?:(?P<d1>\d{1,2})\s?[/.-]\s?(?P<m1>\d{1,2})\s?[/.-]\s?(?P<y1>\d{4})"
    r"|(?P<d2>\d{1,2})\s+thang\s+(?P<m2>\d{1,2})\s+nam\s+(?P<y2>\d{4}))"
)
CITATION = re.compile(
    rf"\b(?:(?P<kind>{_KIND})\s+(?:so\s*:?\s*)?|(?<=so )|(?<=so: ))(?P<number>{_SYMBOL})"
    rf"(?:\s*,?\s*(?:ky\s+)?(?:ngay\s+)?{_DATE})?",
    re.ASCII,
)
_ISSUER = re.compile(
    r"\s*,?\s*cua\s+(?P<name>.+?)(?=\s*(?:[,;.:\"()]|$)|\s+(?:ve|ban hanh|phe duyet|quy dinh|trien khai|"
    r"dieu chinh|thuc hien|"
    r"ket luan|huong dan|sua doi|theo|tai(?! (?:chinh|nguyen|san))|tren dia ban|va (?:ke hoach|quyet dinh|"
    r"nghi quyet|cong van|thong "
    r"tu|chi thi)|"
    r"quy che|giao(?! (?:duc|thong))|kem theo|thong bao|cong bo|bo sung|khoa(?! hoc)|hoi nghi lan|chi dao|"
    r"chuong trinh|de an)\b)"
)
_HEAD = re.compile(
    r"\s*,?\s*(?P<name>(?:bo|so|ubnd|thu tuong|chinh phu)\b[^,;.:\"()]{0,40}?)"
    r"(?=\s+(?:ve|huong dan|ban hanh|phe duyet|quy dinh|trien khai)\b)"
)
_LAW = re.compile(
    r"\b(?:Bộ luật|Luật|Pháp lệnh)\s+[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ]\w+(?:[ ,]+(?!số\b|ngày\b|năm\b|của\b|và\b|để\b|"
    r"về\b)\w+){1,8}"
)


@dataclass(frozen=True)
class Citation:
    """One reference. `start`, `end` are places in the text that was read."""

    kind: str | None
    number: str | None
    date: dt.date | None
    issuer: str | None
    words: str
    start: int
    end: int

    def as_json(self) -> dict[str, str | None]:
        return {
            "kind": self.kind,
            "number": self.number,
            "issuer": self.issuer,
            "date": self.date.isoformat() if self.date else None,
            "words": self.words,
        }


def valid_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        return None


def date_of(match: re.Match[str]) -> dt.date | None:
    """Date of a match of `_DATE`, None when no date stands there or there is no such day."""
    for n in "12":
        if match.group("y" + n):
            return valid_date(int(match.group("y" + n)), int(match.group("m" + n)), int(match.group("d" + n)))
    return None


def find_citations(text: str) -> list[Citation]:
    """References with a number, in the order of the text (NFC, spaces squeezed)."""
    folded = fold(text)
    found = []
    for match in CITATION.finditer(folded):
        number = _number(text[match.start("number") : match.end("number")])
        if number is None:
            continue
        end, issuer = match.end(), None
        owner = _ISSUER.match(folded, end) or _HEAD.match(folded, end)
        if owner and len(owner.group("name")) <= 110:
            issuer = text[owner.start("name") : owner.end("name")].strip()
            end = owner.end("name")
        kind = KINDS.get(match.group("kind") or "")
        found.append(
            Citation(kind, number, date_of(match), issuer, text[match.start() : end], match.start(), end)
        )
    return found


def _number(raw: str) -> str | None:
    """Number and symbol without the spaces of line breaks; None when the symbol has no capitals."""
    number = re.sub(r"\s+", "", raw).rstrip(".-/&")
    symbol = re.sub(r"^\d+[A-Za-z]?(?:/\d{4})?[/-]?", "", number)
    letters = [c for c in symbol if c.isalpha()]
    if len(letters) < 2 or sum(c.isupper() for c in letters) < 0.6 * len(letters):
        return None
    return number


def find_laws(text: str) -> list[Citation]:
    """Laws that are named without a number ("Luật Giáo dục năm 2019")."""
    return [Citation("Luật", None, None, None, m.group(), m.start(), m.end()) for m in _LAW.finditer(text)]


def mask_citations(text: str) -> str:
    """Folded text with references (and so their dates) blanked: a document's date is no deadline."""
    folded = fold(text)
    out = list(folded)
    for match in CITATION.finditer(folded):
        out[match.start() : match.end()] = "_" * (match.end() - match.start())
    return "".join(out)


def distinct(citations: list[Citation]) -> list[Citation]:
    """One for each number, the fullest words kept, in order of first appearance."""
    best: dict[str, Citation] = {}
    for item in citations:
        key = item.number or "~" + squeeze(fold(item.words))
        held = best.get(key)
        if held is None or _weight(item) > _weight(held):
            best[key] = item
    return list(best.values())


def _weight(item: Citation) -> tuple[bool, bool, bool]:
    return item.date is not None, item.issuer is not None, item.kind is not None
