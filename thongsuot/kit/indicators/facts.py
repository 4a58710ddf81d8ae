"""Fact tables: what a module lets be counted. It declares them, like indicators, in `apps.ready()`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.types import DrillDown

Scalar = str | int | bool | date
Params = dict[str, Any]
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = frozenset({"record_id", "unit_id"})


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True)
class Dimension:
    """A column of a fact table by which its rows are chosen and broken down.

    labels    value -> Vietnamese word, in the order in which the values are shown; None: values speak for themselves
    is_closed the labels are all the values there are: a condition with another one is refused
    sensitive personal data that are sensitive in law: rows chosen by it are opened only for who may read such data
    """

    code: str
    name: Any
    kind: Kind = Kind.TEXT
    labels: Callable[[], Mapping[Any, Any]] | None = None
    is_closed: bool = True
    sensitive: bool = False

    def __post_init__(self) -> None:
        _require_identifier(self.code)


@dataclass(frozen=True)
class FactTable:
    """Records that may be counted, as they stood on a day.

    select     select(as_of, unit_ids or None for all) -> (sql, named parameters): one SELECT for all units, one row
               for each record, with the columns record_id, unit_id (the unit that counts it), one for each dimension
               and one for each of `numbers`. It never asks the clock. Names of its parameters do not begin with m_
    numbers    columns that may be summed, with their Vietnamese names
    follows    dimension -> (the dimension that says it, SQL that works it out of that column of a row f): rows alike in
               the latter are alike in the former
    counts_on  counts_on(day, columns looked at) -> whether that day has anything to count: between two school years
               nobody sits in a class, and figures of it would say so of a province that is full of pupils
    drill_down drill_down(actor, as_of) -> the records that the actor may see, their primary key being record_id
    may_open_sensitive
               whether the actor may see which records meet a condition on a sensitive dimension, at this unit
    sources    database tables that the rows come from: a change in one of them makes figures stale
    reaches    for a source whose rows say nothing of the units that count them: a SELECT of unit_id that may read the
               events as `changed`. Without one the unit_id of the row counts; where it has none all units are stale
    """

    code: str
    name: Any
    dimensions: tuple[Dimension, ...]
    select: Callable[[date, Collection[int] | None], tuple[str, Params]]
    drill_down: Callable[[Actor, date], DrillDown] | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict, hash=False)
    counts_on: Callable[[date, frozenset[str]], bool] = lambda day, columns: True
    follows: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    may_open_sensitive: Callable[[Actor, int], bool] = lambda actor, unit_id: True
    sources: tuple[str, ...] = ()
    reaches: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        columns = [*(one.code for one in self.dimensions), *self.numbers]
        for name in columns:
            _require_identifier(name)
        if len(set(columns)) != len(columns) or RESERVED & set(columns):
            raise ValueError(f"columns of {self.code!r} are named twice")

    def dimension(self, code: str) -> Dimension | None:
        return next((one for one in self.dimensions if one.code == code), None)

    def has_column(self, name: str) -> bool:
        return name in self.numbers or self.dimension(name) is not None


def _require_identifier(name: str) -> None:
    """Names of columns stand in statements as they are."""
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a column")


def decimal(number: object) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(str(number or 0))
