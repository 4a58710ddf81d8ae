"""Words of the room. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from thongsuot.kit.accounts.types import Actor, Refused


class KeyRefused(Refused):
    """A key cannot be made as asked: no scope, one beyond one's own rights, an expiry out of range."""

    code = "api_key_refused"


@dataclass(frozen=True)
class Caller:
    """A program that showed a good key. The actor has the owner's appointments, cut down to the key's
    scopes.
    """

    actor: Actor
    prefix: str


@dataclass(frozen=True)
class NewKey:
    """`secret` is the whole key: shown once, kept nowhere."""

    token_id: int
    secret: str


class KeyUnknown(Exception):
    """No such key, or it has expired, was revoked, or its owner is gone. Which of these is not told."""


class TooManyCalls(Exception):
    """The key has used up its minute; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait
