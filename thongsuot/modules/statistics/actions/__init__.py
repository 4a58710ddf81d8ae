"""Writes of statistics: the door for other modules."""

from .report import gather_report, keep_version, note_figure, recompute_report, start_report, write_text
from .report_signing import remind_of_reports, reopen_report, sign_report

__all__ = [
    "gather_report",
    "keep_version",
    "note_figure",
    "recompute_report",
    "remind_of_reports",
    "reopen_report",
    "sign_report",
    "start_report",
    "write_text",
]
