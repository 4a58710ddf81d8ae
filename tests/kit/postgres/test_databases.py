"""DATABASES from the environment."""

from __future__ import annotations

import pytest

from thongsuot.kit.postgres import databases
from thongsuot.kit.postgres.databases import database_settings, parse_url
from thongsuot.kit.postgres.errors import ServerError
from thongsuot.kit.postgres.server import Connection

WEB = "postgresql://thongsuot_web:w%40b@db.example:6432/province?sslmode=require"
OWNER = "postgres://owner:secret@db.example/province"


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """The folders whose server would have been started."""
    asked = []

    def ensure_running(var_dir):
        asked.append(var_dir)
        return Connection("/tmp/socket", 5432, "thongsuot", "o", "o-secret", "w", "w-secret")

    monkeypatch.setattr("thongsuot.kit.postgres.server.ensure_running", ensure_running)
    return asked


def test_web_role_by_default(tmp_path):
    found = database_settings({}, tmp_path)["default"]
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("w", "w-secret", "/tmp/socket")
    assert (found["CONN_MAX_AGE"], found["TEST"]) == (60, {"NAME": "test_thongsuot"})


@pytest.mark.parametrize("env", [{"TS_DB_ROLE": "owner"}, {"PYTEST_VERSION": "9"}])
def test_owner(tmp_path, env):
    assert database_settings(env, tmp_path)["default"]["USER"] == "o"


def test_unknown_role(tmp_path):
    with pytest.raises(ServerError, match="TS_DB_ROLE"):
        database_settings({"TS_DB_ROLE": "root"}, tmp_path)


def test_own_server_is_not_touched_with_a_url(tmp_path, started):
    found = database_settings({"DATABASE_URL": WEB}, tmp_path)["default"]
    assert started == []
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("province", "thongsuot_web", "w@b")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.example", "6432", {"sslmode": "require"})


@pytest.mark.parametrize(
    ("role", "owner_url", "user"),
    [("owner", OWNER, "owner"), ("web", OWNER, "thongsuot_web"), ("owner", "", "thongsuot_web")],
)
def test_owner_url(tmp_path, role, owner_url, user):
    env = {"DATABASE_URL": WEB, "DATABASE_OWNER_URL": owner_url, "TS_DB_ROLE": role}
    assert database_settings(env, tmp_path)["default"]["USER"] == user


def test_no_database_wanted(tmp_path, started):
    found = database_settings({"TS_NO_DB": "1"}, tmp_path)["default"]
    assert started == []
    assert found["ENGINE"] == databases.ENGINE


def test_names_and_commit_of_tests(tmp_path):
    env = {"TS_TEST_DB": "test_mine", "TS_DB_SYNCHRONOUS_COMMIT": "off"}
    found = database_settings(env, tmp_path)["default"]
    assert found["TEST"]["NAME"] == "test_mine"
    assert found["OPTIONS"] == {"options": "-c synchronous_commit=off"}


def test_socket_folder_in_url():
    found = parse_url("postgresql://me@/province?host=/run/postgresql&port=5433")
    assert (found["HOST"], found["PORT"], found["USER"]) == ("/run/postgresql", "5433", "me")


def test_other_engines_are_refused():
    with pytest.raises(ServerError, match="DATABASE_URL"):
        parse_url("mysql://me@there/db")
