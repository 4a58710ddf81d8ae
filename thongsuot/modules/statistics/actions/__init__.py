"""Writes of statistics: the door for other modules."""

from .population import People, correct_population, remove_population, set_population
from .report import gather_report, keep_version, note_figure, recompute_report, start_report, write_text
from .report_dates import remind_of_reports, set_report_dates
from .report_signing import reopen_report, return_report, sign_report
from .reported import approve_figure, note_sources, report_figure, return_figure
from .warming import prove, refresh

__all__ = [
    "People",
    "approve_figure",
    "correct_population",
    "gather_report",
    "keep_version",
    "note_figure",
    "note_sources",
    "prove",
    "recompute_report",
    "refresh",
    "remind_of_reports",
    "remove_population",
    "reopen_report",
    "report_figure",
    "return_figure",
    "return_report",
    "set_population",
    "set_report_dates",
    "sign_report",
    "start_report",
    "write_text",
]
