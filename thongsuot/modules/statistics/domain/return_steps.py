"""Which step leads a return from which state to which. The one table; actions and buttons both read it. Pure.

School -> commune -> department; schools of the department have no commune between. Since 1 July 2025 the commune stands
where the district's office stood (NĐ 142/2025/NĐ-CP).
"""

from __future__ import annotations

from ..types import ReturnState as S

STEPS: dict[str, dict[str, str]] = {
    "freeze": {S.WAITING: S.DRAFT},
    "confirm": {S.DRAFT: S.CONFIRMED, S.RETURNED: S.CONFIRMED},
    # The commune takes in what a school of its own confirmed; it goes up within the commune's return.
    "accept": {S.CONFIRMED: S.ACCEPTED},
    "return": {S.CONFIRMED: S.RETURNED, S.ACCEPTED: S.RETURNED},
    # The department, of what was sent to it.
    "sign_off": {S.CONFIRMED: S.SIGNED_OFF},
    # With the commune's return, those that were gathered in it.
    "sign_off_below": {S.ACCEPTED: S.SIGNED_OFF},
    # The department's own return closes the chain.
    "sign_off_own": {S.DRAFT: S.SIGNED_OFF},
    "correct": {S.DRAFT: S.DRAFT, S.RETURNED: S.DRAFT, S.SIGNED_OFF: S.DRAFT},
    # A unit below was corrected: what was signed off is opened anew, the rest stays where it is.
    "correct_below": {S.DRAFT: S.DRAFT, S.RETURNED: S.RETURNED, S.SIGNED_OFF: S.DRAFT},
}


def next_return_state(state: str, verb: str) -> str | None:
    """The state after `verb`, None where the step is not open from `state`."""
    return STEPS[verb].get(state)


def states_before(verb: str) -> tuple[str, ...]:
    """The states from which `verb` is open."""
    return tuple(STEPS[verb])
