"""What the demo's province is made of: offices, which communes are filled, how schools are called. Pure
data.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from thongsuot.modules.organization.types import EducationLevel as Level
from thongsuot.modules.organization.types import SchoolType

# (code, name, short name, other spellings)
OFFICES: tuple[tuple[str, str, str, list[str]], ...] = (
    ("VP", "Văn phòng Sở", "Văn phòng", ["Văn phòng Sở Giáo dục và Đào tạo", "VP Sở"]),
    ("TCCB", "Phòng Tổ chức cán bộ", "Phòng TCCB", []),
    ("KHTC", "Phòng Kế hoạch - Tài chính", "Phòng KHTC", []),
    ("GDMN", "Phòng Giáo dục Mầm non", "Phòng GDMN", []),
    ("GDTH", "Phòng Giáo dục Tiểu học", "Phòng GDTH", []),
    (
        "GDTRH",
        "Phòng Giáo dục Trung học",
        "Phòng GDTrH",
        ["Phòng Giáo dục trung học - Giáo dục thường xuyên"],
    ),
    (
        "GDTX",
        "Phòng Giáo dục thường xuyên và Giáo dục nghề nghiệp",
        "Phòng GDTX-GDNN",
        ["Phòng GDTX", "Phòng Giáo dục thường xuyên"],
    ),
    (
        "QLCL",
        "Phòng Quản lý chất lượng giáo dục và công nghệ thông tin",
        "Phòng QLCLGD-CNTT",
        ["Phòng QLCLGDCNTT", "Phòng Quản lý chất lượng"],
    ),
)
EXTERNAL = (
    ("STC", "Sở Tài chính"),
    ("SNV", "Sở Nội vụ"),
    ("SKHCN", "Sở Khoa học và Công nghệ"),
    ("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
    ("SYT", "Sở Y tế"),
    ("CAT", "Công an tỉnh"),
)
# Filled in the small demo; xã Sa Thầy and phường Đức Phổ wrote two of the directives that it imports.
SMALL_COMMUNES = ("23527", "21439", "21025", "21040", "21115", "21484", "23293", "21548")
SA_THAY = "23527"
# Part of the code of a school that was founded this summer and has no class yet.
NEW_SCHOOL = "MM1"

_MOUNTAIN = ((21115, 21157), (21289, 21361), (21484, 21538))
_FLOWERS = ("Hoa Hồng", "Hoa Mai", "Sơn Ca", "Măng Non", "Hướng Dương", "Họa Mi", "Vành Khuyên", "Tuổi Thơ")
_PRIMARY = (
    "Kim Đồng",
    "Võ Thị Sáu",
    "Lê Văn Tám",
    "Nguyễn Bá Ngọc",
    "Trần Quốc Toản",
    "Bế Văn Đàn",
    "Phan Đình Giót",
)
_LOWER = (
    "Nguyễn Tự Tân",
    "Trương Định",
    "Lý Tự Trọng",
    "Chu Văn An",
    "Quang Trung",
    "Nguyễn Du",
    "Lê Quý Đôn",
)
# Specialised and boarding schools of the province, by commune.
_OF_PROVINCE: dict[str, list[tuple[str, tuple[Level, ...]]]] = {
    "21025": [
        ("Trường THPT Chuyên Lê Khiết", (Level.UPPER_SECONDARY,)),
        ("Trung tâm Giáo dục thường xuyên tỉnh", (Level.CONTINUING,)),
    ],
    "23293": [
        ("Trường THPT Chuyên Nguyễn Tất Thành", (Level.UPPER_SECONDARY,)),
        ("Trường Phổ thông Dân tộc nội trú tỉnh", (Level.LOWER_SECONDARY, Level.UPPER_SECONDARY)),
    ],
}


@dataclass(frozen=True)
class SchoolPlan:
    """A school to be: `code` is its part of the unit's code, `by_department` whether the Sở manages it."""

    code: str
    name: str
    levels: tuple[Level, ...]
    by_department: bool = False
    school_type: str = SchoolType.PUBLIC.value
    is_boarding: bool = False
    sites: int = 1


def is_highland(code: str) -> bool:
    """Communes of the former Kon Tum, and the mountain communes of the east."""
    number = int(code)
    return number >= 23284 or any(first <= number <= last for first, last in _MOUNTAIN)


def school_plans(
    code: str, name: str, kind: str, rng: random.Random, *, most: int | None
) -> list[SchoolPlan]:
    """The schools of a commune in a fixed order: the first few have every level. most: None for all of
    them.
    """
    plans = list(_commune_schools(code, name, kind, rng))
    own = plans if most is None else plans[:most]
    if code == SA_THAY:
        own = [*own, SchoolPlan(NEW_SCHOOL, f"Trường Mầm non {name} 2", (Level.PRESCHOOL,))]
    return [*own, *_department_schools(code, name, kind, rng)]


def _commune_schools(code: str, name: str, kind: str, rng: random.Random) -> Iterator[SchoolPlan]:
    highland = is_highland(code)
    sites = 4 if highland else 1
    yield SchoolPlan("MN1", f"Trường Mầm non {name}", (Level.PRESCHOOL,), sites=sites)
    yield SchoolPlan("TH1", f"Trường Tiểu học {name}", (Level.PRIMARY,), sites=sites)
    yield SchoolPlan("CS1", f"Trường THCS {name}", (Level.LOWER_SECONDARY,))
    private = (
        "Như Ý" if code == SA_THAY else rng.choice(("Ánh Dương", "Ban Mai", "Thiên Thần Nhỏ", "Việt Mỹ"))
    )
    yield SchoolPlan(
        "MN2", f"Trường Mầm non {private}", (Level.PRESCHOOL,), school_type=SchoolType.PRIVATE.value
    )
    if highland:
        yield SchoolPlan(
            "BT1",
            f"Trường PTDTBT Tiểu học {rng.choice(_PRIMARY)}",
            (Level.PRIMARY,),
            is_boarding=True,
            sites=sites,
        )
    else:
        yield SchoolPlan("TH2", f"Trường Tiểu học Số 2 {name}", (Level.PRIMARY,))
    yield SchoolPlan(
        "LC1", f"Trường TH&THCS {rng.choice(_LOWER)}", (Level.PRIMARY, Level.LOWER_SECONDARY), sites=sites
    )
    flowers, primary, lower = (rng.sample(names, len(names)) for names in (_FLOWERS, _PRIMARY, _LOWER))
    yield SchoolPlan("MN3", f"Trường Mầm non {flowers[0]}", (Level.PRESCHOOL,), sites=sites)
    yield SchoolPlan("MN4", f"Trường Mầm non {flowers[1]}", (Level.PRESCHOOL,), sites=sites)
    if kind == "Đặc khu":
        return
    yield SchoolPlan("TH3", f"Trường Tiểu học {primary[0]}", (Level.PRIMARY,))
    if kind == "Phường" or rng.random() < 0.8:
        yield SchoolPlan("CS2", f"Trường THCS {lower[0]}", (Level.LOWER_SECONDARY,))
    if kind == "Phường":
        yield SchoolPlan("MN5", f"Trường Mầm non {flowers[2]}", (Level.PRESCHOOL,))
        yield SchoolPlan("TH4", f"Trường Tiểu học {primary[1]}", (Level.PRIMARY,))


def _department_schools(code: str, name: str, kind: str, rng: random.Random) -> Iterator[SchoolPlan]:
    """Upper-secondary schools and centres, which the Sở manages, in the larger communes."""
    for number, (title, levels) in enumerate(_OF_PROVINCE.get(code, []), 1):
        yield SchoolPlan(f"TT{number}", title, levels, by_department=True)
    if kind != "Xã" or code in SMALL_COMMUNES or rng.random() < 0.45:
        yield SchoolPlan("PT1", f"Trường THPT {name}", (Level.UPPER_SECONDARY,), by_department=True)
    if kind == "Phường" or rng.random() < 0.08:
        yield SchoolPlan("GX1", f"Trung tâm GDNN - GDTX {name}", (Level.CONTINUING,), by_department=True)
