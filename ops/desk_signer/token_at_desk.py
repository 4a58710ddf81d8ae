"""The token at this desk: found by the certificate that is on it, opened with the PIN, used for one batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11 import exceptions as faults

# What each fault of a device is called for the person in front of it.
SAID = {
    faults.PinIncorrect: "Mã PIN không đúng.",
    faults.PinInvalid: "Mã PIN không đúng.",
    faults.PinLenRange: "Mã PIN không đúng.",
    faults.PinLocked: "Thiết bị đã bị khóa vì nhập sai mã PIN nhiều lần. Hãy liên hệ nơi cấp.",
    faults.TokenNotPresent: "Thiết bị đã bị rút ra.",
    faults.NoSuchKey: "Thiết bị không có khóa của chứng thư số này.",
}


class TokenFault(Exception):
    """The message is Vietnamese and is shown as it stands. again: another PIN may do."""

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


class Token:
    """The token with `certificate` (DER) behind the vendor's `library`. Raises TokenFault when none is plugged in."""

    def __init__(self, library: str, certificate: bytes) -> None:
        try:
            self._token, self._id = self._find(pkcs11.lib(library), certificate)
        except (faults.PKCS11Error, RuntimeError) as fault:
            raise TokenFault(f"Không mở được thư viện của thiết bị: {library}") from fault

    @property
    def label(self) -> str:
        return str(self._token.label).strip()

    def sign(self, messages: Sequence[bytes], pin: str) -> list[bytes]:
        """Signatures over each message (SHA-256 with RSA PKCS #1 v1.5, or ECDSA in DER). Raises TokenFault."""
        try:
            with self._token.open(user_pin=pin) as session:
                key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=self._id)
                return [self._one(key, message) for message in messages]
        except faults.PKCS11Error as fault:
            said = next((words for kind, words in SAID.items() if isinstance(fault, kind)), "")
            wrong_pin = isinstance(fault, faults.PinIncorrect | faults.PinInvalid | faults.PinLenRange)
            raise TokenFault(said or "Thiết bị báo lỗi.", again=wrong_pin) from fault

    def _one(self, key: Any, message: bytes) -> bytes:
        if key.key_type is KeyType.RSA:
            return bytes(key.sign(message, mechanism=Mechanism.SHA256_RSA_PKCS))
        raw = bytes(key.sign(sha256(message).digest(), mechanism=Mechanism.ECDSA))
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))

    def _find(self, library: Any, certificate: bytes) -> tuple[Any, bytes]:
        for token in _tokens(library):
            with token.open() as session:
                for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
                    if bytes(each[Attribute.VALUE]) == certificate:
                        return token, bytes(each[Attribute.ID])
        raise TokenFault("Không thấy thiết bị có chứng thư số cần dùng. Hãy cắm đúng USB token.")


def _tokens(library: Any) -> Iterator[Any]:
    for slot in library.get_slots(token_present=True):
        try:
            yield slot.get_token()
        except faults.PKCS11Error:
            continue
