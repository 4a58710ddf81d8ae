"""Points and level of a set of answers. Decimal, half up to hundredths. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..types import ItemKind, WrongAnswer
from .rubric import Criterion, Group, Item, Rubric, level_of

NOTHING = Decimal(0)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Answer:
    """What was said of one item: `yes` of gate and yes_no, `amount` of count and graded, the two others of ratio."""

    yes: bool | None = None
    amount: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


EMPTY = Answer()


@dataclass(frozen=True)
class CriterionScore:
    criterion: Criterion
    points: Decimal
    level: int | None


@dataclass(frozen=True)
class GroupScore:
    """level: on the scale of the whole, where groups are read apart; None where they are added."""

    group: Group
    points: Decimal
    level: int | None
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True)
class Score:
    """missing: codes of the gates that are not there. points: the groups added (of "sum"), else of the lower group."""

    rubric: Rubric
    level: int
    points: Decimal
    groups: tuple[GroupScore, ...]
    items: Mapping[str, Decimal]
    missing: tuple[str, ...]

    @property
    def level_name(self) -> str:
        return self.rubric.level_name(self.level)

    def points_of(self) -> dict[str, str]:
        """{"1": "62.5", "2": "48"}: to be kept as JSON."""
        return {one.group.code: str(one.points) for one in self.groups}


def rounded(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def share(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """In %, half up to hundredths; None where there is nothing to divide by."""
    return rounded(numerator * 100 / denominator) if denominator else None


def check(item: Item, answer: Answer) -> None:
    """Raise WrongAnswer where the answer makes no sense for the item; an empty one always does."""
    numbers = {"amount": answer.amount, "numerator": answer.numerator, "denominator": answer.denominator}
    for name, number in numbers.items():
        if number is not None and (not number.is_finite() or number < 0):
            raise WrongAnswer(f"Mục {item.code}: cần một số không âm.", field=name)
    if item.kind == ItemKind.GRADED and answer.amount is not None:
        if answer.amount > item.max:
            raise WrongAnswer(f"Mục {item.code}: nhiều nhất {item.max} điểm.", field="amount")
        if answer.amount != item.max and answer.amount % item.step:
            raise WrongAnswer(f"Mục {item.code}: chấm theo bước {item.step} điểm.", field="amount")
    if item.kind == ItemKind.RATIO:
        _check_share(item, answer)


def _check_share(item: Item, answer: Answer) -> None:
    part, whole = answer.numerator, answer.denominator
    if part is not None and whole is not None and part > whole:
        raise WrongAnswer(
            f"Mục {item.code}: {item.numerator or 'tử số'} ({part}) nhiều hơn {item.denominator or 'mẫu số'} ({whole}).",
            field="numerator",
        )


def is_answered(item: Item, answer: Answer) -> bool:
    if item.kind == ItemKind.RATIO:
        return answer.numerator is not None and answer.denominator is not None
    if item.kind in (ItemKind.COUNT, ItemKind.GRADED):
        return answer.amount is not None
    return answer.yes is not None


def measured(item: Item, answer: Answer) -> Decimal | None:
    """The share in % or the count that is laid against the bands."""
    if item.kind == ItemKind.COUNT:
        return answer.amount
    if answer.numerator is None or answer.denominator is None:
        return None
    return share(answer.numerator, answer.denominator)


def item_points(item: Item, answer: Answer) -> Decimal:
    """Points of one item; nothing where nothing was said. A gate has none."""
    if item.kind == ItemKind.GATE:
        return NOTHING
    if item.kind == ItemKind.YES_NO:
        return item.max if answer.yes else NOTHING
    if item.kind == ItemKind.GRADED:
        return min(answer.amount or NOTHING, item.max)
    value = measured(item, answer)
    if value is None:
        return NOTHING
    return max((band.points for band in item.bands if band.threshold.met_by(value)), default=NOTHING)


def score(rubric: Rubric, answers: Mapping[str, Answer]) -> Score:
    """The level of a set of answers {code of item: answer}; items without one count as not there.

    "lowest_group": each group is laid on the scale of levels and the lower level counts. "sum": the groups are added.
    A missing gate leaves at most `rubric.gate_level`.
    """
    items = {item.code: item_points(item, answers.get(item.code, EMPTY)) for item in rubric.items()}
    groups = tuple(_group(rubric, group, items) for group in rubric.groups)
    added = sum((one.points for one in groups), NOTHING)
    if rubric.combination == "sum":
        points, level = added, level_of(rubric.levels, added)
    else:
        points = min(one.points for one in groups)
        level = min(one.level or rubric.levels[0].number for one in groups)
    missing = tuple(i.code for i in rubric.items() if i.is_gate and not answers.get(i.code, EMPTY).yes)
    if missing:
        level = min(level, rubric.gate_level)
    return Score(rubric, level, points, groups, items, missing)


def _group(rubric: Rubric, group: Group, items: Mapping[str, Decimal]) -> GroupScore:
    criteria = tuple(_criterion(one, items) for one in group.criteria)
    points = sum((one.points for one in criteria), NOTHING)
    level = None if rubric.combination == "sum" else level_of(rubric.levels, points)
    return GroupScore(group, points, level, criteria)


def _criterion(criterion: Criterion, items: Mapping[str, Decimal]) -> CriterionScore:
    points = sum((items[item.code] for item in criterion.items), NOTHING)
    return CriterionScore(criterion, points, level_of(criterion.levels, points) if criterion.levels else None)
