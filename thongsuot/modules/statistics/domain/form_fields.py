"""Single values of a form's JSON: each reads one, or says what is wrong with it and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from .form import Column, FormFault, Row, YearDay, gettext_noop

CONFIDENCES = ("V", "V2", "M", "I")


def object_of(data: Any, keys: set[str], place: str) -> Mapping[str, Any]:
    raw = mapping_of(data, place)
    unknown = sorted(set(raw) - keys)
    if unknown:
        raise FormFault(place, gettext_noop("không hiểu mục “%(key)s”"), key=unknown[0])
    return raw


def mapping_of(data: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise FormFault(place, gettext_noop("cần một đối tượng JSON"))
    return data


def list_of(raw: Mapping[str, Any], key: str, place: str) -> list[Any]:
    found = raw.get(key)
    if not isinstance(found, list) or not found:
        raise FormFault(place, gettext_noop("“%(key)s” cần một danh sách không trống"), key=key)
    return found


def text_of(raw: Mapping[str, Any], key: str, place: str) -> str:
    found = raw.get(key)
    if not isinstance(found, str) or not found.strip():
        raise FormFault(place, gettext_noop("thiếu “%(key)s”"), key=key)
    return found


def matching(text: str, pattern: re.Pattern[str], place: str) -> str:
    if not pattern.fullmatch(text):
        raise FormFault(place, gettext_noop("mã “%(code)s” không đúng mẫu"), code=text)
    return text


def choice_of(kind: Any, value: Any, place: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        said = gettext_noop("không có giá trị “%(value)s” (có: %(known)s)")
        raise FormFault(place, said, value=value, known=known) from None


def confidence_of(raw: Mapping[str, Any], place: str) -> str:
    found = raw.get("confidence", "I")
    if found not in CONFIDENCES:
        raise FormFault(place, gettext_noop("độ tin cậy là V, V2, M hoặc I"))
    return str(found)


def whole_of(value: Any, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10_000:
        raise FormFault(place, gettext_noop("cần số nguyên không âm"))
    return value


def yes_no_of(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise FormFault(place, gettext_noop("cần true hoặc false"))
    return value


def number_of(value: Any, place: str) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise FormFault(place, gettext_noop("cần số không âm"))
    return found


def date_of(value: Any, place: str) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise FormFault(place, gettext_noop("cần ngày dạng 2026-09-30")) from None


def day_of(value: Any, place: str) -> YearDay:
    """{"month": 9, "day": 30}, with "next_year": true for a day after New Year."""
    raw = object_of(value, {"month", "day", "next_year"}, place)
    try:
        # Not 29 February: it is not in every year.
        date(2001, raw.get("month", 0), raw.get("day", 0))
    except (TypeError, ValueError):
        raise FormFault(place, gettext_noop("không có ngày này trong năm")) from None
    return YearDay(raw["month"], raw["day"], yes_no_of(raw.get("next_year", False), place))


def named_once(codes: list[str], place: str, said: str) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise FormFault(place, said, code=code)


def check_parts(things: tuple[Row, ...] | tuple[Column, ...], place: str) -> None:
    codes = {one.code for one in things}
    for one in things:
        if one.part_of and one.part_of not in codes - {one.code}:
            raise FormFault(
                place,
                gettext_noop("%(code)s là phần của %(whole)s, nhưng không có mã đó"),
                code=one.code,
                whole=one.part_of,
            )
