import pytest
from django.contrib.auth import get_user_model

from thongsuot.kit.accounts.types import Actor, Holding

RIGHTS = {"reader": ("people.read",), "writer": ("people.read", "people.write", "people.close")}


def actor_of(user, *, acting_index=0):
    """Resolver of these tests: the account's name says the rights."""
    rights = frozenset(RIGHTS.get(user.username, ()))
    holding = Holding("tester", "Người thử", 1, "department", "Sở", rights, None)
    return Actor(user_id=user.pk, name=user.full_name, holdings=(holding,))


@pytest.fixture
def people_site(settings, db):
    settings.ROOT_URLCONF = "tests.kit.pages.site"
    settings.ACTOR_RESOLVER = "tests.kit.pages.conftest.actor_of"


@pytest.fixture
def sign_in(client, people_site):
    def enter(name):
        user, _made = get_user_model().objects.get_or_create(username=name, defaults={"full_name": name})
        client.force_login(user)
        client.user = user
        return client

    return enter


@pytest.fixture
def reader(sign_in):
    return sign_in("reader")


@pytest.fixture
def writer(sign_in):
    return sign_in("writer")


@pytest.fixture
def make_people(db):
    """make_people("Nguyễn Văn An", ...) or make_people(30)."""

    def make(*names, **fields):
        if len(names) == 1 and isinstance(names[0], int):
            names = [f"Người số {number}" for number in range(names[0])]
        start = get_user_model().objects.filter(username__startswith="p-").count()
        return get_user_model().objects.bulk_create(
            get_user_model()(username=f"p-{start + index}", full_name=name, **fields)
            for index, name in enumerate(names)
        )

    return make
