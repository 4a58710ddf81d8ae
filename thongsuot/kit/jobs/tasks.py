"""What Procrastinate itself runs: our jobs."""

from __future__ import annotations

from datetime import date

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import purge
from thongsuot.kit.jobs import running
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.queueing import RUN


# As often as the machine needs: whether a job has failed too often is decided by its own row (`running`).
@app.task(name=RUN, pass_context=True, retry=RetryStrategy(wait=2, retry_exceptions={running.Interrupted}))
def run_job(context: JobContext, *, job_id: int) -> None:
    def interrupted() -> Exception | None:
        return running.Interrupted() if context.should_abort() else None

    # The connection that this thread has kept may have died with the server.
    close_old_connections()
    running.run(job_id, interrupted=interrupted)


# 01:15 in Hà Nội. Here because the audit room lies below this one.
@periodic_task(cron="15 18 * * *", name="audit.purge")
def purge_sign_ins(*, by: Actor, today: date) -> None:
    purge(by=by, today=today)
