"""All indicators, declared by modules in `indicators.py` and registered in `apps.ready()`."""

from __future__ import annotations

from collections.abc import Callable

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.facts import FactTable
from thongsuot.kit.indicators.types import Goal, Indicator

_indicators: dict[str, Indicator] = {}
_facts: dict[str, FactTable] = {}
_goals: list[Callable[[Actor, str], list[Goal]]] = []


def register(indicator: Indicator) -> Indicator:
    """Make an indicator known; a second one with the same code is a fault of the program."""
    known = _indicators.get(indicator.code)
    if known is not None and known is not indicator:
        raise ValueError(f"two indicators are called {indicator.code!r}")
    for code in indicator.breakdowns:
        without = [
            fact for fact in indicator.facts if (found := _facts.get(fact)) and not found.dimension(code)
        ]
        if without or not indicator.facts:
            raise ValueError(f"{indicator.code!r} cannot be broken down by {code!r}")
    _indicators[indicator.code] = indicator
    return indicator


def get(code: str) -> Indicator | None:
    return _indicators.get(code)


def all_indicators() -> list[Indicator]:
    return sorted(_indicators.values(), key=lambda indicator: indicator.code)


def by_subject() -> list[tuple[str, list[Indicator]]]:
    """[(heading, indicators)]: both in the order in which modules declare them; those without a heading last."""
    found: dict[str, list[Indicator]] = {}
    for one in _indicators.values():
        found.setdefault(str(one.subject), []).append(one)
    return sorted(found.items(), key=lambda group: not group[0])


def register_facts(fact: FactTable) -> FactTable:
    """Make a fact table known, before the measures that count it."""
    known = _facts.get(fact.code)
    if known is not None and known is not fact:
        raise ValueError(f"two fact tables are called {fact.code!r}")
    _facts[fact.code] = fact
    return fact


def get_facts(code: str) -> FactTable | None:
    return _facts.get(code)


def all_facts() -> list[FactTable]:
    return sorted(_facts.values(), key=lambda fact: fact.code)


def register_goals(reader: Callable[[Actor, str], list[Goal]]) -> None:
    """`reader(actor, code)`: what somebody wants of an indicator, as far as the actor sees it."""
    if reader not in _goals:
        _goals.append(reader)


def goals(actor: Actor, code: str) -> list[Goal]:
    """What is wanted of an indicator, by whoever said so."""
    return [one for reader in _goals for one in reader(actor, code)]
