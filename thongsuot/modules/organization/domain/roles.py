"""The roles: each a name, a sentence people understand, an explicit list of rights, and how far it sees.
Pure.

This file is the whole answer to "who may do what": nothing else grants a right.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..types import RoleCode, UnitKind
from .rights import NEVER_DELEGATED, gettext_noop


class Reach(Enum):
    """Which units a role looks after, from where it is held."""

    PROVINCE = "province"  # every unit
    OWN_AND_BELOW = "own_and_below"  # the body it is held at (or whose office it is) and all below
    OWN = "own"  # that unit alone
    NOBODY = "nobody"  # no unit's records: only what is the person's own


REACH_WORDS = {
    Reach.PROVINCE: gettext_noop("Toàn tỉnh"),
    Reach.OWN_AND_BELOW: gettext_noop("Xã của mình và các trường thuộc xã"),
    Reach.OWN: gettext_noop("Đơn vị của mình"),
    Reach.NOBODY: gettext_noop("Chỉ thông tin của bản thân, của con"),
}


@dataclass(frozen=True)
class Role:
    """`appoints` are the roles its holder may give to others within reach; it needs
    organization.manage_appointments.
    """

    code: str
    name: str
    sentence: str
    rights: frozenset[str]
    held_at: frozenset[str]
    reach: Reach
    appoints: frozenset[str] = frozenset()
    # Who answers for the unit: shown as its head, and asked when a matter needs a decision.
    leads: bool = False

    @property
    def delegable_rights(self) -> frozenset[str]:
        return self.rights - NEVER_DELEGATED


_LOOK = {"organization.view", "indicators.view", "files.upload"}
_OWN_TASKS = {"directives.view", "directives.work"}
_UNIT_TASKS = _OWN_TASKS | {"directives.view_unit", "directives.report", "directives.dashboard"}
_DIRECTS = {
    "directives.import",
    "directives.confirm",
    "directives.assign",
    "directives.hand_down",
    "directives.accept",
    "directives.approve_value",
    "directives.record_event",
    "directives.report_out",
}
_OWN_MATURITY = {"maturity.view", "maturity.fill"}
_READS_REGISTRY = {"registry.view", "quality.view", "statistics.view", "gradebook.view"}
# A school keeps its own records; nobody above writes in them, except by a file of many schools (registry.import_files).
_KEEPS_REGISTRY = _READS_REGISTRY | {
    "registry.view_sensitive",
    "registry.edit",
    "registry.edit_facilities",
    "registry.export",
    "registry.transfer",
    "registry.verify",
    "quality.mend",
    "quality.run",
    "gradebook.keep",
}
_KEEPS_CERTIFICATES = {
    "documents.view_certificates",
    "documents.register_certificates",
    "documents.own_certificate",
    "documents.use_seal",
}
_AT_DEPARTMENT = frozenset({UnitKind.DEPARTMENT.value, UnitKind.DEPARTMENT_OFFICE.value})
_AT_COMMUNE = frozenset({UnitKind.COMMUNE.value, UnitKind.COMMUNE_OFFICE.value})
_AT_SCHOOL = frozenset({UnitKind.SCHOOL.value})
_IN_SCHOOL = frozenset(
    code.value
    for code in (
        RoleCode.SCHOOL_OFFICE,
        RoleCode.ACCOUNTANT,
        RoleCode.TEACHER,
        RoleCode.PARENT,
        RoleCode.PUPIL,
    )
)

_ALL = (
    Role(
        code=RoleCode.SYSTEM_ADMINISTRATOR.value,
        name=gettext_noop("Quản trị hệ thống"),
        sentence=gettext_noop(
            "Giữ cho hệ thống chạy: tài khoản, phân công, đơn vị, danh mục, nhật ký; không giao và không làm "
            "nhiệm vụ."
        ),
        rights=frozenset(
            {
                "organization.view",
                "organization.manage_units",
                "organization.edit_details",
                "organization.manage_lists",
                "organization.manage_calendar",
                "organization.manage_appointments",
                "organization.delegate",
                "accounts.manage",
                "audit.read",
                "audit.purge",
                "files.upload",
                "files.manage",
                "importing.run",
                "indicators.view",
                "api.token",
                "jobs.view_all",
                "maturity.manage_rubrics",
            }
        ),
        held_at=frozenset({UnitKind.DEPARTMENT.value}),
        reach=Reach.PROVINCE,
        appoints=frozenset(code.value for code in RoleCode),
    ),
    Role(
        code=RoleCode.DEPARTMENT_LEADER.value,
        name=gettext_noop("Lãnh đạo Sở"),
        sentence=gettext_noop(
            "Giám đốc, phó giám đốc Sở: giao việc toàn tỉnh, nghiệm thu, quyết định gia hạn, thấy ngay chỗ "
            "chậm."
        ),
        rights=frozenset(
            _LOOK
            | _UNIT_TASKS
            | _DIRECTS
            | _READS_REGISTRY
            | {
                "transcripts.view",
                "transcripts.approve_recall",
                "documents.view_certificates",
                "documents.own_certificate",
                "organization.delegate",
                "audit.read",
                "api.token",
                "statistics.confirm",
                "statistics.review",
                "statistics.sign_off",
                "statistics.write_report",
                "statistics.sign_report",
                *_OWN_MATURITY,
                "maturity.submit",
                "maturity.assess",
                "maturity.recognise",
            }
        ),
        held_at=frozenset({UnitKind.DEPARTMENT.value}),
        reach=Reach.PROVINCE,
        leads=True,
    ),
    Role(
        code=RoleCode.DEPARTMENT_OFFICER.value,
        name=gettext_noop("Chuyên viên Sở"),
        sentence=gettext_noop(
            "Cán bộ một phòng của Sở: đưa văn bản vào, giao và theo dõi nhiệm vụ, tổng hợp báo cáo."
        ),
        rights=frozenset(
            _LOOK
            | _UNIT_TASKS
            | _DIRECTS
            | _READS_REGISTRY
            | {
                "transcripts.view",
                "transcripts.gateway",
                "transcripts.approve_recall",
                *_KEEPS_CERTIFICATES,
                "documents.approve_certificates",
                "organization.delegate",
                "importing.run",
                "api.token",
                "registry.export",
                "registry.import_files",
                "registry.match",
                "registry.verify",
                # Both halves of a merger in one hand: the records, and the sites, roles and unit themselves.
                "registry.reorganize",
                "organization.reorganize",
                "registry.set_facts",
                "gradebook.set_rules",
                "quality.run",
                "quality.manage_rules",
                "organization.manage_calendar",
                *_OWN_MATURITY,
                "maturity.assess",
                "maturity.manage_rubrics",
                "statistics.confirm",
                "statistics.review",
                "statistics.sign_off",
                "statistics.manage",
                "statistics.write_report",
            }
        ),
        held_at=_AT_DEPARTMENT,
        reach=Reach.PROVINCE,
    ),
    Role(
        code=RoleCode.COMMUNE_LEADER.value,
        name=gettext_noop("Lãnh đạo UBND xã"),
        sentence=gettext_noop(
            "Chủ tịch, phó chủ tịch UBND xã, phường, đặc khu: giao việc cho các trường thuộc xã, nghiệm thu, "
            "báo cáo Sở."
        ),
        rights=frozenset(
            _LOOK
            | _UNIT_TASKS
            | _DIRECTS
            | _READS_REGISTRY
            | {
                "transcripts.view",
                "documents.view_certificates",
                "documents.own_certificate",
                "organization.delegate",
                "organization.manage_appointments",
                "organization.edit_details",
                "statistics.confirm",
                "statistics.review",
                "statistics.write_report",
                "statistics.sign_report",
                "maturity.view",
                "maturity.forward",
            }
        ),
        held_at=_AT_COMMUNE,
        reach=Reach.OWN_AND_BELOW,
        appoints=frozenset({RoleCode.COMMUNE_OFFICER.value, RoleCode.PRINCIPAL.value}),
        leads=True,
    ),
    Role(
        code=RoleCode.COMMUNE_OFFICER.value,
        name=gettext_noop("Chuyên viên Phòng VH-XH"),
        sentence=gettext_noop(
            "Cán bộ Phòng Văn hóa - Xã hội: giao tiếp, kiểm tra, tổng hợp việc của các trường thuộc xã."
        ),
        rights=frozenset(
            _LOOK
            | _UNIT_TASKS
            | _DIRECTS
            | _READS_REGISTRY
            | {
                "transcripts.view",
                *_KEEPS_CERTIFICATES,
                "organization.delegate",
                "organization.edit_details",
                "importing.run",
                "api.token",
                "quality.run",
                "statistics.confirm",
                "statistics.review",
                "statistics.write_report",
                "maturity.view",
                "maturity.forward",
            }
        ),
        held_at=_AT_COMMUNE,
        reach=Reach.OWN_AND_BELOW,
    ),
    Role(
        code=RoleCode.PRINCIPAL.value,
        name=gettext_noop("Hiệu trưởng"),
        sentence=gettext_noop(
            "Người đứng đầu trường: nhận việc, giao cho người trong trường, duyệt và nộp kết quả, báo cáo."
        ),
        rights=frozenset(
            _LOOK
            | _UNIT_TASKS
            | _KEEPS_REGISTRY
            | {
                "transcripts.view",
                "transcripts.prepare",
                "transcripts.sign_leader",
                "transcripts.sign_seal",
                *_KEEPS_CERTIFICATES,
                "documents.approve_certificates",
                "registry.promote",
                "registry.match",
                "registry.subject_requests",
                "gradebook.lock",
                "directives.assign",
                "directives.hand_down",
                "directives.accept",
                "directives.report_out",
                "organization.delegate",
                "organization.manage_appointments",
                "organization.edit_details",
                "importing.run",
                "api.token",
                "statistics.confirm",
                "statistics.write_report",
                "statistics.sign_report",
                *_OWN_MATURITY,
                "maturity.submit",
            }
        ),
        held_at=_AT_SCHOOL,
        reach=Reach.OWN,
        appoints=_IN_SCHOOL,
        leads=True,
    ),
    Role(
        code=RoleCode.SCHOOL_OFFICE.value,
        name=gettext_noop("Văn phòng trường"),
        sentence=gettext_noop(
            "Văn thư, giáo vụ của trường: giữ thông tin trường, nhập dữ liệu, nộp báo cáo thay hiệu trưởng."
        ),
        rights=frozenset(
            _LOOK
            | _UNIT_TASKS
            | _KEEPS_REGISTRY
            | {
                "transcripts.view",
                "transcripts.prepare",
                "transcripts.sign_seal",
                *_KEEPS_CERTIFICATES,
                "organization.edit_details",
                "importing.run",
                "api.token",
                "statistics.confirm",
                "statistics.write_report",
                *_OWN_MATURITY,
            }
        ),
        held_at=_AT_SCHOOL,
        reach=Reach.OWN,
    ),
    Role(
        code=RoleCode.ACCOUNTANT.value,
        name=gettext_noop("Kế toán"),
        sentence=gettext_noop(
            "Kế toán của trường: làm nhiệm vụ về tài chính, khoản thu được giao cho trường."
        ),
        rights=frozenset(
            _LOOK
            | _OWN_TASKS
            | {"directives.view_unit", "registry.edit_facilities", "documents.own_certificate"}
        ),
        held_at=_AT_SCHOOL,
        reach=Reach.OWN,
    ),
    Role(
        code=RoleCode.TEACHER.value,
        name=gettext_noop("Giáo viên"),
        sentence=gettext_noop(
            "Giáo viên, nhân viên của trường: làm nhiệm vụ được giao cho mình; xem lớp mình chủ nhiệm, giảng dạy."
        ),
        rights=frozenset(
            _OWN_TASKS
            | {
                "organization.view",
                "files.upload",
                "registry.view_own_classes",
                "gradebook.enter",
                "transcripts.sign_homeroom",
                "documents.own_certificate",
            }
        ),
        held_at=_AT_SCHOOL,
        reach=Reach.OWN,
    ),
    Role(
        code=RoleCode.PARENT.value,
        name=gettext_noop("Phụ huynh"),
        sentence=gettext_noop("Cha, mẹ, người giám hộ: xem thông tin và kết quả của con mình."),
        rights=frozenset({"registry.own_children", "gradebook.view_own", "transcripts.own"}),
        held_at=_AT_SCHOOL,
        reach=Reach.NOBODY,
    ),
    Role(
        code=RoleCode.PUPIL.value,
        name=gettext_noop("Học sinh"),
        sentence=gettext_noop("Học sinh: xem thông tin và kết quả của chính mình."),
        rights=frozenset({"registry.own_record", "gradebook.view_own", "transcripts.own"}),
        held_at=_AT_SCHOOL,
        reach=Reach.NOBODY,
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in _ALL}
PROVINCE_ROLES = frozenset(role.code for role in _ALL if role.reach is Reach.PROVINCE)
LEADING_ROLES = frozenset(role.code for role in _ALL if role.leads)

_OFFICES = frozenset({UnitKind.DEPARTMENT_OFFICE.value, UnitKind.COMMUNE_OFFICE.value})


def body_path(kind: str, path: str) -> str:
    """The path of the body that acts: an office ("1.5.22.") acts for the body above it ("1.5.")."""
    if kind not in _OFFICES:
        return path
    above = path.rstrip(".").rsplit(".", 1)[0]
    return f"{above}."


def roles_with(right: str) -> frozenset[str]:
    return frozenset(role.code for role in _ALL if right in role.rights)


def lent_rights(role: Role, chosen: frozenset[str] | None) -> frozenset[str]:
    """The rights of a delegated appointment: those chosen, never more than the role may lend."""
    if chosen is None:
        return role.delegable_rights
    return chosen & role.delegable_rights
