"""All indicators, declared by modules in `indicators.py` and registered in `apps.ready()`."""

from __future__ import annotations

from thongsuot.kit.indicators.types import Indicator

_indicators: dict[str, Indicator] = {}


def register(indicator: Indicator) -> Indicator:
    """Make an indicator known; a second one with the same code is a fault of the program."""
    known = _indicators.get(indicator.code)
    if known is not None and known is not indicator:
        raise ValueError(f"two indicators are called {indicator.code!r}")
    _indicators[indicator.code] = indicator
    return indicator


def get(code: str) -> Indicator | None:
    return _indicators.get(code)


def all_indicators() -> list[Indicator]:
    return sorted(_indicators.values(), key=lambda indicator: indicator.code)
