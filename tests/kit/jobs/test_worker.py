"""A real worker on real connections: progress from an open transaction, stopping, kill -9."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from tests.kit.jobs import work
from tests.kit.people import make_user
from thongsuot.kit.accounts.models import User
from thongsuot.kit.jobs import running
from thongsuot.kit.jobs.actions import cancel_job, start_job
from thongsuot.kit.jobs.lost import put_back_lost
from thongsuot.kit.jobs.management.commands.worker import run_worker
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import OwnConnection
from thongsuot.kit.jobs.types import JobState
from thongsuot.kit.postgres.isolation import act_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _queue(settings, monkeypatch):
    # A kept connection would outlive its thread, as the worker's threads end with the test.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.ACTOR_RESOLVER = "tests.kit.jobs.work.resolve"
    yield
    # Not a model of ours: the flush between tests leaves it.
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_periodic_defers; delete from procrastinate_jobs")
        cursor.execute("delete from procrastinate_workers")


def asked(task, **ids) -> Job:
    actor = work.resolve(make_user())
    with act_as(actor):
        return start_job(by=actor, task=task, title="Việc thử", **ids)


def in_a_loop_of_its_own(work):
    """Browser tests of the same run leave a loop running in the main thread; this one gets a thread."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(lambda: asyncio.run(work())).result()
        threads.submit(connections.close_all).result()


def work_off() -> None:
    async def run() -> None:
        await run_worker(wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False)

    in_a_loop_of_its_own(run)


def until(condition, seconds=240.0):
    """What the condition finds. The time is for a machine that is busy with other things: a quiet one needs none of it."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(
        f"waited in vain: {list(Job.objects.values('state', 'attempts', 'done', 'message'))}"
    )


@contextlib.contextmanager
def in_thread(function, *, ends):
    """Works beside the block, and has ended after it; `ends` is called when the block fails, lest the thread stay."""

    def run() -> None:
        try:
            function()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    except BaseException:
        ends()
        raise
    finally:
        thread.join()


def test_progress_is_seen_while_the_work_is_not(tmp_path):
    job = asked(work.wait_for_file, path=str(tmp_path / "go"))
    with in_thread(work_off, ends=(tmp_path / "go").touch):
        row = until(lambda: Job.objects.filter(pk=job.pk, done=3).first())
        assert (row.state, row.total) == (JobState.RUNNING, 10)
        assert not User.objects.filter(username="written").exists()
        (tmp_path / "go").touch()
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 10)
    assert User.objects.filter(username="written").exists()


def test_a_running_job_is_stopped_and_undone(tmp_path):
    job = asked(work.wait_for_file, path=str(tmp_path / "never"))
    with in_thread(work_off, ends=(tmp_path / "never").touch):
        until(lambda: Job.objects.filter(pk=job.pk, done=3).exists())
        actor = work.resolve(User.objects.get(pk=job.requested_by_id))
        with act_as(actor):
            cancel_job(by=actor, job=job)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not User.objects.filter(username="written").exists()


WORKER = """
import os, sys
from django.conf import settings
import django
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.ACTOR_RESOLVER = "tests.kit.jobs.work.resolve"
import tests.kit.jobs.work
from django.core.management import call_command
call_command("worker", concurrency=1)
"""


def test_a_job_survives_the_killing_of_its_worker(tmp_path):
    job = asked(work.wait_for_file, path=str(tmp_path / "go"))
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, connection.settings_dict["NAME"]],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "thongsuot.config.settings"},
        stderr=subprocess.DEVNULL,
    )
    try:
        row = until(lambda: worker.poll() is not None or Job.objects.filter(pk=job.pk, done=3).first())
        assert worker.poll() is None, worker.returncode
        assert int(row.message) == worker.pid
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert not User.objects.filter(username="written").exists()
    (tmp_path / "go").touch()
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where task_name = 'jobs.run'")
        assert cursor.fetchall() == [("doing",)]
        # As if it had begun a minute ago: from then on a job that nobody holds is lost. A worker looks when it starts.
        cursor.execute("update procrastinate_events set at = at - interval '1 minute'")

    def done() -> bool:
        # The server may need a moment to notice that nobody is at the other end, and holds the claim until then.
        work_off()
        return Job.objects.filter(pk=job.pk, state=JobState.DONE).exists()

    until(done)
    job.refresh_from_db()
    assert job.attempts == 2
    assert User.objects.filter(username="written").count() == 1


def test_a_job_without_a_place_in_the_queue_gets_one(tmp_path):
    """The queue's own row was given up, or lost: the database was away when it wanted to say how the job had ended."""
    job, held = (
        asked(work.wait_for_file, path=str(tmp_path), write_name=name) for name in ("one", "another")
    )
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    # Somebody is at the other one: whatever the queue says, it is left alone.
    channel, other = OwnConnection(), OwnConnection()
    assert channel.claim(held.pk)
    assert not other.claim(held.pk)
    other.close()
    assert put_back_lost() == 1
    assert put_back_lost() == 0
    channel.close()
    until(lambda: put_back_lost() == 1)
    work_off()
    assert set(Job.objects.filter(pk__in=[job.pk, held.pk]).values_list("state", flat=True)) == {"done"}


def test_the_connection_of_progress_is_lost():
    """The server ends the session in the middle: the job goes back, and its next run ends it."""
    job = asked(work.count, number=1)
    channel = OwnConnection()
    channel.claim(job.pk)
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 240000)", [channel._link.info.backend_pid])
    with pytest.raises(running.Interrupted):
        running.run(job.pk, channel=channel)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
