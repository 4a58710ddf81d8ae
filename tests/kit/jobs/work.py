"""Tasks to be run by tests and by the worker process that a test starts."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import connection

from tests.kit.people import actor_of
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, Refused
from thongsuot.kit.jobs.progress import Progress
from thongsuot.kit.jobs.registry import job_task
from thongsuot.kit.jobs.types import Cancelled, JobResult
from thongsuot.kit.postgres.isolation import act_as


def resolve(user, *, acting_index: int = 0) -> Actor:
    return actor_of(user, "tests.right", reach={4})


def write(name: str) -> None:
    User.objects.create(username=name, full_name=name)


@job_task(queue="tests")
def count(*, by: Actor, progress: Progress, number: int) -> JobResult:
    progress.set(0, total=number, message="Đếm")
    for _each in range(number):
        progress.step()
    write("written")
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('app.units'), current_setting('app.user')")
        role, units, user = cursor.fetchone()
    return JobResult(url="/", message=f"{by.name} {role} {units} {user}")


@job_task()
def refuse(*, by: Actor, progress: Progress) -> None:
    write("written")
    raise Refused("Tệp này đã nhập rồi.")


@job_task()
def fail(*, by: Actor, progress: Progress) -> None:
    write("written")
    # Built here, as a traceback shows the source.
    raise ValueError("".join(("09", "05 123456")))


@job_task()
def wait_for_file(*, by: Actor, progress: Progress, path: str, write_name: str = "written") -> None:
    """Tell that it began, then wait until the file is there."""
    write(write_name)
    progress.set(3, total=10, message=str(os.getpid()))
    while not Path(path).exists():
        time.sleep(0.05)
        progress.check()


@job_task(in_steps=True)
def step_and_stop(*, by: Actor, progress: Progress, name: str) -> None:
    """Writes one step in a transaction of its own, then is stopped."""
    with act_as(Actor.system()):
        write(name)
    raise Cancelled


class Died(BaseException):
    """As a process that is killed: nothing of ours is there to catch it."""


@job_task(in_steps=True)
def step_and_die(*, by: Actor, progress: Progress, name: str, steps: int) -> None:
    for number in range(steps):
        # Words are written at once, numbers alone twice a second.
        time.sleep(0.11)
        progress.set(number + 1, total=100, message=f"{name} {number}")
    raise Died
