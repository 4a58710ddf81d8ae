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

from .canonical import C14N, DSIG, ECDSA_URI, ENVELOPED, RSA_URI, SHA256_URI, XADES, XML, canonical
from .checking import RegionRule, verify_xml
from .keys import RSA_SHA256, SigningKey, algorithm_of
from .reading import elements_by_id, read_xml
from .types import SigningFault

__all__ = ["Prepared", "RegionRule", "complete", "prepare", "read_xml", "sign_xml", "verify_xml"]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
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
    time_namespace: str = XADES,
) -> Prepared:
    """Put a signature over the elements with the ids `references` and over its signing time at the end of `parent`.

    `root` is the root of the document; `parent` stands in it. A region that holds `parent` is signed without this
    signature (enveloped). Nothing in `root` may change between this and the checking of the signature.
    `time_namespace`: of SigningTime, as the layout has it; the schema of XML Signature wants another one than its own.
    Raises SigningFault (no_reference, unknown_id, duplicate_id, naive_time); nothing is put into the tree then.
    """
    if not references:
        raise SigningFault("no_reference")
    if signed_at.tzinfo is None:
        raise SigningFault("naive_time")
    if not NCNAME.match(signature_id):
        raise SigningFault("unknown_id", signature_id)
    ids = elements_by_id(root)
    if signature_id in ids:
        raise SigningFault("duplicate_id", signature_id)
    around = {parent, *parent.iterancestors()}
    written = [_reference(name, _region(ids, name), around) for name in references]
    algorithm = algorithm_of(certificate)
    time = _time(signature_id, signed_at, time_namespace)
    info = _signed_info(algorithm, written, signature_id, _digest(f"<Object {_NS} {time}".encode()))
    signature = etree.fromstring(
        f'<Signature {_NS} Id="{signature_id}"><SignedInfo>{info}<SignatureValue/>'
        f"<KeyInfo>{_key_info(certificate)}</KeyInfo><Object {time}</Signature>"
    )
    parent.append(signature)
    if _adds_nothing(parent):
        # What we write is canonical XML already: nothing is to be read back from the tree.
        return Prepared(signature, f"<SignedInfo {_NS}>{info}".encode(), algorithm)
    signed_info = signature[0]
    signed_info[-1][-1].text = _digest(canonical(signature[3]))
    return Prepared(signature, canonical(signed_info), algorithm)


def _adds_nothing(parent: etree._Element) -> bool:
    """Whether a part of `parent` inherits nothing that canonical XML would write: no namespace, no xml: attribute."""
    return not parent.nsmap and not any(
        name.startswith(XML) for each in (parent, *parent.iterancestors()) for name in each.attrib
    )


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
    time_namespace: str = XADES,
) -> etree._Element:
    """`prepare`, sign, `complete` for one signature. Raises SigningFault, KeyUnavailable (the tree is as before then)."""
    prepared = prepare(
        root,
        signature_id=signature_id,
        references=references,
        signed_at=signed_at,
        certificate=key.certificate,
        parent=root if parent is None else parent,
        time_namespace=time_namespace,
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
    transform = f'<Transform Algorithm="{ENVELOPED}"></Transform>' if element in around else ""
    return _REFERENCE.format(uri=_escaped(name), enveloped=transform, digest=_digest(canonical(element)))


def _digest(content: bytes) -> str:
    return b64encode(sha256(content).digest()).decode()


def _signed_info(algorithm: str, references: Sequence[str], signature_id: str, digest: str) -> str:
    own = _REFERENCE.format(uri=f"{signature_id}-time", enveloped="", digest=digest)
    return (
        f'<CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{RSA_URI if algorithm == RSA_SHA256 else ECDSA_URI}"></SignatureMethod>'
        f"{''.join(references)}{own}</SignedInfo>"
    )


def _time(signature_id: str, signed_at: datetime, namespace: str) -> str:
    """The signing time, from behind the name of its Object on."""
    # The namespace that it stands in anyway is not said again: canonical XML would drop it.
    declared = "" if namespace == DSIG else f' xmlns="{_escaped(namespace)}"'
    return (
        f'Id="{signature_id}-time"><SignatureProperties>'
        f'<SignatureProperty Id="{signature_id}-property" Target="#{signature_id}">'
        f"<SigningTime{declared}>"
        f"{signed_at.astimezone(VIETNAM).isoformat(timespec='seconds')}"
        "</SigningTime></SignatureProperty></SignatureProperties></Object>"
    )


@lru_cache(maxsize=4096)
def _key_info(certificate: x509.Certificate) -> str:
    subject = _escaped(certificate.subject.rfc4514_string())
    der = b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return (
        f"<X509Data><X509SubjectName>{subject}</X509SubjectName>"
        f"<X509Certificate>{der}</X509Certificate></X509Data>"
    )


def _escaped(text: str) -> str:
    """As canonical XML writes an attribute."""
    for letter, written in _WRITTEN:
        text = text.replace(letter, written)
    return text


_WRITTEN = (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\t", "&#x9;"), ("\n", "&#xA;"), ("\r", "&#xD;"))
_NS = f'xmlns="{DSIG}"'
# In the form of canonical XML, but for the namespace: it is declared further up.
_REFERENCE = (
    '<Reference URI="#{uri}"><Transforms>{enveloped}'
    f'<Transform Algorithm="{C14N}"></Transform></Transforms>'
    f'<DigestMethod Algorithm="{SHA256_URI}"></DigestMethod><DigestValue>{{digest}}</DigestValue></Reference>'
)
