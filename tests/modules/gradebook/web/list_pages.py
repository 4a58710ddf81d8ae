"""Rows for the house test of list pages."""

from django.utils import timezone

from tests.factories.gradebook import make_open_class
from tests.factories.organization import make_school, make_unit
from tests.modules.registry.list_pages import year
from thongsuot.modules.gradebook.models import ClassSubject, MarkLock, RemarkPhrase, UnlockRequest


def make_books(number, actor):
    for _ in range(number):
        school = make_school(parent=make_unit("commune"), levels=("lower_secondary",))
        made = make_open_class(school, year(), pupils=0)
        ClassSubject.objects.filter(school_class=made.school_class).exclude(code="mathematics").delete()


def make_phrases(number, actor):
    for _ in range(number):
        school = make_school(parent=make_unit("commune"))
        RemarkPhrase.objects.create(unit=school, text=f"Có tiến bộ ở trường {school.pk}")


def make_requests(number, actor):
    for _ in range(number):
        school = make_school(parent=make_unit("commune"))
        lock = MarkLock.objects.create(unit=school, school_year=year(), term=1, locked_at=timezone.now())
        UnlockRequest.objects.create(
            unit=school, lock=lock, reason=f"Sửa điểm {school.pk}", asked_at=timezone.now()
        )


ROWS = {
    "gradebook:book-list": make_books,
    "gradebook:phrase-list": make_phrases,
    "gradebook:unlock-list": make_requests,
}
