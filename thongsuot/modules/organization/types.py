"""Words of the module: kinds of units, levels, roles. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    PROVINCE_COMMITTEE = "province_committee", _("UBND tỉnh")
    DEPARTMENT = "department", _("Sở")
    DEPARTMENT_OFFICE = "department_office", _("Phòng của Sở")
    COMMUNE = "commune", _("UBND xã, phường, đặc khu")
    COMMUNE_OFFICE = "commune_office", _("Phòng Văn hóa - Xã hội")
    SCHOOL = "school", _("Cơ sở giáo dục")
    EXTERNAL = "external", _("Cơ quan ngoài ngành")


class EducationLevel(TextChoices):
    """cấp học"""

    PRESCHOOL = "preschool", _("Mầm non")
    PRIMARY = "primary", _("Tiểu học")
    LOWER_SECONDARY = "lower_secondary", _("Trung học cơ sở")
    UPPER_SECONDARY = "upper_secondary", _("Trung học phổ thông")
    CONTINUING = "continuing", _("Giáo dục thường xuyên")


class SchoolType(TextChoices):
    """loại hình"""

    PUBLIC = "public", _("Công lập")
    PRIVATE = "private", _("Tư thục")
    PEOPLE_FOUNDED = "people_founded", _("Dân lập")


class AdministrativeLevel(TextChoices):
    PROVINCE = "province", _("Tỉnh, thành phố")
    COMMUNE = "commune", _("Xã, phường, đặc khu")
    # Abolished on 1 July 2025; kept so that old records can still be read.
    DISTRICT = "district", _("Huyện (đến 30/6/2025)")


class RoleCode(TextChoices):
    SYSTEM_ADMINISTRATOR = "system_administrator", _("Quản trị hệ thống")
    DEPARTMENT_LEADER = "department_leader", _("Lãnh đạo Sở")
    DEPARTMENT_OFFICER = "department_officer", _("Chuyên viên Sở")
    COMMUNE_LEADER = "commune_leader", _("Lãnh đạo UBND xã")
    COMMUNE_OFFICER = "commune_officer", _("Chuyên viên Phòng VH-XH")
    PRINCIPAL = "principal", _("Hiệu trưởng")
    SCHOOL_OFFICE = "school_office", _("Văn phòng trường")
    ACCOUNTANT = "accountant", _("Kế toán")
    TEACHER = "teacher", _("Giáo viên")
    PARENT = "parent", _("Phụ huynh")
    PUPIL = "pupil", _("Học sinh")


class MatchKind(TextChoices):
    """How sure it is that words of a document mean these units."""

    EXACT = "exact", _("Đúng tên")
    ALIAS = "alias", _("Tên gọi khác")
    GROUP = "group", _("Nhóm đơn vị")
    FUZZY = "fuzzy", _("Đoán, cần xác nhận")
    NONE = "none", _("Chưa nhận ra")


@dataclass(frozen=True)
class UnitMatch:
    """Words of a document and the units they stand for.

    unit_ids: one for exact and alias, all of the group for group, the best guesses first for fuzzy.
    group_label: what the group is called on the page ("Các trường THPT trực thuộc Sở"), "" for a single unit.
    """

    name: str
    kind: MatchKind
    unit_ids: tuple[int, ...] = ()
    group_label: str = ""
    score: float = 0.0

    @property
    def is_certain(self) -> bool:
        """False: a person has to be asked."""
        return self.kind in (MatchKind.EXACT, MatchKind.ALIAS, MatchKind.GROUP)


class ChangeKind(TextChoices):
    """What became of an old unit. A unit that was divided counts as divided, whatever its parts joined."""

    KEPT = "kept", _("Giữ nguyên")
    RENAMED = "renamed", _("Đổi tên, đổi loại")
    MERGED = "merged", _("Nhập toàn bộ")
    DIVIDED = "divided", _("Chia ra nhiều nơi")


class Confidence(TextChoices):
    """How a value of a list is known; whatever was not read is to be checked."""

    READ = "V", _("Đã đọc trong văn bản, phần mềm đang dùng")
    SECONDARY = "V2", _("Qua tài liệu thứ cấp")
    INFERRED = "I", _("Suy ra, cần kiểm tra")
    MEMORY = "M", _("Theo trí nhớ, cần kiểm tra")
