"""`thongsuot database`: status, backup, restore; and what a crash of the server does to a running process."""

from __future__ import annotations

import os
import signal
import stat
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.utils import OperationalError

from tests.kit.postgres.test_server import postmaster, query, wait_until_gone
from thongsuot.kit.postgres.databases import database_settings
from thongsuot.kit.postgres.engine.base import DatabaseWrapper
from thongsuot.kit.postgres.server import ensure_running, status, stop

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _own_server(settings, var, monkeypatch):
    settings.VAR_DIR = var
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("database", *arguments, stdout=out)
    return out.getvalue()


def test_start_status_stop():
    assert "Chưa khởi tạo" in run("status") or "Đã dừng" in run("status")
    assert "Đang chạy" in run("start")
    assert "Đang chạy" in run("status")
    assert "Đã dừng." in run("stop")
    assert "Đã dừng" in run("status")


def test_backup_and_restore(var, tmp_path):
    connection = ensure_running(var)
    query(connection, "create table if not exists pupil (name text)")
    query(connection, "alter table pupil enable row level security, force row level security")
    query(connection, "grant select on pupil to thongsuot_scoped")
    query(connection, "insert into pupil values ('Nguyễn Thị Ước')")
    file = tmp_path / "today.dump"
    assert "Đã sao lưu" in run("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    query(connection, "update pupil set name = 'khác'")
    with pytest.raises(CommandError, match="--replace"):
        run("restore", str(file))
    run("restore", "--replace", str(file))
    assert query(connection, "select name from pupil") == [("Nguyễn Thị Ước",)]
    sql = (
        "select has_table_privilege('thongsuot_scoped', 'pupil', 'select'), relforcerowsecurity from pg_class"
    )
    assert query(connection, f"{sql} where relname = 'pupil'") == [(True, True)]


def test_broken_backup_changes_nothing(var, tmp_path):
    connection = ensure_running(var)
    query(connection, "create table if not exists untouched (n int)")
    (tmp_path / "broken.dump").write_bytes(b"not a backup")
    with pytest.raises(CommandError, match="pg_restore"):
        run("restore", "--replace", str(tmp_path / "broken.dump"))
    assert query(connection, "select count(*) from untouched") == [(0,)]


def test_backup_into_nowhere(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run("backup", str(tmp_path / "nowhere" / "x.dump"))


def test_url_means_not_our_server(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://there/province")
    with pytest.raises(CommandError, match="DATABASE_URL"):
        run("stop")


@pytest.fixture
def process(var, django_db_blocker):
    """A connection as a long-running process holds it."""
    given = database_settings({"TS_DB_ROLE": "owner"}, var)["default"]
    with django_db_blocker.unblock():
        wrapper = DatabaseWrapper({**connections["default"].settings_dict, **given}, "crash")
        # Receivers of connection_created look it up by its alias.
        connections["crash"] = wrapper
        yield wrapper
        wrapper.close()
        del connections["crash"]


def test_process_outlives_a_crash_of_the_server(var, process):
    with process.cursor() as cursor:
        cursor.execute("select 1")
    pid = postmaster(var)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid, var)
    time.sleep(0.1)
    # What Django does at the start of a request.
    process.health_check_enabled = True
    process.health_check_done = False
    process.close_if_unusable_or_obsolete()
    process.close_if_health_check_failed()
    with process.cursor() as cursor:
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)
    assert postmaster(var) != pid


def test_process_does_not_start_what_was_stopped(var, process):
    stop(var)
    with pytest.raises(OperationalError):
        process.ensure_connection()
    assert status(var).state == "stopped"
