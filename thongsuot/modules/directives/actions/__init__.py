"""Writes of orders, tasks, targets and reports: one function for each thing that people do."""

from .assigning import create_assignment, hand_down, set_people
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
from .working import confirm_period, report_progress, start, submit_result

__all__ = [
    "accept_result",
    "cancel",
    "confirm_period",
    "create_assignment",
    "decide_difficulty",
    "decide_extension",
    "forward_difficulty",
    "hand_down",
    "pause",
    "raise_difficulty",
    "record_event",
    "report_progress",
    "request_extension",
    "resume",
    "return_result",
    "set_people",
    "start",
    "submit_result",
]
