"""Foot of the document: recipients ("Nơi nhận") and the signature block.

NĐ 30/2020/NĐ-CP, Phụ lục I, II.7-9: authority (TM., KT., TL., TUQ., Q.), title, full name.
"""

from __future__ import annotations

import re

from .findings import Signer
from .paragraphs import Paragraph
from .text import fold, is_caps, squeeze

_SIGNED = re.compile(r"^\W*(?:da ky\b[^.;]{0,30}|ky ten,? dong dau|\(ky\))\W*$")
_RECIPIENTS = re.compile(r"^\s*noi nhan\b\s*:?\s*")
_MODE = re.compile(r"^\s*(?:(tm|kt|tl|tuq|q)\s*\.|([tk]/[mtl])\b)\s*")
_TITLES = re.compile(
    r"^\s*(?:(?:quyen\s+)?(?:pho\s+)?(?:chu tich|giam doc|hieu truong|truong phong|truong ban|chanh van "
    r"phong|chanh thanh tra|"
    r"bo truong|thu truong|cuc truong|vu truong|bi thu|thu tuong|vien truong|tong giam doc|chu nhiem|"
    r"truong|tong bi thu))\b"
)
_NAME = re.compile(r"^(?:(?:TS|ThS|PGS|GS)\.?\s*)*(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]*(?:\s+|$)){2,6}$")


def is_foot(paragraph: Paragraph) -> bool:
    """Does the foot of the document begin here?"""
    folded = fold(paragraph.full)
    if _RECIPIENTS.match(folded):
        return True
    return bool(_MODE.match(folded)) and is_caps(paragraph.text)


def read_foot(paragraphs: list[Paragraph]) -> tuple[list[str], str | None, Signer, str]:
    """Recipients, the line "Lưu", the signer, and the words of the signature block."""
    recipients: list[str] = []
    filed: str | None = None
    block: list[str] = []
    listing = False
    for paragraph in paragraphs:
        text, folded = paragraph.full, fold(paragraph.full)
        if _SIGNED.match(folded):
            listing = False
            continue
        if re.match(r"\s*phu luc\b", folded) and paragraph.caps:
            break
        if _RECIPIENTS.match(folded):
            listing = True
            text = text[_RECIPIENTS.match(folded).end() :]  # type: ignore[union-attr]
            for part in re.split(r"\s*;\s*|\s+-\s+", text):
                filed = _take(part, recipients, filed)
            continue
        if listing and not _is_signature(paragraph):
            if _looks_like_name(paragraph.text) and filed:
                block.append(paragraph.text)
            else:
                for part in re.split(r"\s*;\s+(?:-\s*)?", paragraph.text):
                    filed = _take(part, recipients, filed)
            continue
        block.append(text)
    return recipients, filed, _signer(block), " ".join(block)


def _take(part: str, recipients: list[str], filed: str | None) -> str | None:
    part = squeeze(part).strip(" -;.,")
    if not part:
        return filed
    if re.match(r"luu\b", fold(part)):
        return part
    recipients.append(part)
    return filed


def _is_signature(paragraph: Paragraph) -> bool:
    folded = fold(paragraph.text)
    return bool(_MODE.match(folded)) or (is_caps(paragraph.text) and bool(_TITLES.match(folded)))


def _looks_like_name(text: str) -> bool:
    return bool(_NAME.match(squeeze(text)))


def _signer(block: list[str]) -> Signer:
    modes = [
        m.group(1).replace("/", "").upper() + "."
        for text in block
        for m in re.finditer(r"\b(tm|kt|tl|tuq|t/m|k/t|t/l)\b", fold(text))
        if is_caps(text)
    ]
    title = name = None
    for text in block:
        if is_caps(text) or _MODE.match(fold(text)):
            title = _last_title(text) or title
        elif _looks_like_name(text) and (title or modes):
            name = squeeze(text)
    return Signer(name, title, tuple(modes))


def _last_title(text: str) -> str | None:
    folded = fold(text)
    found = list(
        re.finditer(
            r"(?:pho\s+)?(?:chu tich|giam doc|hieu truong|truong phong|truong ban|chanh van phong|bo "
            r"truong|thu truong|"
            r"chanh thanh tra|cuc truong|vu truong|bi thu|thu tuong|tong giam doc|chu nhiem)\b",
            folded,
        )
    )
    if not found:
        return None
    words = text[found[-1].start() :].strip(" .").lower()
    words = re.sub(r"^phó (.)", lambda m: "Phó " + m[1].upper(), words)
    words = words[:1].upper() + words[1:]
    return (
        words.replace("tịch", "tịch")
        .replace("hiệu trưởng", "hiệu trưởng")
        .replace("Phó Chủ tịch ủy", "Phó Chủ tịch Ủy")
    )
