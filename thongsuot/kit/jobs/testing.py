"""For tests of modules: run what is queued, here and now, inside the test's own transaction."""

from __future__ import annotations

from django.db import connection

from thongsuot.kit.jobs import running
from thongsuot.kit.jobs.progress import SameConnection
from thongsuot.kit.jobs.queueing import RUN

NEXT = """
    update procrastinate_jobs set status = 'doing' where id = (
        select id from procrastinate_jobs where status = 'todo' and task_name = %s
        order by priority desc, id limit 1
    ) returning id, (args ->> 'job_id')::bigint
"""


def run_jobs(*, most: int = 100) -> int:
    """Run queued jobs, those that they ask for too, until none waits; returns how many were run."""
    for number in range(most):
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [RUN])
            found = cursor.fetchone()
        if found is None:
            return number
        running.run(found[1], channel=SameConnection())
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs where id = %s", [found[0]])
    raise AssertionError(f"more than {most} jobs: does one of them ask for itself?")
