"""Rules as they are set today, and thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from ..domain.index import Thresholds
from ..models import CheckRun, RuleSetting
from ..types import BOOK, Dataset, Rule

# The thresholds of the index are set like the numbers of a rule, under this name.
THRESHOLDS = "index.thresholds"
THRESHOLD_NUMBERS = {"green": 90, "yellow": 75}


@dataclass(frozen=True)
class SetRule:
    """A rule of the book as it holds on a day. setting: what somebody has changed, None for the book's own words."""

    rule: Rule
    is_on: bool
    weight: Decimal
    numbers: dict[str, Any]
    setting: RuleSetting | None


def _in_force(today: date) -> QuerySet[RuleSetting]:
    """The setting of each rule that began last."""
    in_time = Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    return RuleSetting.objects.filter(in_time).order_by("rule", "-valid_from").distinct("rule")


def set_rules(today: date) -> list[SetRule]:
    """Every rule of the book, as set on `today`, in the order of the book. One query."""
    settings_of = {setting.rule: setting for setting in _in_force(today)}
    return [_set(rule, settings_of.get(rule.code)) for rule in BOOK.rules.values()]


def _set(rule: Rule, setting: RuleSetting | None) -> SetRule:
    numbers = dict(rule.parameters)
    if setting is None:
        return SetRule(rule, True, rule.weight, numbers, None)
    numbers |= {name: value for name, value in setting.parameters.items() if name in numbers}
    return SetRule(rule, setting.is_on, setting.weight or rule.weight, numbers, setting)


def set_rule_named(code: str, today: date) -> SetRule | None:
    rule = BOOK.rules.get(code)
    return _set(rule, _in_force(today).filter(rule=code).first()) if rule else None


def settings_of(code: str) -> QuerySet[RuleSetting]:
    """Everything that was ever set of a rule, the latest first."""
    return RuleSetting.objects.filter(rule=code).order_by("-valid_from")


def thresholds(today: date) -> Thresholds:
    setting = _in_force(today).filter(rule=THRESHOLDS).first()
    numbers = THRESHOLD_NUMBERS | (setting.parameters if setting else {})
    return Thresholds(Decimal(str(numbers["green"])), Decimal(str(numbers["yellow"])))


def datasets() -> Sequence[Dataset]:
    return list(BOOK.datasets.values())


def last_run() -> CheckRun | None:
    """The last check of the whole province that came to its end."""
    return (
        CheckRun.objects.filter(unit__isnull=True, finished_at__isnull=False).order_by("-finished_at").first()
    )
