"""The people whom the demo offers on its sign-in page: one a role, and a second school and commune to
compare with. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from .rights import gettext_noop
from .roles import ROLES

# Public on purpose, and long enough for the password rule (14 characters of 4 kinds). A demo holds invented
# people only.
DEMO_PASSWORD = "Thong-Suot-2026!"  # noqa: S105


@dataclass(frozen=True)
class DemoAccountLine:
    username: str
    role: str
    place: str

    @property
    def role_name(self) -> str:
        return ROLES[self.role].name

    @property
    def sentence(self) -> str:
        return ROLES[self.role].sentence


_SA_THAY, _DUC_PHO = gettext_noop("xã Sa Thầy"), gettext_noop("phường Đức Phổ")
SCHOOL_ONE, SCHOOL_TWO = "Trường Tiểu học Sa Thầy", "Trường THCS Đức Phổ"

DEMO_ACCOUNTS = (
    DemoAccountLine("lanhdao.so", "department_leader", gettext_noop("Sở Giáo dục và Đào tạo")),
    DemoAccountLine("chuyenvien.so", "department_officer", gettext_noop("Phòng Giáo dục Trung học")),
    DemoAccountLine("lanhdao.xa", "commune_leader", _SA_THAY),
    DemoAccountLine("chuyenvien.xa", "commune_officer", _SA_THAY),
    DemoAccountLine("hieutruong", "principal", SCHOOL_ONE),
    DemoAccountLine("vanphong", "school_office", SCHOOL_ONE),
    DemoAccountLine("ketoan", "accountant", SCHOOL_ONE),
    DemoAccountLine("giaovien", "teacher", SCHOOL_ONE),
    DemoAccountLine("phuhuynh", "parent", SCHOOL_ONE),
    DemoAccountLine("hocsinh", "pupil", SCHOOL_ONE),
    DemoAccountLine("quantri", "system_administrator", gettext_noop("Sở Giáo dục và Đào tạo")),
    DemoAccountLine("lanhdao.xa2", "commune_leader", _DUC_PHO),
    DemoAccountLine("chuyenvien.xa2", "commune_officer", _DUC_PHO),
    DemoAccountLine("hieutruong2", "principal", SCHOOL_TWO),
    DemoAccountLine("giaovien2", "teacher", SCHOOL_TWO),
)
