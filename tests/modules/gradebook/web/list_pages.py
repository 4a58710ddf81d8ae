"""Rows for the house test of list pages."""

from tests.factories.gradebook import make_open_class
from tests.factories.organization import make_school, make_unit
from tests.modules.registry.list_pages import year
from thongsuot.modules.gradebook.models import ClassSubject, RemarkPhrase


def make_books(number, actor):
    for _ in range(number):
        school = make_school(parent=make_unit("commune"), levels=("lower_secondary",))
        made = make_open_class(school, year(), pupils=0)
        ClassSubject.objects.filter(school_class=made.school_class).exclude(code="mathematics").delete()


def make_phrases(number, actor):
    for _ in range(number):
        school = make_school(parent=make_unit("commune"))
        RemarkPhrase.objects.create(unit=school, text=f"Có tiến bộ ở trường {school.pk}")


ROWS = {"gradebook:book-list": make_books, "gradebook:phrase-list": make_phrases}
