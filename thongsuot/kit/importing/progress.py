"""How far a run is: a job's own progress, or nothing when the work is done within a request."""

from __future__ import annotations

from typing import Protocol


class Tells(Protocol):
    def set(self, done: int, total: int | None = None, message: str | None = None) -> None: ...


class Silent:
    def set(self, done: int, total: int | None = None, message: str | None = None) -> None:
        return None
