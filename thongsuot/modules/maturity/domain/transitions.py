"""Which step leads an assessment from which state to which. The one table; actions and buttons both read it.

School -> commune -> the department's team -> answer of the school -> decision (4725/QĐ-BGDĐT, yearly procedure; since
1 July 2025 the commune stands where the district's office stood).
"""

from __future__ import annotations

from ..types import AssessmentState as S

STEPS: dict[str, dict[str, str]] = {
    "submit": {S.DRAFT: S.SUBMITTED, S.RETURNED: S.SUBMITTED},
    # Schools under the department have no commune between; the department's own assessment ends with itself.
    "submit_up": {S.DRAFT: S.FORWARDED, S.RETURNED: S.FORWARDED},
    "submit_own": {S.DRAFT: S.CONCLUDED, S.RETURNED: S.CONCLUDED},
    "forward": {S.SUBMITTED: S.FORWARDED},
    "return": {S.SUBMITTED: S.RETURNED, S.FORWARDED: S.RETURNED},
    "assign": {S.FORWARDED: S.EXTERNAL, S.EXTERNAL: S.EXTERNAL},
    "propose": {S.EXTERNAL: S.PROPOSED},
    "agree": {S.PROPOSED: S.CONCLUDED},
    # The school does not agree: the team looks again.
    "contest": {S.PROPOSED: S.EXTERNAL},
    # The team holds to its result after having heard the school.
    "conclude": {S.EXTERNAL: S.CONCLUDED},
    "recognise": {S.CONCLUDED: S.RECOGNISED},
    "unrecognise": {S.RECOGNISED: S.CONCLUDED},
}


def next_state(state: str, verb: str) -> str | None:
    """The state after `verb`, None where the step is not open from `state`."""
    return STEPS[verb].get(state)


def submit_verb(subject: str, *, has_commune: bool) -> str:
    """Which way an assessment goes when it is handed in."""
    if subject == "department":
        return "submit_own"
    return "submit" if has_commune else "submit_up"
