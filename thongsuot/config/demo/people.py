"""Invented staff and their appointments, and the accounts of the sign-in page. One password hash for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from thongsuot.config.demo.context import EMAIL_DOMAIN, DemoContext
from thongsuot.config.demo.names import Names
from thongsuot.config.demo.organization import BODIES_FROM, DEPARTMENT, PREFIX
from thongsuot.config.demo.places import SA_THAY, is_highland
from thongsuot.modules.organization.actions import delegate
from thongsuot.modules.organization.domain.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from thongsuot.modules.organization.models import Appointment, Unit
from thongsuot.modules.organization.types import RoleCode, UnitKind

SCHOOL_ONE, SCHOOL_TWO = f"{PREFIX}{SA_THAY}.TH1", f"{PREFIX}21439.CS1"
AT = {
    "lanhdao.so": DEPARTMENT,
    "chuyenvien.so": f"{DEPARTMENT}.GDTRH",
    "quantri": DEPARTMENT,
    "lanhdao.xa": PREFIX + SA_THAY,
    "chuyenvien.xa": f"{PREFIX}{SA_THAY}.VHXH",
    "lanhdao.xa2": f"{PREFIX}21439",
    "chuyenvien.xa2": f"{PREFIX}21439.VHXH",
    "hieutruong2": SCHOOL_TWO,
    "giaovien2": SCHOOL_TWO,
}
TITLES = {
    "lanhdao.so": "Giám đốc Sở",
    "chuyenvien.so": "Chuyên viên",
    "lanhdao.xa": "Phó Chủ tịch UBND",
    "lanhdao.xa2": "Phó Chủ tịch UBND",
    "hieutruong": "Hiệu trưởng",
    "hieutruong2": "Hiệu trưởng",
}
# (role, title, how many) beside the demo accounts; a school's teachers come after.
STAFF: dict[str, tuple[tuple[RoleCode, str, int], ...]] = {
    UnitKind.DEPARTMENT: ((RoleCode.DEPARTMENT_LEADER, "Phó Giám đốc Sở", 3),),
    UnitKind.DEPARTMENT_OFFICE: (
        (RoleCode.DEPARTMENT_OFFICER, "Trưởng phòng", 1),
        (RoleCode.DEPARTMENT_OFFICER, "Phó Trưởng phòng", 1),
        (RoleCode.DEPARTMENT_OFFICER, "Chuyên viên", 4),
    ),
    UnitKind.COMMUNE: (
        (RoleCode.COMMUNE_LEADER, "Chủ tịch UBND", 1),
        (RoleCode.COMMUNE_LEADER, "Phó Chủ tịch UBND", 1),
    ),
    UnitKind.COMMUNE_OFFICE: (
        (RoleCode.COMMUNE_OFFICER, "Trưởng phòng", 1),
        (RoleCode.COMMUNE_OFFICER, "Chuyên viên", 1),
    ),
    UnitKind.SCHOOL: (
        (RoleCode.PRINCIPAL, "Hiệu trưởng", 1),
        (RoleCode.PRINCIPAL, "Phó Hiệu trưởng", 1),
        (RoleCode.SCHOOL_OFFICE, "Văn thư", 1),
        (RoleCode.ACCOUNTANT, "Kế toán", 1),
    ),
}
TEACHERS = {"tiny": 2, "small": 6, "province": 24}
SHORT = {
    RoleCode.DEPARTMENT_LEADER: "ld",
    RoleCode.DEPARTMENT_OFFICER: "cv",
    RoleCode.COMMUNE_LEADER: "ld",
    RoleCode.COMMUNE_OFFICER: "cv",
    RoleCode.PRINCIPAL: "ht",
    RoleCode.SCHOOL_OFFICE: "vp",
    RoleCode.ACCOUNTANT: "kt",
    RoleCode.TEACHER: "gv",
}


@dataclass(frozen=True)
class Person:
    username: str
    full_name: str
    role: str
    title: str
    unit_code: str
    since: date


def people(context: DemoContext) -> None:
    units = list(
        Unit.objects.filter(code__startswith=PREFIX)
        .exclude(kind=UnitKind.EXTERNAL)
        .order_by("code")
        .values("code", "kind", "administrative_unit__code")
    )
    planned = {person.username: person for person in _planned(context, units)}
    _write_users(planned)
    _write_appointments(planned)
    _lend(context)
    context.say(f"Người: {len(planned)}")


def _planned(context: DemoContext, units: list[Any]) -> Iterator[Person]:
    names = Names(context.data / "demo" / "names")
    for line in DEMO_ACCOUNTS:
        rng = context.random("account", line.username)
        title = TITLES.get(line.username, "")
        yield Person(
            line.username, names.person(rng), line.role, title, AT.get(line.username, SCHOOL_ONE), BODIES_FROM
        )
    taken = {(AT.get(a.username, SCHOOL_ONE), a.role, TITLES.get(a.username, "")) for a in DEMO_ACCOUNTS}
    for unit in units:
        rng = context.random("staff", unit["code"])
        # One of the schools has lost its place on purpose (defects.py).
        place = unit["administrative_unit__code"] or ""
        highland = is_highland(place) if len(place) == 5 else False
        short = unit["code"].removeprefix(PREFIX).replace(".", "-").lower()
        for role, title, many in _staff(context, unit["kind"]):
            for number in range(many):
                # Drawn even where a demo account stands in the place, so that the others stay who they are.
                name = names.person(rng, highland=highland)
                if (unit["code"], role.value, title) in taken and many == 1:
                    continue
                suffix = _suffix(title, number, many)
                since = (
                    BODIES_FROM if unit["kind"] != UnitKind.SCHOOL else date(2020 + rng.randrange(6), 8, 15)
                )
                yield Person(f"{SHORT[role]}{suffix}.{short}", name, role.value, title, unit["code"], since)


def _suffix(title: str, number: int, many: int) -> str:
    deputy = "p" if title.startswith("Phó") else "t" if title.startswith("Trưởng") else ""
    return deputy + (str(number + 1) if many > 1 else "")


def _staff(context: DemoContext, kind: str) -> list[tuple[RoleCode, str, int]]:
    staff = list(STAFF.get(kind, ()))
    if kind == UnitKind.SCHOOL:
        staff.append((RoleCode.TEACHER, "Giáo viên", TEACHERS[context.scale]))
    return staff


def _write_users(planned: dict[str, Person]) -> None:
    model = get_user_model()
    there = set(model.objects.filter(email__endswith=f"@{EMAIL_DOMAIN}").values_list("username", flat=True))
    password, now = make_password(DEMO_PASSWORD), timezone.now()
    model.objects.bulk_create(
        [
            model(
                username=person.username,
                full_name=person.full_name,
                email=f"{person.username}@{EMAIL_DOMAIN}",
                password=password,
                password_changed_at=now,
            )
            for person in planned.values()
            if person.username not in there
        ],
        batch_size=2000,
    )


def _write_appointments(planned: dict[str, Person]) -> None:
    there = set(Appointment.objects.values_list("user__username", flat=True))
    users = dict(
        get_user_model().objects.filter(email__endswith=f"@{EMAIL_DOMAIN}").values_list("username", "id")
    )
    units = dict(Unit.objects.values_list("code", "id"))
    Appointment.objects.bulk_create(
        [
            Appointment(
                user_id=users[person.username],
                role=person.role,
                unit_id=units[person.unit_code],
                title=person.title,
                valid_from=person.since,
            )
            for person in planned.values()
            if person.username not in there
        ],
        batch_size=2000,
    )


def _lend(context: DemoContext) -> None:
    """The principal of the first school is away for a fortnight and lends two rights to the deputy."""
    if Appointment.objects.filter(delegated_from__isnull=False).exists():
        return
    principal = context.actor("hieutruong")
    own = Appointment.objects.get(user__username="hieutruong")
    deputy = get_user_model().objects.get(username=f"htp.{SA_THAY}-th1")
    delegate(
        by=principal,
        appointment_id=own.pk,
        to=deputy,
        rights=frozenset({"directives.accept", "directives.report"}),
        valid_from=context.today,
        valid_to=context.today + timedelta(days=14),
        reason="Giấy uỷ quyền trong thời gian hiệu trưởng đi tập huấn",
        today=context.today,
    )
