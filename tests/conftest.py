"""Fixtures for all tests. Tests connect as the owner; `act_as` still puts row-level security in force."""

import os

os.environ.setdefault("TS_DB_ROLE", "owner")

import pytest
from django.db.backends.signals import connection_created


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
