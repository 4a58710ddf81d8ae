"""Keys on a device behind PKCS#11 (OASIS PKCS #11 v2.40): a USB token at a desk, an HSM in the server room.

The key stays on the device. The PIN is asked for when signing and kept nowhere: a `pin` is a callable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from threading import Lock
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11 import exceptions as faults

from .keys import RSA_SHA256, Guarded, algorithm_of
from .types import KeyUnavailable

# A device works for one caller at a time; libraries of vendors are not to be relied upon beyond that.
_one_at_a_time = Lock()
_WRONG_PIN = (faults.PinIncorrect, faults.PinInvalid, faults.PinLenRange)


class TokenKey(Guarded):
    """The key `key_label` on the token `token_label`, through the vendor's `library`."""

    __slots__ = ("_certificate", "_chain", "_key_label", "_library", "_pin", "_token_label")

    def __init__(
        self,
        *,
        library: str,
        token_label: str,
        key_label: str,
        pin: Callable[[], str],
        certificate: x509.Certificate | None = None,
        chain: Sequence[x509.Certificate] = (),
    ) -> None:
        """`certificate`: the signer's, where the token does not hold it. Raises KeyUnavailable."""
        self._library, self._token_label, self._key_label, self._pin = library, token_label, key_label, pin
        self._chain = tuple(chain)
        self._certificate = certificate or self._with_session(self._read_certificate, signed_in=False)
        algorithm_of(self._certificate)

    def sign(self, data: Sequence[bytes]) -> list[bytes]:
        """Signatures over each of `data`, under one sign-in. Raises KeyUnavailable."""
        return self._with_session(lambda session: self._sign(session, data))

    def _sign(self, session: Any, data: Sequence[bytes]) -> list[bytes]:
        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=self._key_label)
        if key.key_type is KeyType.RSA:
            if self.algorithm != RSA_SHA256:
                raise KeyUnavailable("wrong_certificate")
            return [key.sign(message, mechanism=Mechanism.SHA256_RSA_PKCS) for message in data]
        if self.algorithm == RSA_SHA256:
            raise KeyUnavailable("wrong_certificate")
        # Few tokens hash for elliptic curves: the digest is ours, r and s come back side by side.
        return [_der(key.sign(sha256(message).digest(), mechanism=Mechanism.ECDSA)) for message in data]

    def _read_certificate(self, session: Any) -> x509.Certificate:
        found = session.get_objects(
            {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: self._key_label}
        )
        for each in found:
            return x509.load_der_x509_certificate(each[Attribute.VALUE])
        raise KeyUnavailable("no_key")

    def _with_session(self, work: Callable[[Any], Any], *, signed_in: bool = True) -> Any:
        pin = self._pin() if signed_in else None
        with _one_at_a_time:
            try:
                token = pkcs11.lib(self._library).get_token(token_label=self._token_label)
                with token.open(user_pin=pin) if pin is not None else token.open() as session:
                    return work(session)
            except _WRONG_PIN:
                raise KeyUnavailable("wrong_pin") from None
            except faults.PinLocked:
                raise KeyUnavailable("pin_locked") from None
            except (faults.NoSuchToken, faults.TokenNotPresent, faults.SlotIDInvalid):
                raise KeyUnavailable("no_token", again=True) from None
            except (faults.NoSuchKey, faults.MultipleObjectsReturned):
                raise KeyUnavailable("no_key") from None
            except (faults.PKCS11Error, RuntimeError):
                # Libraries that are not there come as RuntimeError.
                raise KeyUnavailable("token_failed", again=True) from None


def _der(raw: bytes) -> bytes:
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
