"""What Procrastinate itself runs: our jobs, and the search for jobs whose worker died."""

from __future__ import annotations

from datetime import date

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import purge
from thongsuot.kit.jobs import running
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.jobs.queueing import RUN

# A worker tells that it is alive every 10 seconds; one that was silent for so long is dead.
SILENT_SECONDS = 45


@app.task(
    name=RUN,
    pass_context=True,
    retry=RetryStrategy(max_attempts=5, wait=2, retry_exceptions={running.Interrupted}),
)
def run_job(context: JobContext, *, job_id: int) -> None:
    def interrupted() -> Exception | None:
        return running.Interrupted() if context.should_abort() else None

    running.run(job_id, interrupted=interrupted)


@app.periodic(cron="*/2 * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", queue="periodic", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put back the jobs of workers that died (kill -9, power cut): they stay "doing" for ever otherwise."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await manager.retry_job(job)


# 01:15 in Hà Nội. Here because the audit room lies below this one.
@periodic_task(cron="15 18 * * *", name="audit.purge")
def purge_sign_ins(*, by: Actor, today: date) -> None:
    purge(by=by, today=today)
