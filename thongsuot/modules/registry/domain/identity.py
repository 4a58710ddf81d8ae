"""Verification against the national population database: states, what may follow what, what an answer may say. Pure.

Đề án 06 (QĐ 06/QĐ-TTg of 6/1/2022). Sent: personal id, full name, date of birth, sex. Answered: whether they agree, and
which field differs; never the other side's values. Whoever is at fault, a difference is a case for a person: the
record itself is never changed by an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from ..types import IdentityStatus as S

# What is sent, in the words of the contract.
FIELDS = ("full_name", "birth_date", "gender")
# States in which the next step is to send.
TO_SEND = frozenset({S.NOT_SENT, S.MENDED})
ANSWERS = frozenset({S.MATCHED, S.MISMATCHED, S.NOT_FOUND, S.ID_SHARED, S.ID_CANCELLED})
# The two sides do not agree: a person has to look.
DISAGREED = frozenset({S.MISMATCHED, S.NOT_FOUND, S.ID_SHARED, S.ID_CANCELLED, S.WITH_POLICE})

FOLLOWS: Mapping[S, frozenset[S]] = {
    S.NOT_SENT: frozenset({S.WAITING}),
    # Back to where it was when the batch is given up.
    S.WAITING: ANSWERS | {S.NOT_SENT, S.MENDED},
    # The record was changed since.
    S.MATCHED: frozenset({S.MENDED, S.NOT_SENT}),
    **{
        state: frozenset({S.WITH_POLICE, S.MENDED, S.NOT_SENT})
        for state in (S.MISMATCHED, S.NOT_FOUND, S.ID_SHARED, S.ID_CANCELLED)
    },
    S.WITH_POLICE: frozenset({S.MENDED, S.NOT_SENT}),
    S.MENDED: frozenset({S.WAITING, S.NOT_SENT}),
}

# Waits between tries while the other side is away: 1, 2, 4 ... minutes, at most two hours; given up after a week.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
GIVEN_UP_AFTER = timedelta(days=7)


def may_follow(old: str, new: str) -> bool:
    """Whether a person's record may go from one state to the other."""
    return S(new) in FOLLOWS[S(old)]


def wait_before(attempt: int, *, asked: int = 0) -> timedelta:
    """How long to wait after the `attempt`-th failure in a row (from 1); `asked`: seconds that the other side named."""
    doubled = FIRST_WAIT * 2 ** min(max(attempt - 1, 0), 12)
    return max(min(doubled, LONGEST_WAIT), timedelta(seconds=asked))


@dataclass(frozen=True)
class Verdict:
    """An answer about one person. differing: fields of FIELDS, only for "mismatched"."""

    reference: UUID
    status: S
    differing: tuple[str, ...] = ()


class BadAnswer(ValueError):
    """An answer that the contract does not know; `reason` is a word for programs, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_verdict(said: Any) -> Verdict | None:
    """One entry of `results`; None while the other side still works on it. Raises BadAnswer."""
    if not isinstance(said, Mapping):
        raise BadAnswer("not_an_object")
    try:
        reference = UUID(str(said.get("reference", "")))
    except ValueError as error:
        raise BadAnswer("reference") from error
    status = said.get("status")
    if status == "pending":
        return None
    if status not in ANSWERS:
        raise BadAnswer("status")
    return Verdict(reference, S(status), differing_of(S(status), said.get("differing") or ()))


def differing_of(status: S, fields: Any) -> tuple[str, ...]:
    """The fields that differ, in the order of FIELDS. Raises BadAnswer: a mismatch names its fields, and nothing else does."""
    if not isinstance(fields, list | tuple) or not set(fields) <= set(FIELDS):
        raise BadAnswer("differing")
    if bool(fields) != (status == S.MISMATCHED):
        raise BadAnswer("differing")
    return tuple(name for name in FIELDS if name in fields)
