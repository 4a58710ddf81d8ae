"""Fixtures for all tests. Tests connect as the owner; `act_as` still puts row-level security in force."""

import os

os.environ.setdefault("TS_DB_ROLE", "owner")

import pytest  # noqa: E402


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
