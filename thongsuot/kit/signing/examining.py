"""One XML signature of a stranger's file, by itself: its structure, what it refers to, its value.

What is not on the lists of `canonical.py` (transforms, algorithms) is refused, never tried.
"""

from __future__ import annotations

from base64 import b64encode
from binascii import Error as BadBase64
from binascii import a2b_base64
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import new as new_digest
from hashlib import sha256

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
from .coverage import is_property
from .key_info import certificate_bytes, certificates_of, contradicts
from .plain import Plain, read_plain
from .reading import path_of
from .types import Reason

_D = f"{{{DSIG}}}"
SIGNATURE = _D + "Signature"
MOST_REFERENCES = 100
_INFO, _VALUE, _KEY, _OBJECT = (_D + n for n in ("SignedInfo", "SignatureValue", "KeyInfo", "Object"))
_HOW, _BY, _REFERENCE = (_D + n for n in ("CanonicalizationMethod", "SignatureMethod", "Reference"))
_TRANSFORMS, _TRANSFORM = (_D + n for n in ("Transforms", "Transform"))
_DIGEST_METHOD, _DIGEST_VALUE = (_D + n for n in ("DigestMethod", "DigestValue"))
_PKCS1 = padding.PKCS1v15()


class Refused(Exception):
    """This signature cannot be right: nothing more of it is looked at."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Document:
    """A file being checked, with what was already found out about its parts."""

    root: etree._Element
    ids: dict[str, etree._Element | None]
    # Three signers of one region are one canonicalisation.
    _digests: dict[tuple[etree._Element, str, tuple[str, ...], str], bytes] = field(default_factory=dict)
    _paths: dict[etree._Element, str] = field(default_factory=dict)
    _around: dict[etree._Element | None, frozenset[etree._Element]] = field(default_factory=dict)
    _inheriting: dict[etree._Element | None, bool] = field(default_factory=dict)

    def inherits(self, element: etree._Element) -> bool:
        """`inherits_xml_attributes`, asked once for all children of one element."""
        parent = element.getparent()
        known = self._inheriting.get(parent)
        if known is None:
            known = self._inheriting[parent] = inherits_xml_attributes(element)
        return known

    def around(self, element: etree._Element) -> frozenset[etree._Element]:
        """What the element stands in, asked once for all children of one element."""
        parent = element.getparent()
        known = self._around.get(parent)
        if known is None:
            known = self._around[parent] = frozenset(element.iterancestors())
        return known

    def path(self, element: etree._Element) -> str:
        """`path_of`, asked once."""
        known = self._paths.get(element)
        if known is None:
            known = self._paths[element] = path_of(element)
        return known

    def digest(self, element: etree._Element, method: str, prefixes: tuple[str, ...], name: str) -> bytes:
        """The digest of a region, taken once."""
        key = (element, method, prefixes, name)
        known = self._digests.get(key)
        if known is None:
            known = self._digests[key] = new_digest(name, canonical(element, method, prefixes)).digest()
        return known


@dataclass(slots=True)
class Examined:
    """What was found in one signature so far. `own`: covered parts of itself; `covered`: regions of the file."""

    element: etree._Element
    reasons: list[Reason] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    covered: list[etree._Element] = field(default_factory=list)
    own: list[etree._Element] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    signer: Identity | None = None
    others: list[bytes] = field(default_factory=list)
    value: bytes = b""
    # The one signing time, in words, of a plain signature: there is nothing to look for.
    when: str = ""
    signed_at: datetime | None = None
    timestamp: datetime | None = None

    def against(self, reason: Reason) -> None:
        """One more reason against it."""
        if reason not in self.reasons:
            self.reasons.append(reason)


def examine(element: etree._Element, document: Document) -> Examined:
    """The cryptography of the signature `element`: nothing of time, trust and place yet."""
    seen = Examined(element)
    try:
        ancestors = document.around(element)
        if any(each.tag == SIGNATURE for each in ancestors):
            raise Refused(Reason.WRAPPED)
        plain = None if document.inherits(element) else read_plain(element)
        if plain is not None:
            _examine_plain(seen, plain, document, ancestors)
            return seen
        signed_info, value, key_info = _parts(element)
        if key_info is not None:
            seen.others = certificates_of(key_info)
        _examine_references(seen, signed_info, document, ancestors)
        seen.value = _decoded(value)
        if key_info is None or not seen.others:
            raise Refused(Reason.NO_CERTIFICATE)
        _examine_value(seen, signed_info, key_info, document)
    except Refused as refused:
        seen.against(refused.reason)
    return seen


def _examine_plain(
    seen: Examined, plain: Plain, document: Document, around: frozenset[etree._Element]
) -> None:
    """The same checks as below, for what is known to be of the plain form."""
    own = seen.element[3]
    seen.when = plain.when
    for uri, wanted in plain.references:
        seen.references.append(f"#{uri}")
        target = _element(uri, document)
        if target is own:
            found = sha256(plain.time).digest()
            seen.own.append(own)
        else:
            if target in around or target is seen.element or document.inherits(target):
                raise Refused(Reason.TRANSFORM_REFUSED)
            found = document.digest(target, C14N, (), "sha256")
            _sort(seen, target)
        if b64encode(found).decode() != wanted:
            seen.against(Reason.ALTERED)
            seen.broken.append(f"#{uri}")
    if not seen.covered:
        raise Refused(Reason.NO_REFERENCE)
    try:
        seen.value = a2b_base64(plain.value, strict_mode=True)
        seen.others = [certificate_bytes(plain.certificate)]
        seen.signer = identity_of(seen.others[0])
    except ValueError:
        raise Refused(Reason.MALFORMED) from None
    if not _verifies(seen.signer, plain.algorithm, seen.value, plain.signed_info):
        seen.against(Reason.SIGNATURE_WRONG)


def _parts(element: etree._Element) -> tuple[etree._Element, etree._Element, etree._Element | None]:
    """SignedInfo, SignatureValue, KeyInfo, in the order of the schema; Objects hold properties only."""
    children = list(element)
    if len(children) < 2 or children[0].tag != _INFO or children[1].tag != _VALUE:
        raise Refused(Reason.MALFORMED)
    key_info, rest = None, children[2:]
    if rest and rest[0].tag == _KEY:
        key_info = rest.pop(0)
    for each in rest:
        if each.tag != _OBJECT:
            raise Refused(Reason.MALFORMED)
        if not is_property(each):
            # Content within a signature: nothing of ours, and a hiding place.
            raise Refused(Reason.WRAPPED)
    return children[0], children[1], key_info


def _examine_references(
    seen: Examined, signed_info: etree._Element, document: Document, around: frozenset[etree._Element]
) -> None:
    references = list(signed_info.iterchildren(_REFERENCE))
    if not references:
        raise Refused(Reason.NO_REFERENCE)
    if len(references) > MOST_REFERENCES:
        raise Refused(Reason.MALFORMED)
    for reference in references:
        uri = reference.get("URI")
        seen.references.append(uri or "")
        target = _target(uri, document)
        enveloped, method, prefixes, name, wanted = _said(reference)
        if (target in around) != enveloped or target is seen.element:
            # Who signs the part that his signature stands in says so, and nobody else does.
            raise Refused(Reason.TRANSFORM_REFUSED)
        if method != EXCLUSIVE and document.inherits(target):
            raise Refused(Reason.TRANSFORM_REFUSED)
        if enveloped:
            found = new_digest(name, without(seen.element, target, method, prefixes)).digest()
        else:
            found = document.digest(target, method, prefixes, name)
        if found != wanted:
            seen.against(Reason.ALTERED)
            seen.broken.append(uri or "")
        _sort(seen, target)
    if not seen.covered:
        raise Refused(Reason.NO_REFERENCE)


def _sort(seen: Examined, target: etree._Element) -> None:
    """A property of the signature itself, or a region of the file; within a signature no reader looks for content."""
    holder = next(target.iterancestors(SIGNATURE), None)
    if holder is seen.element:
        seen.own.append(target)
        if is_property(target):
            return
    else:
        seen.covered.append(target)
    if holder is not None:
        seen.against(Reason.WRAPPED)


def _target(uri: str | None, document: Document) -> etree._Element:
    if uri is None:
        raise Refused(Reason.MALFORMED)
    if uri == "":
        return document.root
    if uri[0] != "#" or uri.startswith("#xpointer"):
        raise Refused(Reason.EXTERNAL_REFERENCE)
    return _element(uri[1:], document)


def _element(name: str, document: Document) -> etree._Element:
    if name not in document.ids:
        raise Refused(Reason.MISSING_REGION)
    element = document.ids[name]
    if element is None:
        raise Refused(Reason.DUPLICATE_ID)
    return element


def _said(reference: etree._Element) -> tuple[bool, str, tuple[str, ...], str, bytes]:
    """(enveloped?, method of canonical XML, its prefixes, name of the digest, digest) of a Reference."""
    children = list(reference)
    transforms = children.pop(0) if children and children[0].tag == _TRANSFORMS else None
    if len(children) != 2 or children[0].tag != _DIGEST_METHOD or children[1].tag != _DIGEST_VALUE:
        raise Refused(Reason.MALFORMED)
    algorithm = children[0].get("Algorithm", "")
    name = DIGESTS.get(algorithm)
    if name is None:
        raise Refused(_refusal(algorithm))
    enveloped, method, prefixes = _transforms(transforms)
    return enveloped, method, prefixes, name, _decoded(children[1])


def _transforms(transforms: etree._Element | None) -> tuple[bool, str, tuple[str, ...]]:
    enveloped, method, prefixes = False, "", tuple[str, ...]()
    for transform in transforms if transforms is not None else ():
        algorithm = transform.get("Algorithm", "")
        if transform.tag != _TRANSFORM or method:
            raise Refused(Reason.TRANSFORM_REFUSED)
        if algorithm in CANONICAL:
            method, prefixes = algorithm, _prefixes(transform, algorithm)
        elif algorithm == ENVELOPED and not enveloped and not len(transform):
            enveloped = True
        else:
            raise Refused(Reason.TRANSFORM_REFUSED)
    return enveloped, method or C14N, prefixes


def _prefixes(method: etree._Element, algorithm: str) -> tuple[str, ...]:
    if not len(method):
        return ()
    (inner, *more) = method
    if more or algorithm != EXCLUSIVE or inner.tag != f"{{{EXCLUSIVE}}}InclusiveNamespaces":
        raise Refused(Reason.TRANSFORM_REFUSED)
    return tuple(inner.get("PrefixList", "").split())


def _refusal(algorithm: str) -> Reason:
    name = algorithm.rpartition("#")[2].lower()
    weak = name.endswith(("sha1", "md5")) and "hmac" not in name
    return Reason.WEAK_ALGORITHM if weak else Reason.ALGORITHM_REFUSED


def _examine_value(
    seen: Examined, signed_info: etree._Element, key_info: etree._Element, document: Document
) -> None:
    how, by = signed_info[0], signed_info[1]
    if how.tag != _HOW or by.tag != _BY:
        raise Refused(Reason.MALFORMED)
    method, algorithm = how.get("Algorithm", ""), by.get("Algorithm", "")
    if method not in CANONICAL or (method != EXCLUSIVE and document.inherits(signed_info)):
        raise Refused(Reason.TRANSFORM_REFUSED)
    if algorithm not in SIGNATURES:
        raise Refused(_refusal(algorithm))
    try:
        seen.signer = identity_of(seen.others[0])
    except ValueError:
        raise Refused(Reason.MALFORMED) from None
    if contradicts(key_info, seen.signer):
        seen.against(Reason.KEY_MISMATCH)
    message = canonical(signed_info, method, _prefixes(how, method))
    if not _verifies(seen.signer, algorithm, seen.value, message):
        seen.against(Reason.SIGNATURE_WRONG)


def _verifies(signer: Identity, algorithm: str, value: bytes, message: bytes) -> bool:
    kind, digest = SIGNATURES[algorithm]
    public = signer.public_key
    try:
        if kind == "rsa" and isinstance(public, rsa.RSAPublicKey):
            public.verify(value, message, _PKCS1, digest)
        elif kind == "ecdsa" and isinstance(public, ec.EllipticCurvePublicKey):
            half = (public.key_size + 7) // 8
            if len(value) != 2 * half:
                return False
            r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
            public.verify(encode_dss_signature(r, s), message, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _decoded(element: etree._Element) -> bytes:
    text = element.text
    if text is None or len(element):
        raise Refused(Reason.MALFORMED)
    try:
        # Line breaks are usual in base64; other letters are not.
        return a2b_base64("".join(text.split()), strict_mode=True)
    except (BadBase64, ValueError):
        raise Refused(Reason.MALFORMED) from None
