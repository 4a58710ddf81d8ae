"""When wrong sign-ins lock an account. Pure; times are aware datetimes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rule:
    failures: int
    window: timedelta
    duration: timedelta


@dataclass(frozen=True)
class Tally:
    """failures since `since`; locked until `locked_until` (None: not locked)."""

    failures: int = 0
    since: datetime | None = None
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def after_failure(self, now: datetime, rule: Rule) -> Tally:
        """A failure during a lock does not lengthen it: else a stranger could keep somebody out for ever."""
        if self.is_locked(now):
            return self
        fresh = self.since is None or now - self.since > rule.window or self.locked_until is not None
        tally = Tally(1, now) if fresh else replace(self, failures=self.failures + 1)
        if tally.failures >= rule.failures:
            return replace(tally, locked_until=now + rule.duration)
        return tally
