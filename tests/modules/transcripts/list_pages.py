"""Rows for the house test of list pages: make_x(number, actor) adds rows that the actor sees."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import uuid4

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit, make_user
from tests.factories.registry import make_class, make_student
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.registry.models import Enrolment
from thongsuot.modules.transcripts.models import (
    AwaitedResult,
    CorrectionReport,
    ForeignTranscript,
    GatewayCertificate,
    GatewayMessage,
    HandOver,
    Objection,
    Original,
    PaperCopy,
    Recall,
    Transcript,
)

_numbers = count(1)
YEAR = 2033


def _school():
    return make_school(parent=make_unit("commune"))


def make_message(school=None):
    return GatewayMessage.objects.create(
        unit=school or _school(), message_id=f"m{next(_numbers)}", type=1, first_year=YEAR, content_sealed=b"x",
        content_digest=b"x", received_at=timezone.now(),
    )  # fmt: skip


def make_transcript(school=None, *, name: str = "Trần Thị Thử", state: str = "accepted"):
    school = school or _school()
    year = SchoolYear.objects.filter(name=f"{YEAR}-{YEAR + 1}").first() or make_school_year(YEAR)
    school_class = make_class(school, year, grade=3)
    return Transcript.objects.create(
        student=make_student(school, name), unit=school, holder=school, school_year=year,
        school_class=school_class, class_name=school_class.name, level="primary", grade=3,
        profile="spec-v1.0-primary", state=state, student_name=name, sort_key=name, data_sealed=b"x",
        data_digest=b"x", made_at=timezone.now(),
    )  # fmt: skip


def make_original(school=None):
    message = make_message(school)
    return Original.objects.create(
        uuid=uuid4(), unit=message.unit, holder=message.unit, personal_id_digest=b"x", first_year=YEAR, grade=3,
        level="primary", profile="spec-v1.0-primary", student_name="Trần Thị Thử", file_sealed=b"x",
        file_digest=b"x", message=message, received_at=timezone.now(),
    )  # fmt: skip


def make_recall(school=None):
    original = make_original(school)
    return Recall.objects.create(
        unit=original.unit, original=original, reason="mistake", words="Sai", is_after_lock=True,
        needs_ministry=False, asked_at=timezone.now(),
    )  # fmt: skip


def make_certificate():
    message = make_message()
    return GatewayCertificate.objects.create(
        unit=message.unit, serial=f"{next(_numbers):X}", valid_from=date(2026, 1, 1),
        signature_kind="USB_TOKEN", provider="VNPT", message=message,
    )  # fmt: skip


def make_report(school=None):
    transcript = make_transcript(school)
    return CorrectionReport.objects.create(
        transcript=transcript, unit=transcript.unit, words="Sai ngày sinh", reported_by=make_user(),
        reported_at=timezone.now(), due_on=date(2034, 6, 1),
    )  # fmt: skip


def make_objection(school=None):
    transcript = make_transcript(school, state="initialised")
    return Objection.objects.create(
        transcript=transcript, unit=transcript.unit, role="homeroom", part="summary", part_name="Tổng kết",
        reason="Sai nhận xét", made_by=make_user(), made_at=timezone.now(),
    )  # fmt: skip


def make_hand_over():
    student = make_student(school := _school(), "Trần Thị Thử")
    return HandOver.objects.create(
        student=student, student_name="Trần Thị Thử", from_unit=school, to_unit=_school(), way="transfer", number=2,
        at=timezone.now(),
    )  # fmt: skip


def make_completed():
    """Who has completed the level, with what waits for the next school."""
    transcript = make_transcript()
    year = transcript.school_year
    Enrolment.objects.create(
        student=transcript.student, student_name=transcript.student_name, unit=transcript.unit, school_year=year,
        school_class=transcript.school_class, grade=5, entered_on=year.starts_on, left_on=year.ends_on,
        exit_type="graduated",
    )  # fmt: skip
    HandOver.objects.create(
        student=transcript.student, student_name=transcript.student_name, from_unit=transcript.unit,
        to_unit=_school(), way="by_hand", number=1, at=timezone.now(), state="waiting",
    )  # fmt: skip


def make_paper_copy():
    transcript = make_transcript()
    return PaperCopy.objects.create(
        transcript=transcript, unit=transcript.unit, year=2034, number=1, recipient="Trường Xa", purpose="chuyển trường",
        issued_by=make_user(), issued_at=timezone.now(),
    )  # fmt: skip


def make_foreign():
    student = make_student(school := _school(), "Trần Thị Thử")
    return ForeignTranscript.objects.create(
        uuid=uuid4(), student=student, unit=school, kind="year", profile="spec-v1.0-primary", school_name="Trường Xa",
        school_year_name="2033-2034", student_name="Trần Thị Thử", file_sealed=b"x", file_digest=b"x",
        verdict="indeterminate", reasons=["Chưa rõ."], checked_at=timezone.now(), next_check_at=timezone.now(),
        taken_in_at=timezone.now(),
    )  # fmt: skip


def make_awaited():
    made = make_transcript()
    return AwaitedResult.objects.create(
        student=made.student, student_name=made.student_name, school_class=made.school_class, class_name="3A",
        school_year=made.school_year, from_unit=made.unit, to_unit=_school(), left_on=date(2034, 1, 15),
        due_on=date(2034, 1, 22), transcript=made, told_at=timezone.now(),
    )  # fmt: skip


def _some(make):
    def rows(number, actor):
        for _ in range(number):
            make()

    return rows


ROWS = {
    "transcripts:message-list": _some(make_message),
    "transcripts:certificate-list": _some(make_certificate),
    "transcripts:recall-list": _some(make_recall),
    "transcripts:report-list": _some(make_report),
    "transcripts:objection-list": _some(make_objection),
    "transcripts:hand-over-list": _some(make_hand_over),
    "transcripts:completed-list": _some(make_completed),
    "transcripts:paper-copy-list": _some(make_paper_copy),
    "transcripts:foreign-list": _some(make_foreign),
    "transcripts:awaited-list": _some(make_awaited),
    "transcripts:board": _some(make_transcript),
    "transcripts:commune-board": _some(make_transcript),
}
