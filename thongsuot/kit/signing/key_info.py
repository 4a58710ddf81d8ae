"""Ds:KeyInfo: the certificates a signature carries, and whether it says anything against them."""

from __future__ import annotations

from binascii import Error as BadBase64
from binascii import a2b_base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from .canonical import DSIG
from .certificates import Identity, identity_of

_D = f"{{{DSIG}}}"
_D11 = "{http://www.w3.org/2009/xmldsig11#}"
MOST_CERTIFICATES = 10


def certificates_of(key_info: etree._Element | None) -> list[bytes]:
    """DER of the certificates, the signer's first: the one that issued none of the others when it can be told."""
    if key_info is None:
        return []
    found: list[bytes] = []
    for data in key_info.iterchildren(_D + "X509Data"):
        for element in data.iterchildren(_D + "X509Certificate"):
            try:
                found.append(certificate_bytes(element.text or ""))
            except ValueError:
                return []
            if len(found) >= MOST_CERTIFICATES:
                return _signer_first(found)
    return found if len(found) < 2 else _signer_first(found)


@lru_cache(maxsize=8192)
def certificate_bytes(text: str) -> bytes:
    """DER from base64, decoded once however many signatures carry it. Raises ValueError."""
    return a2b_base64("".join(text.split()), strict_mode=True)


_MOST_KEPT = 8192
_kept: dict[bytes, tuple[bytes, Identity]] = {}


def letters_of(text: bytes) -> bytes:
    """Base64 as it stands between two tags without its line breaks; Java writes them as "&#13;" and a line feed."""
    if b"\n" not in text and b" " not in text and b"\t" not in text:
        return text
    return (text.replace(b"&#13;", b"") if b"&" in text else text).translate(None, b" \t\n")


def signer_in(text: bytes) -> Identity:
    """The certificate whose base64 stands between two tags, read once however many signatures carry it.

    Raises ValueError where it is none. A certificate is known by its last letters, part of its issuer's signature, and
    compared as a whole.
    """
    known = _kept.get(text[-48:])
    if known is not None and known[0] == text:
        return known[1]
    signer = identity_of(a2b_base64(letters_of(text), strict_mode=True))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[text[-48:]] = (text, signer)
    return signer


def _signer_first(ders: list[bytes]) -> list[bytes]:
    try:
        identities = [identity_of(der) for der in ders]
    except ValueError:
        return ders
    issuers = {each.issuer for each in identities if each.issuer != each.subject}
    leaves = [each.der for each in identities if each.subject not in issuers]
    signer = leaves[0] if len(leaves) == 1 else ders[0]
    return [signer, *(der for der in ders if der != signer)]


def contradicts(key_info: etree._Element, signer: Identity) -> bool:
    """Whether KeyInfo also names a bare key, and another one than the certificate's."""
    if len(key_info) == 1 and key_info[0].tag == _D + "X509Data":
        return False
    for element in key_info.iter(_D + "RSAKeyValue"):
        numbers = (
            signer.public_key.public_numbers() if isinstance(signer.public_key, rsa.RSAPublicKey) else None
        )
        if (
            numbers is None
            or _number(element, "Modulus") != numbers.n
            or _number(element, "Exponent") != numbers.e
        ):
            return True
    for element in key_info.iter(_D11 + "ECKeyValue"):
        point = element.findtext(_D11 + "PublicKey") or ""
        if not isinstance(signer.public_key, ec.EllipticCurvePublicKey) or _bytes(point) != _point(
            signer.public_key
        ):
            return True
    return next(key_info.iter(_D + "DSAKeyValue"), None) is not None


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _number(element: etree._Element, name: str) -> int:
    return int.from_bytes(_bytes(element.findtext(_D + name) or ""), "big")


def _bytes(text: str) -> bytes:
    try:
        return a2b_base64(text)
    except (BadBase64, ValueError):
        return b""
