"""What the platform knows of the items of a rubric: live figures of a unit, by the source that an item names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators import queries as indicators
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.types import Figure, Indicator
from thongsuot.kit.postgres.isolation import act_as
from thongsuot.modules.organization import queries as organization

from ..domain.rubric import Item, Rubric
from ..domain.scoring import Answer, rounded, share
from ..models import FrozenFigure, Recognition
from ..types import ItemKind


@dataclass(frozen=True)
class Known:
    """A figure behind an item. code: of the indicator, "" where it is not one; its rows stand behind it."""

    source: str
    name: str
    code: str
    version: int
    as_of: date
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None

    def answer(self, item: Item) -> Answer:
        """The figure as an answer to the item."""
        if item.kind == ItemKind.RATIO:
            return Answer(numerator=self.numerator, denominator=self.denominator)
        if item.kind in (ItemKind.COUNT, ItemKind.GRADED):
            return Answer(amount=self.value)
        least = Decimal(str((item.source or {}).get("at_least", 1)))
        return Answer(yes=None if self.value is None else self.value >= least)


def known_figures(rubric: Rubric, unit_id: int, as_of: date) -> dict[str, Known]:
    """{code of item: figure} for the items whose source is there; the others are filled in by hand.

    One statement for each fact table behind the figures, one for each figure that units report: not one for each item.
    """
    items = list(rubric.items())
    asked = {code: one for item in items if (one := registry.get(code := _indicator_code(item))) is not None}
    nodes = indicators.unit_nodes([unit_id], as_of)
    figures = indicators.figures_of(asked.values(), nodes, as_of) if nodes else {}
    found: dict[str, Known] = {}
    for item in items:
        known = _known(item, unit_id, as_of, asked, figures)
        if known is not None and _fits(item, known):
            found[item.code] = known
    return found


def _indicator_code(item: Item) -> str:
    return str((item.source or {}).get("indicator", ""))


def _fits(item: Item, known: Known) -> bool:
    if item.kind == ItemKind.RATIO:
        return bool(known.denominator) and known.numerator <= (known.denominator or 0)
    return known.value is not None


def _known(
    item: Item,
    unit_id: int,
    as_of: date,
    asked: Mapping[str, Indicator],
    figures: Mapping[str, Mapping[int, Figure]],
) -> Known | None:
    source = item.source or {}
    if "published_level" in source:
        return _published(int(source["published_level"]), unit_id, as_of)
    indicator = asked.get(_indicator_code(item))
    figure = figures.get(indicator.code, {}).get(unit_id) if indicator is not None else None
    if indicator is None or figure is None:
        return None
    return Known(
        source=f"indicator:{indicator.code}",
        name=str(indicator.name),
        code=indicator.code,
        version=indicator.version,
        as_of=as_of,
        numerator=rounded(figure.numerator),
        denominator=None if figure.denominator is None else rounded(figure.denominator),
        value=figure.value,
    )


def _published(least: int, unit_id: int, as_of: date) -> Known:
    """Schools below the unit with a published level of at least `least`, out of all that are there."""
    below = organization.units_below(_area(unit_id), today=as_of, kind="school").values_list("pk", flat=True)
    with act_as(Actor.system()):
        schools = set(below)
        levels = published_levels_on(as_of)
    reached = sum(1 for unit, level in levels.items() if unit in schools and level >= least)
    whole = Decimal(len(schools))
    return Known(
        source=f"published_level:{least}",
        name=f"≥ {least}",
        code="",
        version=1,
        as_of=as_of,
        numerator=Decimal(reached),
        denominator=whole,
        value=share(Decimal(reached), whole),
    )


def _area(unit_id: int) -> int:
    """The department answers for the whole province, which stands above it."""
    place = organization.unit_places([unit_id]).get(unit_id)
    return place.parent_id if place and place.kind == "department" and place.parent_id else unit_id


def published_levels_on(day: date) -> dict[int, int]:
    """{unit: its latest level published by `day`}, as the caller's scope shows them."""
    rows = (
        Recognition.objects.filter(is_live=True, decision__published_on__lte=day)
        .order_by("unit_id", "-decision__round__school_year__starts_on", "-pk")
        .distinct("unit_id")
        .values_list("unit_id", "level")
    )
    return dict(rows)


def frozen_figures(assessment_id: int, submission: int) -> Mapping[str, FrozenFigure]:
    """The figures of one handing-in, by item."""
    rows = FrozenFigure.objects.filter(assessment_id=assessment_id, submission=submission)
    return {row.item: row for row in rows}
