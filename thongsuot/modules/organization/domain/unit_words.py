"""One form for all the spellings in which documents write the name of a unit. Pure.

"Phòng GD&ĐT", "Phòng Giáo dục và Đào tạo" and "phòng giáo dục – đào tạo" must be one and the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Abbreviations of administrative documents, after marks are gone. Longer ones are tried first.
ABBREVIATIONS = {
    "gd dt": "giao duc dao tao",
    "gddt": "giao duc dao tao",
    "sgddt": "so giao duc dao tao",
    "sgd": "so giao duc dao tao",
    "gdtrh": "giao duc trung hoc",
    "gdth": "giao duc tieu hoc",
    "gdmn": "giao duc mam non",
    "gdtx": "giao duc thuong xuyen",
    "gdnn": "giao duc nghe nghiep",
    "gdpt": "giao duc pho thong",
    "gd": "giao duc",
    "vh xh": "van hoa xa hoi",
    "vhxh": "van hoa xa hoi",
    "ubnd": "uy ban nhan dan",
    "uy ban": "uy ban nhan dan",
    "uy ban nhan dan": "uy ban nhan dan",
    "thpt": "trung hoc pho thong",
    "thcs": "trung hoc co so",
    "ththcs": "tieu hoc trung hoc co so",
    "th": "tieu hoc",
    "mn": "mam non",
    "ptdtnt": "pho thong dan toc noi tru",
    "ptdtbt": "pho thong dan toc ban tru",
    "tt": "trung tam",
    "tccb": "to chuc can bo",
    "kh tc": "ke hoach tai chinh",
    "khtc": "ke hoach tai chinh",
    "qlcl": "quan ly chat luong",
    "qlclgd": "quan ly chat luong giao duc",
    "qlclgdcntt": "quan ly chat luong giao duc cong nghe thong tin",
    "cntt": "cong nghe thong tin",
    "cm nv": "chuyen mon nghiep vu",
    "cmnv": "chuyen mon nghiep vu",
    "cm": "chuyen mon",
    "nv": "nghiep vu",
    "vp": "van phong",
    "csgd": "co so giao duc",
    "kh cn": "khoa hoc cong nghe",
    "khcn": "khoa hoc cong nghe",
    "ct ttts": "",
}
_ABBREVIATION = re.compile(r"\b(" + "|".join(sorted(ABBREVIATIONS, key=len, reverse=True)) + r")\b")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
# What documents add around a name to say what the unit does there.
_BEFORE = re.compile(
    r"^(?:(?:giao|de nghi|yeu cau|rieng|doi voi|cac don vi gom|don vi chu tri|co quan chu tri"
    r"|don vi phoi hop) )+"
)
_AFTER = re.compile(
    r"(?: (?:chu tri|phoi hop|tham gia|tham muu|thuc hien|chiu trach nhiem|lam dau moi"
    r"|de phoi hop|bao cao|theo doi))+$"
)
# A separator parts two names only where the next words can open a name: "Quản lý chất lượng giáo dục và công
# nghệ thông tin" stays whole.
_BETWEEN = re.compile(
    r"\s*(?:[,;\n/+]|\bvà\b|\bcùng\b|\bvới\b)\s*(?=(?:các |toàn bộ |những )?"
    r"(?:phòng|văn phòng|thanh tra|ủy ban|uỷ ban|ubnd|sở|trường|trung tâm|công an|đơn vị|cơ sở"
    r"|cơ quan|các|lãnh đạo|bệnh viện|tt )\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=50_000)
def canonical(text: str) -> str:
    """Lower case, without marks, "và", punctuation; abbreviations written out: "Phòng VH-XH" -> "phong van
    hoa xa hoi".
    """
    bare = (
        unicodedata.normalize("NFD", text)
        .replace("đ", "d")
        .replace("Đ", "d")
        .replace("Ð", "d")
        .replace("ð", "d")
    )
    bare = "".join(char for char in bare if not unicodedata.combining(char)).lower()
    words = f" {_NOT_A_WORD.sub(' ', bare)} ".replace(" va ", " ").strip()
    return _ABBREVIATION.sub(lambda found: ABBREVIATIONS[found[0]], words)


@lru_cache(maxsize=5_000)
def named_in(text: str) -> str:
    """The canonical name without the words that say what the unit does: "Phòng VH-XH phối hợp" -> the
    office.
    """
    return _AFTER.sub("", _BEFORE.sub("", canonical(text))).strip()


def parted(text: str) -> list[str]:
    """The several names in one cell: "Văn phòng Sở, các phòng chuyên môn, nghiệp vụ" -> two."""
    text = unicodedata.normalize("NFC", text)
    return [part.strip(" .,;-") for part in _BETWEEN.split(text) if part.strip(" .,;-")]
