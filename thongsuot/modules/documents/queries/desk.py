"""Batches that wait for a token at a signer's desk, and the key that stands for such a token here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cryptography import x509
from django.db.models import QuerySet
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.keys import Guarded, algorithm_of
from thongsuot.kit.signing.types import KeyUnavailable

from ..models import DeskSigning, SignerCertificate
from ..types import AtDesk, DeskState

OPEN = (DeskState.WAITING, DeskState.TAKEN)
STANDING = (*OPEN, DeskState.SIGNED)


class DeskKey(Guarded):
    """A token out of our reach: it "signs" only what was signed at the desk for `reference` already."""

    __slots__ = ("_certificate", "_chain", "_reference")

    def __init__(self, certificate: x509.Certificate, reference: UUID) -> None:
        algorithm_of(certificate)
        self._certificate, self._chain, self._reference = certificate, (), reference

    def sign(self, data: Sequence[bytes]) -> list[bytes]:
        """The signatures from the desk over exactly `data`. Raises AtDesk while they are not there, KeyUnavailable
        (not_authorised) when the signer has said no.
        """
        return _answer(_newest(self._reference), data)


class AnsweredKey(Guarded):
    """The same, with what has come from the desk read already: for a signing that runs where the database is not to be
    asked."""

    __slots__ = ("_certificate", "_chain", "_row")

    def __init__(self, certificate: x509.Certificate, reference: UUID) -> None:
        algorithm_of(certificate)
        self._certificate, self._chain, self._row = certificate, (), _newest(reference)

    def sign(self, data: Sequence[bytes]) -> list[bytes]:
        """As DeskKey."""
        return _answer(self._row, data)


def _newest(reference: UUID) -> DeskSigning | None:
    return DeskSigning.objects.filter(reference=reference).order_by("-pk").first()


def _answer(row: DeskSigning | None, data: Sequence[bytes]) -> list[bytes]:
    if row is not None and bytes(row.digest) == digest_of(data):
        if row.state == DeskState.SIGNED:
            return [bytes(one) for one in row.signatures]
        if row.state == DeskState.REFUSED:
            raise KeyUnavailable("not_authorised")
    raise AtDesk(data)


def digest_of(messages: Sequence[bytes]) -> bytes:
    """SHA-256 over the digests of all messages, in order."""
    return sha256(b"".join(sha256(one).digest() for one in messages)).digest()


def desk_moment(reference: UUID) -> datetime | None:
    """The time that stands in the signatures of the batch that waits, or is signed, for `reference`."""
    rows = DeskSigning.objects.filter(reference=reference, state__in=STANDING)
    return rows.values_list("moment", flat=True).first()


def desk_signings(actor: Actor) -> QuerySet[DeskSigning]:
    """The actor's own batches, newest first, without what is signed."""
    if actor.user_id is None:
        return DeskSigning.objects.none()
    rows = DeskSigning.objects.filter(asked_by_id=actor.user_id).select_related("certificate", "unit")
    return rows.defer("messages", "signatures")


def desk_waiting(actor: Actor) -> QuerySet[DeskSigning]:
    """Those of the actor's own that wait for the token now."""
    return desk_signings(actor).filter(state__in=OPEN, ends_at__gt=timezone.now())


def desk_signing_for(actor: Actor, reference: UUID) -> DeskSigning | None:
    """The actor's own batch that waits for the token now; None when none does."""
    return desk_signings(actor).filter(reference=reference, state__in=OPEN).first()


def whole_certificate(row: DeskSigning) -> SignerCertificate:
    """With its DER form."""
    return SignerCertificate.objects.get(pk=row.certificate_id)
