"""Checking XML signatures of strangers' files. Proof against signature wrapping: ids are resolved here, must be unique,
and a finding carries the very elements that were digested.

W3C XML Signature 1.1 with its best practices; verdicts as ETSI EN 319 102-1. What is not on the lists of
`canonical.py` (transforms, algorithms) is refused, never tried.
"""

from __future__ import annotations

from binascii import Error as BadBase64
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import new as new_digest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from .canonical import (
    C14N,
    CANONICAL,
    DIGESTS,
    DSIG,
    ENVELOPED,
    EXCLUSIVE,
    SIGNATURES,
    canonical,
    inherits_xml_attributes,
    without,
)
from .certificates import Identity, identity_of
from .coverage import RegionRule, misplaced, nested, uncovered
from .key_info import certificates_of, contradicts
from .reading import elements_by_id, path_of, read_xml
from .signing_times import signing_times
from .timestamps import TimestampFault, check_token
from .trust import TrustStore
from .types import Reason, SignatureFinding, SigningFault, verdict_of

__all__ = ["RegionRule", "verify_xml"]

_D = f"{{{DSIG}}}"
SIGNATURE = _D + "Signature"
MOST_SIGNATURES = 20_000
MOST_REFERENCES = 100
_PKCS1 = padding.PKCS1v15()
_SHA1_OR_MD5 = ("sha1", "md5")


class _Refused(Exception):
    """This signature cannot be right: nothing more of it is looked at."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Document:
    root: etree._Element
    ids: dict[str, etree._Element | None]
    # Digests of regions already taken: three signers of one region are one canonicalisation.
    digests: dict[tuple[etree._Element, str, str], bytes] = field(default_factory=dict)


@dataclass(slots=True)
class _Read:
    """What was found in one signature so far."""

    element: etree._Element
    reasons: list[Reason] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    covered: list[etree._Element] = field(default_factory=list)
    own: list[etree._Element] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    signer: Identity | None = None
    others: list[bytes] = field(default_factory=list)
    value: bytes = b""
    signed_at: datetime | None = None
    timestamp: datetime | None = None

    def against(self, reason: Reason) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


def verify_xml(
    data: bytes,
    *,
    trust: TrustStore,
    at: datetime | None = None,
    regions: RegionRule | None = None,
    timestamps: Mapping[str, bytes] | None = None,
) -> list[SignatureFinding]:
    """What is to be said of each signature in `data`, in document order; [] when there is none.

    `at` (aware): when these signatures surely existed already, as known from elsewhere (the day the file was
    received); now when not given. `timestamps`: RFC 3161 tokens kept beside the file, by signature id; a good one
    takes the place of `at`. `regions`: where signed regions must stand; without it every part of the file must be
    covered by some signature. Raises SigningFault when the file cannot be read safely.
    """
    return verify_tree(read_xml(data), trust=trust, at=at, regions=regions, timestamps=timestamps)


def verify_tree(
    root: etree._Element,
    *,
    trust: TrustStore,
    at: datetime | None = None,
    regions: RegionRule | None = None,
    timestamps: Mapping[str, bytes] | None = None,
) -> list[SignatureFinding]:
    """`verify_xml` for a tree that `read_xml` made and nobody changed since."""
    signatures = list(root.iter(SIGNATURE))
    if len(signatures) > MOST_SIGNATURES:
        raise SigningFault("too_many_signatures")
    document = _Document(root, elements_by_id(root))
    moment = at or datetime.now(UTC)
    reads = [_read(element, document) for element in signatures]
    for read in reads:
        _judge_place(read, document, regions)
        _judge_time(read, trust, moment, (timestamps or {}).get(read.element.get("Id", "")))
    if regions is None and reads:
        good = [element for read in reads if not _is_invalid(read) for element in read.covered]
        if uncovered(root, good):
            for read in reads:
                read.against(Reason.UNCOVERED_CONTENT)
    return [_finding(read) for read in reads]


def _is_invalid(read: _Read) -> bool:
    return verdict_of(tuple(read.reasons)) == "invalid"


def _read(element: etree._Element, document: _Document) -> _Read:
    """The cryptography of one signature: structure, references, value."""
    read = _Read(element)
    try:
        if nested(element):
            raise _Refused(Reason.WRAPPED)
        parts = _parts(element)
        read.others = certificates_of(parts.get("KeyInfo"))
        _read_references(read, parts["SignedInfo"], document)
        _check_value(read, parts)
    except _Refused as refused:
        read.against(refused.reason)
    return read


def _parts(element: etree._Element) -> dict[str, etree._Element]:
    parts: dict[str, etree._Element] = {}
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or not tag.startswith(_D):
            raise _Refused(Reason.MALFORMED)
        name = tag[len(_D) :]
        if name in parts and name != "Object":
            raise _Refused(Reason.MALFORMED)
        parts[name] = child
    if not {"SignedInfo", "SignatureValue"} <= parts.keys() or parts.keys() - _KNOWN_PARTS:
        raise _Refused(Reason.MALFORMED)
    return parts


_KNOWN_PARTS = {"SignedInfo", "SignatureValue", "KeyInfo", "Object"}


def _read_references(read: _Read, signed_info: etree._Element, document: _Document) -> None:
    references = [child for child in signed_info if child.tag == _D + "Reference"]
    if not references:
        raise _Refused(Reason.NO_REFERENCE)
    if len(references) > MOST_REFERENCES:
        raise _Refused(Reason.MALFORMED)
    for reference in references:
        uri = reference.get("URI")
        read.references.append(uri or "")
        target = _target(uri, document)
        enveloped, method, prefixes = _transforms(reference)
        if inherits_xml_attributes(target) and method != EXCLUSIVE:
            raise _Refused(Reason.TRANSFORM_REFUSED)
        name, wanted = _digest_of(reference)
        if target is read.element or (not enveloped and target in _around(read.element)):
            raise _Refused(Reason.TRANSFORM_REFUSED)
        if enveloped:
            found = new_digest(name, without(read.element, target, method, prefixes)).digest()
        else:
            key = (target, method + " ".join(prefixes), name)
            found = document.digests.get(key) or b""
            if not found:
                found = document.digests[key] = new_digest(name, canonical(target, method, prefixes)).digest()
        if found != wanted:
            read.against(Reason.ALTERED)
            read.broken.append(uri or "")
        (read.own if _is_within(target, read.element) else read.covered).append(target)
    if not read.covered:
        raise _Refused(Reason.NO_REFERENCE)


def _around(element: etree._Element) -> list[etree._Element]:
    return list(element.iterancestors())


def _is_within(element: etree._Element, signature: etree._Element) -> bool:
    return any(ancestor is signature for ancestor in element.iterancestors(SIGNATURE))


def _target(uri: str | None, document: _Document) -> etree._Element:
    if uri is None:
        raise _Refused(Reason.MALFORMED)
    if uri == "":
        return document.root
    if not uri.startswith("#") or uri.startswith("#xpointer"):
        raise _Refused(Reason.EXTERNAL_REFERENCE)
    name = uri[1:]
    if name not in document.ids:
        raise _Refused(Reason.MISSING_REGION)
    element = document.ids[name]
    if element is None:
        raise _Refused(Reason.DUPLICATE_ID)
    return element


def _transforms(reference: etree._Element) -> tuple[bool, str, tuple[str, ...]]:
    """(enveloped?, method of canonical XML, prefixes of exclusive canonical XML)."""
    enveloped, method, prefixes = False, "", ()
    transforms = reference.find(_D + "Transforms")
    for transform in transforms if transforms is not None else ():
        algorithm = transform.get("Algorithm", "")
        if algorithm == ENVELOPED and not enveloped and not method and not len(transform):
            enveloped = True
        elif algorithm in CANONICAL and not method:
            method, prefixes = algorithm, _prefixes(transform, algorithm)
        else:
            raise _Refused(Reason.TRANSFORM_REFUSED)
    return enveloped, method or C14N, prefixes


def _prefixes(method: etree._Element, algorithm: str) -> tuple[str, ...]:
    if not len(method):
        return ()
    (inner, *more) = method
    if more or algorithm != EXCLUSIVE or inner.tag != f"{{{EXCLUSIVE}}}InclusiveNamespaces":
        raise _Refused(Reason.TRANSFORM_REFUSED)
    return tuple(inner.get("PrefixList", "").split())


def _digest_of(reference: etree._Element) -> tuple[str, bytes]:
    method, value = reference.find(_D + "DigestMethod"), reference.find(_D + "DigestValue")
    if method is None or value is None:
        raise _Refused(Reason.MALFORMED)
    algorithm = method.get("Algorithm", "")
    if algorithm not in DIGESTS:
        raise _Refused(_refusal(algorithm))
    return DIGESTS[algorithm], _decoded(value)


def _refusal(algorithm: str) -> Reason:
    weak = algorithm.rpartition("#")[2].lower().endswith(_SHA1_OR_MD5) and "hmac" not in algorithm.lower()
    return Reason.WEAK_ALGORITHM if weak else Reason.ALGORITHM_REFUSED


def _check_value(read: _Read, parts: dict[str, etree._Element]) -> None:
    signed_info = parts["SignedInfo"]
    how, by = signed_info.find(_D + "CanonicalizationMethod"), signed_info.find(_D + "SignatureMethod")
    if how is None or by is None:
        raise _Refused(Reason.MALFORMED)
    method, algorithm = how.get("Algorithm", ""), by.get("Algorithm", "")
    if method not in CANONICAL:
        raise _Refused(Reason.TRANSFORM_REFUSED)
    if algorithm not in SIGNATURES:
        raise _Refused(_refusal(algorithm))
    if method != EXCLUSIVE and inherits_xml_attributes(signed_info):
        raise _Refused(Reason.TRANSFORM_REFUSED)
    read.value = _decoded(parts["SignatureValue"])
    if not read.others:
        raise _Refused(Reason.NO_CERTIFICATE)
    try:
        read.signer = identity_of(read.others[0])
    except ValueError:
        raise _Refused(Reason.MALFORMED) from None
    if contradicts(parts["KeyInfo"], read.signer):
        read.against(Reason.KEY_MISMATCH)
    message = canonical(signed_info, method, _prefixes(how, method))
    if not _verifies(read.signer, algorithm, read.value, message):
        read.against(Reason.SIGNATURE_WRONG)


def _verifies(signer: Identity, algorithm: str, value: bytes, message: bytes) -> bool:
    kind, digest = SIGNATURES[algorithm]
    public = signer.public_key
    try:
        if kind == "rsa" and isinstance(public, rsa.RSAPublicKey):
            public.verify(value, message, _PKCS1, digest)
        elif kind == "ecdsa" and isinstance(public, ec.EllipticCurvePublicKey):
            half = len(value) // 2
            if len(value) != 2 * ((public.key_size + 7) // 8):
                return False
            r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
            public.verify(encode_dss_signature(r, s), message, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _decoded(element: etree._Element) -> bytes:
    if len(element):
        raise _Refused(Reason.MALFORMED)
    try:
        # Line breaks are usual in base64; other letters are not.
        return a2b_base64("".join((element.text or "").split()), strict_mode=True)
    except (BadBase64, ValueError):
        raise _Refused(Reason.MALFORMED) from None


def _judge_place(read: _Read, document: _Document, rule: RegionRule | None) -> None:
    if misplaced(read.element, read.covered, read.own):
        read.against(Reason.WRAPPED)
    if rule is not None and not rule.holds(document.root, read.covered):
        read.against(Reason.WRAPPED)


def _judge_time(read: _Read, trust: TrustStore, moment: datetime, token: bytes | None) -> None:
    if read.signer is None:
        return
    times = signing_times(read.element)
    if len(times) > 1 or any(when is None for _, when in times):
        read.against(Reason.MALFORMED)
    elif not times:
        read.against(Reason.NO_SIGNING_TIME)
    else:
        place, read.signed_at = times[0]
        if not any(own is place or own in place.iterancestors() for own in read.own):
            read.against(Reason.TIME_NOT_COVERED)
    if token is not None:
        try:
            read.timestamp = moment = check_token(token, read.value, trust)
        except TimestampFault:
            read.against(Reason.TIMESTAMP_WRONG)
    for reason in trust.judge(read.signer, read.others[1:], read.signed_at or moment, moment):
        read.against(reason)


def _finding(read: _Read) -> SignatureFinding:
    signer, reasons = read.signer, tuple(read.reasons)
    return SignatureFinding(
        signature_id=read.element.get("Id", ""),
        verdict=verdict_of(reasons),
        reasons=reasons,
        signer=signer.name if signer else "",
        subject=signer.subject if signer else "",
        issuer=signer.issuer if signer else "",
        serial=signer.serial if signer else "",
        signed_at=read.signed_at,
        timestamp=read.timestamp,
        references=tuple(read.references),
        regions=tuple(path_of(element) for element in read.covered),
        broken=tuple(read.broken),
        certificate=signer.der if signer else b"",
        covered=tuple(read.covered),
    )
