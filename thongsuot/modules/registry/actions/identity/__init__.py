"""Verification against the national population database: make lists, send, take answers, mark."""

from .answering import take_answers
from .batching import Preview, make_batches, preview
from .marking import give_up, hand_out, mark_mended, notice_mended, pass_to_police, send_again
from .sending import advance, due_batches

__all__ = [
    "Preview",
    "advance",
    "due_batches",
    "give_up",
    "hand_out",
    "make_batches",
    "mark_mended",
    "notice_mended",
    "pass_to_police",
    "preview",
    "send_again",
    "take_answers",
]
