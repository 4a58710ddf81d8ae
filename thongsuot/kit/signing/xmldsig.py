"""XML signatures as the specification of digital transcripts v1.0 asks for them, made by hand and checked by `checking`.

The signed regions are named by Reference/@URI = "#id"; the signing time stands in
Signature/Object/SignatureProperties/SignatureProperty/SigningTime and is a signed region too; KeyInfo carries
X509SubjectName and X509Certificate. A signature is prepared, its SignedInfo goes to a key (many at once), and the
value completes it:

    prepared = [prepare(root, signature_id="...", references=["..."], signed_at=now, certificate=..., parent=...), ...]
    for one, value in zip(prepared, key.sign([each.to_sign for each in prepared])):
        complete(one, value)
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from .canonical import C14N, DSIG, ECDSA_URI, ENVELOPED, RSA_URI, SHA256_URI, canonical
from .checking import RegionRule, verify_xml
from .keys import RSA_SHA256, SigningKey, algorithm_of
from .reading import elements_by_id, read_xml
from .types import SigningFault

__all__ = ["Prepared", "RegionRule", "complete", "prepare", "read_xml", "sign_xml", "verify_xml"]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
# What a certificate's UUID-like ids may look like: a UUID may begin with a digit, so an id made of one is prefixed.
_CURVE_BYTES = 32


@dataclass(slots=True)
class Prepared:
    """A signature that stands in its tree and lacks its value. `to_sign`: the canonical SignedInfo."""

    signature: etree._Element
    to_sign: bytes
    algorithm: str


def prepare(
    root: etree._Element,
    *,
    signature_id: str,
    references: Sequence[str],
    signed_at: datetime,
    certificate: x509.Certificate,
    parent: etree._Element,
) -> Prepared:
    """Put a signature over the elements with the ids `references` and over its signing time at the end of `parent`.

    `root` is the root of the document; `parent` stands in it. A region that holds `parent` is signed without this
    signature (enveloped). Nothing in `root` may change between this and the checking of the signature.
    Raises SigningFault (no_reference, unknown_id, duplicate_id, naive_time); nothing is put into the tree then.
    """
    if not references:
        raise SigningFault("no_reference")
    if signed_at.tzinfo is None:
        raise SigningFault("naive_time")
    if not _NCNAME.match(signature_id):
        raise SigningFault("unknown_id", signature_id)
    ids = elements_by_id(root)
    if signature_id in ids:
        raise SigningFault("duplicate_id", signature_id)
    around = {parent, *parent.iterancestors()}
    written = [_reference(name, _region(ids, name), around) for name in references]
    algorithm = algorithm_of(certificate)
    signature = etree.fromstring(
        _TEMPLATE.format(
            id=signature_id,
            method=RSA_URI if algorithm == RSA_SHA256 else ECDSA_URI,
            references="".join(written),
            key_info=_key_info(certificate),
            time=signed_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
        )
    )
    parent.append(signature)
    signed_info, time = signature[0], signature[3]
    signed_info[-1][-1].text = b64encode(sha256(canonical(time)).digest()).decode()
    return Prepared(signature, canonical(signed_info), algorithm)


def complete(prepared: Prepared, value: bytes) -> etree._Element:
    """Write the key's signature over `prepared.to_sign` into the tree; returns the Signature element."""
    if prepared.algorithm != RSA_SHA256:
        # XML Signature wants r and s side by side, not the DER of X.509.
        r, s = decode_dss_signature(value)
        value = r.to_bytes(_CURVE_BYTES, "big") + s.to_bytes(_CURVE_BYTES, "big")
    prepared.signature[1].text = b64encode(value).decode()
    return prepared.signature


def sign_xml(
    root: etree._Element,
    *,
    key: SigningKey,
    signature_id: str,
    references: Sequence[str],
    signed_at: datetime,
    parent: etree._Element | None = None,
) -> etree._Element:
    """`prepare`, sign, `complete` for one signature. Raises SigningFault, KeyUnavailable (the tree is as before then)."""
    prepared = prepare(
        root,
        signature_id=signature_id,
        references=references,
        signed_at=signed_at,
        certificate=key.certificate,
        parent=root if parent is None else parent,
    )
    try:
        (value,) = key.sign([prepared.to_sign])
    except BaseException:
        abandon(prepared)
        raise
    return complete(prepared, value)


def abandon(prepared: Prepared) -> None:
    """Take a prepared signature out of its tree: the key did not sign."""
    parent = prepared.signature.getparent()
    if parent is not None:
        parent.remove(prepared.signature)


def _region(ids: dict[str, etree._Element | None], name: str) -> etree._Element:
    if name not in ids:
        raise SigningFault("unknown_id", name)
    element = ids[name]
    if element is None:
        raise SigningFault("duplicate_id", name)
    return element


def _reference(name: str, element: etree._Element, around: set[etree._Element]) -> str:
    transform = f'<Transform Algorithm="{ENVELOPED}"/>' if element in around else ""
    digest = b64encode(sha256(canonical(element)).digest()).decode()
    return _REFERENCE.format(uri=_escaped(name), enveloped=transform, digest=digest)


@lru_cache(maxsize=4096)
def _key_info(certificate: x509.Certificate) -> str:
    subject = _escaped(certificate.subject.rfc4514_string())
    der = b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return (
        f"<X509Data><X509SubjectName>{subject}</X509SubjectName>"
        f"<X509Certificate>{der}</X509Certificate></X509Data>"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_REFERENCE = (
    '<Reference URI="#{uri}"><Transforms>{enveloped}'
    f'<Transform Algorithm="{C14N}"/></Transforms>'
    f'<DigestMethod Algorithm="{SHA256_URI}"/><DigestValue>{{digest}}</DigestValue></Reference>'
)
_TEMPLATE = (
    f'<Signature xmlns="{DSIG}" Id="{{id}}"><SignedInfo>'
    f'<CanonicalizationMethod Algorithm="{C14N}"/><SignatureMethod Algorithm="{{method}}"/>{{references}}'
    + _REFERENCE.format(uri="{id}-time", enveloped="", digest="")
    + "</SignedInfo><SignatureValue/><KeyInfo>{key_info}</KeyInfo>"
    '<Object Id="{id}-time"><SignatureProperties><SignatureProperty Id="{id}-property" Target="#{id}">'
    "<SigningTime>{time}</SigningTime></SignatureProperty></SignatureProperties></Object></Signature>"
)
