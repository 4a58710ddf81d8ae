"""Rows for the house test of list pages: make_x(number, actor) adds rows that the actor sees."""

from __future__ import annotations

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit
from tests.factories.registry import make_class, make_enrolment, make_student
from tests.kit.people import make_user
from thongsuot.modules.organization.models import SchoolYear
from thongsuot.modules.registry.models import (
    Completion,
    Graduation,
    MatchCandidate,
    SchoolMerge,
    SubjectRequest,
    Transfer,
)


def school():
    return make_school(parent=make_unit("commune"))


def make_accounts(number, actor):
    for _ in range(number):
        make_user()


def make_transfers(number, actor):
    for _ in range(number):
        Transfer.objects.create(
            student=(student := make_student(school())),
            from_unit=student.unit,
            to_unit=school(),
            state="requested",
            student_name=student.full_name,
            effective_on=timezone.localdate(),
            requested_at=timezone.now(),
        )


def make_candidates(number, actor):
    for _ in range(number):
        first, second = make_student(school()), make_student(school())
        MatchCandidate.objects.create(
            first=first, second=second, first_unit=first.unit, second_unit=second.unit, score=12,
            found_at=timezone.now(),
        )  # fmt: skip


def make_requests(number, actor):
    for _ in range(number):
        SubjectRequest.objects.create(
            student=make_student(school()), kind="restrict", requested_by_name="Lê Thị Mẹ", basis="Đơn",
            received_on=timezone.localdate(), due_on=timezone.localdate(),
        )  # fmt: skip


def make_mergers(number, actor):
    for _ in range(number):
        SchoolMerge.objects.create(
            unit=school(), successor=school(), last_day=timezone.localdate(), basis="QĐ 1", counts={"staff": 3},
            done_at=timezone.now(),
        )  # fmt: skip


def make_completions(number, actor):
    year = SchoolYear.objects.first() or make_school_year()
    for order in range(number):
        unit = school()
        row = Graduation.objects.create(
            unit=unit, school_year=year, grade=5, decision_number=f"{order}/QĐ", decided_on=timezone.localdate(),
            last_day=timezone.localdate(), done_at=timezone.now(),
        )  # fmt: skip
        spell = make_enrolment(make_student(unit), make_class(unit, year, grade=5))
        Completion.objects.create(graduation=row, enrolment=spell)


ROWS = {
    "completion-list": make_completions,
    "account-list": make_accounts,
    "transfer-list": make_transfers,
    "duplicate-list": make_candidates,
    "subject-request-list": make_requests,
    "merger-list": make_mergers,
}
