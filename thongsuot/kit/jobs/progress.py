"""How far a task is, told while its own transaction is still open (ADR 0004)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

import psycopg
from django.db import connection
from procrastinate.contrib.django import connector_params

from thongsuot.kit.jobs.types import Cancelled
from thongsuot.kit.postgres.roles import ALL_ROLE

SECONDS_BETWEEN = 0.5
WRITE = (
    "update jobs_job set done = %s, total = %s, message = %s where id = %s and state = 'running' "
    "returning cancel_requested"
)


class Channel(Protocol):
    """Where progress is written. `write` gives back whether somebody has asked to stop."""

    def write(self, job_id: int, done: int, total: int, message: str) -> bool: ...

    def close(self) -> None: ...


class OwnConnection:
    """A second connection that commits each write at once: others see it, and a rollback of the work leaves
    it.
    """

    def __init__(self) -> None:
        self._link: psycopg.Connection[Any] | None = None

    def write(self, job_id: int, done: int, total: int, message: str) -> bool:
        if self._link is None:
            self._link = psycopg.connect(**{**connector_params(), "autocommit": True})
        with self._link.transaction(), self._link.cursor() as cursor:
            cursor.execute("select set_config('role', %s, true)", [ALL_ROLE])
            cursor.execute(WRITE, [done, total, message, job_id])
            row = cursor.fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        if self._link is not None:
            self._link.close()


class SameConnection:
    """For work that runs inside the caller's transaction (tests): nobody else is to see it before the end."""

    def write(self, job_id: int, done: int, total: int, message: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [done, total, message, job_id])
            row = cursor.fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        return None


class Progress:
    """Given to each task.

        progress.set(0, total=len(rows))
        for row in rows: ...; progress.step()

    Cheap to call for every row: it writes twice a second at most. Raises Cancelled when somebody has asked to
    stop, or `interrupted` gives a reason (the worker is shutting down).
    """

    def __init__(
        self,
        job_id: int,
        channel: Channel,
        *,
        interrupted: Callable[[], Exception | None] = lambda: None,
        every: float = SECONDS_BETWEEN,
    ) -> None:
        self.done, self.total, self.message = 0, 0, ""
        self._job_id, self._channel, self._interrupted, self._every = job_id, channel, interrupted, every
        self._written_at = float("-inf")

    def set(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """`done` of `total`, and a few words on what is being done now; what is None stays as it was."""
        told_more = (total is not None and total != self.total) or message is not None
        self.done = done
        self.total = self.total if total is None else total
        self.message = self.message if message is None else message[:500]
        self._tell(at_once=told_more)

    def step(self, number: int = 1) -> None:
        self.set(self.done + number)

    def check(self) -> None:
        """Raise Cancelled if somebody has asked to stop; for steps without a number."""
        self._tell(at_once=False)

    def _tell(self, *, at_once: bool) -> None:
        now = time.monotonic()
        if now - self._written_at < (self._every / 5 if at_once else self._every):
            return
        self._written_at = now
        reason = self._interrupted()
        if reason is not None:
            raise reason
        shown = min(self.done, self.total) if self.total else self.done
        if self._channel.write(self._job_id, shown, self.total, self.message):
            raise Cancelled
