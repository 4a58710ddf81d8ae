"""When a session ends by itself. Pure; times are seconds since the epoch."""

from __future__ import annotations


def has_ended(*, began: float, seen: float, now: float, idle_limit: int, absolute_limit: int) -> bool:
    """Idle for longer than `idle_limit`, or older than `absolute_limit`, both in seconds."""
    return now - seen > idle_limit or now - began > absolute_limit
