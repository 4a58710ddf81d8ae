"""What a section is about, by its title: tasks, targets, duties of units, or neither.

The order of a plan in practice: quan điểm / mục đích, yêu cầu; mục tiêu; nhiệm vụ, giải pháp; kinh phí; tổ
chức thực hiện.
"""

from __future__ import annotations

import re

from .outline import Node
from .text import fold
from .units import read_unit_list

TASKS, TARGETS, DUTIES, NOTHING, UNKNOWN = "tasks", "targets", "duties", "nothing", "unknown"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        DUTIES,
        re.compile(
            r"to chuc thuc hien|phan cong (?:thuc hien|nhiem vu|trach nhiem)|^trach nhiem|"
            r"trach nhiem (?:cua|thuc hien|cac)|phan cong trach nhiem"
        ),
    ),
    (TARGETS, re.compile(r"muc tieu cu the|chi tieu(?! thi dua)|cac muc tieu chu yeu")),
    (
        NOTHING,
        re.compile(
            r"muc tieu chung|muc tieu tong quat|^\W*(?:(?:nhung|mot so|ve|cac|nguon|co che|cong tac|du bao|cac)\s+)*"
            r"(?:muc dich|yeu cau|quan diem|can cu|kinh phi|nguon luc thuc "
            r"hien|"
            r"kinh phi thuc hien|thuc trang|tinh hinh|ket qua (?:dat duoc|thuc hien)|ton tai|han che|"
            r"nguyen nhan|"
            r"danh gia chung|bai hoc|pham vi|doi tuong|nguyen tac|giai thich tu ngu|dac diem|thuan loi|kho "
            r"khan|su can thiet|"
            r"uu diem|boi canh|khen thuong|du bao|co so (?:phap ly|thuc tien)|thoi gian,? dia diem|thanh phan)\b"
        ),
    ),
    (
        TASKS,
        re.compile(
            r"nhiem vu|giai phap|noi dung|cong viec|phuong huong|ke hoach cu the|lo trinh|hoat dong|"
            r"cong tac (?:trong tam|chi dao)|trien khai thuc hien|tien do thuc hien|phan cong"
        ),
    ),
    (TARGETS, re.compile(r"^(?:cac )?muc tieu\b")),
)


def kind_of_title(title: str) -> str:
    folded = fold(title).strip()
    if re.search(r"muc tieu\W+(?:va )?nhiem vu|nhiem vu\W+chi tieu|muc tieu.{0,12}chi tieu", folded):
        return TASKS if "nhiem vu" in folded else TARGETS
    for kind, pattern in _RULES:
        if pattern.search(folded[:160]):
            return kind
    return UNKNOWN


def kind_of(node: Node) -> str:
    """Kind of the section in which `node` stands: of the nearest title that tells, from inside out.

    A title of tasks or duties outside is not undone by a heading inside it ("1. Mục tiêu" may be, "1. Khen
    thưởng" not).
    """
    titles = [above for above in node.path()[:-1] if len(above.text) < 260]
    outer = UNKNOWN
    for above in titles:
        if above.kind in ("number", "letter", "decimal2", "decimal3", "dash", "plus", "plain", "bullet") and (
            outer in (TASKS, DUTIES)
        ):
            continue
        here = kind_of_title(above.text)
        if here != UNKNOWN and not (here == NOTHING and read_unit_list(above.text)):
            outer = here
    return outer
