"""The registry in the test of leaks: pupils, staff and things of two schools, what hangs between them, and their keys."""

import re

from tests.factories import directives as make
from tests.factories import registry
from tests.factories.organization import make_school_year
from tests.house.leak_roles import OWN, SCHOOLS, word
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.quality.models import QualityCase
from thongsuot.modules.quality.types import BOOK
from thongsuot.modules.registry.models import (
    Contact,
    Enrolment,
    Equipment,
    ErrorReport,
    IdentityBatch,
    IdentityCheck,
    InternetLine,
    Land,
    MatchCandidate,
    Room,
    SchoolClass,
    Staff,
    Student,
    StudentCharacteristic,
    SubjectRequest,
    TeachingAssignment,
    Transfer,
)

# Addresses that are filled with keys of the registry.
OF_REGISTRY = re.compile(
    r"registry:|quality:|\S* api/v1/(students|quality)|(transfer|duplicate|subject-request|promotion|leave|back)-|\S* hoc-sinh/"
)


def fill_registry(province, people):
    """In each school a class, a pupil with a guardian, somebody on the staff, things; and the pupils who are somebody's own."""
    year = SchoolYear.objects.first() or make_school_year()
    for unit_name in SCHOOLS:
        unit = getattr(province, unit_name)
        member = registry.make_staff(unit, word(unit_name, "canbo"), phone=word(unit_name, "phone")[:20])
        school_class = registry.make_class(unit, year, word(unit_name, "lop"), homeroom_teacher=member)
        registry.make_teaching(member, school_class, word(unit_name, "mon"))
        _pupil(unit_name, unit, school_class)
        registry.make_room(unit, word(unit_name, "phong"))
        registry.make_equipment(unit, word(unit_name, "maytinh"))
        registry.make_piece_of_land(unit, word(unit_name, "dat"))
        registry.make_line(unit, word(unit_name, "mang"))
    for own, unit_name in OWN.items():
        unit = getattr(province, unit_name)
        _pupil(own, unit, registry.make_class(unit, year, word(own, "lop")))
    teacher = registry.make_staff(province.school_a1, "Cô Giáo", account=people["teacher", "school_a1"])
    SchoolClass.objects.filter(name=word("taught", "lop")).update(homeroom_teacher=teacher)
    Contact.objects.filter(full_name=word("child", "me")).update(account=people["parent", "school_a1"])
    Student.objects.filter(full_name=word("self", "em")).update(account=people["pupil", "school_b1"])


def _pupil(name, unit, school_class):
    pupil = registry.make_student(
        unit,
        word(name, "em"),
        school_class=school_class,
        current_address=word(name, "choo"),
        local_code=word(name, "ma"),
    )
    registry.make_contact(pupil, word(name, "me"), occupation=word(name, "nghe"))
    StudentCharacteristic.objects.create(
        student=pupil, unit=unit, kind="policy", code="01", note=word(name, "giayto"), valid_from=make.TODAY
    )
    registry.make_report(pupil, said=word(name, "baosai"))


def fill_around(province):
    """What hangs between the rooms: a transfer inside a commune, a pair of records, a request under the law, a list on its way
    to the population database, a case of data quality.
    """
    for school, beside, pair in (("school_a1", "school_a2", "child"), ("school_b1", "school_b2", "self")):
        unit = getattr(province, school)
        pupil, other = (Student.objects.get(full_name=word(name, "em")) for name in (school, pair))
        Transfer.objects.create(
            student=pupil, from_unit=unit, to_unit=getattr(province, beside), state="released",
            student_name=word(school, "chuyen"), effective_on=make.TODAY, requested_at=make.NOW,
        )  # fmt: skip
        first, second = sorted((pupil, other), key=lambda one: one.pk)
        MatchCandidate.objects.create(
            first=first, second=second, first_unit=unit, second_unit=unit, score=9, found_at=make.NOW,
            note=word(school, "nghitrung"),
        )  # fmt: skip
        SubjectRequest.objects.create(
            student=pupil, kind="restrict", requested_by_name=word(school, "nguoixin"), basis="Đơn",
            received_on=make.TODAY, due_on=make.TODAY,
        )  # fmt: skip
        batch = IdentityBatch.objects.create(
            unit=unit, channel="file", kind="student", size=1, created_at=make.NOW
        )
        IdentityCheck.objects.create(batch=batch, unit=unit, person_id=pupil.pk, status="not_found")
        rule = BOOK.rules_of("student")[0]
        QualityCase.objects.create(
            unit=unit, rule=rule.code, dataset="student", field=rule.field, object_id=pupil.pk, severity="error",
            opened_on=make.TODAY, due_on=make.TODAY,
        )  # fmt: skip


def registry_keys() -> dict[tuple[str, ...], dict[str, list[tuple[str, ...]]]]:
    """Keys for the addresses of the registry, by all converters of an address; what hangs on a pupil or on somebody of
    the staff stands with that person, and once with somebody else.
    """
    found: dict[tuple[str, ...], dict[str, list[tuple[str, ...]]]] = {
        ("uuid",): {},
        ("int",): {},
        ("uuid", "int"): {},
    }
    for model in (Student, Staff, IdentityBatch, QualityCase):
        public = model.objects.order_by("pk").values_list("public_id", flat=True)
        found["uuid",][model.__name__] = [(str(key),) for key in public]
    for model in (SchoolClass, ErrorReport, Transfer, MatchCandidate, SubjectRequest):
        found["int",][model.__name__] = [
            (str(pk),) for pk in model.objects.order_by("pk").values_list("pk", flat=True)
        ]
    for model, whose in (
        (Contact, "student"),
        (Enrolment, "student"),
        (StudentCharacteristic, "student"),
        (TeachingAssignment, "staff"),
    ):
        pairs = list(model.objects.order_by("pk").values_list(f"{whose}__public_id", "pk"))
        others = [(pairs[(index + 1) % len(pairs)][0], pk) for index, (_person, pk) in enumerate(pairs[:2])]
        found["uuid", "int"][model.__name__] = [(str(one), str(pk)) for one, pk in (*pairs, *others)]
    things = {"room": Room, "equipment": Equipment, "land": Land, "line": InternetLine}
    found["slug", "int"] = {
        slug: [(slug, str(pk)) for pk in model.objects.order_by("pk").values_list("pk", flat=True)]
        for slug, model in things.items()
    }
    found["slug",] = {slug: [(slug,)] for slug in (*things, "student", "staff", "class")}
    schools = Student.objects.order_by("unit_id").values_list("unit_id", flat=True).distinct()
    found["int",]["Unit"] = [(str(pk),) for pk in schools]
    return found
