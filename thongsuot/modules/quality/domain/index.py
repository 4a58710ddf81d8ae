"""The data quality index (DQI), bottom-up in four layers. Pure; exact decimals, rounded only where they are shown.

Definition (Công văn 4856/BCA-TTDLQG ngày 14/9/2026, Phụ lục 3, read second-hand: thresholds are data):

1. rule        objects that pass / objects assessed x 100
2. criterion   of a field (đúng, đủ, sạch ...): mean of its rules, each with its weight
3. field       mean of its criteria; all criteria weigh the same
4. database    mean of its fields, each with its weight

What nothing was assessed for has no value and takes no part in a mean. The index of a data set is layer 4 over the
fields of that set; the index of the whole is layer 4 over the fields of all sets.

Worked example. Name: "not empty" 98 of 100, weight 1 (đủ); "one form of Unicode" 50 of 100, weight 1 and "no odd
characters" 100 of 100, weight 3 (sạch). Criteria: đủ 98; sạch (50*1 + 100*3)/4 = 87.5. Field: (98 + 87.5)/2 = 92.75.
Personal id: 99 of 100, one rule: 99. With weights 3 (id) and 1 (name): (99*3 + 92.75)/4 = 97.4375, green; but an
identifier must reach 100%: one incident.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..types import Colour

HUNDRED = Decimal(100)
ONE = Decimal(1)


@dataclass(frozen=True)
class Measured:
    """A rule with what was counted for it somewhere. 0 <= passed <= assessed; weight > 0."""

    rule: str
    dataset: str
    field: str
    word: str
    assessed: int
    passed: int
    weight: Decimal = ONE
    identifier: bool = False


@dataclass(frozen=True)
class Layer:
    """One node of the index. value: 0..100, None when nothing was assessed. failed: objects failed, summed over the
    rules below. incidents: those of them that broke a rule of an identifier."""

    key: str
    value: Decimal | None
    weight: Decimal
    assessed: int
    failed: int
    incidents: int
    below: tuple[Layer, ...] = ()


@dataclass(frozen=True)
class Thresholds:
    """From `green` upwards green, from `yellow` yellow, red below."""

    green: Decimal = Decimal(90)
    yellow: Decimal = Decimal(75)

    def colour(self, value: Decimal | None) -> Colour | None:
        if value is None:
            return None
        if value >= self.green:
            return Colour.GREEN
        return Colour.YELLOW if value >= self.yellow else Colour.RED


def share(passed: int, assessed: int) -> Decimal | None:
    """Layer 1, in percent. ValueError unless 0 <= passed <= assessed."""
    if not 0 <= passed <= assessed:
        raise ValueError("passed and assessed")
    return HUNDRED * passed / assessed if assessed else None


def mean(layers: Iterable[Layer]) -> Decimal | None:
    """The weighted mean of those that have a value; None when none has."""
    valued = [(layer.value, layer.weight) for layer in layers if layer.value is not None]
    total = sum((weight for _, weight in valued), Decimal(0))
    return sum((value * weight for value, weight in valued), Decimal(0)) / total if valued else None


def build_index(
    measured: Iterable[Measured], field_weights: Mapping[tuple[str, str], Decimal] | None = None
) -> Layer:
    """The whole index: database > data sets > fields > criteria > rules.

    field_weights: {(data set, field): weight > 0}, 1 where nothing is said.
    """
    weights = field_weights or {}
    tree: dict[str, dict[str, dict[str, list[Layer]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for one in measured:
        tree[one.dataset][one.field][one.word].append(_rule(one))
    datasets, fields = [], []
    for dataset, by_field in tree.items():
        own = [
            _over(
                field, [_over(word, rules) for word, rules in by_word.items()], weights.get((dataset, field))
            )
            for field, by_word in by_field.items()
        ]
        fields.extend(own)
        datasets.append(_over(dataset, own))
    whole = _over("", datasets)
    # Layer 4 is over fields, not over sets: a set with many fields counts for more.
    return Layer("", mean(fields), ONE, whole.assessed, whole.failed, whole.incidents, whole.below)


def _rule(one: Measured) -> Layer:
    failed = one.assessed - one.passed
    return Layer(
        key=one.rule,
        value=share(one.passed, one.assessed),
        weight=one.weight,
        assessed=one.assessed,
        failed=failed,
        incidents=failed if one.identifier else 0,
    )


def _over(key: str, below: list[Layer], weight: Decimal | None = None) -> Layer:
    return Layer(
        key=key,
        value=mean(below),
        weight=weight or ONE,
        assessed=sum(layer.assessed for layer in below),
        failed=sum(layer.failed for layer in below),
        incidents=sum(layer.incidents for layer in below),
        below=tuple(below),
    )


def shown(value: Decimal | None, places: int = 1) -> Decimal | None:
    """As it is printed, half up; but what is not 100 is never shown as 100."""
    if value is None:
        return None
    step = Decimal(1).scaleb(-places)
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    return HUNDRED - step if rounded == HUNDRED and value < HUNDRED else rounded
