"""What a measure counts, in words: the fact table, each condition with the Vietnamese names of its values."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kit.indicators.conditions import Among, Between, Condition, Either, Every, Not, Unknown
from thongsuot.kit.indicators.facts import FactTable
from thongsuot.kit.indicators.measures import Measure, fact_of


def measure_words(one: Measure) -> str:
    """ "Học sinh đang học (Giới tính: Nữ)"; of a sum or distinct values also what is added up."""
    fact = fact_of(one)
    where = condition_words(one.where, fact)
    said = f"{fact.name} ({where})" if where else str(fact.name)
    return said if one.of == "rows" else f"{how_words(one, fact)}: {said}"


def how_words(one: Measure, fact: FactTable) -> str:
    if one.of == "rows":
        return _("số dòng")
    name = fact.numbers.get(one.column)
    if name is None and (dimension := fact.dimension(one.column)) is not None:
        name = dimension.name
    if one.of.startswith("sum:"):
        return _("tổng của %(name)s") % {"name": name or one.column}
    return _("số giá trị khác nhau của %(name)s") % {"name": name or one.column}


def condition_words(condition: Condition, fact: FactTable) -> str:
    match condition:
        case Among(code, values):
            shown = _(" hoặc ").join(value_words(fact, code, value) for value in values)
            return f"{_name(fact, code)}: {shown}"
        case Between(code, first, last):
            return f"{_name(fact, code)}: {_range(fact, code, first, last)}"
        case Unknown(code):
            return _("%(name)s: chưa rõ") % {"name": _name(fact, code)}
        case Not(part):
            return _("không phải (%(part)s)") % {"part": condition_words(part, fact)}
        case Every(parts):
            return "; ".join(condition_words(part, fact) for part in parts)
        case Either(parts):
            return _(" hoặc ").join(f"({condition_words(part, fact)})" for part in parts)
    raise TypeError(condition)


def value_words(fact: FactTable, code: str, value: Any) -> str:
    dimension = fact.dimension(code)
    if dimension is not None and dimension.labels is not None:
        return str(dimension.labels().get(value, value))
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _name(fact: FactTable, code: str) -> str:
    dimension = fact.dimension(code)
    return str(dimension.name) if dimension is not None else code


def _range(fact: FactTable, code: str, first: Any, last: Any) -> str:
    if first is None:
        return _("đến %(last)s") % {"last": value_words(fact, code, last)}
    if last is None:
        return _("từ %(first)s") % {"first": value_words(fact, code, first)}
    return _("từ %(first)s đến %(last)s") % {
        "first": value_words(fact, code, first), "last": value_words(fact, code, last)
    }  # fmt: skip
