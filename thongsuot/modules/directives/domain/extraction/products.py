"""The product that prose names: a document that the task says to draw up, issue or complete."""

from __future__ import annotations

import re

from .text import blank_brackets, fold, protect, squeeze

_MAKES = re.compile(
    r"\b(?:xay dung|ban hanh|hoan thien|soan thao|du thao|lap|trinh|sua doi|bo sung|tham muu(?: "
    r"[^,;.]{0,40}?)? ban hanh|cong bo)"
    r"(?:,?\s+(?:va|trien khai|hoan thien|ban hanh|xay dung|bo sung|trinh)\s*)*\s+"
    r"(?P<thing>(?:cac |du thao |bo )?(?:ke hoach|quy che|de an|quy trinh|huong dan|chuong trinh(?! "
    r"(?:giao duc|mon))|nghi quyet|"
    r"quyet dinh|to trinh|phuong an|danh muc|bao cao|quy dinh|bo tieu chi|bo chi so|van ban|chi thi|cong "
    r"van|tai lieu)\b[^,;.]*)"
)
_REPORT = re.compile(r"che do (?P<thing>bao cao\b[^,;.(]*)")
_END = re.compile(
    r"\s+(?:va (?:to chuc|trien khai|chi dao|thuc hien|huong dan|trinh|phan cong|theo doi|kiem tra)|de |"
    r"nham |theo |trinh |bao dam |dam bao |phu hop |gui |truoc |"
    r"trong (?:thang|quy|nam)|cho phu hop|tren co so|doi voi)"
)
_NAMED = re.compile(r"^(?:theo|can cu|thuc hien|trien khai)\b")


def read_product(text: str) -> str | None:
    """Names of the documents that `text` says to make, joined by "; "; None when it names none."""
    folded = blank_brackets(protect(text))
    found: list[str] = []
    for pattern in (_MAKES, _REPORT):
        for match in pattern.finditer(folded):
            words = match["thing"]
            end = _END.search(words)
            words = words[: end.start()] if end else words
            start = match.start("thing")
            thing = squeeze(text[start : start + len(words)]).strip(" ,;")
            if thing and fold(thing) not in map(fold, found) and not _NAMED.match(fold(thing)):
                found.append(thing)
    return "; ".join(found)[:500] or None
