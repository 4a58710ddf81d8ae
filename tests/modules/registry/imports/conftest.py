from pathlib import Path

import pytest

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class
from tests.modules.registry.imports.files import load_code_lists


@pytest.fixture
def code_lists(db, settings):
    load_code_lists(Path(settings.DATA_DIR))


@pytest.fixture
def province(code_lists):
    return make_province()


@pytest.fixture
def year(db):
    return make_school_year()


@pytest.fixture
def school(province, year):
    """school_a1 with the classes 1A and 1B of the year."""
    unit = province.school_a1
    for name in ("1A", "1B"):
        make_class(unit, year, name, code=name, grade=1)
    return unit


@pytest.fixture
def clerk(province, school):
    return province.actor("school_office", "school_a1")
