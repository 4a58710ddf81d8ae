"""Pages by keys are the pages of the plain paginator, in two statements however many rows are joined."""

import pytest
from django.contrib.auth import get_user_model
from django.core.paginator import EmptyPage

from tests.kit.people import make_user
from thongsuot.kit.pages.paging import CappedPaginator

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    for number in range(23):
        make_user(f"Tên {number % 5}")
    return get_user_model().objects.filter(username__startswith="nguoi.").order_by("-full_name", "pk")


@pytest.mark.parametrize("cap", [100, 23, 12])
def test_the_same_pages(rows, cap):
    plain, by_keys = CappedPaginator(rows, 5, cap=cap), CappedPaginator(rows, 5, cap=cap, by_keys=True)
    assert by_keys.count_text == plain.count_text
    assert by_keys.num_pages == plain.num_pages
    for number in plain.page_range:
        assert list(by_keys.page(number)) == list(plain.page(number))
        assert by_keys.page(number).has_next() == plain.page(number).has_next()
    with pytest.raises(EmptyPage):
        by_keys.page(plain.num_pages + 1)


def test_two_statements(rows, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(CappedPaginator(rows, 5, by_keys=True).get_page(2))


def test_nothing_found(rows):
    page = CappedPaginator(rows.none(), 5, by_keys=True).get_page(1)
    assert list(page) == []
    assert page.paginator.count_text == "0"


def test_rows_without_a_key_of_their_own_are_counted_plainly(rows):
    names = rows.order_by("full_name").values("full_name").distinct()
    assert CappedPaginator(names, 2, by_keys=True).count == 5
