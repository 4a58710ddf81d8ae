"""When the holder of a certificate is reminded. Pure."""

from __future__ import annotations

# Days before the end; a subscriber's certificate lasts three years (NĐ 23/2025/NĐ-CP), its renewal takes weeks.
STEPS = (60, 30, 7, 1)


def reminder_step(days_left: int) -> int | None:
    """The step that `days_left` whole days have reached: 45 -> 60, 30 -> 30, 0 -> 1; None before the first or after the end."""
    if days_left < 0:
        return None
    return min((step for step in STEPS if days_left <= step), default=None)
