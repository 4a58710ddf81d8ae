"""The usual table of results of units and their order. Pure. Shares are of 100, to one decimal, half up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class UnitCounts:
    """How the tasks of a unit stand on a day. `total` leaves out those paused or cancelled.

    no_deadline: open, without a day; of these `ongoing` are "thường xuyên".
    """

    unit_id: int
    unit_name: str = ""
    done_on_time: int = 0
    done_late: int = 0
    done: int = 0
    on_time: int = 0
    due_soon: int = 0
    late: int = 0
    no_deadline: int = 0
    ongoing: int = 0
    waiting: int = 0
    stopped: int = 0

    @property
    def finished(self) -> int:
        return self.done_on_time + self.done_late + self.done

    @property
    def open(self) -> int:
        return self.on_time + self.due_soon + self.late + self.no_deadline + self.waiting

    @property
    def total(self) -> int:
        return self.finished + self.open

    @property
    def on_time_rate(self) -> Decimal | None:
        """đúng hạn / hoàn thành, among those that had a day to keep."""
        return rate(self.done_on_time, self.done_on_time + self.done_late)

    @property
    def completion_rate(self) -> Decimal | None:
        """hoàn thành / (tổng - thường xuyên - chưa đến hạn)."""
        not_due = self.on_time + self.due_soon + self.waiting
        return rate(self.finished, self.total - self.ongoing - not_due)


@dataclass(frozen=True)
class RankedUnit:
    """Units with equal figures share a rank; the next one is counted on (1, 1, 3)."""

    rank: int
    counts: UnitCounts


def rate(part: int, whole: int) -> Decimal | None:
    """Percent to one decimal; None where there is nothing to measure."""
    if whole <= 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)


def _key(counts: UnitCounts) -> tuple[Decimal, Decimal, int]:
    nothing = Decimal(-1)
    on_time = counts.on_time_rate
    completion = counts.completion_rate
    return (
        nothing if on_time is None else on_time,
        nothing if completion is None else completion,
        counts.finished,
    )


def rank_units(units: Iterable[UnitCounts]) -> list[RankedUnit]:
    """By on-time rate, then completion, then number finished; units without a figure come last."""
    ordered = sorted(units, key=lambda c: (*(-part for part in _key(c)), c.unit_name, c.unit_id))
    ranked: list[RankedUnit] = []
    for index, counts in enumerate(ordered):
        tied = ranked and _key(ranked[-1].counts) == _key(counts)
        ranked.append(RankedUnit(ranked[-1].rank if tied else index + 1, counts))
    return ranked
