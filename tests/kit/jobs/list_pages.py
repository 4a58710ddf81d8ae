"""Rows for the house test of list pages."""

from __future__ import annotations

from tests.kit.people import make_user
from thongsuot.kit.jobs.models import Job


def make_jobs(number, actor):
    for _ in range(number):
        Job.objects.create(title="Việc thử", task="tests.work", requested_by=make_user())


ROWS = {"jobs:list": make_jobs}
