"""Head of the document: number and symbol, type, issuer, place and date, subject, addressees.

Layout by NĐ 30/2020/NĐ-CP, Phụ lục I, phần I-II. The head ends where the legal bases or the first section
begin.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from .legal import KINDS, find_citations, valid_date
from .paragraphs import Paragraph
from .text import ends_sentence, fold, is_caps, sentence_case, squeeze

TYPES = (
    "nghi quyet",
    "quyet dinh",
    "chi thi",
    "quy che",
    "quy dinh",
    "thong cao",
    "thong bao",
    "huong dan",
    "chuong trinh",
    "ke hoach",
    "phuong an",
    "de an",
    "du an",
    "bao cao",
    "bien ban",
    "to trinh",
    "hop dong",
    "cong dien",
    "ket luan",
    "thong tu",
    "nghi dinh",
    "luat",
    "cong van",
    "giay moi",
    "thong tri",
    "lenh",
)
_TITLE = re.compile(r"^\s*(?P<type>" + "|".join(TYPES) + r")(?:\s+(?P<more>hanh dong|lien tich|chi tiet))?\b")
_PARTY_NUMBER = re.compile(r"^\s*so\s+(?P<number>\d*\s*-\s*[a-z]{2,6}/[a-z]{2,12})\s*$")  # HD 36-HD/VPTW
_NUMBER = re.compile(r"\bso\s*:\s*(?P<number>[^,;]*?/?\s*[^\s,;]*)\s*(?=$|,|;|\s{2}|[a-z\s.]+,\s*ngay)")
_DATE_LINE = re.compile(
    r"(?P<place>[a-z][a-z\s.'-]{1,40}?)\s*,\s*ngay\s*(?P<d>[\d.…_]*)\s*thang\s*(?P<m>[\d.…_]*)\s*nam\s*(?P<y>[\d.…_]*)"
)
_BODY = re.compile(
    r"^\s*(?:can cu\b|thuc hien\b|xet\b|de (?:trien khai|thuc hien|tiep tuc|kip thoi|chuan bi)|theo de "
    r"nghi|nham\b|ngay \d|"
    r"tiep theo|sau khi (?:nghe|xem xet)|tai (?:cuoc|buoi|hoi nghi)|trien khai thuc hien (?:ke|nghi|cong|quyet|chi|thong)|(?:ngay )?vua qua|thoi gian qua|phan\b)"
)
_MOTTO = re.compile(
    r"cong hoa xa hoi chu nghia viet nam|doc lap\s*-\s*tu do\s*-\s*hanh phuc|dang cong san viet nam"
)
_ATTACHED = re.compile(r"^\s*\(?\s*(?:kem theo|ban hanh kem theo)\b")


@dataclass
class Head:
    """Fields of the head and `end`, the index of the first paragraph of the body."""

    number: str | None = None
    symbol: str | None = None
    type: str | None = None
    issuer: str | None = None
    parent: str | None = None
    place: str | None = None
    date: dt.date | None = None
    date_raw: str | None = None
    subject: str | None = None
    addressed_to: tuple[str, ...] = ()
    end: int = 0


def read_head(paragraphs: list[Paragraph]) -> Head:
    """Fields from the first paragraphs; those that the text leaves open stay None."""
    head = Head()
    names: list[str] = []
    title: list[str] = []
    about: list[str] = []
    index = 0
    while index < len(paragraphs):
        here = paragraphs[index]
        text = here.full
        folded = fold(text)
        if here.marker and not _is_head_item(here, head) and head.type != "":
            break
        if _is_body(here, folded, head, index):
            break
        if re.match(r"\s*kinh gui", folded):
            index = _addressees(paragraphs, index, head)
            continue
        _classify(here, head, names, title, about)
        index += 1
    head.end = index
    if not head.type and (about or head.addressed_to):
        head.type = "Công văn"
    head.subject = squeeze(" ".join(about or title)) or None
    if head.subject:
        head.subject = head.subject.rstrip(" .")
    head.issuer, head.parent = _issuer(names)
    return head


def _is_head_item(here: Paragraph, head: Head) -> bool:
    return bool(re.match(r"\s*(?:v/v|ve viec)\b", fold(here.text)))


def _is_body(here: Paragraph, folded: str, head: Head, index: int) -> bool:
    if (
        head.addressed_to
        and not here.caps
        and not _NUMBER.search(folded)
        and not _DATE_LINE.search(folded)
        and (not _is_head_item(here, head))
    ):
        return True
    if (
        _BODY.match(folded)
        and not here.caps
        and (len(here.text) > 60 or ends_sentence(here.text))
        and (not head.type or (index > 0 and not _still_title(here)))
    ):
        return True
    return bool(len(here.text) > 420 or (len(here.text) > 130 and here.text.endswith((".", ":"))))


def _still_title(here: Paragraph) -> bool:
    return not ends_sentence(here.text) and not re.match(r"\s*(?:can cu|xet|theo)\b", fold(here.text))


def _classify(here: Paragraph, head: Head, names: list[str], title: list[str], about: list[str]) -> None:
    """Put one paragraph of the head where it belongs."""
    text = here.full
    folded = fold(text)
    if _MOTTO.search(folded):
        names.append(_cut(text, folded))
    elif _numbered_or_dated(text, folded, head, about):
        return
    elif re.match(r"\s*v/v\b", folded):
        about.append(text)
    else:
        _titled(here, text, folded, head, names, title, about)


def _numbered_or_dated(text: str, folded: str, head: Head, about: list[str]) -> bool:
    """The line of the number or of the place and date; what follows on it may be the subject."""
    number = _NUMBER.search(folded) or _PARTY_NUMBER.match(folded)
    if number and head.number is None and head.symbol is None and not head.type:
        head.number, head.symbol = _split_number(text[number.start("number") : number.end("number")])
    found = _DATE_LINE.search(folded)
    if found and head.date_raw is None:
        _set_date(text, found, head)
    if not (number or found):
        return False
    rest = folded[max(number.end() if number else 0, found.end() if found else 0) :].strip()
    if re.match(r"(?:v/v|ve viec)", rest):
        about.append(text[len(text) - len(rest) :])
    return True


def _titled(
    here: Paragraph, text: str, folded: str, head: Head, names: list[str], title: list[str], about: list[str]
) -> None:
    kind = _TITLE.match(folded)
    if kind and head.type is None and not about and (here.caps or is_caps(text[: kind.end()])):
        head.type = _type_name(kind)
        rest = text[kind.end() :].strip(" :-")
        if rest:
            title.append(rest)
    elif head.type is None and re.match(r"\s*phu luc\b", folded):
        head.type = "Phụ lục"
    elif _ATTACHED.match(folded):
        return
    elif head.type is None and here.caps and not about:
        names.append(text)
    elif title and here.caps and not is_caps(title[-1]):
        return  # the authority that decides, below the title of a decision
    elif head.type is not None and not re.fullmatch(r"[\W_]*", text):
        title.append(text)
    elif about and not here.caps and len(about) < 6 and not ends_sentence(about[-1]):
        about.append(text)


def _cut(text: str, folded: str) -> str:
    """What stands on the line of the motto besides it: the issuer, when two columns were read as one line."""
    found = _MOTTO.search(folded)
    return squeeze(text[: found.start()] + " " + text[found.end() :]) if found else text


def _type_name(match: re.Match[str]) -> str:
    name = KINDS.get(match["type"]) or {
        "quy che": "Quy chế",
        "bien ban": "Biên bản",
        "hop dong": "Hợp đồng",
        "thong cao": "Thông cáo",
        "thong tri": "Thông tri",
        "lenh": "Lệnh",
    }.get(match["type"], match["type"].capitalize())
    more = {"hanh dong": " hành động", "lien tich": " liên tịch", "chi tiet": " chi tiết"}.get(
        match["more"] or "", ""
    )
    return name + more


def _split_number(raw: str) -> tuple[str | None, str | None]:
    """ "535/BC-SGDĐT" is number and symbol; "/KH-SGDĐT" has no number yet, only the symbol."""
    text = re.sub(r"[\s.…_]+", "", raw) if not re.search(r"\d\s+\S", raw.strip()) else raw.strip()
    text = re.sub(r"\s+", "", text)
    found = re.match(r"^(\d+[a-zA-Z]?)?([/-].*)$", text)
    if not found:
        return (text, None) if text.isdigit() else (None, None)
    symbol = found[2].lstrip("/-").rstrip(".,;") or None
    return (text.rstrip(".,;") if found[1] and symbol else None), symbol


def _set_date(text: str, found: re.Match[str], head: Head) -> None:
    head.place = squeeze(text[found.start("place") : found.end("place")])
    # The number may stand before the place on the same line.
    head.place = re.sub(r"^(?:.*[/\d]\S*|\S*[A-ZĐ]{2,}\S*)\s+", "", head.place)
    head.date_raw = squeeze(text[found.start("place") : found.end()])
    parts = [found[k] for k in "ymd"]
    if all(part.isdecimal() and len(part) <= 4 for part in parts):
        head.date = valid_date(*map(int, parts))


def _addressees(paragraphs: list[Paragraph], index: int, head: Head) -> int:
    first = paragraphs[index]
    after = squeeze(re.sub(r"^[^:]*:?", "", first.text, count=1) if ":" in first.text else first.text[8:])
    units = [part for part in re.split(r"\s*;\s*", after) if part]
    index += 1
    while index < len(paragraphs):
        here = paragraphs[index]
        bullet = here.marker is not None and here.marker.kind in ("dash", "plus", "bullet")
        loose = (
            not bullet
            and here.marker is None
            and len(here.text) < 110
            and here.text.endswith((";", "."))
            and (not units or first.text.rstrip().endswith(":"))
            and not _BODY.match(fold(here.text))
        )
        if not (bullet or loose):
            break
        units.append(here.text)
        index += 1
    head.addressed_to = tuple(unit.strip(" ;.,") for unit in units if unit.strip(" ;.,"))
    return index


_PARENT = re.compile(r"^\s*(?:uy ban nhan dan|ubnd|hoi dong nhan dan|bo|tinh uy|thanh uy|dang bo|so)\b")


_BODY_NAME = re.compile(r"(?<=\S) +(?=(?:so|truong|phong|van phong|trung tam|chi cuc|ban quan ly)\b)")


def _bodies(line: str) -> list[str]:
    """ "UBND TỈNH X SỞ Y" on one line is two bodies, unless the second word belongs to the first ("HỘI
    ĐỒNG TRƯỜNG")."""
    folded = fold(line)
    if not re.match(r"(?:uy ban nhan dan|ubnd|bo|so)\b", folded):
        return [line]
    cut = _BODY_NAME.search(folded, 8)
    return [line[: cut.start()], line[cut.end() :]] if cut else [line]


def _issuer(names: list[str]) -> tuple[str | None, str | None]:
    """Issuer and the body above it from the capital lines at the top left.

    "UBND TỈNH X" over "SỞ Y" are two bodies; "ỦY BAN NHÂN DÂN" over "PHƯỜNG Z" is one name in two lines.
    """
    lines = [part for name in names for part in _bodies(squeeze(name)) if part]
    bodies: list[str] = []
    for line in lines:
        folded = fold(line)
        goes_on = bodies and (
            re.match(r"(?:tinh|thanh pho|tp|xa|phuong|dac khu|huyen|quan|thi)\b", folded)
            or re.match(r"(?:va|cong nghe|dao tao|xa hoi|the thao|trung hoc|thuoc)\b", folded)
        )
        if goes_on:
            bodies[-1] += " " + line
        else:
            bodies.append(line)
    if not bodies:
        return None, None
    issuer = sentence_case(bodies[-1])
    parent = sentence_case(bodies[-2]) if len(bodies) > 1 else None
    if parent and fold(issuer) == "van phong":  # "Văn phòng" alone is that of the body above it
        return f"{issuer} {parent}", parent
    if parent and not re.search(r"\b(?:tinh|thanh pho|xa|phuong|dac khu)\b", fold(issuer)):
        region = re.search(r"(?:tỉnh|thành phố|xã|phường|đặc khu)\s+.+$", parent)
        issuer += f" {region.group()}" if region else ""
    return issuer, parent


_SYMBOLS = {
    "SGDĐT": "Sở Giáo dục và Đào tạo",
    "SGDDT": "Sở Giáo dục và Đào tạo",
    "SGD&ĐT": "Sở Giáo dục và Đào tạo",
    "GDĐT": "Sở Giáo dục và Đào tạo",
    "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "BGDĐT": "Bộ Giáo dục và Đào tạo",
    "BGDDT": "Bộ Giáo dục và Đào tạo",
    "TTG": "Thủ tướng Chính phủ",
    "CP": "Chính phủ",
    "TU": "Tỉnh ủy",
    "SNV": "Sở Nội vụ",
    "STC": "Sở Tài chính",
    "SKHCN": "Sở Khoa học và Công nghệ",
}


def infer_issuer(head: Head, body: list[str], signature: str) -> str | None:
    """Issuer of a text whose top is missing: from the symbol or the signature, with the place as its name."""
    unit = None
    if head.symbol:
        unit = next(
            (_SYMBOLS[part] for part in re.split(r"[/-]", head.symbol.upper())[::-1] if part in _SYMBOLS),
            None,
        )
    if unit is None and re.search(r"tm\s*\.\s*(?:uy ban nhan dan|ubnd)", fold(signature)):
        unit = "Ủy ban nhân dân"
    if unit is None:
        return None
    text = " ".join(body)
    if unit == "Ủy ban nhân dân":
        level = _level(text)
        name = " ".join(filter(None, (unit, level, head.place)))
        region = _region(body) if level in ("xã", "phường", "đặc khu") else None
        return f"{name}, {region}" if region else name
    if unit.startswith("Sở") and head.place:
        city = head.place in ("Hà Nội", "Hải Phòng", "Đà Nẵng", "Huế", "Cần Thơ", "Thành phố Hồ Chí Minh")
        return f"{unit} {'thành phố' if city else 'tỉnh'} {head.place}"
    return unit


def _level(text: str) -> str | None:
    """ "xã", "phường" ... as the document speaks of its own committee most often."""
    counts: dict[str, int] = {}
    for match in re.finditer(
        r"(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND)\s+(xã|phường|đặc khu|tỉnh|thành phố)\b(?!\s+[A-ZĐ])", text
    ):
        counts[match[1]] = counts.get(match[1], 0) + 1
    return max(counts, key=lambda k: counts[k]) if counts else None


def _region(body: list[str]) -> str | None:
    """The province: of the first document above that the letter rests on."""
    for text in body[:4]:
        for citation in find_citations(text):
            found = re.search(r"(?:tỉnh|thành phố)\s+[A-ZĐ]\S*(?:\s+[A-ZĐ-]\S*)*", citation.issuer or "")
            if found:
                return found.group()
    return None
