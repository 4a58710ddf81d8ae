"""Conditions on the rows of a fact table: data, not code. Read from JSON, compiled to SQL. Pure.

    {"level": "primary", "grade": [1, 2], "age": {"from": 6, "to": 10}, "poor": true, "sex": null,
     "any": [{...}, {...}], "all": [{...}, {...}], "not": {...}}

Keys of one object must all hold. A list means one of its values, null that the value is not known. What is not known
meets no other condition, and so meets the `not` of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Refused
from thongsuot.kit.indicators.facts import Dimension, FactTable, Kind, Params, Scalar


class BadMeasure(Refused):
    """A measure that cannot be read; the message names the file and the cell."""

    code = "bad_measure"


@dataclass(frozen=True)
class Among:
    dimension: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Between:
    """First and last value counted; None where it is open."""

    dimension: str
    first: Scalar | None
    last: Scalar | None


@dataclass(frozen=True)
class Unknown:
    dimension: str


@dataclass(frozen=True)
class Every:
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Either:
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Not:
    part: Condition


Condition = Among | Between | Unknown | Every | Either | Not
ALWAYS = Every()


def every(parts: Iterable[Condition]) -> Condition:
    """The rows that meet all of them, written in one way only: nothing nested, nothing twice."""
    flat: list[Condition] = []
    for one in parts:
        for part in one.parts if isinstance(one, Every) else (one,):
            if part not in flat:
                flat.append(part)
    return flat[0] if len(flat) == 1 else Every(tuple(flat))


def dimensions_of(condition: Condition) -> Iterator[str]:
    """Codes of the dimensions that it looks at."""
    if isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from dimensions_of(part)
    elif isinstance(condition, Not):
        yield from dimensions_of(condition.part)
    else:
        yield condition.dimension


def parse_condition(data: Any, fact: FactTable, place: str = "") -> Condition:
    """Read a condition. Raises BadMeasure, its message beginning with `place` ("tệp x.json, ô B3")."""
    if not isinstance(data, Mapping):
        raise bad(place, _("điều kiện phải là một đối tượng JSON, không phải %(value)s"), value=repr(data))
    return every(_parse_key(str(key), value, fact, place) for key, value in data.items())


def _parse_key(key: str, value: Any, fact: FactTable, place: str) -> Condition:
    if key in ("any", "all"):
        if not isinstance(value, list | tuple) or not value:
            raise bad(place, _("“%(key)s” cần một danh sách điều kiện"), key=key)
        parts = tuple(parse_condition(one, fact, place) for one in value)
        return Either(parts) if key == "any" else every(parts)
    if key == "not":
        return Not(parse_condition(value, fact, place))
    dimension = fact.dimension(key)
    if dimension is None:
        known = ", ".join(one.code for one in fact.dimensions)
        raise bad(
            place,
            _("bảng “%(fact)s” không có chiều “%(key)s” (có: %(known)s)"),
            fact=fact.code,
            key=key,
            known=known,
        )
    if isinstance(value, Mapping):
        return _parse_range(dimension, value, place)
    return _parse_values(dimension, value, place)


def _parse_values(dimension: Dimension, value: Any, place: str) -> Condition:
    listed = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
    if not listed:
        raise bad(place, _("“%(key)s”: danh sách giá trị đang trống"), key=dimension.code)
    known = tuple(dict.fromkeys(_scalar(dimension, one, place) for one in listed if one is not None))
    if len(known) < len(listed) and None in listed:
        missing = Unknown(dimension.code)
        return Either((Among(dimension.code, known), missing)) if known else missing
    return Among(dimension.code, known)


def _parse_range(dimension: Dimension, value: Mapping[str, Any], place: str) -> Condition:
    if not value or not set(value) <= {"from", "to"}:
        raise bad(place, _("“%(key)s”: một khoảng chỉ có “from” và “to”"), key=dimension.code)
    if dimension.kind not in (Kind.INTEGER, Kind.DATE):
        raise bad(place, _("“%(key)s” không phải số hay ngày nên không có khoảng"), key=dimension.code)
    first, last = (
        None if value.get(end) is None else _scalar(dimension, value[end], place) for end in ("from", "to")
    )
    if first is None and last is None:
        raise bad(place, _("“%(key)s”: khoảng không có đầu nào"), key=dimension.code)
    return Between(dimension.code, first, last)


def _scalar(dimension: Dimension, value: Any, place: str) -> Scalar:
    """The value as the kind of the dimension has it. A number in quotes is not a number: files say what they mean."""
    if dimension.kind is Kind.DATE and isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = object()
    fits = {
        Kind.TEXT: isinstance(value, str),
        Kind.INTEGER: isinstance(value, int) and not isinstance(value, bool),
        Kind.BOOLEAN: isinstance(value, bool),
        Kind.DATE: isinstance(value, date),
    }[dimension.kind]
    if not fits:
        words = {
            Kind.TEXT: _("chữ"),
            Kind.INTEGER: _("số nguyên"),
            Kind.BOOLEAN: _("true hoặc false"),
            Kind.DATE: _("ngày dạng 2026-09-30"),
        }
        raise bad(place, _("“%(key)s” cần %(kind)s"), key=dimension.code, kind=words[dimension.kind])
    if isinstance(value, int) and abs(value) > 2**31:
        raise bad(place, _("“%(key)s”: số quá lớn"), key=dimension.code)
    if dimension.labels is not None and dimension.is_closed and value not in (labels := dimension.labels()):
        known = ", ".join(map(str, labels))
        said = _("“%(key)s” không có giá trị “%(value)s” (có: %(known)s)")
        raise bad(place, said, key=dimension.code, value=value, known=known)
    found: Scalar = value
    return found


def bad(place: str, said: str, **values: object) -> BadMeasure:
    return BadMeasure(f"{place}: {said % values}" if place else str(said % values))


def condition_json(condition: Condition) -> dict[str, Any]:
    """The JSON that parse_condition reads as the same condition."""
    match condition:
        case Among(dimension, values):
            shown = [one.isoformat() if isinstance(one, date) else one for one in values]
            return {dimension: shown[0] if len(shown) == 1 else shown}
        case Between(dimension, first, last):
            ends = {"from": first, "to": last}
            return {
                dimension: {
                    key: end.isoformat() if isinstance(end, date) else end
                    for key, end in ends.items()
                    if end is not None
                }
            }
        case Unknown(dimension):
            return {dimension: None}
        case Not(part):
            return {"not": condition_json(part)}
        case Either(parts):
            return {"any": [condition_json(part) for part in parts]}
        case Every(parts):
            read = [condition_json(part) for part in parts]
            keys = [key for one in read for key in one]
            if len(set(keys)) == len(keys):
                return {key: value for one in read for key, value in one.items()}
            return {"all": read}
    raise TypeError(condition)


class Named:
    """Parameters of a statement under names of their own; the same value twice is one parameter."""

    def __init__(self) -> None:
        self.values: Params = {}
        self._names: dict[tuple[type, object], str] = {}

    def __call__(self, value: Scalar) -> str:
        key = (type(value), value)
        if key not in self._names:
            self._names[key] = f"m_{len(self._names)}"
            self.values[self._names[key]] = value
        return f"%({self._names[key]})s"


def condition_sql(condition: Condition, named: Named) -> str:
    """A boolean expression over the columns of `f`, never unknown."""
    match condition:
        case Among(dimension, (bool() as value,)):
            return f"coalesce(f.{dimension} = {named(value)}, false)"
        case Among(dimension, values):
            return f"coalesce(f.{dimension} in ({', '.join(map(named, values))}), false)"
        case Between(dimension, first, last):
            ends = [
                f"f.{dimension} {sign} {named(end)}"
                for sign, end in ((">=", first), ("<=", last))
                if end is not None
            ]
            return f"coalesce({' and '.join(ends)}, false)"
        case Unknown(dimension):
            return f"f.{dimension} is null"
        case Not(part):
            return f"not {condition_sql(part, named)}"
        case Every(parts):
            return f"({' and '.join(condition_sql(part, named) for part in parts)})" if parts else "true"
        case Either(parts):
            return f"({' or '.join(condition_sql(part, named) for part in parts)})" if parts else "false"
    raise TypeError(condition)
