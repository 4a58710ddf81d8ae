"""Fixtures for all tests. Tests connect as the owner; `act_as` still puts row-level security in force."""

import gc
import os
import re

os.environ.setdefault("TS_DB_ROLE", "owner")

import pytest
from django.conf import settings as django_settings
from django.db.backends.signals import connection_created
from hypothesis import settings as hypothesis_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from tests import database

# A test of properties tries so many cases, unless it asks for another number; HYPOTHESIS_PROFILE=default tries more.
hypothesis_settings.register_profile("suite", max_examples=40, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_configure():
    # Scrypt is slow by design, and a hundred passwords of tests need no guarding.
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    django_settings.PASSWORD_HASHERS = [quick, *django_settings.PASSWORD_HASHERS]
    _look_at_static_files_once()
    database.empty_quickly()
    # Tests make objects by the million beside a heap that stays: looked through every 700 objects it costs a tenth more.
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish():
    gc.freeze()


def _look_at_static_files_once():
    """A client of a test makes its middleware anew, and that of static files looks at some hundred files each time."""
    look, seen = WhiteNoiseMiddleware.update_files_dictionary, {}

    def look_once(self, root, prefix):
        if (root, prefix) not in seen:
            before, self.files = self.files, {}
            look(self, root, prefix)
            self.files, seen[root, prefix] = before, self.files
        self.files.update(seen[root, prefix])

    WhiteNoiseMiddleware.update_files_dictionary = look_once


# Not asked of a second version of PostgreSQL: pages and endpoints, which hand on what queries and actions did, and those
# are all asked (the lists of all pages, too: tests/house/test_list_page_queries.py); benches and the walk for leaks, which
# go through the same statements once more, and rest on row-level security, which tests/kit/postgres asks; crashes and
# broken folders of the server that comes along, whose first start is asked of both; what others answer (sign-in elsewhere,
# files kept elsewhere).
ONE_VERSION = re.compile(
    r"tests/(browser|portals)/|/(web|api)/|/test_(\w+_)?(pages|api|views)\.py|/test_(oidc|s3)\.py|tests/house/test_(urls|templates|bench_runs|no_leaks)\.py"
    r"|test_server\.py::Test(StopsAndCrashes|Refusals|Places)"
)


def pytest_collection_modifyitems(items):
    """Marks `database` whatever speaks to PostgreSQL, and of that `versions` what another version of it might answer
    otherwise: migrations, statements, row-level security, triggers, COPY, search, the demo. CI repeats only those.
    """
    asking = {"db", "transactional_db", "live_server"}
    for item in items:
        if (
            item.get_closest_marker("django_db")
            or asking & set(item.fixturenames)
            or "/postgres/" in item.nodeid
        ):
            item.add_marker(pytest.mark.database)
            if not ONE_VERSION.search(item.nodeid) and not item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.versions)
    _apart(items, "test_no_role_reads_what_is_not_theirs")


def _apart(items, name):
    """Parts of one long test to the beginning and the middle: each of two processes starts with one of them."""
    parts = [item for item in items if item.name.startswith(name)]
    for place, item in enumerate(parts):
        items.remove(item)
        items.insert(place * len(items) // len(parts), item)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """In place of pytest-django's: copies a template instead of migrating for every run."""
    with django_db_blocker.unblock():
        before = database.create()
    yield
    with django_db_blocker.unblock():
        database.drop(before)


def _may_truncate(connection, **more):
    """Tests with real transactions are cleaned up by TRUNCATE, which the log of changes otherwise refuses."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('thongsuot.may_truncate', 'on', false)")


connection_created.connect(_may_truncate)


@pytest.fixture(autouse=True)
def _second_factor(settings):
    """Tests of a second factor ask for it; in all others an administrator goes straight to work."""
    settings.MFA_REQUIRED = "none"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Uploads of a test go to its own folder."""
    settings.STORED_FILES_DIR = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
