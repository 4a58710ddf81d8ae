"""Where the rows behind a number are opened, and how such an address is read. Pure but for reverse()."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from thongsuot.kit.indicators.facts import Dimension, Kind
from thongsuot.kit.indicators.types import Indicator, Part

# As addresses say them.
PARTS = {"tu-so": Part.NUMERATOR, "mau-so": Part.DENOMINATOR, "con-thieu": Part.MISSING}
_SLUGS = {part: slug for slug, part in PARTS.items()}
UNKNOWN = "chua-ro"
_LARGEST = 2**31


def rows_url(
    indicator: Indicator, unit_id: int, as_of: date, part: Part, only: tuple[str, Any] | None = None
) -> str:
    args: list[Any] = [indicator.code, unit_id, _SLUGS[part], as_of.isoformat()]
    if only is not None:
        args += [only[0], _said(only[1])]
    return reverse("indicators:rows", args=args)


def _said(value: Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "co" if value else "khong"
    return value.isoformat() if isinstance(value, date) else str(value)


def read_value(dimension: Dimension, said: str) -> Any:
    """The value of a dimension that an address names; None: not known. Raises ValueError."""
    if said == UNKNOWN:
        return None
    if dimension.kind is Kind.BOOLEAN:
        if said not in ("co", "khong"):
            raise ValueError(said)
        return said == "co"
    if dimension.kind is Kind.DATE:
        return date.fromisoformat(said)
    if dimension.kind is Kind.INTEGER:
        number = int(said)
        if abs(number) >= _LARGEST:
            raise ValueError(said)
        return number
    if "\x00" in said:
        raise ValueError(said)
    return said
