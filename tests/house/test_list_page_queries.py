"""Every list page asks the database as often for three rows as for one.

Beside the tests of a module stands `list_pages.py` with ROWS = {"organization:unit-list": make_units};
make_units(number, actor) adds rows that an actor of the whole province sees, and gives back the keyword
arguments of the page's address, or None where it needs none.
"""

import importlib
import pkgutil

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import tests
from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.kit.pages.registry import list_pages


class EveryRight(frozenset):
    """The rights of somebody who may do anything."""

    def __contains__(self, right: object) -> bool:
        return True


def everything(user, *, acting_index=0):
    holding = Holding("all", "Tất cả", 1, "department", "Sở", EveryRight(), None)
    return Actor(user_id=user.pk, name=user.full_name, holdings=(holding,))


def makers():
    found = {}
    for module in pkgutil.walk_packages(tests.__path__, "tests."):
        if module.name.endswith(".list_pages"):
            found.update(importlib.import_module(module.name).ROWS)
    return found


MAKERS = makers()


def test_every_list_page_has_rows_to_show():
    pages = set(list_pages())
    assert pages - set(MAKERS) == set(), "add these to a list_pages.py"
    assert set(MAKERS) - pages == set(), "these pages are gone"


@pytest.fixture
def visitor(client, settings, db):
    settings.ACTOR_RESOLVER = f"{__name__}.everything"
    # Whoever holds every right is asked for a second factor before anything else.
    settings.MFA_REQUIRED = "none"
    user = get_user_model().objects.create(username="moi-quyen", full_name="Người Có Mọi Quyền")
    client.force_login(user)
    return client, everything(user)


def asked(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, {"all": "1"})
    assert response.status_code == 200, (url, response.status_code)
    rows = len(response.context["page"].object_list)
    return rows, [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_as_many_queries_for_three_rows_as_for_one(visitor, name):
    client, actor = visitor
    kwargs = MAKERS[name](1, actor)
    url = reverse(name, kwargs=kwargs)
    asked(client, url)  # what is read once per process is read now
    before, one = asked(client, url)
    assert before >= 1, "the factory made nothing that the page shows"
    MAKERS[name](2, actor)
    after, three = asked(client, url)
    assert after >= before + 2
    assert len(three) == len(one), "\n".join(sorted(set(three) ^ set(one)))
