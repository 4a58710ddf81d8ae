"""Keys at a provider of remote signing, used without a transaction of the database open: a signer may look for his phone for
minutes, and rows that a transaction has locked may not wait for him.

    signed, left = documents.outside_transactions(lambda: portion(now))

Inside, such a key gives what the provider has signed already; where there is nothing yet, the work is broken off with its
transaction, the provider is asked, and the work is done again with the answer: it must come to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from thongsuot.kit.signing.keys import Guarded, SigningKey, algorithm_of
from thongsuot.kit.signing.types import KeyUnavailable

from .desk import digest_of

T = TypeVar("T")
# Rows may change between two rounds, and with them what is to be signed; whoever is asked a third time is asked no more.
MOST_ROUNDS = 3
_answers: ContextVar[dict[bytes, list[bytes]] | None] = ContextVar("answers_of_providers", default=None)


class AtProvider(Exception):
    """Work that waits for a provider: `messages` are to be signed by `key`. Not a refusal: it breaks the work off."""

    def __init__(self, key: ProviderKey, messages: Sequence[bytes]) -> None:
        super().__init__("at_provider")
        self.key, self.messages = key, tuple(messages)


class ProviderKey(Guarded):
    """Stands for a key at a provider inside a transaction. open: makes the key that speaks with the provider."""

    __slots__ = ("_certificate", "_chain", "_open")

    def __init__(self, certificate: x509.Certificate, open: Callable[[], SigningKey]) -> None:
        algorithm_of(certificate)
        self._certificate, self._chain, self._open = certificate, (), open

    def sign(self, data: Sequence[bytes]) -> list[bytes]:
        """What the provider has signed of exactly `data`. Raises AtProvider while there is nothing."""
        known = (_answers.get() or {}).get(self._about(data))
        if known is None and data:
            raise AtProvider(self, data)
        return known or []

    def ask(self, data: Sequence[bytes]) -> tuple[bytes, list[bytes]]:
        """Have `data` signed; (what it is known by, signatures). Raises KeyUnavailable."""
        key = self._open()
        if key.certificate != self._certificate:
            raise KeyUnavailable("wrong_certificate")
        return self._about(data), key.sign(data)

    def _about(self, data: Sequence[bytes]) -> bytes:
        return digest_of([self._certificate.fingerprint(SHA256()), *data])


def are_asked_outside() -> bool:
    """Does somebody further up ask providers outside of its transactions?"""
    return _answers.get() is not None


def outside_transactions(work: Callable[[], T]) -> T:
    """What `work` returns; it opens its transactions itself, and is done again, as often as a provider was asked for it.
    Raises what it raises, and KeyUnavailable: the provider does not sign."""
    answers: dict[bytes, list[bytes]] = {}
    token = _answers.set(answers)
    try:
        for _round in range(MOST_ROUNDS):
            try:
                return work()
            except AtProvider as waits:
                name, values = waits.key.ask(waits.messages)
                answers[name] = values
        raise KeyUnavailable("not_authorised", again=True)
    finally:
        _answers.reset(token)
