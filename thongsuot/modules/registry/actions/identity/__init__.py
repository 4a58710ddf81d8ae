"""Verification against the national population database: make lists, send, take answers, mark."""

from .answering import recount, take_answers
from .batching import Preview, make_batches, preview
from .marking import give_up, hand_out, mark_mended, notice_mended, pass_to_police, send_again
from .sending import advance, due_batches, is_connected

__all__ = [
    "Preview",
    "advance",
    "due_batches",
    "give_up",
    "hand_out",
    "is_connected",
    "make_batches",
    "mark_mended",
    "notice_mended",
    "pass_to_police",
    "preview",
    "recount",
    "send_again",
    "take_answers",
]
