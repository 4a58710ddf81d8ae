"""What is lacking for the next level, cheapest first: the choice of steps with the least effort. Exact. Pure.

Each item offers steps (a yes, a higher band, more points); of each item at most one is taken. Sets of steps are kept
by the points they bring, and one that costs as much or more for no more points is dropped, so that what remains at the
end holds the cheapest set (a knapsack with choices, over a few dozen items).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ..types import ItemKind
from .rubric import Band, Item, Level, Rubric
from .scoring import EMPTY, NOTHING, Answer, item_points, measured, score, share


@dataclass(frozen=True)
class Step:
    """What to do at one item. needed: how many more to count (of ratio and count), None elsewhere."""

    item: Item
    gain: Decimal
    effort: Decimal
    points: Decimal
    needed: Decimal | None = None
    band: Band | None = None


@dataclass(frozen=True)
class Plan:
    """reachable: False where even everything would not do (the rubric's points do not add up)."""

    level: int
    steps: tuple[Step, ...]
    effort: Decimal
    reachable: bool = True


@dataclass(frozen=True)
class _Bundle:
    gain: Decimal
    effort: Decimal
    steps: tuple[Step, ...] = ()


def lacking(rubric: Rubric, answers: Mapping[str, Answer]) -> Plan | None:
    """The steps of least effort to the next level, cheapest first; None at the highest level.

    Of equally cheap sets the one with fewer steps.
    """
    found = score(rubric, answers)
    target = next((level for level in rubric.levels if level.number > found.level), None)
    if target is None:
        return None
    steps: list[Step] = []
    if target.number > rubric.gate_level:
        steps += [_gate(item) for item in rubric.items() if item.code in found.missing]
    reachable = True
    if rubric.combination == "sum":
        pools = [(found.points, list(rubric.items()))]
    else:
        pools = [(one.points, one.group.items) for one in found.groups]
    for points, items in pools:
        bundle = _cheapest(points, items, answers, target)
        reachable = reachable and bundle is not None
        steps += bundle.steps if bundle else ()
    steps.sort(key=lambda step: (step.effort, -step.gain))
    return Plan(target.number, tuple(steps), sum((s.effort for s in steps), NOTHING), reachable)


def _gate(item: Item) -> Step:
    return Step(item, NOTHING, item.effort, NOTHING)


def _cheapest(
    points: Decimal, items: Iterable[Item], answers: Mapping[str, Answer], target: Level
) -> _Bundle | None:
    kept = [_Bundle(NOTHING, NOTHING)]
    for item in items:
        options = steps_of(item, answers.get(item.code, EMPTY))
        if options:
            more = (_with(bundle, step) for bundle in kept for step in options)
            kept = _frontier([*kept, *more])
    enough = [one for one in kept if target.threshold.met_by(points + one.gain)]
    return min(enough, key=_cost) if enough else None


def _with(bundle: _Bundle, step: Step) -> _Bundle:
    return _Bundle(bundle.gain + step.gain, bundle.effort + step.effort, (*bundle.steps, step))


def _cost(bundle: _Bundle) -> tuple[Decimal, int]:
    return bundle.effort, len(bundle.steps)


def _frontier(bundles: list[_Bundle]) -> list[_Bundle]:
    """Those than which no other brings as much for less."""
    best: list[_Bundle] = []
    for one in sorted(bundles, key=lambda b: (-b.gain, *_cost(b))):
        if not best or _cost(one) < _cost(best[-1]):
            best.append(one)
    return best


def steps_of(item: Item, answer: Answer) -> list[Step]:
    """Everything that would bring more points at one item, the smallest first."""
    now = item_points(item, answer)
    if item.kind == ItemKind.GATE or now >= item.max:
        return []
    if item.kind == ItemKind.YES_NO:
        return [Step(item, item.max - now, item.effort, item.max)]
    if item.kind == ItemKind.GRADED:
        return _grades(item, now)
    return _higher_bands(item, answer, now)


def _grades(item: Item, now: Decimal) -> list[Step]:
    found, points, effort = [], now, NOTHING
    while points < item.max:
        points = min(points - points % item.step + item.step, item.max)
        effort += item.effort
        found.append(Step(item, points - now, effort, points))
    return found


def _higher_bands(item: Item, answer: Answer, now: Decimal) -> list[Step]:
    value, effort, found = measured(item, answer), NOTHING, []
    for band in item.bands:
        if value is not None and band.threshold.met_by(value):
            continue
        effort += band.effort
        if band.points > now and _attainable(item, band):
            found.append(
                Step(item, band.points - now, effort, band.points, _needed(item, answer, band), band)
            )
    return found


def _attainable(item: Item, band: Band) -> bool:
    """A share has a roof of 100 %."""
    return item.kind == ItemKind.COUNT or band.threshold.met_by(Decimal(100))


def _needed(item: Item, answer: Answer, band: Band) -> Decimal | None:
    """How many more, in whole numbers, bring the value into the band; None while the whole is not known."""
    if item.kind == ItemKind.COUNT:
        return _least(band, band.threshold.start) - (answer.amount or NOTHING)
    if not answer.denominator:
        return None
    wanted = _least_share(band, answer.denominator)
    return max(wanted - (answer.numerator or NOTHING), NOTHING)


def _least(band: Band, start: Decimal) -> Decimal:
    if band.threshold.above:
        return start.to_integral_value(ROUND_FLOOR) + 1
    return start.to_integral_value(ROUND_CEILING)


def _least_share(band: Band, whole: Decimal) -> Decimal:
    """The smallest number whose share, rounded as it is scored, meets the band (at most the whole)."""
    trial = max((band.threshold.start * whole / 100).to_integral_value(ROUND_FLOOR) - 1, NOTHING)
    while trial < whole and not band.threshold.met_by(share(trial, whole) or NOTHING):
        trial += 1
    return trial
