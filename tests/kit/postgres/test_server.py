"""The embedded server, really started: first start, races, crashes, traps in pid files and folders."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from thongsuot.kit.postgres import cluster, home, sockets
from thongsuot.kit.postgres.errors import ServerError
from thongsuot.kit.postgres.home import find_home
from thongsuot.kit.postgres.postmaster import read_pid_file, runs_here
from thongsuot.kit.postgres.server import Connection, ensure_running, status, stop
from thongsuot.kit.postgres.system_user import server_user

pytestmark = pytest.mark.slow
AS_ROOT = os.geteuid() == 0


def query(connection: Connection, sql: str, *, web: bool = False) -> list[tuple]:
    user, password = (
        (connection.web_user, connection.web_password)
        if web
        else (connection.owner_user, connection.owner_password)
    )
    with psycopg.connect(
        host=connection.host, port=connection.port, dbname=connection.dbname, user=user, password=password
    ) as session:
        cursor = session.execute(sql)
        return cursor.fetchall() if cursor.description else []


def postmaster(var: Path) -> int:
    found = read_pid_file(find_home(var).data)
    assert found is not None
    return found.pid


def wait_until_gone(pid: int, var: Path) -> None:
    deadline = time.monotonic() + 10
    while runs_here(pid, find_home(var).data) and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.fixture
def running(var) -> Connection:
    return ensure_running(var)


class TestFirstStart:
    def test_roles(self, running):
        assert query(running, "select current_user, current_database()") == [("thongsuot_owner", "thongsuot")]
        assert query(running, "select current_user", web=True) == [("thongsuot_web",)]
        assert query(running, "select rolsuper from pg_roles where rolname = current_user") == [(False,)]

    def test_password_is_needed(self, running):
        for user in ("postgres", running.owner_user, running.web_user):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(
                    host=running.host, port=running.port, dbname="postgres", user=user, password="x"
                )

    def test_passwords_are_private(self, running, var):
        assert stat.S_IMODE(find_home(var).credentials.stat().st_mode) == 0o600
        assert running.owner_password not in repr(running)

    def test_socket_is_private_and_nothing_listens_on_the_network(self, running):
        assert stat.S_IMODE(Path(running.host).stat().st_mode) == 0o700
        assert query(running, "show listen_addresses") == [("",)]

    def test_sorting_does_not_depend_on_the_machine(self, running):
        sql = (
            "select datcollate, pg_encoding_to_char(encoding), lower('ĐẶNG') from pg_database "
            "where datname = 'thongsuot'"
        )
        collate, encoding, lowered = query(running, sql)[0]
        assert (collate, encoding) == ("C", "UTF8")
        version = int(query(running, "show server_version_num")[0][0])
        assert version < 170000 or lowered == "đặng"

    def test_logs_hold_no_statements(self, running, var):
        with pytest.raises(psycopg.Error):
            query(running, "select 'Nguyễn Văn Kín'::int")
        text = "".join(p.read_text() for p in find_home(var).log.iterdir())
        assert "select 'Nguyễn" not in text

    def test_status(self, running, var):
        found = status(var)
        assert (found.state, found.pid, found.host) == ("running", postmaster(var), running.host)

    def test_already_running_is_quick(self, running, var):
        pid = postmaster(var)
        started = time.perf_counter()
        assert ensure_running(var) == running
        assert time.perf_counter() - started < 0.5
        assert postmaster(var) == pid


class TestStopsAndCrashes:
    def test_stop_and_start_keeps_data(self, running, var):
        query(running, "create table if not exists kept (n int)")
        query(running, "insert into kept values (1)")
        assert stop(var) is True
        assert not Path(running.host).exists()
        assert status(var).state == "stopped"
        assert stop(var) is False
        assert query(ensure_running(var), "select count(*) > 0 from kept") == [(True,)]

    def test_postmaster_killed(self, running, var):
        query(running, "create table if not exists survived (n int)")
        query(running, "insert into survived values (1)")
        busy = psycopg.connect(
            host=running.host,
            port=5432,
            dbname="thongsuot",
            user=running.owner_user,
            password=running.owner_password,
        )
        pid = postmaster(var)
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid, var)
        again = ensure_running(var)
        busy.close()
        assert postmaster(var) != pid
        assert query(again, "select count(*) > 0 from survived") == [(True,)]

    def test_pid_file_names_another_living_program(self, running, var):
        """pg_ctl and postgres believe such a file and refuse to start."""
        kill_and_leave_pid_of(var, bystander := start_bystander(var))
        try:
            assert query(ensure_running(var), "select 1") == [(1,)]
            assert bystander.poll() is None
        finally:
            bystander.kill()
            bystander.wait()

    def test_stop_spares_another_program(self, running, var):
        kill_and_leave_pid_of(var, bystander := start_bystander(var))
        try:
            assert stop(var) is False
            assert bystander.poll() is None
        finally:
            bystander.kill()
            bystander.wait()

    def test_socket_folder_swept_away(self, running, var):
        for leftover in Path(running.host).iterdir():
            leftover.unlink()
        Path(running.host).rmdir()
        assert query(ensure_running(var), "select 1") == [(1,)]

    def test_outlives_its_starter(self, var):
        stop(var)
        run_starter(var).communicate(timeout=120)
        assert status(var).state == "running"

    def test_race(self, var):
        """Eight at once: one server, and all of them reach it."""
        stop(var)
        starters = [run_starter(var) for _ in range(8)]
        answers = [starter.communicate(timeout=120)[0].strip() for starter in starters]
        assert [starter.returncode for starter in starters] == [0] * 8
        assert set(answers) == {str(postmaster(var))}


def start_bystander(var: Path) -> subprocess.Popen:
    """A living program of the server's own account that is no PostgreSQL."""
    user = server_user(find_home(var).data)
    identity = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.dropped else {}
    return subprocess.Popen(["/bin/sleep", "300"], cwd="/", **identity)


def kill_and_leave_pid_of(var: Path, bystander: subprocess.Popen) -> None:
    pid = postmaster(var)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid, var)
    file = find_home(var).data / "postmaster.pid"
    file.write_text(file.read_text().replace(f"{pid}\n", f"{bystander.pid}\n", 1))


def run_starter(var: Path) -> subprocess.Popen:
    code = (
        "import sys, pathlib\n"
        "from thongsuot.kit.postgres.server import ensure_running, status\n"
        "var = pathlib.Path(sys.argv[1]); ensure_running(var); print(status(var).pid)"
    )
    root = Path(__file__).parents[3]
    return subprocess.Popen(
        [sys.executable, "-c", code, str(var)], stdout=subprocess.PIPE, text=True, cwd=root
    )


class TestRefusals:
    def test_other_major_version(self, running, var):
        stop(var)
        version = find_home(var).data / "PG_VERSION"
        real = version.read_text()
        version.write_text("14\n")
        try:
            with pytest.raises(ServerError) as refusal:
                ensure_running(var)
        finally:
            version.write_text(real)
        for part in (
            "PostgreSQL 14",
            "database backup",
            "mv ",
            "database restore",
            "/usr/lib/postgresql/14/bin",
        ):
            assert part in str(refusal.value)

    def test_data_gone(self, running, var):
        """A disk that is not mounted must not become a new, empty database."""
        stop(var)
        server = find_home(var).server
        aside = server.rename(server.with_name("aside"))
        try:
            with pytest.raises(ServerError, match="chưa được gắn"):
                ensure_running(var)
        finally:
            aside.rename(server)

    def test_passwords_gone(self, running, var):
        stop(var)
        file = find_home(var).credentials
        aside = file.rename(file.with_name("aside"))
        try:
            with pytest.raises(ServerError, match="thiếu tệp mật khẩu"):
                ensure_running(var)
        finally:
            aside.rename(file)

    def test_copied_folder_is_not_the_original(self, running, var, folder):
        subprocess.run(["cp", "-a", str(var / "postgres"), str(folder / "postgres")], check=True)
        assert status(folder).state == "stopped"

    def test_var_is_no_folder(self, tmp_path):
        (tmp_path / "var").write_text("")
        with pytest.raises(ServerError, match="TS_VAR"):
            ensure_running(tmp_path / "var")

    def test_wrong_bindir(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PG_BINDIR", str(tmp_path))
        with pytest.raises(ServerError, match="PG_BINDIR"):
            ensure_running(tmp_path)

    def test_disk_full(self, folder, monkeypatch):
        monkeypatch.setattr(cluster, "LEAST_FREE_BYTES", 1 << 60)
        with pytest.raises(ServerError, match="đã đầy"):
            ensure_running(folder)

    @pytest.mark.skipif(AS_ROOT, reason="root writes everywhere")
    def test_not_writable(self, tmp_path):
        tmp_path.chmod(0o500)
        with pytest.raises(ServerError, match="Không có quyền"):
            ensure_running(tmp_path)

    def test_no_place_for_the_socket(self, running, var, monkeypatch):
        stop(var)
        monkeypatch.setenv("TS_PG_SOCKET_DIR", "/tmp/" + "x" * 100)
        with pytest.raises(ServerError, match="TS_PG_SOCKET_DIR"):
            ensure_running(var)
        monkeypatch.setenv("TS_PG_SOCKET_DIR", "/proc/nowhere")
        with pytest.raises(ServerError, match="TS_PG_SOCKET_DIR"):
            ensure_running(var)


@pytest.mark.skipif(not AS_ROOT, reason="mounts need root")
@pytest.mark.parametrize(
    ("options", "message"), [("ro", "chỉ cho đọc"), ("size=20m", "đã đầy"), ("size=20m,late", "đã đầy")]
)
def test_disks(folder, monkeypatch, options, message):
    """Really mounted: read-only, small, and small but only found out by initdb."""
    if "late" in options:
        options = options.removesuffix(",late")
        monkeypatch.setattr(cluster, "LEAST_FREE_BYTES", 0)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(ServerError, match=message):
            ensure_running(folder / "var")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


class TestPlaces:
    def test_long_path(self, tmp_path):
        deep = tmp_path.joinpath(*["quite-a-long-folder-name"] * 6)
        deep.mkdir(parents=True)
        directory = sockets.prepare_socket_dir(home.short_key(deep), server_user(deep))
        assert len(str(directory / ".s.PGSQL.5432")) < 107
        directory.rmdir()

    @pytest.mark.parametrize("trap", ["link", "file", "folder"])
    def test_taken_socket_folder_is_not_used(self, tmp_path, trap):
        """Somebody else made it first: another one is taken, and theirs is left as it was."""
        user = server_user(tmp_path / "new")
        taken = Path("/tmp") / f"thongsuot-{home.short_key(tmp_path)}"
        if trap == "link":
            taken.symlink_to(tmp_path)
        elif trap == "file":
            taken.write_text("")
        elif AS_ROOT:
            taken.mkdir(mode=0o777)
            os.chown(taken, 65534, 65534)
        else:
            pytest.skip("only root makes another user's folder")
        before = taken.lstat()
        try:
            directory = sockets.prepare_socket_dir(home.short_key(tmp_path), user)
            assert directory != taken
            assert (directory.lstat().st_uid, stat.S_IMODE(directory.lstat().st_mode)) == (user.uid, 0o700)
            assert (taken.lstat().st_uid, taken.lstat().st_mode) == (before.st_uid, before.st_mode)
            directory.rmdir()
        finally:
            taken.rmdir() if trap == "folder" else taken.unlink()

    @pytest.mark.skipif(not AS_ROOT, reason="only root hands over to another account")
    def test_unreachable_project(self, folder, monkeypatch):
        """Under a private folder (/root): data and programs go where the account can reach."""
        private, reachable = folder / "private", folder / "reachable"
        (private / "var").mkdir(parents=True)
        private.chmod(0o700)
        reachable.mkdir()
        monkeypatch.setattr(home, "REACHABLE_ROOT", reachable / "thongsuot")
        if own_programs := not os.environ.get("PG_BINDIR"):
            monkeypatch.setattr("thongsuot.kit.postgres.system_user.SystemUser.can_start", lambda *_: False)
        try:
            connection = ensure_running(private / "var")
            assert query(connection, "select 1") == [(1,)]
            found = find_home(private / "var")
            assert found.server.is_relative_to(reachable)
            assert stat.S_IMODE(found.server.stat().st_mode) == 0o700
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
            running_from = os.readlink(f"/proc/{postmaster(private / 'var')}/exe")
            assert running_from.startswith(str(reachable)) is own_programs
        finally:
            stop(private / "var")

    @pytest.mark.skipif(not AS_ROOT, reason="only root hands over to another account")
    def test_data_that_became_unreachable_stays_the_data(self, running, var):
        stop(var)
        var.chmod(0o700)
        try:
            with pytest.raises(ServerError, match="không còn vào được"):
                ensure_running(var)
        finally:
            var.chmod(0o755)
        assert find_home(var).server == var / "postgres" / "server"
        assert query(ensure_running(var), "select 1") == [(1,)]
