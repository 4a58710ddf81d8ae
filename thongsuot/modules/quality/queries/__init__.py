"""Reads of the quality of data: everything about units takes the actor."""

from .cases import (
    OpenCounts,
    about,
    case,
    cases,
    events,
    labels,
    menders,
    open_by_unit,
    open_cases,
    open_counts,
)
from .index import Index, Ranked, TrendPoint, covered, index_of, ranking, trend
from .rules import (
    SetRule,
    datasets,
    last_run,
    set_rule_named,
    set_rules,
    settings_of,
    thresholds,
)

__all__ = [
    "Index",
    "OpenCounts",
    "Ranked",
    "SetRule",
    "TrendPoint",
    "about",
    "case",
    "cases",
    "covered",
    "datasets",
    "events",
    "index_of",
    "labels",
    "last_run",
    "menders",
    "open_by_unit",
    "open_cases",
    "open_counts",
    "ranking",
    "set_rule_named",
    "set_rules",
    "settings_of",
    "thresholds",
    "trend",
]
