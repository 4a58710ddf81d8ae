"""Writes of orders, tasks, targets and reports: one function for each thing that people do."""

from .assigning import create_assignment, hand_down, set_people
from .confirming import close_directive, confirm_directive, withdraw_directive
from .deciding import (
    accept_result,
    cancel,
    decide_extension,
    pause,
    record_event,
    request_extension,
    resume,
    return_result,
)
from .difficulties import decide_difficulty, forward_difficulty, raise_difficulty
from .intake import import_directive, reread
from .reporting import accept_report, create_duty, forward_reports, return_report, submit_report, waive
from .review import (
    accept_all,
    accept_finding,
    add_finding,
    drop_finding,
    edit_finding,
    edit_header,
    merge_findings,
    restore_finding,
    split_finding,
)
from .targets import approve_value, bind_indicator, report_value, return_value
from .working import confirm_period, report_progress, start, submit_result

__all__ = [
    "accept_all",
    "accept_finding",
    "accept_report",
    "accept_result",
    "add_finding",
    "approve_value",
    "bind_indicator",
    "cancel",
    "close_directive",
    "confirm_directive",
    "confirm_period",
    "create_assignment",
    "create_duty",
    "decide_difficulty",
    "decide_extension",
    "drop_finding",
    "edit_finding",
    "edit_header",
    "forward_difficulty",
    "forward_reports",
    "hand_down",
    "import_directive",
    "merge_findings",
    "pause",
    "raise_difficulty",
    "record_event",
    "report_progress",
    "report_value",
    "request_extension",
    "reread",
    "restore_finding",
    "resume",
    "return_report",
    "return_result",
    "return_value",
    "set_people",
    "split_finding",
    "start",
    "submit_report",
    "submit_result",
    "waive",
    "withdraw_directive",
]
