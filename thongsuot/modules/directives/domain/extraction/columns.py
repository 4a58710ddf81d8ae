"""What a column of a task table holds, by the words of its head, in the wordings that offices use."""

from __future__ import annotations

import re

from .text import fold, squeeze

NUMBER, TASK, LEAD, COORDINATING, PRODUCT, DEADLINE = (
    "number",
    "task",
    "lead",
    "coordinating",
    "product",
    "deadline",
)
LEGAL, NOTE, GROUP, TARGET, UNIT, VALUE, MONEY, OTHER = (
    "legal",
    "note",
    "group",
    "target",
    "unit",
    "value",
    "money",
    "other",
)

# In order: the first that fits decides ("Nhiệm vụ triển khai/thời gian trình" is a time, "Kết quả" a
# product).
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (NUMBER, r"^(?:stt|tt|so tt|s\.?t\.?t\.?|so thu tu|no\.?|#|muc)$"),
        (NOTE, r"ghi chu|nguoi theo doi|kinh phi|nguon luc|nguon von|du toan"),
        (MONEY, r"don gia|thanh tien|so tien|muc chi|tong (?:tien|cong)"),
        (UNIT, r"^(?:don vi tinh|dvt|don vi do|don vi\s*\(?tinh\)?)$"),
        (
            VALUE,
            r"^(?:muc tieu|chi tieu|ke hoach|kh|giao|ty le|so luong|muc|gia tri|chi tieu giao|nam|muc phan "
            r"dau|muc dat)?"
            r"[\s,:]*(?:den\s+)?(?:het\s+)?(?:nam\s*(?:hoc\s*)?)?20\d{2}(?:\s*-\s*20\d{2})?\s*(?:\(%\))?$|"
            r"^(?:muc tieu|gia tri|ty le)\s*\(%\)$|"
            r"^(?:muc phan dau|chi tieu giao|ty le|gia tri|so luong|ke hoach giao|muc dat|gia tri muc tieu)$",
        ),
        (
            DEADLINE,
            r"thoi gian|thoi han|tien do|han hoan thanh|lo trinh|ky han|thoi diem|moc|bat dau|ngay hoan thanh|"
            r"^han\b|hoan thanh (?:truoc|trong)"
            r"|^hoan thanh$|thoi ky|ket thuc",
        ),
        (
            "both",
            r"chu tri.{0,12}(?:,|/|va|-)\s*(?:don vi |co quan |phong )?phoi hop|thuc hien.{0,6}/.{0,8}phoi "
            r"hop",
        ),
        (COORDINATING, r"phoi hop|cung thuc hien|tham gia"),
        (
            LEAD,
            r"chu tri|don vi (?:thuc hien|tham muu|duoc giao|phu trach|dau moi|trien khai|chiu)|co quan "
            r"(?:thuc hien|tham muu|duoc giao|dau moi)|"
            r"chiu trach nhiem|nguoi (?:thuc hien|phu trach)|phu trach|^don vi$|^co quan$|phong (?:thuc "
            r"hien|tham muu)|"
            r"phan cong|to chuc thuc hien|^(?:bo phan|noi) thuc hien|trach nhiem|^thuc hien$|dau moi|ca nhan",
        ),
        (LEGAL, r"can cu|co so phap l[yi]|van ban (?:chi dao|giao|quy dinh)|so,? ky hieu|nguon giao"),
        (PRODUCT, r"san pham|ket qua|dau ra|hinh thuc|du thao|ho so trinh|minh chung|van ban ban hanh"),
        (GROUP, r"^(?:linh vuc|nhom (?:nhiem vu|giai phap)|nhom|muc lon)"),
        (TARGET, r"chi tieu|tieu chi|chi so"),
        (
            TASK,
            r"nhiem vu|noi dung|cong viec|hoat dong|giai phap|^ten\b|viec|de an|chuong trinh|van ban|muc "
            r"tieu",
        ),
    )
)


def role_of(head: str) -> str:
    """Role of a column by the text of its head."""
    folded = fold(squeeze(head)).strip(" .:*")
    if not folded:
        return OTHER
    for role, pattern in _RULES:
        if pattern.search(folded):
            return role
    return OTHER


def roles_of(heads: list[str]) -> list[str]:
    """Roles of all columns; where two claim one role the likelier keeps it."""
    roles = [role_of(head) for head in heads]
    if (
        TASK not in roles and TARGET not in roles and GROUP in roles
    ):  # "Nhóm nhiệm vụ, giải pháp" and no other
        roles[roles.index(GROUP)] = TASK
    tasks = [i for i, role in enumerate(roles) if role == TASK]
    if len(tasks) > 1:
        last = max(tasks, key=lambda i: ("cu the" in fold(heads[i]) or "noi dung" in fold(heads[i]), -i))
        for i in tasks:
            if i != last:
                roles[i] = GROUP if i < last else OTHER
    deadlines = [i for i, role in enumerate(roles) if role == DEADLINE]
    if len(deadlines) > 1:
        keep = next(
            (i for i in deadlines if re.search(r"hoan thanh|ket thuc|trinh", fold(heads[i]))), deadlines[-1]
        )
        for i in deadlines:
            if i != keep:
                roles[i] = OTHER
    if TASK not in roles and TARGET in roles and LEAD in roles and VALUE not in roles:
        roles[roles.index(TARGET)] = TASK
    return roles


def is_head(roles: list[str]) -> bool:
    """Do the roles make a head? Two that say something about tasks or targets, at least."""
    known = {role for role in roles if role not in (OTHER, NUMBER, NOTE)}
    if TASK in known or TARGET in known:
        return len(known - {GROUP}) >= 2 or (NUMBER in roles and len(known) >= 1 and len(roles) >= 2)
    return False


def is_task_table(roles: list[str]) -> bool:
    known = set(roles)
    return TASK in known and bool(known & {LEAD, "both", COORDINATING, PRODUCT, DEADLINE})


def is_target_table(roles: list[str]) -> bool:
    return (
        (TARGET in roles or TASK in roles)
        and (VALUE in roles or UNIT in roles)
        and MONEY not in roles
        and not (set(roles) & {LEAD, COORDINATING, "both"} and TASK in roles)
    )
