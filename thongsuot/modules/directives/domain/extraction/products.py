"""The product that prose names: a document that the task says to draw up, issue or complete."""

from __future__ import annotations

import re

from .text import blank_brackets, fold, protect, squeeze
from .units import starts_unit
from .verbs import ACTION

_MAKES = re.compile(
    r"\b(?:xay dung|ban hanh|hoan thien|soan thao|du thao|lap|trinh|sua doi|bo sung|tham muu(?: "
    r"[^,;.]{0,40}?)? ban hanh|cong bo)"
    r"(?:,?\s+(?:va|trien khai|hoan thien|ban hanh|xay dung|bo sung|trinh)\s*)*\s+"
    r"(?P<thing>(?:cac |du thao |bo )?(?:ke hoach|quy che|de an|quy trinh|huong dan|chuong trinh(?! "
    r"(?:giao duc|mon))|nghi quyet|"
    r"quyet dinh|to trinh|phuong an|danh muc|bao cao|quy dinh|bo tieu chi|bo chi so|van ban|chi thi|cong "
    r"van|tai lieu)\b[^;.]*)"
)
_REPORT = re.compile(r"che do (?P<thing>bao cao\b[^,;.(]*)")
_END = re.compile(
    r"(?<!ke hoach)(?<!phuong an)(?<!de an)(?<!quy che)(?<!quy dinh)\s+(?:bao dam|dam bao) |"
    r"(?<!chuong)(?<!quy)(?<!cong)(?<!giao)(?<!lo)\s+trinh |"
    r"\s+(?:va (?:to chuc|trien khai|chi dao|thuc hien|huong dan|trinh|phan cong|theo doi|kiem tra)|de |"
    r"nham |theo |phu hop |gui |truoc |"
    r"trong (?:thang|quy|nam|vong|thoi han)|cham nhat |hoan thanh |xong |cho phu hop|tren co so|doi voi)"
)
_NAMED = re.compile(r"^(?:theo|can cu|thuc hien|trien khai)\b")


# What another body is to issue first is not the product of this task.
_AFTERWARDS = re.compile(r"\b(?:ngay )?(?:sau )?khi\b[^,;.]*")


def _until_next(words: str) -> str:
    """To the comma after which another act, a unit or a time comes; "an ninh, an toàn" is one name."""
    for comma in re.finditer(r",\s*", words):
        rest = words[comma.end() :]
        verb = ACTION.match(" ".join(words[: comma.start()].split()[-2:]))
        if (
            verb and len(verb.group().split()) == 2
        ):  # two verbs in one name: "Đề án đào tạo, bồi dưỡng giáo viên"
            continue
        if ACTION.match(rest) or starts_unit(rest) or _TIME.match(rest):
            return words[: comma.start()]
    return words


_TIME = re.compile(
    r"(?:truoc|cham nhat|trong|hoan thanh|xong|den|ngay|dinh ky|hang|nhat la|gop phan|dac biet)\b"
)


def _named(text: str, start: int) -> bool:
    """Is the verb part of a name ("Sở Xây dựng hướng dẫn ...")?"""
    return start > 0 and text[start].isupper() and bool(re.search(r"[\w\s-]$", text[:start]))


def read_product(text: str) -> str | None:
    """Names of the documents that `text` says to make, joined by "; "; None when it names none."""
    folded = blank_brackets(protect(text))
    found: list[str] = []
    folded = _AFTERWARDS.sub(lambda m: "_" * len(m.group()), folded)
    for pattern in (_MAKES, _REPORT):
        for match in pattern.finditer(folded):
            words = match["thing"]
            words = _until_next(words)
            end = _END.search(words)
            words = words[: end.start()] if end else words
            start = match.start("thing")
            if _named(text, match.start()):
                continue
            thing = squeeze(text[start : start + len(words)]).strip(" ,;")
            if thing and fold(thing) not in map(fold, found) and not _NAMED.match(fold(thing)):
                found.append(thing)
    return "; ".join(found)[:500] or None
