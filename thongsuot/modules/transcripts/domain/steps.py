"""Which step leads a transcript from which state to which. The one table; actions, buttons and the map read it. Pure.

CV 2088/BGDĐT-GDTH Phụ lục 1 (steps 1-11); recall and replacement: QĐ 1789/QĐ-SGDĐT Điều 21. Who signs, and whether a
place in the chain may stay empty, is the layout's (`Profile.signers`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from ..types import SignerRole
from ..types import TranscriptState as S
from .profile import Profile


class Verb(StrEnum):
    INITIALISE = "initialise"
    SIGN_TEACHER = "sign_teacher"
    SIGN_LEADER = "sign_leader"
    ISSUE = "issue"
    SEND = "send"
    ACCEPT = "accept"
    REFUSE = "refuse"
    REPORT = "report"
    ASK_RECALL = "ask_recall"
    KEEP = "keep"  # the recall was refused: in force as before
    RECALL = "recall"
    REPLACE = "replace"
    DISCARD = "discard"


STEPS: dict[Verb, dict[str, str]] = {
    Verb.INITIALISE: {S.DRAFT: S.INITIALISED},
    Verb.SIGN_TEACHER: {S.INITIALISED: S.TEACHER_SIGNED},
    # From INITIALISED only where the layout lets the teacher's place stay empty (may_sign).
    Verb.SIGN_LEADER: {S.TEACHER_SIGNED: S.LEADER_SIGNED, S.INITIALISED: S.LEADER_SIGNED},
    Verb.ISSUE: {S.LEADER_SIGNED: S.ISSUED},
    Verb.SEND: {S.ISSUED: S.SENT, S.REFUSED: S.SENT},
    Verb.ACCEPT: {S.SENT: S.ACCEPTED},
    Verb.REFUSE: {S.SENT: S.REFUSED},
    Verb.REPORT: {S.ACCEPTED: S.REPORTED},
    Verb.ASK_RECALL: {S.ACCEPTED: S.RECALL_ASKED, S.REPORTED: S.RECALL_ASKED},
    Verb.KEEP: {S.RECALL_ASKED: S.ACCEPTED},
    Verb.RECALL: {S.RECALL_ASKED: S.RECALLED, S.ISSUED: S.RECALLED, S.REFUSED: S.RECALLED},
    Verb.REPLACE: {S.RECALLED: S.REPLACED},
    # Nobody outside has seen it: thrown away, its UUID never used again.
    Verb.DISCARD: {
        S.DRAFT: S.DISCARDED,
        S.INITIALISED: S.DISCARDED,
        S.TEACHER_SIGNED: S.DISCARDED,
        S.LEADER_SIGNED: S.DISCARDED,
    },
}

SIGNING: dict[str, Verb] = {
    SignerRole.SUBJECT: Verb.SIGN_TEACHER,
    SignerRole.HOMEROOM: Verb.SIGN_TEACHER,
    SignerRole.LEADER: Verb.SIGN_LEADER,
    SignerRole.SEAL: Verb.ISSUE,
}
# A pupil has one of these a year and school; the others are past.
LIVE = frozenset(set(S) - {S.RECALLED, S.REPLACED, S.DISCARDED})
# Others may hold a copy: from here on a version is replaced, never thrown away.
OUT = frozenset({S.ISSUED, S.SENT, S.ACCEPTED, S.REFUSED, S.REPORTED, S.RECALL_ASKED})
SIGNABLE = frozenset({S.INITIALISED, S.TEACHER_SIGNED, S.LEADER_SIGNED})


def next_state(state: str, verb: Verb) -> str | None:
    """The state after `verb`, None where the step is not open from `state`."""
    return STEPS[verb].get(state)


def may_sign(profile: Profile, state: str, role: str, signed: Collection[str]) -> bool:
    """May `role` sign now, with `signed` the roles whose places are filled: every required one before it is, it itself is
    free (one that repeats without rows of its own stays open), and nobody after it has signed.
    """
    roles = [one.role for one in profile.signers]
    if role not in roles or state not in SIGNABLE:
        return False
    place = roles.index(SignerRole(role))
    signer = profile.signers[place]
    if role in signed and (signer.covers or not signer.repeat):
        return False
    if any(one.required and one.role not in signed for one in profile.signers[:place]):
        return False
    return not any(one.role in signed for one in profile.signers[place + 1 :])


def after_signing(profile: Profile, state: str, role: str) -> str | None:
    """The state once `role` has signed. A subject teacher's signature alone leaves the homeroom teacher's still due."""
    if role == SignerRole.SUBJECT and profile.signer(SignerRole.HOMEROOM) is not None:
        return state if state in SIGNABLE else None
    return next_state(state, SIGNING[role])


def waiting_for(profile: Profile, state: str, open_parts: int = 0) -> SignerRole | None:
    """Whose turn it is; None when nobody has to sign. open_parts: rows that their own signers have not signed."""
    if state == S.INITIALISED and open_parts:
        return SignerRole.SUBJECT
    if state == S.INITIALISED:
        return next(
            (SignerRole(r) for r in (SignerRole.HOMEROOM, SignerRole.LEADER) if profile.signer(r)), None
        )
    return {S.TEACHER_SIGNED: SignerRole.LEADER, S.LEADER_SIGNED: SignerRole.SEAL}.get(S(state))


def missing_signatures(
    profile: Profile, signed: Collection[str], parts: Mapping[str, str] | None = None
) -> list[str]:
    """Labels of the required places that are empty: such a transcript is not received. parts: rows that nobody has
    signed yet, {place: name}, of the role that signs them one by one."""
    found = []
    for one in profile.signers:
        if one.required and one.covers and parts is not None:
            found += [f"{one.label} ({name})" for name in parts.values()]
        elif one.required and one.role not in signed:
            found.append(one.label)
    return found


def filled_roles(profile: Profile, signed: Collection[str], open_parts: int) -> set[str]:
    """Roles of which no place is empty: whoever signs rows has signed all of them."""
    by_rows = {one.role for one in profile.signers if one.covers}
    return {*(role for role in signed if role not in by_rows), *(() if open_parts else by_rows)}
