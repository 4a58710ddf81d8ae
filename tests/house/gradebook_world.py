"""Books of the two schools for the test of leaks: each unit's remarks and reasons carry its word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from tests.factories.gradebook import SYSTEM
from thongsuot.modules.gradebook.actions import compute_everywhere, open_class_subjects
from thongsuot.modules.gradebook.models import (
    ClassSubject,
    MarkLock,
    RemarkPhrase,
    RollCall,
    SubjectMarks,
    TermConduct,
    UnlockRequest,
    YearJudgement,
)
from thongsuot.modules.gradebook.types import Moment
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.registry.models import Enrolment, SchoolClass, Student

# The subject whose pages are walked; every class has it.
CODE = "vietnamese"


def fill_gradebook(province: Any, schools: tuple[str, ...], word: Callable[[str, str], str]) -> None:
    """After the registry has been filled. A pupil's lines carry the word of that pupil, or of the school."""
    year = SchoolYear.objects.get()
    for name in schools:
        unit = getattr(province, name)
        open_class_subjects(by=SYSTEM, unit=unit, school_year=year)
        # The school's bank is there for all its teachers.
        RemarkPhrase.objects.create(unit=unit, text="Có tiến bộ")
        lock = MarkLock.objects.create(unit=unit, school_year=year, term=2, locked_at=timezone.now())
        UnlockRequest.objects.create(
            unit=unit, lock=lock, reason=word(name, "xinmo"), asked_at=timezone.now(),
            class_subject=ClassSubject.objects.filter(unit=unit, code=CODE).order_by("pk")[0],
        )  # fmt: skip
    for spell in Enrolment.objects.select_related("school_class"):
        # "kinschoola1xem" is the pupil, "kinschoola1x" whose it is.
        own = spell.student_name.removesuffix("em")
        about = {"unit_id": spell.unit_id, "student_id": spell.student_id}
        subject = ClassSubject.objects.get(school_class=spell.school_class, code=CODE)
        for term in (1, 2):
            SubjectMarks.objects.create(
                class_subject=subject, term=term, remark=f"{own}loiphe", final_level="T", **about
            )
        TermConduct.objects.create(school_class=spell.school_class, term=1, remark=f"{own}chunhiem", **about)
        YearJudgement.objects.create(school_class=spell.school_class, remark=f"{own}cuoinam", **about)
        RollCall.objects.get_or_create(
            school_class=spell.school_class, unit_id=spell.unit_id, on=year.starts_on, session="morning",
            defaults={"called_at": timezone.now()},
        )  # fmt: skip
    compute_everywhere(by=SYSTEM, school_year=year)


def gradebook_keys() -> dict[tuple[str, ...], dict[str, list[tuple[str, ...]]]]:
    """Keys for the addresses of the module, by all converters of an address."""
    books = [
        str(pk) for pk in ClassSubject.objects.filter(code=CODE).order_by("pk").values_list("pk", flat=True)
    ]
    classes = [str(pk) for pk in SchoolClass.objects.order_by("pk").values_list("pk", flat=True)]
    seats = Enrolment.objects.order_by("pk").values_list("school_class_id", "student__public_id")
    pupils = Student.objects.order_by("pk").values_list("public_id", flat=True)
    requests = UnlockRequest.objects.order_by("pk").values_list("pk", flat=True)
    phrases = RemarkPhrase.objects.order_by("pk").values_list("pk", flat=True)
    return {
        ("int",): {
            "SchoolClass": [(pk,) for pk in classes],
            "ClassSubject": [(pk,) for pk in books],
            "UnlockRequest": [(str(pk),) for pk in requests],
            "RemarkPhrase": [(str(pk),) for pk in phrases],
        },
        ("int", "int"): {
            "ClassSubject": [(pk, term) for pk in books for term in ("1", "2")],
            "SchoolClass": [(pk, "1") for pk in classes],
        },
        ("int", "slug"): {"SchoolClass": [(pk, Moment.YEAR) for pk in classes]},
        ("int", "slug", "slug"): {"SchoolClass": [(pk, "tong-hop", "xlsx") for pk in classes]},
        ("int", "uuid"): {"Enrolment": [(str(room), str(key)) for room, key in seats]},
        ("uuid",): {"Student": [(str(key),) for key in pupils]},
    }
