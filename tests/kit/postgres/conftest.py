"""A little world of tables whose rows belong to units and people, isolated by the real SQL generators."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, connections, models

from thongsuot.kit.postgres.isolation import ByParent, ByUnit, ByUnits, ByUser
from thongsuot.kit.postgres.policies import TableIsolation, predicate_of, statements
from thongsuot.kit.postgres.roles import WEB_ROLE
from thongsuot.kit.postgres.server import ensure_running, stop

# A registry of their own: rules about the models of the project do not meet them.
REGISTRY = Apps()


class Row(models.Model):
    class Meta:
        abstract = True
        apps = REGISTRY
        app_label = "isolation_tests"

    def __str__(self) -> str:
        return str(self.pk)


class Paper(Row):
    unit_id = models.BigIntegerField()
    author_id = models.BigIntegerField(null=True)
    isolation = (
        ByUnit("unit_id") | ByUser("author_id") | ByUnits("isolation_tests.Reader", "paper", "unit_id")
    )


class Reader(Row):
    paper = models.ForeignKey(Paper, models.CASCADE)
    unit_id = models.BigIntegerField()
    isolation = ByUnit("unit_id")


class Remark(Row):
    paper = models.ForeignKey(Paper, models.CASCADE)
    isolation = ByParent("paper")


class PaperEvent(Row):
    """Shaped as pghistory shapes it: the tracked fields, its own key, a link to the row."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_obj = models.ForeignKey(Paper, models.DO_NOTHING, db_constraint=False)
    pgh_tracked_model = Paper
    id = models.BigIntegerField()
    unit_id = models.BigIntegerField()


MODELS = (Paper, Reader, Remark, PaperEvent)


@dataclass(frozen=True)
class Person:
    """As much of an actor as isolation asks for."""

    user_id: int | None = None
    reach: frozenset[int] | None = field(default_factory=frozenset)


@contextlib.contextmanager
def open_folder():
    """A folder that the server's account can reach: pytest keeps its own ones private."""
    folder = Path(tempfile.mkdtemp(prefix="thongsuot-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder():
    with open_folder() as made:
        yield made


@pytest.fixture(scope="module")
def var():
    """The `var` of one server for a whole page of tests; each test leaves it as it wants."""
    with open_folder() as made:
        yield made
        stop(made)


@pytest.fixture
def world(db):
    """Papers 1 (of unit 5), 2 (of 6, by person 7), 3 (of 6, read by 8); a remark and an event each."""
    build(connection)


def build(on) -> None:
    with on.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    with on.cursor() as cursor:
        for model in MODELS:
            for sql in statements(isolation_of(model), force=True):
                cursor.execute(sql)
        cursor.execute("insert into isolation_tests_paper values (1, 5, null), (2, 6, 7), (3, 6, null)")
        cursor.execute("insert into isolation_tests_reader values (1, 3, 8)")
        cursor.execute("insert into isolation_tests_remark values (1, 1), (2, 2), (3, 3)")
        cursor.execute(
            "insert into isolation_tests_paperevent (pgh_id, pgh_obj_id, id, unit_id) "
            "values (1, 1, 1, 5), (2, 2, 2, 6), (3, 3, 3, 6)"
        )


def isolation_of(model: type[models.Model]) -> TableIsolation:
    tracked = getattr(model, "pgh_tracked_model", None)
    rule = (tracked or model).isolation
    return TableIsolation(
        model._meta.db_table, predicate_of(model, rule), append_only=bool(tracked), pk=model._meta.pk.column
    )


def demolish(on) -> None:
    with on.cursor() as cursor:
        for model in reversed(MODELS):
            cursor.execute(f"drop table if exists {model._meta.db_table} cascade")


@pytest.fixture
def web_login(django_db_setup, django_db_blocker):
    """The alias of a connection that really signs in as the web role, to the same (committed) world."""
    with django_db_blocker.unblock(), another_login("isolation_owner") as owner:
        demolish(owner)
        build(owner)
        with another_login("isolation_web", USER=WEB_ROLE, PASSWORD=web_password()) as web:
            yield web.alias
        demolish(owner)


@contextlib.contextmanager
def another_login(alias: str, **changes: str):
    login = connection.copy(alias)
    login.settings_dict.update(changes)
    connections[alias] = login
    connections.settings[alias] = login.settings_dict
    try:
        yield login
    finally:
        login.close()
        del connections[alias], connections.settings[alias]


def web_password() -> str:
    if url := os.environ.get("DATABASE_URL"):
        return unquote(urlsplit(url).password or "")
    return ensure_running(Path(settings.VAR_DIR)).web_password
