"""What XAdES adds to a signature of a stranger's file (ETSI EN 319 132-1): its certificate by digest, a
time-stamp, proofs for later checks."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Callable, Iterator
from hashlib import new as new_digest
from typing import Any

from cryptography import x509
from cryptography.x509 import ocsp
from lxml import etree

from .canonical import DIGESTS, DSIG, XADES, canonical
from .revocation import RevocationAnswer, RevocationList
from .trust import Proofs

_X, _D = f"{{{XADES}}}", f"{{{DSIG}}}"
# In the order of `Proofs`.
_ENCAPSULATED: dict[str, Callable[[bytes], Any]] = {
    "EncapsulatedX509Certificate": x509.load_der_x509_certificate,
    "EncapsulatedCRLValue": lambda der: RevocationList(x509.load_der_x509_crl(der)),
    "EncapsulatedOCSPValue": lambda der: RevocationAnswer(ocsp.load_der_ocsp_response(der)),
}


def timestamp_in(signature: etree._Element) -> tuple[bytes, bytes] | None:
    """(token, the bytes it must speak of) of the first time-stamp in the signature; None without one."""
    for stamp in _in_objects(signature, f"{_X}SignatureTimeStamp"):
        encoded = stamp.findtext(_X + "EncapsulatedTimeStamp") or ""
        try:
            return b64decode("".join(encoded.split()), validate=True), canonical(signature[1])
        except (BadBase64, ValueError, etree.C14NError):
            return b"", b""
    return None


def proofs_in(signature: etree._Element) -> Proofs:
    """What the signature carries along for later checks (B-LT), about its signer and its time-stamp's authority: signed by
    authorities, trusted no further than their word goes. What cannot be read proves nothing and is left out."""
    read = {
        tag: tuple(der for each in _in_objects(signature, _X + tag) if (der := _der(each, load)))
        for tag, load in _ENCAPSULATED.items()
    }
    return Proofs(*read.values())


def _der(element: etree._Element, load: Callable[[bytes], Any]) -> bytes:
    try:
        der = b64decode("".join((element.text or "").split()), validate=True)
        load(der)
    except (BadBase64, ValueError):
        return b""
    return der


def names_another_certificate(signature: etree._Element, der: bytes) -> bool:
    """Whether the signed properties name a certificate, and not this one (substitution of the certificate)."""
    for digest in _in_objects(signature, f"{_X}CertDigest"):
        method, value = digest.find(_D + "DigestMethod"), digest.findtext(_D + "DigestValue") or ""
        name = DIGESTS.get(method.get("Algorithm", "")) if method is not None else None
        if name is None:
            return True
        # The signer's certificate comes first; others of the chain may follow.
        return "".join(value.split()) != b64encode(new_digest(name, der).digest()).decode()
    return False


def _in_objects(signature: etree._Element, tag: str) -> Iterator[etree._Element]:
    for holder in signature.iterchildren(f"{_D}Object"):
        yield from holder.iter(tag)
