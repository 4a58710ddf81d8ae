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
# Steps that are kept and lie beyond all earlier ones: whoever comes further each time is not given up.
FURTHER = (
    "attempts = case when %(kept)s and %(done)s > furthest then 1 else attempts end, "
    "furthest = case when %(kept)s then greatest(furthest, %(done)s) else furthest end"
)
WRITE = (
    f"update jobs_job set done = %(done)s, total = %(total)s, message = %(message)s, {FURTHER} "  # noqa: S608
    "where id = %(job)s and state = 'running' returning cancel_requested"
)
# First key of the advisory locks that say "this job is being worked on".
LOCK_SPACE = 20260705


class Channel(Protocol):
    """Where progress is written. `write` gives back whether somebody has asked to stop; kept: what was done so far
    stays whatever comes. `claim` says whether nobody else is at the job, and keeps others off until `close`.
    """

    def claim(self, job_id: int) -> bool: ...

    def write(self, job_id: int, done: int, total: int, message: str, *, kept: bool) -> bool: ...

    def close(self) -> None: ...


class OwnConnection:
    """A second connection that commits each write at once: others see it, and a rollback of the work leaves it.

    It also holds the claim: when this process dies, however, the server ends the session and the claim with it.
    """

    def __init__(self) -> None:
        self._link: psycopg.Connection[Any] | None = None

    def claim(self, job_id: int) -> bool:
        with self._open().cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, job_id % 2**31])
            row = cursor.fetchone()
        return bool(row and row[0])

    def write(self, job_id: int, done: int, total: int, message: str, *, kept: bool) -> bool:
        link = self._open()
        with link.transaction(), link.cursor() as cursor:
            cursor.execute("select set_config('role', %s, true)", [ALL_ROLE])
            cursor.execute(WRITE, _row(job_id, done, total, message, kept))
            row = cursor.fetchone()
        return bool(row and row[0])

    def _open(self) -> psycopg.Connection[Any]:
        if self._link is None:
            self._link = psycopg.connect(**{**connector_params(), "autocommit": True})
        return self._link

    def close(self) -> None:
        if self._link is not None:
            self._link.close()


class SameConnection:
    """For work that runs inside the caller's transaction (tests): nobody else is to see it before the end."""

    def claim(self, job_id: int) -> bool:
        return True

    def write(self, job_id: int, done: int, total: int, message: str, *, kept: bool) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, _row(job_id, done, total, message, kept))
            row = cursor.fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        return None


def _row(job_id: int, done: int, total: int, message: str, kept: bool) -> dict[str, Any]:
    return {"job": job_id, "done": done, "total": total, "message": message, "kept": kept}


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
        in_steps: bool = False,
        every: float = SECONDS_BETWEEN,
    ) -> None:
        self.done, self.total, self.message = 0, 0, ""
        self._job_id, self._channel, self._interrupted, self._every = job_id, channel, interrupted, every
        self._in_steps, self._written_at = in_steps, float("-inf")

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
        if self._channel.write(self._job_id, shown, self.total, self.message, kept=self._in_steps):
            raise Cancelled
