"""A school whose year is closed, with keys in the test's own folder and its authority trusted."""

import pytest

from tests.modules.transcripts.world import trusted_world


@pytest.fixture
def world(db, settings, tmp_path):
    return trusted_world(settings, tmp_path)
