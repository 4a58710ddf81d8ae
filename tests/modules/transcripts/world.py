"""A primary school whose year is closed: class 3A with its teacher, principal, seal and keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from tests.factories.organization import (
    make_administrative_unit,
    make_appointment,
    make_school,
    make_school_year,
    make_unit,
    make_user,
)
from tests.factories.registry import make_class, make_contact, make_staff, make_student
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.certificates import identity_of
from thongsuot.kit.signing.practice import PracticeAuthority, pem_of, write_private
from thongsuot.modules.documents.models import SignerCertificate
from thongsuot.modules.gradebook.types import PupilRecord, SubjectRecord, TermRecord
from thongsuot.modules.organization.models import CodeList, CodeValue
from thongsuot.modules.organization.queries import actor_for
from thongsuot.modules.transcripts.models import Supplement

NOW = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 6, 2)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2028, 12, 31, tzinfo=UTC)
TRAITS = [
    "patriotism",
    "kindness",
    "diligence",
    "honesty",
    "responsibility",
    "self_reliance",
    "communication",
    "problem_solving",
    "language",
    "calculation",
    "scientific",
    "technological",
    "informatics",
    "aesthetic",
    "physical",
]


@dataclass
class World:
    department: Any
    school: Any
    year: Any
    school_class: Any
    teacher: Any
    leader: Any
    students: list[Any]
    authority: PracticeAuthority
    keys: Path
    actors: dict[str, Actor] = field(default_factory=dict)

    def records(self, **changes: Any) -> list[PupilRecord]:
        return [record(one, self.school_class, **changes) for one in self.students]


def _term(result: str, final: str = "9") -> TermRecord:
    return TermRecord((), "", final, "", result, result, "Con học tốt.")


def _subject(code: str, name: str, level: str, mark: str) -> SubjectRecord:
    return SubjectRecord(
        code, name, "score" if mark else "comment", 175, (_term(level, mark), _term(level, mark)), level, level, "",
        False, (),
    )  # fmt: skip


def record(student: Any, school_class: Any, **changes: Any) -> PupilRecord:
    """A pupil of grade 3 who has done well."""
    return PupilRecord(
        **{
            "student_id": student.pk,
            "public_id": student.public_id,
            "name": student.full_name,
            "unit_id": school_class.unit_id,
            "school_year_id": school_class.school_year_id,
            "class_id": school_class.pk,
            "class_name": school_class.name,
            "grade": 3,
            "level": "primary",
            "rules": "TT27-2020",
            "subjects": (
                _subject("vietnamese", "Tiếng Việt", "T", "9"),
                _subject("mathematics", "Toán", "T", "10"),
                _subject("ethics", "Đạo đức", "H", ""),
            ),
            "learning": ("", "", "well_done"),
            "learning_after": "",
            "conduct": ("", "", ""),
            "traits": {"CN": dict.fromkeys(TRAITS, "T")},
            "outcome": "promoted",
            "award": "outstanding",
            "again": (),
            "absences": 3,
            "excused": 2,
            "unexcused": 1,
            "remarks": ("", "", "Chăm chỉ, hòa đồng."),
            "reasons": (),
            "is_locked": True,
            "is_stale": False,
            "computed_at": NOW,
            "published_at": None,
            **changes,
        }
    )


def supplement(student: Any, school_class: Any, **fields: Any) -> Supplement:
    return Supplement.objects.create(
        student=student,
        unit=school_class.unit,
        school_year=school_class.school_year,
        **{
            "register_number": "0123",
            "weight": Decimal("27.5"),
            "height": Decimal(128),
            "qualities_remark": "Ngoan.",
            "general_remark": "Tự giác.",
            "specific_remark": "Đọc tốt.",
            **fields,
        },
    )


def make_world(var: Path, *, pupils: int = 3) -> World:
    """`var`: the folder of the installation, where the keys are put."""
    province = make_administrative_unit("79", "Thành phố Hồ Chí Minh", kind="")
    commune_area = make_administrative_unit("26734", "Bến Thành", kind="Phường", parent=province)
    department = make_unit("department", "Sở Giáo dục và Đào tạo")
    commune = make_unit("commune", parent=department, administrative_unit=commune_area)
    school = make_school("Trường Tiểu học Hòa Bình", parent=commune, administrative_unit=commune_area)
    year = make_school_year(2025)
    users = {name: make_user() for name in ("teacher", "leader", "office", "officer", "chief")}
    make_appointment(users["teacher"], "teacher", school)
    make_appointment(users["leader"], "principal", school)
    make_appointment(users["office"], "school_office", school)
    # Officers sit in an office of the department, not in the department itself.
    make_appointment(
        users["officer"], "department_officer", make_unit("department_office", parent=department)
    )
    make_appointment(users["chief"], "department_leader", department)
    teacher = make_staff(school, "Phạm Thị Em", account=users["teacher"], birth_date=date(1985, 1, 1))
    leader = make_staff(school, "Lê Văn Dũng", account=users["leader"], birth_date=date(1975, 1, 1))
    make_staff(school, "Văn Thư", account=users["office"], birth_date=date(1990, 1, 1))
    ethnic_groups = CodeList.objects.create(code="dan_toc", name="Dân tộc")
    CodeValue.objects.create(code_list=ethnic_groups, code="01", name="Kinh")
    school_class = make_class(school, year, "3A", grade=3, homeroom_teacher=teacher)
    students = []
    for number in range(pupils):
        student = make_student(
            school, f"Nguyễn Thị Ánh {number}", school_class=school_class, birth_date=date(2017, 3, 4),
            birth_place="Bệnh viện Từ Dũ", home_town="Vĩnh Long", current_address="12 Lê Lợi & Pasteur",
        )  # fmt: skip
        make_contact(student, "Trần Thị Cúc")
        supplement(student, school_class)
        students.append(student)
    authority = PracticeAuthority("CA thử", since=SINCE - timedelta(days=1))
    made = World(department, school, year, school_class, teacher, leader, students, authority, var / "keys")
    made.keys.mkdir(parents=True, exist_ok=True)
    for member in (teacher, leader):
        issue_key(made, member.full_name, staff=member)
    issue_key(made, school.name)
    made.actors = {name: actor_for(user, today=TODAY) for name, user in users.items()}
    return made


def trusted_world(settings: Any, folder: Path, *, pupils: int = 3) -> World:
    """A world whose keys and trusted authority lie in `folder`, which is the installation's own for the test."""
    settings.VAR_DIR = folder
    made = make_world(folder, pupils=pupils)
    trust = folder / "trust"
    trust.mkdir()
    (trust / "root.pem").write_bytes(made.authority.certificate.public_bytes(Encoding.PEM))
    (trust / "root.crl").write_bytes(made.authority.crl(at=NOW).public_bytes(Encoding.DER))
    return made


def issue_key(world: World, holder: str, *, staff: Any = None, **details: Any) -> SignerCertificate:
    """An approved certificate with its key file, of a member of the staff or of the school's seal."""
    valid = details.pop("valid", (SINCE, UNTIL))
    organisation = details.pop("organisation", world.school.name)
    private, certificate = world.authority.issue(holder, organisation=organisation, valid=valid, **details)
    read = identity_of(certificate.public_bytes(Encoding.DER))
    row = SignerCertificate.objects.create(
        unit=world.school, staff=staff, holder=holder, serial=read.serial, issuer=read.issuer,
        subject=read.subject, fingerprint=read.fingerprint.hex(), provider="CA thử", medium="software",
        state="approved", valid_from=valid[0], valid_to=valid[1], der=read.der, registered_at=valid[0],
        approved_at=valid[0],
    )  # fmt: skip
    pem = pem_of(private, certificate, world.authority.certificate)
    write_private(world.keys / f"{row.fingerprint}.pem", pem)
    return row
