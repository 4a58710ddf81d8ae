"""A primary school of any size whose year is over: marks made set-based, results computed, books locked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tests.factories.registry import _person
from tests.modules.transcripts.world import World, make_world
from thongsuot.config.demo.marks import Stage, _lock, fill_year
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.gradebook.actions import compute_everywhere
from thongsuot.modules.registry.models import Contact, Enrolment, SchoolClass, Student
from thongsuot.modules.transcripts.models import Supplement

SYSTEM = Actor.system()
PASSWORD = "Chỉ để thử 2026"
IN_A_CLASS = 50


def make_school(var: Path, pupils: int) -> World:
    """Keys and the trusted authority lie in `var`; teacher, leader and office of the world can sign in with PASSWORD."""
    with act_as(SYSTEM), acting(SYSTEM):
        world = make_world(var, pupils=0)
        _fill(world, pupils)
        fill_year(world.year, [world.school.pk], [(1, Stage()), (2, Stage())], until=world.year.ends_on)
        compute_everywhere(by=SYSTEM, school_year=world.year, unit_ids=[world.school.pk], everybody=True)
        _lock(world.year, [world.school])
        _passwords(world)
    trust = var / "trust"
    trust.mkdir()
    (trust / "root.pem").write_bytes(world.authority.certificate.public_bytes(Encoding.PEM))
    (trust / "root.crl").write_bytes(world.authority.crl(at=timezone.now()).public_bytes(Encoding.DER))
    return world


def _fill(world: World, pupils: int) -> None:
    classes = [world.school_class]
    classes += SchoolClass.objects.bulk_create(
        SchoolClass(
            unit=world.school, school_year=world.year, name=f"3A{number}", code=f"3A{number}", grade=3,
            valid_from=world.year.starts_on, homeroom_teacher=world.teacher,
        )
        for number in range(1, -(-pupils // IN_A_CLASS))
    )  # fmt: skip
    world.students = Student.objects.bulk_create(
        Student(
            unit=world.school, local_code=f"HS{number:05d}", ethnicity="01", birth_place="Bệnh viện Từ Dũ",
            home_town="Vĩnh Long", current_address="12 Lê Lợi & Pasteur",
            **_person(f"Nguyễn Thị Ánh {number}", None, date(2017, 3, 4), "female"),
        )
        for number in range(pupils)
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        Enrolment(
            student=one, unit=world.school, school_year=world.year, school_class=classes[place // IN_A_CLASS],
            grade=3, entered_on=world.year.starts_on, student_name=one.full_name,
        )
        for place, one in enumerate(world.students)
    )  # fmt: skip
    Contact.objects.bulk_create(
        Contact(student=one, relation="mother", full_name="Trần Thị Cúc") for one in world.students
    )
    Supplement.objects.bulk_create(
        Supplement(
            student=one, unit=world.school, school_year=world.year, register_number=f"{place:05d}",
            homeroom_remark="Chăm chỉ.", weight="27.5", height="128", qualities_remark="Ngoan.", general_remark="Tự giác.",
            specific_remark="Đọc tốt.",
        )
        for place, one in enumerate(world.students)
    )  # fmt: skip


def _passwords(world: World) -> None:
    said: Any = make_password(PASSWORD, hasher="scrypt")
    keys = [actor.user_id for actor in world.actors.values()]
    get_user_model().objects.filter(pk__in=keys).update(password=said)
