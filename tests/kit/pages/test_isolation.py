"""What a person keeps about lists is shown to nobody else by the database itself."""

import pytest

from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import NotAllowed
from thongsuot.kit.pages.actions import change_filter, choose_columns, delete_filter, save_filter
from thongsuot.kit.pages.models import ListPreference, SavedFilter
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return actor_of(make_user()), actor_of(make_user())


def test_rows_of_another_are_not_there(two):
    one, other = two
    with act_as(one):
        save_filter(by=one, page="x:list", name="a", query="q=1")
        choose_columns(by=one, page="x:list", columns=["a"])
    with act_as(other):
        assert not SavedFilter.objects.exists()
        assert not ListPreference.objects.exists()
    with act_as(one):
        assert SavedFilter.objects.count() == ListPreference.objects.count() == 1


def test_only_the_owner_changes_a_filter(two):
    one, other = two
    saved = save_filter(by=one, page="x:list", name="a", query="q=1")
    with pytest.raises(NotAllowed):
        change_filter(by=other, saved=saved, name="b", is_default=False)
    with pytest.raises(NotAllowed):
        delete_filter(by=other, saved=saved)
    delete_filter(by=one, saved=saved)
    assert not SavedFilter.objects.exists()


def test_the_system_keeps_nothing():
    with pytest.raises(NotAllowed):
        save_filter(by=actor_of(None), page="x", name="a", query="")
