import logging

import pytest
from django.db import connection, transaction
from django.http import Http404

from tests.kit.jobs import work
from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import ANONYMOUS, Actor, NotAllowed
from thongsuot.kit.jobs import queries, registry, running
from thongsuot.kit.jobs.actions import cancel_job, retry_job, start_job
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import SameConnection
from thongsuot.kit.jobs.testing import run_jobs
from thongsuot.kit.jobs.types import JobRefused, JobState
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _resolver(settings):
    settings.ACTOR_RESOLVER = "tests.kit.jobs.work.resolve"


def asked(task, user=None, **ids) -> Job:
    actor = work.resolve(user) if user else Actor.system()
    with act_as(actor):
        return start_job(by=actor, task=task, title="Đếm người", **ids)


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where status = 'todo'")
        return cursor.fetchone()[0]


def test_a_job_runs_as_the_one_who_asked():
    user = make_user("Vũ Thị Dung")
    job = asked(work.count, user, number=5)
    assert (job.state, queued()) == (JobState.WAITING, 1)
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result_url) == (JobState.DONE, 5, 5, "/")
    assert job.message == f"Vũ Thị Dung thongsuot_scoped 4 {user.pk}"
    assert job.started_at <= job.finished_at
    assert queued() == 0


def test_asking_belongs_to_the_transaction_of_who_asks():
    with transaction.atomic():
        asked(work.count, number=1)
        transaction.set_rollback(True)
    assert queued() == 0
    with pytest.raises(NotAllowed):
        start_job(by=ANONYMOUS, task=work.count, title="x")


@pytest.mark.parametrize(
    ("task", "message"),
    [(work.refuse, "Tệp này đã nhập rồi."), (work.fail, "Có lỗi khi thực hiện. Mã tra cứu: {id}.")],
)
def test_a_task_that_fails_has_written_nothing(task, message, caplog):
    job = asked(task, make_user())
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, message.format(id=job.public_id))
    assert not User.objects.filter(username="written").exists()
    # What an error says may be somebody's data.
    assert "0905 123456" not in caplog.text
    assert ("ValueError" in caplog.text) is (task is work.fail)


def test_a_job_is_stopped_while_it_waits():
    user = make_user()
    job = asked(work.count, user, number=1)
    cancel_job(by=work.resolve(user), job=job)
    job.refresh_from_db()
    assert (job.state, queued(), run_jobs()) == (JobState.CANCELLED, 0, 0)
    with pytest.raises(JobRefused):
        cancel_job(by=work.resolve(user), job=job)
    retry_job(by=work.resolve(user), job=job)
    job.refresh_from_db()
    assert (job.state, job.finished_at) == (JobState.WAITING, None)
    run_jobs()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    with pytest.raises(JobRefused):
        retry_job(by=work.resolve(user), job=job)


def test_a_running_job_stops_at_its_next_step():
    job = asked(work.count, number=3)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    run_jobs()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not User.objects.filter(username="written").exists()


def test_a_stopped_task_in_steps_keeps_what_it_has_written():
    job = asked(work.step_and_stop, name="buoc")
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.message) == (
        JobState.CANCELLED,
        "Đã dừng theo yêu cầu; những gì đã xong được giữ lại.",
    )
    assert User.objects.filter(username="buoc").exists()


def test_others_jobs_do_not_exist():
    owner, other = make_user(), make_user()
    job = asked(work.count, owner, number=1)
    with act_as(work.resolve(other)):
        assert list(queries.jobs_of(work.resolve(other))) == []
        for action in (cancel_job, retry_job):
            with pytest.raises(Http404):
                action(by=work.resolve(other), job=job)
    administrator = actor_of(other, "jobs.view_all", reach=None)
    with act_as(administrator):
        assert list(queries.jobs_of(administrator)) == [job]


def test_a_locked_account_and_a_lost_task_end_the_job(monkeypatch):
    user = make_user()
    job = asked(work.count, user, number=1)
    User.objects.filter(pk=user.pk).update(is_active=False)
    run_jobs()
    job.refresh_from_db()
    assert job.message == "Tài khoản yêu cầu việc này đã bị khoá."
    job = asked(work.count, number=1)
    monkeypatch.setattr(registry, "_tasks", {})
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "Chương trình không còn việc này.")


def test_a_job_whose_worker_died_too_often_is_given_up():
    job = asked(work.count, number=1)
    Job.objects.filter(pk=job.pk).update(attempts=3, state=JobState.RUNNING)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "Máy xử lý đã dừng giữa chừng nhiều lần.")


def test_a_task_in_steps_that_comes_further_each_time_is_not_given_up():
    job = asked(work.step_and_die, name="buoc", steps=2)
    for attempt in range(1, 6):
        # Killed five times, two more steps each time.
        Job.objects.filter(pk=job.pk).update(arguments={"name": f"buoc{attempt}", "steps": 2 * attempt})
        with pytest.raises(work.Died):
            running.run(job.pk, channel=SameConnection())
        job.refresh_from_db()
        assert (job.state, job.attempts, job.furthest) == (JobState.RUNNING, 1, 2 * attempt)
    # No further: three of these, and it is the task that is at fault.
    for attempt in (2, 3):
        with pytest.raises(work.Died):
            running.run(job.pk, channel=SameConnection())
        job.refresh_from_db()
        assert job.attempts == attempt
    running.run(job.pk, channel=SameConnection())
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "Máy xử lý đã dừng giữa chừng nhiều lần.")


def test_pages(client, settings, caplog):
    caplog.set_level(logging.CRITICAL)
    user = make_user()
    job, others = asked(work.count, user, number=4), asked(work.count, make_user(), number=1)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    listed = client.get("/viec-nen/").content.decode()
    assert listed.count("Đếm người") == 1
    page = client.get(f"/viec-nen/{job.public_id}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "Chưa có máy xử lý nào đang chạy" in page
    assert client.get(f"/viec-nen/{others.public_id}/").status_code == 404
    assert client.post(f"/viec-nen/{others.public_id}/dung/").status_code == 404
    run_jobs()
    part = client.get(
        f"/viec-nen/{job.public_id}/", headers={"hx-request": "true", "hx-target": "viec"}
    ).content.decode()
    assert part.lstrip().startswith('<div id="viec"')
    assert "every 1s" not in part
    assert 'href="/"' in part
    assert client.post(f"/viec-nen/{job.public_id}/dung/").status_code == 302
    assert "Việc này đã kết thúc." in client.get("/viec-nen/").content.decode()
