"""Who does what, in a sentence: the unit in the lead, those that coordinate, who decides.

The formulas of administrative prose: "Giao X chủ trì, phối hợp với Y ...", "X có trách nhiệm ...", "Đối
với X: ...", "(X chủ trì)", "Tham mưu Z ...".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .text import blank_brackets, fold, squeeze
from .units import read_unit_list, split_units, starts_unit, unit_span
from .verbs import begins_order, fold_orders

_CHARGE = re.compile(
    r"^\s*(?:giao|phan cong|yeu cau|de nghi|chi dao|doi voi|trach nhiem cua)\s+(?:cho\s+|trach "
    r"nhiem\s+(?:cho\s+)?)?"
)
_LEADS = re.compile(
    r"\s*,?\s*(?:(?:la )?(?:co quan|don vi) )?(?:lam )?(?:chu tri|co trach nhiem|chiu trach nhiem|chu dong|"
    r"la (?:dau moi|don vi|co quan)|"
    r"tham muu|to chuc|can cu|tiep tuc|xay dung|huong dan|phoi hop|khan truong|tong hop|theo doi|thuc hien|"
    r"ra soat|"
    r"trien khai|bao cao|kiem tra|tang cuong|lap|bo tri|quan triet|day manh|dam bao|bao dam|can\b|phai\b|"
    r"nghiem tuc|cu\b)"
)
_WITH = re.compile(r"phoi hop\s+(?:chat che\s+|tot\s+|thuong xuyen\s+)?(?:voi|cung(?: voi)?)\s+")
_WITH_BARE = re.compile(r"(?:chu tri,?\s*phoi hop|(?:don vi|co quan|phong) phoi hop\s*:?)\s+(?=\S)")
_IN_BRACKETS = re.compile(
    r"\((?P<unit>[^()]{3,90}?)\s+(?:chu tri|thuc hien|phu trach|tham muu)(?P<rest>[^()]*)\)"
)
_ORDERED = re.compile(r"(?:^|[.;]\s+)(?:giao|yeu cau|de nghi)\s+(?:cho\s+)?(?=\S)")
_DECIDES = re.compile(r"\b(?:tham muu|trinh)\s+(?:cho\s+)?(?=\S)")


@dataclass(frozen=True)
class Roles:
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    authority: str | None = None
    named: bool = False  # the lead is named in the text itself
    directed: bool = False  # "Chỉ đạo X ...": X does it under the unit that the order is given to


def read_roles(text: str) -> Roles:
    """Units that the text of one item names by their part in it."""
    folded = fold_orders(text)
    lead = _subject(text, folded)
    if not lead:
        lead = _ordered(text, folded)
    coordinating = _with(text, folded)
    return Roles(
        tuple(lead),
        tuple(u for u in coordinating if u not in lead),
        _authority(text, folded),
        bool(lead),
        bool(lead) and folded.lstrip().startswith("chi dao"),
    )


_ASKS = re.compile(r"\b(?:de nghi|yeu cau|giao)\s+(?:cho\s+)?(?=\S)")


def read_asked(stem: str) -> list[str]:
    """Units that the stem of a list asks ("... đề nghị UBND các xã, phường thực hiện một số nội dung sau:")."""
    folded = fold_orders(stem)
    for ask in reversed(list(_ASKS.finditer(folded))):
        rest = stem[ask.end() :]
        if starts_unit(rest):
            return split_units(rest[: unit_span(rest)])
    return []


def _subject(text: str, folded: str) -> list[str]:
    """The unit with which the sentence begins."""
    charge = _CHARGE.match(folded)
    start = charge.end() if charge else 0
    rest = text[start:]
    if not starts_unit(rest):
        return []
    span = unit_span(rest)
    name, after = rest[:span].strip(" ,;"), folded[start + span :]
    if not name or len(name) > 220:
        return []
    colon = after.lstrip().startswith(":")
    verb = _LEADS.match(after) or begins_order(text[start + span :], after)
    if not (colon or verb or (charge and after.strip() == "")):
        return []
    if not charge and not colon and not rest[:1].isupper():
        return []
    units = read_unit_list(name) or ([name] if len(name) < 110 else [])
    return units


def _ordered(text: str, folded: str) -> list[str]:
    """ "... Giao X chủ trì ..." further on in the text, or "(X chủ trì)"."""
    bracket = _IN_BRACKETS.search(folded)
    if bracket and starts_unit(text[bracket.start("unit") :]):
        return split_units(text[bracket.start("unit") : bracket.end("unit")])
    for order in _ORDERED.finditer(folded):
        rest = text[order.end() :]
        if starts_unit(rest):
            span = unit_span(rest)
            after = folded[order.end() + span :]
            if span and (_LEADS.match(after) or begins_order(rest[span:], after)):
                return split_units(rest[:span])
    return []


def _with(text: str, folded: str) -> list[str]:
    for pattern in (_WITH, _WITH_BARE):
        found = pattern.search(folded)
        if found and starts_unit(text[found.end() :]):
            rest = text[found.end() :]
            span = unit_span(rest)
            units = split_units(rest[:span])
            return [unit for unit in units if starts_unit(unit) and len(unit) < 120]
    return []


def _authority(text: str, folded: str) -> str | None:
    found = _DECIDES.search(folded)
    if found and starts_unit(text[found.end() :]):
        rest = text[found.end() :]
        return squeeze(rest[: unit_span(rest)])[:120] or None
    return None


# "- Đơn vị chủ trì: X", "Thời gian hoàn thành: Y": the fields of a task given one by one under it.
FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "lead",
        re.compile(
            r"^(?:(?:don vi|co quan|phong|bo phan|nguoi|ca nhan)\s+)?(?:chu tri(?:,? tham muu)?|thuc hien|"
            r"phu trach|dau moi|chiu trach nhiem(?: chinh)?|duoc giao)\s*:\s*"
        ),
    ),
    (
        "coordinating",
        re.compile(
            r"^(?:(?:don vi|co quan|phong|bo phan|cac don vi)\s*,?\s*)*phoi hop(?: thuc hien)?\s*:\s*"
        ),
    ),
    (
        "deadline",
        re.compile(
            r"^(?:thoi gian|thoi han|tien do|han|lo trinh)(?: (?:hoan thanh|thuc hien|trien khai|bao cao|"
            r"trinh|ban hanh))*\s*:\s*|^hoan thanh\s*:\s*"
        ),
    ),
    (
        "product",
        re.compile(
            r"^(?:san pham|ket qua|dau ra|san pham,? ket qua)(?: (?:dau ra|du kien|thuc hien|dat duoc|can "
            r"dat))*\s*:\s*"
        ),
    ),
    ("legal", re.compile(r"^(?:can cu(?: phap ly)?|co so phap ly)\s*:\s*")),
    ("note", re.compile(r"^(?:ghi chu|kinh phi(?: thuc hien)?)\s*:\s*")),
)


def read_field(text: str) -> tuple[str, str] | None:
    """Name and value when `text` is a labelled field of a task."""
    folded = fold(text)
    for name, pattern in FIELDS:
        found = pattern.match(folded)
        if found:
            return name, squeeze(text[found.end() :]).rstrip(" .;")
    return None


def inline_fields(text: str) -> tuple[str, dict[str, str]]:
    """The text before labelled fields that stand in the same paragraph, and those fields."""
    quiet = blank_brackets(fold(text))
    label = re.compile(
        r"(?:(?<=[.;] )|(?<=\. - )|(?<=; - ))(?:-\s*)?(?=(?:(?:don vi|co quan|phong|bo phan)\s+)?(?:chu "
        r"tri|phoi hop|phoi hop thuc hien)\s*:|"
        r"(?:thoi gian|thoi han|tien do)(?: (?:hoan thanh|thuc hien|trien khai))?\s*:|(?:san pham|ket "
        r"qua)(?: (?:du kien|dau ra|thuc hien))?\s*:)"
    )
    places = [m.end() for m in label.finditer(quiet)]
    if not places:
        return text, {}
    fields = {}
    for begin, end in zip(places, [*places[1:], len(text)], strict=True):
        found = read_field(text[begin:end].strip(" -;."))
        if found:
            fields[found[0]] = found[1]
    return text[: places[0]].rstrip(" -;"), fields
