"""How good the forecast would have been: made as of each past year and compared with what came (rolling origin). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .forecast import LEAST_YEARS, Floats, History, Method, fit, project

# Errors in percent of a handful of pupils say nothing: smaller groups count in the weighted error only.
LEAST_PUPILS = 20


@dataclass(frozen=True)
class TrialLine:
    """Errors of forecasts `horizon` years ahead, over communes and grades and all years in which one could be made.

    mape       mean of |forecast - seen| / seen in percent, over groups of LEAST_PUPILS and more; None without any
    weighted   sum of |forecast - seen| / sum seen, in percent
    covered    share of groups whose number lay within the interval, in percent
    naive_*    the same of the floor: as many pupils as in the last known year
    """

    horizon: int
    groups: int
    mape: float | None
    naive_mape: float | None
    weighted: float
    naive_weighted: float
    covered: float


def trial(history: History, method: Method, horizon: int) -> list[TrialLine]:
    """One line for each number of years ahead that the history allows; empty when it is too short."""
    seen: dict[int, list[tuple[Floats, Floats, Floats, Floats, Floats]]] = {}
    for origin in range(LEAST_YEARS - 1, len(history.years) - 1):
        known = history.until(origin)
        ahead = min(horizon, len(history.years) - 1 - origin)
        made = project(known, method, ahead, found=fit(known, method))
        tail = (1 - method.coverage) / 2
        low, high = np.quantile(made.draws, [tail, 1 - tail], axis=0)
        for step in range(ahead):
            came = history.pupils[origin + 1 + step]
            parts = (came, made.expected[step], known.pupils[-1], low[step], high[step])
            seen.setdefault(step + 1, []).append(parts)
    return [_line(step, parts) for step, parts in sorted(seen.items())]


def _line(step: int, parts: Sequence[tuple[Floats, ...]]) -> TrialLine:
    came, made, naive, low, high = (np.concatenate([one[i].ravel() for one in parts]) for i in range(5))
    # Where nobody was, nobody was forecast and nobody came, nothing was shown.
    any_pupils = (came > 0) | (made >= 0.5)
    came, made, naive, low, high = (one[any_pupils] for one in (came, made, naive, low, high))
    inside = (came >= np.floor(low)) & (came <= np.ceil(high))
    return TrialLine(
        step,
        len(came),
        _mape(made, came),
        _mape(naive, came),
        _weighted(made, came),
        _weighted(naive, came),
        100 * float(inside.mean()) if len(came) else 0.0,
    )


def _mape(made: Floats, came: Floats) -> float | None:
    large = came >= LEAST_PUPILS
    if not large.any():
        return None
    return 100 * float((np.abs(made - came)[large] / came[large]).mean())


def _weighted(made: Floats, came: Floats) -> float:
    total = float(came.sum())
    return 100 * float(np.abs(made - came).sum()) / total if total else 0.0
