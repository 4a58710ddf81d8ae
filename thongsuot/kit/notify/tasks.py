from __future__ import annotations

from datetime import date

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.jobs.periodic import periodic_task
from thongsuot.kit.notify import actions, mailing
from thongsuot.kit.postgres.isolation import act_as

# A mail server that is away is tried again over about an hour.
AGAIN = RetryStrategy(max_attempts=6, exponential_wait=4)


@app.task(name=mailing.MAIL_TASK, retry=AGAIN)
def mail(*, notification_ids: list[int]) -> None:
    with act_as(Actor.system()):
        mailing.mail_at_once(notification_ids)


@app.task(name=mailing.DIGEST_TASK, retry=AGAIN)
def mail_digest(*, user_ids: list[int], today: str) -> None:
    with act_as(Actor.system()):
        mailing.mail_digest(user_ids)


# 07:00 in Hà Nội.
@periodic_task(cron="0 0 * * *", name="notify.digest")
def digest(*, by: Actor, today: date) -> None:
    actions.send_digest(by=by, today=today)


@periodic_task(cron="30 18 * * *", name="notify.purge")
def purge(*, by: Actor, today: date) -> None:
    actions.purge(by=by, today=today)
