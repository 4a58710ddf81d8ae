"""Writes of the module."""

from .external import (
    agree,
    assign_team,
    conclude,
    confirm_rest,
    contest,
    plan_visit,
    propose,
    record_visit,
    reply,
    save_team,
    score_item,
)
from .filling import add_evidence, answer_item, remove_evidence, start_assessment, take_figure
from .handing_in import forward, send_back, submit
from .recognising import (
    decide_appeal,
    discard_draft,
    draft_decision,
    drop_from_decision,
    file_appeal,
    issue_decision,
    publish_decision,
)
from .reminding import send_reminders
from .rounds import open_round, set_dates
from .rubrics import adopt_version, correct_rubric, load_rubrics

__all__ = [
    "add_evidence",
    "adopt_version",
    "agree",
    "answer_item",
    "assign_team",
    "conclude",
    "confirm_rest",
    "contest",
    "correct_rubric",
    "decide_appeal",
    "discard_draft",
    "draft_decision",
    "drop_from_decision",
    "file_appeal",
    "forward",
    "issue_decision",
    "load_rubrics",
    "open_round",
    "plan_visit",
    "propose",
    "publish_decision",
    "record_visit",
    "remove_evidence",
    "reply",
    "save_team",
    "score_item",
    "send_back",
    "send_reminders",
    "set_dates",
    "start_assessment",
    "submit",
    "take_figure",
]
