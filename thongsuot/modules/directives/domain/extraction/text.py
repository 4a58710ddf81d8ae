"""Characters: one spelling for comparison, without losing the place in the source.

Vietnamese office files mix composed and decomposed letters (NFC/NFD), the Icelandic Eth for Đ,
no-break spaces, soft hyphens, and two ways of placing the tone mark (hoà/hòa). Rules are written
against `fold`, which drops case and marks and keeps the length, so that a span found in the folded
text is the span in the text itself.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = dict.fromkeys(
    map(
        ord,
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
        "\u2009\u200a\u202f\u205f\u3000\u000b\u000c\u0085\u2028\u2029",
    ),
    " ",
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), None)
_LETTERS = {ord("Ð"): "Đ", ord("Ɖ"): "Đ", 0x2011: "-", 0x2010: "-", 0x2212: "-", 0xF0B7: "-"}
_TABLE = {**_SPACES, **_INVISIBLE, **_LETTERS}

_TAGS = re.compile(r"<\s*/?\s*(?:b|i|u|em|strong|sub|sup|span|p|br|font)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_HEADING_MARKS = re.compile(r"^\s{0,3}#{1,6}\s+")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3})(?=\S)(.+?)(?<=\S)\1")
_STRAY_STARS = re.compile(r"(^\s*\*{2,3}(?=\S))|((?<=\S)\*{2,3}\s*$)")


def clean(text: str) -> str:
    """NFC, plain spaces, the Vietnamese Đ; tabs and line feeds stay."""
    text = unicodedata.normalize("NFC", text).translate(_TABLE)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain(text: str) -> str:
    """Without the marks of Markdown and HTML that converters leave in the text."""
    if "<" in text:
        text = _TAGS.sub("", text)
    text = _HEADING_MARKS.sub("", text)
    if "*" in text or "__" in text:
        text = _STRAY_STARS.sub("", _EMPHASIS.sub(r"\2", text))
    return text


def squeeze(text: str) -> str:
    """One space between words, none at the ends or inside brackets."""
    # Called for every word of a directive: no pattern where none is needed.
    return " ".join(text.split()).replace("( ", "(").replace(" )", ")")


def _fold_char(char: str) -> str:
    if char in "đĐÐð":
        return "d"
    base = unicodedata.normalize("NFD", char)[0].lower()
    if char in "–—‒−":
        return "-"
    if char in "“”„«»":
        return '"'
    if char in "‘’ʼ":
        return "'"
    return base if len(base) == 1 else char


class _Folded(dict[int, str]):
    """What each character folds to, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _fold_char(chr(code)))


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Lower case without marks, of the same length as `text` (which is NFC)."""
    return text.translate(_FOLDED)


def is_caps(text: str) -> bool:
    """Are the letters capitals (a title of NĐ 30/2020, Phụ lục I)? Two words at least of them."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)


def starts_lower(text: str) -> bool:
    first = next((c for c in text if not c.isspace()), "")
    return first.islower()


def starts_upper(text: str) -> bool:
    first = next((c for c in text if not c.isspace() and c not in "\"“'(‘"), "")
    return first.isupper()


def ends_sentence(text: str) -> bool:
    return bool(re.search(r"[.;:!?…/][\"”')\]]*\s*$", text))


def join_lines(parts: list[str]) -> str:
    """Lines of one paragraph. A hyphen at the end of a line belongs to a symbol (57-/NQ/TW) or a
    span of years (2025-/2030), for Vietnamese is not hyphenated: no space is put after it."""
    out = ""
    for part in parts:
        part = part.strip()
        if not part:
            continue
        if not out:
            out = part
        elif re.search(r"[^\s]-$", out) and re.match(r"[0-9A-ZĐ]", part):
            out += part
        else:
            out += " " + part
    return squeeze(out)


def protect(text: str) -> str:
    """Folded `text` with what stands in quotation marks blanked: names of schemes are not orders."""
    return re.sub(r'"[^"]*"', lambda m: '"' + "_" * (len(m.group()) - 2) + '"', fold(text))


def blank_brackets(folded: str) -> str:
    return re.sub(r"\([^()]*\)", lambda m: "(" + "_" * (len(m.group()) - 2) + ")", folded)


def sentence_case(caps: str) -> str:
    """SỞ GIÁO DỤC VÀ ĐÀO TẠO -> Sở Giáo dục và Đào tạo: by the usual spelling of unit names."""
    words = caps.lower().split()
    return " ".join(_cased_words(words))


_COMMON = (
    "ủy ban nhân dân",
    "uỷ ban nhân dân",
    "hội đồng nhân dân",
    "văn phòng",
    "ban thường vụ",
    "ban chỉ đạo",
    "giáo dục",
    "đào tạo",
    "khoa học",
    "công nghệ",
    "kế hoạch",
    "tài chính",
    "nội vụ",
    "văn hóa",
    "xã hội",
    "trung học",
    "tiểu học",
    "mầm non",
    "phổ thông",
    "cơ sở",
    "y tế",
    "nông nghiệp",
    "môi trường",
    "thể thao",
    "du lịch",
    "chính phủ",
    "thủ tướng",
    "tỉnh ủy",
    "thành ủy",
    "tổ chức",
    "cán bộ",
    "kinh tế",
    "xây dựng",
    "công thương",
    "thông tin",
    "truyền thông",
    "hạ tầng",
    "đô thị",
    "phục vụ",
    "hành chính",
    "công",
)
_ACRONYMS = frozenset(
    [
        "ubnd",
        "hđnd",
        "thpt",
        "thcs",
        "gdđt",
        "gd&đt",
        "vp",
        "tp",
        "ubmttq",
        "mttq",
        "ptdtnt",
        "gdtx",
        "gdnn",
        "csgd",
        "cntt",
    ]
)
_LOWER_HEADS = {"tỉnh", "thành", "phố", "xã", "phường", "đặc", "khu", "huyện", "quận", "và", "thị", "trấn"}


def _cased_words(words: list[str]) -> list[str]:
    out: list[str] = []
    index = 0
    while index < len(words):
        for phrase in _COMMON:
            size = len(phrase.split())
            if words[index : index + size] == phrase.split():
                out.append(phrase[0].upper() + phrase[1:])
                index += size
                break
        else:
            word = words[index]
            if word in _ACRONYMS:
                out.append(word.upper())
            else:
                keep_low = word in _LOWER_HEADS and index > 0
                out.append(word if keep_low else word[:1].upper() + word[1:])
            index += 1
    return out
