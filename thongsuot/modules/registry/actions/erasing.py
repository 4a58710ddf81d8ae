"""A dossier without its person: what is erased on request, what the law orders to be kept, and the history behind it.

Kept are facts without identity, which statistics already given out rest on: which grade, class, school, from when to
when, how a spell ended, what a year came to as codes, sex, year of birth, policy categories without their papers (Luật
Thống kê; TT 42/2021/TT-BGDĐT).
Kept is also who asked for the erasure, on which paper: the proof that it was owed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import DateField, F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import TruncYear
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.tracking import event_model
from thongsuot.kit.importing import forgetting
from thongsuot.kit.postgres.isolation import act_as

from ..domain import persons
from ..models import (
    Completion,
    Contact,
    Enrolment,
    ErrorReport,
    FamilyCode,
    Graduation,
    IdentityCheck,
    MatchCandidate,
    MinistrySubmission,
    PersonMerge,
    PersonSplit,
    Student,
    StudentCharacteristic,
    SubjectRequest,
    Transfer,
    YearResult,
)
from ..permissions import can_handle_requests
from ..types import OPEN_TRANSFER, SENSITIVE_KINDS, IdentityStatus, StateConflict, SubjectRequestKind

# Stands in the place of the name, in every language of the page.
ERASED = "Đã xóa theo yêu cầu"
BLANK_PERSON: dict[str, Any] = {
    "full_name": ERASED,
    "birth_date": TruncYear("birth_date", output_field=DateField()),
    "is_birth_year_only": True,
    "ethnicity": "",
    "religion": "",
    "personal_id_sealed": None,
    "personal_id_digest": None,
    "identity_status": IdentityStatus.NOT_SENT.value,
    "identity_checked_at": None,
    "ministry_code": "",
    "provisional_code": "",
    "local_code": "",
    "birth_place": "",
    "home_town": "",
    "residence_commune_code": "",
    "residence_address": "",
    "current_address": "",
    "phone": "",
    "email": "",
    "is_father_minority": False,
    "is_mother_minority": False,
    "account_id": None,
}
# Files in which a pupil may stand; in those of students a row points to the dossier.
FILES_OF_STUDENTS = ("registry.students", "registry.results")
FILES = (*FILES_OF_STUDENTS, "registry.ministry_student", "registry.identity_answers")
BLANK_TRANSFER: dict[str, Any] = {
    "student_name": ERASED,
    "reason": "",
    "answer": "",
    "document_number": "",
    "papers": [],
    "made": {},
}


@transaction.atomic
def erase_student(*, by: Actor, student: Student, now: datetime) -> Student:
    """Take the person out of the dossier, of those merged into it, and of the books of every school it has been at.

    Cannot be taken back. Raises NotAllowed, StateConflict (still in a class, or a transfer is under way: the law orders
    a school to keep the dossier of whom it teaches).
    """
    if not can_handle_requests(by, student.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xóa hồ sơ này."))
    # Rows of earlier schools are written too; the right has been looked at.
    with act_as(Actor.system()):
        if student.enrolments.filter(left_on=None).exists():
            raise StateConflict(
                _("Học sinh đang học: pháp luật yêu cầu trường giữ hồ sơ. Kết thúc quá trình học trước.")
            )
        if Transfer.objects.filter(student=student, state__in=OPEN_TRANSFER).exists():
            raise StateConflict(_("Hoàn tất hoặc rút đề nghị chuyển trường trước."))
        keys = records_of(by=by, student=student)
        _forget_in_files(keys)
        _erase_rows(keys)
        parts = {name: text for name, text in persons.name_parts(ERASED).items() if name != "full_name"}
        Student.objects.filter(pk__in=keys).update(
            **BLANK_PERSON, **parts, erased_at=now, restricted_at=None, updated_at=now
        )
    student.refresh_from_db()
    return student


def records_of(*, by: Actor, student: Student) -> list[int]:
    """The record and all that were merged into it: whose rows go when the person is erased, in every module.

    Raises NotAllowed.
    """
    if not can_handle_requests(by, student.unit_id):
        raise NotAllowed(_("Anh/chị không có quyền xóa hồ sơ này."))
    with act_as(Actor.system()):
        return [student.pk, *_merged_into(student.pk)]


def erased_and_not_purged(*, by: Actor) -> list[int]:
    """Records of erased persons whose old values still stand in the history. Raises NotAllowed for all but the system."""
    if not by.is_system:
        raise NotAllowed(_("Việc này chỉ chủ cơ sở dữ liệu làm được."))
    waiting = SubjectRequest.objects.filter(
        kind=SubjectRequestKind.ERASE, done_at__isnull=False, history_purged_at=None
    )
    return [key for one in waiting.values_list("student_id", flat=True) for key in (one, *_merged_into(one))]


def _merged_into(key: int) -> list[int]:
    """All records that were merged into this one, however many steps."""
    found: list[int] = []
    step = [key]
    while step:
        step = list(Student.objects.filter(merged_into_id__in=step).values_list("pk", flat=True))
        found += step
    return found


def _pairs(model: type[Model], first: str, second: str, keys: list[int]) -> QuerySet[Any]:
    wanted = Q(**{f"{first}__in": keys}) | Q(**{f"{second}__in": keys})
    rows: QuerySet[Any] = model._default_manager.filter(wanted)
    return rows


def _forget_in_files(keys: list[int]) -> None:
    """Rows of imports that speak of the person, and the files that were brought in."""
    fields = ("pk", "full_name", "birth_date", "ministry_code", "provisional_code")
    people = [
        forgetting.Person(pk, name, born, frozenset(filter(None, codes)))
        for pk, name, born, *codes in Student.objects.filter(pk__in=keys).values_list(*fields)
    ]
    forgetting.forget(
        by=Actor.system(), people=people, kinds=FILES, targets=FILES_OF_STUDENTS, instead=ERASED
    )


def _erase_rows(keys: list[int]) -> None:
    Contact.objects.filter(student_id__in=keys).delete()
    FamilyCode.objects.filter(student_id__in=keys).delete()
    # An award is free text, and may name its bearer.
    YearResult.objects.filter(student_id__in=keys).exclude(awards="").update(awards="")
    facts = StudentCharacteristic.objects.filter(student_id__in=keys)
    facts.filter(kind__in=SENSITIVE_KINDS).delete()
    facts.update(note="")
    Enrolment.objects.filter(student_id__in=keys).update(student_name=ERASED)
    Transfer.objects.filter(student_id__in=keys).update(**BLANK_TRANSFER)
    Completion.objects.filter(enrolment__student_id__in=keys).update(reason="")
    _forget_drafts(Graduation.objects.all(), keys)
    ErrorReport.objects.filter(student_id__in=keys).delete()
    _pairs(MatchCandidate, "first_id", "second_id", keys).delete()
    _pairs(PersonMerge, "kept_id", "gone_id", keys).update(moved={})
    _pairs(PersonSplit, "student_id", "other_id", keys).update(moved={}, reason="")
    IdentityCheck.objects.filter(batch__kind="student", person_id__in=keys).delete()
    MinistrySubmission.objects.filter(kind="student", object_id__in=keys).update(
        content_digest=None, reason=""
    )


def _forget_drafts(rows: Any, keys: list[int]) -> None:
    """Reasons why somebody does not complete a level, in decisions that are not written yet: only the person's own go."""
    spells = Enrolment.objects.filter(student_id__in=keys).values_list("pk", flat=True)
    theirs = {str(key) for key in spells}
    for row in rows.filter(held_back__has_any_keys=sorted(theirs)):
        kept = {key: reason for key, reason in row.held_back.items() if key not in theirs}
        rows.filter(pk=row.pk).update(held_back=kept)


@transaction.atomic
def purge_history(*, by: Actor, now: datetime) -> int:
    """Take the old values of erased dossiers out of the event tables; returns how many requests are thereby complete.

    Events can only be added and read: no role of the application can do this. It is run by whoever owns the database
    (`thongsuot purge_erased`), after the request was carried out. That something was changed, when and by whom, stays;
    what it was goes. Raises NotAllowed for anybody but the system.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này chỉ chủ cơ sở dữ liệu làm được."))
    keys = erased_and_not_purged(by=by)
    waiting = SubjectRequest.objects.filter(
        kind=SubjectRequestKind.ERASE, done_at__isnull=False, history_purged_at=None
    )
    waiting_keys = list(waiting.values_list("pk", flat=True))
    if keys:
        # A block of its own: what fails inside is taken back before the triggers are put on again.
        with pgtrigger.ignore(), transaction.atomic():
            _purge_events(keys)
    return waiting.filter(pk__in=waiting_keys).update(history_purged_at=now)


def _events(model: type[Model]) -> Any:
    found = event_model(model)
    if found is None:
        raise LookupError(f"{model._meta.label} is not tracked")
    return found._base_manager


def _purge_events(keys: list[int]) -> None:
    # Why something was changed is free text of whoever changed it.
    silent = {
        "pgh_context": Func(F("pgh_context"), Value("reason"), template="%(expressions)s", arg_joiner=" - ")
    }
    _events(Student).filter(pgh_obj_id__in=keys).update(**BLANK_PERSON, **silent)
    _events(Enrolment).filter(student_id__in=keys).update(student_name=ERASED, **silent)
    _events(Transfer).filter(student_id__in=keys).update(**BLANK_TRANSFER, **silent)
    _events(YearResult).filter(student_id__in=keys).update(awards="", **silent)
    for model in (Contact, ErrorReport, FamilyCode):
        _events(model).filter(student_id__in=keys).delete()
    facts = _events(StudentCharacteristic).filter(student_id__in=keys)
    facts.filter(kind__in=SENSITIVE_KINDS).delete()
    facts.update(note="", **silent)
    for name, change in (("first_id", {"note": ""}), ("second_id", {"note": ""})):
        _events(MatchCandidate).filter(**{f"{name}__in": keys}).update(**change, **silent)
    for name in ("kept_id", "gone_id"):
        _events(PersonMerge).filter(**{f"{name}__in": keys}).update(moved={}, **silent)
    for name in ("student_id", "other_id"):
        _events(PersonSplit).filter(**{f"{name}__in": keys}).update(moved={}, reason="", **silent)
    spells = Enrolment.objects.filter(student_id__in=keys).order_by().values("pk")
    _events(Completion).filter(enrolment_id__in=spells).update(reason="", **silent)
    _forget_drafts(_events(Graduation).all(), keys)
