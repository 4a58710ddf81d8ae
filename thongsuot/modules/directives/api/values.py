"""Kinds of values that come in: cleaned and bounded before an action sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import URLValidator
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import AfterValidator, ConfigDict, Field

from thongsuot.kit.text.vietnamese import clean_lines, clean_text

FIRST_DAY, LAST_DAY = date(1945, 9, 2), date(2099, 12, 31)
_is_link = URLValidator(schemes=["http", "https"])


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("NUL")
    return text


def _line(text: str) -> str:
    return clean_text(_without_nul(text))


def _lines(text: str) -> str:
    return clean_lines(_without_nul(text))


def _said(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


def _near(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("day")
    return day


def _link(text: str) -> str:
    if text:
        try:
            _is_link(text)
        except DjangoValidationError:
            raise ValueError("link") from None
    return text


def _once(ids: list[int]) -> list[int]:
    return list(dict.fromkeys(ids))


Line = Annotated[str, AfterValidator(_line)]
Lines = Annotated[str, Field(max_length=8000), AfterValidator(_lines)]
Said = Annotated[str, Field(max_length=8000), AfterValidator(_lines), AfterValidator(_said)]
Search = Annotated[str, Field(max_length=200), AfterValidator(_line)]
Day = Annotated[date, AfterValidator(_near)]
Link = Annotated[str, Field(max_length=500), AfterValidator(_without_nul), AfterValidator(_link)]
Key = Annotated[int, Field(ge=1, le=2**62)]
Keys = Annotated[list[Key], Field(max_length=5000), AfterValidator(_once)]


class Body(Schema):
    """A JSON body. A field that does not exist is a mistake of the caller, not something to pass over."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


def invalid(field: str, code: str, place: str = "body") -> ValidationError:
    """What a schema cannot see, answered like what it can: 422 with the field."""
    inside = ("data",) if place == "body" else ()
    found: list[dict[str, Any]] = [{"type": code, "loc": (place, *inside, *field.split(".")), "msg": ""}]
    return ValidationError(found)


def refuse_unknown(units: Iterable[int], known: Iterable[int], field: str) -> None:
    """422 where an id is no unit's."""
    if set(units) - set(known):
        raise invalid(field, "unit_unknown")
