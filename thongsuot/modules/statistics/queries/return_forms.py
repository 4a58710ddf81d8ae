"""The forms of a period as they were when it was opened, and what each needs of the fact tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from thongsuot.kit.indicators.conditions import Condition, Either, dimensions_of
from thongsuot.kit.indicators.measures import Measure

from ..domain.form import Form
from ..models import ReportingPeriod
from .forms import read_form


def form_of(period: ReportingPeriod, code: str) -> Form:
    """Raises KeyError for a form that the period does not ask for."""
    return _parsed(period.pk, code) if code in period.definitions else _missing(code)


def _missing(code: str) -> Form:
    raise KeyError(code)


@lru_cache(maxsize=64)
def _parsed(period_id: int, code: str) -> Form:
    """Definitions never change once a period is open, so that they are read once a process."""
    definitions = ReportingPeriod.objects.values_list("definitions", flat=True).get(pk=period_id)
    return read_form(definitions[code], code)


def forms_of(period: ReportingPeriod) -> list[Form]:
    return [form_of(period, code) for code in period.forms]


def by_fact(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = defaultdict(list)
    for one in dict.fromkeys(measures):
        found[one.fact].append(one)
    return dict(found)


def columns_of(measures: Iterable[Measure]) -> list[str]:
    """The columns of their fact table that these measures look at."""
    found = {code for one in measures for code in dimensions_of(one.where)}
    return sorted(found | {one.column for one in measures if one.column})


def counted(measures: Iterable[Measure]) -> Condition:
    """The rows that any of these measures counts."""
    return Either(tuple(dict.fromkeys(one.where for one in measures)))
