"""Names of units as administrative documents write them, and lists of such names."""

from __future__ import annotations

import re

from .text import fold, squeeze
from .verbs import fold_orders, next_verb

# First words of the name of a body, an office or a group of them (folded). What follows them to the next
# separator is the rest of the name.
_HEADS = (
    r"cac (?:co quan|don vi|phong|so|truong|co so|nha truong|ban|to chuc|xa|phuong|dia phuong|trung tam|to|"
    r"thanh vien"
    r"|csgd|doan the|hoi|nganh|cap|bo phan|cong chuc|can bo|uy ban|dac khu|hieu truong|linh vuc|bo|doanh "
    r"nghiep)",
    r"phong",
    r"van phong",
    r"so",
    r"uy ban",
    r"ubnd",
    r"ubmttq(?:vn)?",
    r"hdnd",
    r"hoi dong",
    r"bo",
    r"trung tam",
    r"truong",
    r"co so giao duc",
    r"csgd",
    r"co quan",
    r"don vi",
    r"nha truong",
    r"cong an",
    r"quan su",
    r"doan",
    r"hoi",
    r"mat tran",
    r"thanh tra",
    r"chi cuc",
    r"cuc",
    r"vu",
    r"vien",
    r"kho bac",
    r"bao hiem xa hoi",
    r"bhxh",
    r"dai",
    r"bao",
    r"hieu truong",
    r"thu truong",
    r"giam doc",
    r"pho giam doc",
    r"chanh van phong",
    r"chanh thanh tra",
    r"thuong truc",
    r"to cong tac",
    r"to",
    r"ban",
    r"cong doan",
    r"lanh dao",
    r"bo phan",
    r"dai hoc",
    r"hoc vien",
    r"dang uy",
    r"tinh uy",
    r"thanh uy",
    r"huyen uy",
    r"chu tich",
    r"thu tuong",
    r"chinh phu",
    r"quoc hoi",
    r"lien doan",
    r"tong cong ty",
    r"cong ty",
    r"ngan hang",
    r"phong gddt",
    r"kiem toan",
    r"toa an",
    r"vien kiem sat",
    r"truong phong",
    r"nganh",
    r"toan (?:the|bo) (?:cac )?(?:don vi|co quan|truong)",
    r"giao vien",
    r"ke toan",
    r"nguoi dung dau",
    r"tap the",
    r"chuyen vien",
    r"can bo",
    r"vpubnd",
    r"vp",
    r"lien minh",
    r"quy",
    r"doi",
    r"tung (?:don vi|truong|co quan)",
    r"moi (?:don vi|truong)",
    r"cap uy",
    r"(?:tinh|thanh|huyen|xa|phuong) doan",
    r"cac (?:thon|khoi|khu pho|to dan pho|to chuyen mon|ap|lang|khoa)",
    r"to (?:truong|dan pho)",
    r"tram",
    r"thu vien",
    r"benh vien",
    r"don bien phong",
    r"bo doi bien phong",
    r"(?:cac )?dong chi",
    r"bi thu",
    r"vnpt",
    r"viettel",
    r"chi bo",
    r"phong,? ban",
)
HEAD = re.compile(r"(?:" + "|".join(sorted(_HEADS, key=len, reverse=True)) + r")\b")

# Nouns that follow a comma inside one name: "các phòng chuyên môn, nghiệp vụ", "xã, phường, đặc khu".
_INNER = re.compile(
    r"(?:nghiep vu|phuong|dac khu|thi tran|don vi (?:truc thuoc|lien quan|co lien quan|truong hoc)?$|"
    r"thanh pho\b|ban,? nganh|nganh\b|doan the)"
)
_ACTS = re.compile(
    r"\b(?:chu tri|phoi hop|co trach nhiem|chiu trach nhiem|tham muu|chu dong|to chuc|thuc hien|trien khai|"
    r"xay dung|huong dan|theo doi|tong hop|bao cao|ra soat|kiem tra|ban hanh|tiep tuc|tang cuong|can cu|"
    r"thuong xuyen|day manh|phan cong|cung cap|cap nhat|hoan thanh|bao dam|dam bao|bo tri|quan triet|lap|gui|"
    r"khan truong|nghiem tuc|de xuat|trinh|tap trung|chi dao|chuan bi|tiep nhan|phu trach|lam dau moi|la "
    r"don vi|la co quan|"
    r"la dau moi|can |phai |khong |kip thoi|truc tiep|gop y|lua chon|cu |thanh lap|don doc|giam sat|quan "
    r"ly|nghien cuu|"
    r"duoc giao|thong bao|danh gia|tuyen truyen|thong nhat|de nghi|tham gia|ky |dang ky|su dung|van hanh|"
    r"uu tien)"
)


# "các tổ chức chính trị - xã hội", "cơ quan, tổ chức": bodies, not the verb.
_BODIES = re.compile(r"(?:\bcac|\bnhung|\bmoi|co quan,?|don vi,|ca nhan,?)\s$")

# Verbs that without their marks are other words ("cần" and "cán bộ", "cử" and "cũ").
_ACCENTED = {"can": "cần", "cu": "cử", "ky": "ký", "phai": "phải", "khong": "không"}


def starts_unit(text: str) -> bool:
    """Does `text` begin as the name of a unit does?"""
    folded = fold(text).lstrip()
    if not HEAD.match(folded) or _ACTS.match(folded):  # "Báo cáo", "Tổ chức" are verbs, "Báo", "Tổ" are units
        return False
    # "số 12", "bố trí" and "bảo đảm" fold to the heads "so", "bo", "bao".
    word = text.lstrip().split()[0].lower().strip(",;:.") if text.split() else ""
    return word not in _FALSE_HEADS


_FALSE_HEADS = frozenset(
    {
        "số",
        "bố",
        "bổ",
        "bỏ",
        "bảo",
        "tổ_",
        "hội_",
        "vụ_",
        "đổi",
        "đơn_",
        "đoạn",
        "cục_",
        "vũ",
        "viện_",
        "bản",
        "bạn",
        "bàn",
        "báo_",
        "quỹ_",
        "đòi",
        "đợi",
        "hồi",
        "hỏi",
        "bao",
        "tờ",
        "to",
        "tô",
        "vừa",
        "truống",
        "đài_",
        "quy",
        "quý",
        "trường_",
        "đại",
        "dài",
        "bơ",
        "chính_",
        "đội_",
        "phòng_",
        "vu",
        "cực",
        "hơi",
    }
) - {"đại"}


def split_units(text: str) -> list[str]:
    """The units in a cell or a phrase, one each; commas inside one name do not part it."""
    text = squeeze(text).strip(" .;,:-")
    if not text:
        return []
    pieces = re.split(r"\s*[;\n]\s*", text)
    out: list[str] = []
    for piece in pieces:
        out.extend(_split_commas(piece))
    return [unit for unit in (part.strip(" .,:-") for part in out) if unit]


def _split_commas(piece: str) -> list[str]:
    parts: list[str] = []
    start = depth = 0
    folded = fold(piece)
    for match in re.finditer(r"[()]|,\s*|\s+va\s+|\s+cung\s+|/\s*", folded):
        if match.group() in "()":
            depth += 1 if match.group() == "(" else -1
            continue
        rest = piece[match.end() :]
        if depth > 0 or not starts_unit(rest) or _INNER.match(fold(rest)):
            continue
        if match.group().strip() == "va" and not _after_va(piece[start : match.start()], rest):
            continue
        parts.append(piece[start : match.start()])
        start = match.end()
    parts.append(piece[start:])
    return parts


def _after_va(before: str, rest: str) -> bool:
    """ "Sở A và Sở B" are two, "các cơ quan và đơn vị liên quan" is one, as is a lower-case noun."""
    return rest[:1].isupper() or bool(re.match(r"(?:cac|ubnd|uy ban|van phong|phong|so)\b", fold(rest)))


def unit_span(text: str) -> int:
    """Length of the list of units that `text` begins with: up to the verb, the colon or the stop."""
    end = _first_act(text)
    stop = re.search(r"[:.]", text)
    return len(text[: min(end, stop.start() if stop else end)].rstrip(" ,;"))


def _first_act(text: str) -> int:
    """Where the first verb stands. In names ("Phòng Tổ chức cán bộ", "Sở Xây dựng") the same words are
    capitalised."""
    other = next_verb(text)
    folded = fold(text)
    for match in _ACTS.finditer(folded):
        word = text[match.start() : match.end()].strip()
        if match.group() == "to chuc" and _BODIES.search(folded[: match.start()]):
            continue
        if word[0].islower() and word == _ACCENTED.get(match.group().strip(), word):
            return min(match.start(), other)
    return other


def read_unit_list(text: str) -> list[str]:
    """Units when `text` as a whole (a heading, a cell) is a list of them, else []."""
    body = squeeze(text).rstrip(" :.;")
    folded = fold_orders(body)
    lead_in = re.match(
        r"(?:giao|phan cong|doi voi|trach nhiem cua|nhiem vu cua|yeu cau|de nghi)\s+(?:cho\s+)?", folded
    )
    if lead_in:
        body = body[lead_in.end() :]
        folded = fold(body)
    folded = re.sub(r"\([^()]*\)", lambda m: "_" * len(m.group()), folded)
    if not starts_unit(body) or len(body) > 260 or re.search(r"[:.]\s", body):
        return []
    units = split_units(body)
    if any(not starts_unit(unit) for unit in units):
        return []
    if _first_act(body) < len(body):
        return []
    return units
