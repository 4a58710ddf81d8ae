"""The definitions that modules declare in `apps.ready()`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thongsuot.kit.indicators.types import Indicator, UnknownIndicator

_indicators: dict[str, Indicator] = {}


def register(*indicators: Indicator) -> None:
    """Declare indicators; a code is declared once (again only with the same definition, as tests reload apps)."""
    for indicator in indicators:
        known = _indicators.get(indicator.code)
        if known is not None and known.formula is not indicator.formula:
            raise ValueError(f"two definitions of the indicator {indicator.code!r}")
        _indicators[indicator.code] = indicator


def all_indicators() -> list[Indicator]:
    """In the order of their codes."""
    return [_indicators[code] for code in sorted(_indicators)]


def indicator(code: str) -> Indicator:
    """Raises UnknownIndicator."""
    try:
        return _indicators[code]
    except KeyError:
        raise UnknownIndicator(_("Không có chỉ số “%(code)s”.") % {"code": code}) from None
