import pytest

from tests.kit.importing.people import KIND, PeopleImporter
from tests.kit.people import actor_of, make_user
from thongsuot.kit.importing import registry


@pytest.fixture(autouse=True)
def importer(monkeypatch):
    made = PeopleImporter()
    monkeypatch.setitem(registry._importers, KIND, made)
    return made


@pytest.fixture
def by(db):
    return actor_of(make_user("Người Nhập"), "people.write")
