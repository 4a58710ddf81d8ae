"""Jobs that nobody works on any more although the queue says so: their worker was killed, its machine went down, or the
database was away when it wanted to say how the job had ended. They go back into the queue."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs import queueing
from thongsuot.kit.jobs.models import Job
from thongsuot.kit.jobs.progress import LOCK_SPACE
from thongsuot.kit.jobs.queueing import RUN
from thongsuot.kit.jobs.registry import DEFAULT_QUEUE, task_named
from thongsuot.kit.jobs.types import JobState
from thongsuot.kit.postgres.isolation import act_as

# From taking a job out of the queue to claiming it.
CLAIMED_WITHIN = 5
# A worker tells that it is alive every 10 seconds; work that claims nothing is given up with its worker.
SILENT_SECONDS = 45

CLAIMED = """
    exists (
        select 1 from pg_locks l
        where l.locktype = 'advisory' and l.classid = %(space)s and l.objsubid = 2
            and l.objid::bigint = {job} %% 2147483648
            and l.database = (select oid from pg_database where datname = current_database())
    )
"""
# Our jobs by their claims, which the server takes back at once when a process dies; other work by the sign of life of
# its worker.
BEGUN = f"""
    select q.id, (q.args ->> 'job_id')::bigint
    from procrastinate_jobs q
    left join procrastinate_workers w on w.id = q.worker_id
    where q.status = 'doing' and case
        when q.task_name = %(run)s then not {CLAIMED.format(job="(q.args ->> 'job_id')::bigint")} and not exists (
            select 1 from procrastinate_events e
            where e.job_id = q.id and e.type = 'started' and e.at > now() - %(grace)s * interval '1 second'
        )
        else w.id is null or w.last_heartbeat < now() - %(silent)s * interval '1 second' end
    for update of q skip locked
"""  # noqa: S608
# A job that has not ended and has no place in the queue.
GONE = f"""
    select j.id from jobs_job j
    where j.state in ('waiting', 'running') and not {CLAIMED.format(job="j.id")}
        and not exists (
            select 1 from procrastinate_jobs q where q.id = j.queue_id and q.status in ('todo', 'doing')
        )
    for update of j skip locked
"""  # noqa: S608


def put_back_lost() -> int:
    """Queue again what is lost; how many. Done by several workers at once, each job is put back once."""
    given: dict[str, str | int] = {
        "run": RUN,
        "space": LOCK_SPACE,
        "grace": CLAIMED_WITHIN,
        "silent": SILENT_SECONDS,
    }
    with act_as(Actor.system()):
        with connection.cursor() as cursor:
            cursor.execute(BEGUN, given)
            begun = cursor.fetchall()
            for queue_id, _job_id in begun:
                queueing.again(queue_id)
            cursor.execute(GONE, given)
            gone = [row[0] for row in cursor.fetchall()]
        waits = {
            "state": JobState.WAITING,
            "message": _("Máy xử lý đã dừng giữa chừng; việc sẽ được chạy tiếp."),
        }
        Job.objects.filter(pk__in=[one for _queue, one in begun if one], state=JobState.RUNNING).update(
            **waits
        )
        for job in Job.objects.filter(pk__in=gone):
            task = task_named(job.task)
            queue_id = queueing.put(job.pk, queue=task.queue if task else DEFAULT_QUEUE)
            Job.objects.filter(pk=job.pk).update(queue_id=queue_id, **waits)
    return len(begun) + len(gone)
