"""Tasks that can be asked for by name. Modules declare theirs in `tasks.py`, which every process imports.

@job_task(queue="imports")
def import_rows(*, by: Actor, progress: Progress, file_id: int) -> JobResult: ...

start_job(by=actor, task=import_rows, title=_("Nhập danh sách"), file_id=7)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DEFAULT_QUEUE = "default"
_tasks: dict[str, JobTask] = {}


@dataclass(frozen=True)
class JobTask:
    """A declared task. Calling it runs the function at once (in tests, or from another task)."""

    name: str
    queue: str
    function: Callable[..., Any]
    in_steps: bool = False

    def __call__(self, **arguments: Any) -> Any:
        return self.function(**arguments)


def job_task(
    *, queue: str = DEFAULT_QUEUE, name: str = "", in_steps: bool = False
) -> Callable[[Callable[..., Any]], JobTask]:
    """Declare a task. The function takes `by` (who asked), `progress` and ids, all by keyword; it runs
    inside one transaction in the scope of who asked, and gives back a JobResult, an address, or nothing.

    in_steps: no transaction is opened, because the task waits for somebody else (a call over the network). It opens
    short ones of its own (`act_as`, `acting`), keeps each step so that it can be run again from anywhere, and keeps
    two workers off the same step. What it has written stays when it is stopped or killed.
    """

    def declare(function: Callable[..., Any]) -> JobTask:
        task = JobTask(name or f"{function.__module__}.{function.__qualname__}", queue, function, in_steps)
        _tasks[task.name] = task
        return task

    return declare


def task_named(name: str) -> JobTask | None:
    return _tasks.get(name)
