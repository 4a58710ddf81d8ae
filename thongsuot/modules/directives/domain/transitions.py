"""Which step leads from which state to which. The one table; actions and buttons both read it."""

from __future__ import annotations

from ..types import AssignmentState as S
from ..types import ObligationState as O

# verb -> {state before: state after}
ASSIGNMENT_STEPS: dict[str, dict[str, str]] = {
    "start": {S.ASSIGNED: S.IN_PROGRESS},
    "report": {S.ASSIGNED: S.IN_PROGRESS, S.IN_PROGRESS: S.IN_PROGRESS, S.RETURNED: S.IN_PROGRESS},
    "submit": {S.ASSIGNED: S.SUBMITTED, S.IN_PROGRESS: S.SUBMITTED, S.RETURNED: S.SUBMITTED},
    "accept": {S.SUBMITTED: S.ACCEPTED},
    "return": {S.SUBMITTED: S.RETURNED},
    # What lies with the assigner is decided first, then stopped: no product is left without an answer.
    "pause": {S.ASSIGNED: S.PAUSED, S.IN_PROGRESS: S.PAUSED, S.RETURNED: S.PAUSED},
    "resume": {S.PAUSED: S.IN_PROGRESS},
    "cancel": {
        S.ASSIGNED: S.CANCELLED,
        S.IN_PROGRESS: S.CANCELLED,
        S.RETURNED: S.CANCELLED,
        S.PAUSED: S.CANCELLED,
    },
}
# Steps that change no state, and the states in which they make sense.
ASSIGNMENT_ACTS: dict[str, tuple[str, ...]] = {
    "hand_down": (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED),
    "set_people": (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED, S.PAUSED),
    "extend": (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED, S.SUBMITTED),
    "event": (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED, S.SUBMITTED, S.PAUSED),
    "difficulty": (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED, S.PAUSED),
    "confirm_period": (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED),
}
OBLIGATION_STEPS: dict[str, dict[str, str]] = {
    "submit": {O.OWED: O.SUBMITTED, O.RETURNED: O.SUBMITTED},
    "return": {O.SUBMITTED: O.RETURNED},
    "accept": {O.SUBMITTED: O.ACCEPTED},
    "waive": {O.OWED: O.WAIVED, O.RETURNED: O.WAIVED},
}


def next_state(state: str, verb: str) -> str | None:
    """The state after `verb`, None where the step is not open from `state`."""
    return ASSIGNMENT_STEPS[verb].get(state)


def is_open_to(state: str, verb: str) -> bool:
    """May `verb` be done to an assignment in `state`?"""
    if verb in ASSIGNMENT_STEPS:
        return state in ASSIGNMENT_STEPS[verb]
    return state in ASSIGNMENT_ACTS[verb]


def next_obligation_state(state: str, verb: str) -> str | None:
    return OBLIGATION_STEPS[verb].get(state)
