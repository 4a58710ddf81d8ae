"""Writes of statistics: the door for other modules."""

from .population import People, correct_population, remove_population, set_population
from .reported import approve_figure, note_sources, report_figure, return_figure
from .warming import prove, refresh

__all__ = [
    "People",
    "approve_figure",
    "correct_population",
    "note_sources",
    "prove",
    "refresh",
    "remove_population",
    "report_figure",
    "return_figure",
    "set_population",
]
