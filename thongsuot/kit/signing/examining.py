"""One XML signature of a stranger's file, by itself: its structure, what it refers to, its value."""

from __future__ import annotations

from base64 import b64encode
from hashlib import new as new_digest
from hashlib import sha256

from lxml import etree

from .canonical import C14N, CANONICAL, DSIG, EXCLUSIVE, SIGNATURES, canonical, without
from .certificates import identity_of
from .coverage import is_property
from .examined import Document, Examined, Refused
from .key_info import certificates_of, contradicts
from .plain import Plain, read_plain
from .references import decoded, element_named, prefixes_of, refusal_of, said_by, target_of
from .types import Reason
from .values import verifies

_D = f"{{{DSIG}}}"
SIGNATURE = _D + "Signature"
MOST_REFERENCES = 100
_INFO, _VALUE, _KEY, _OBJECT = (_D + n for n in ("SignedInfo", "SignatureValue", "KeyInfo", "Object"))
_HOW, _BY, _REFERENCE = (_D + n for n in ("CanonicalizationMethod", "SignatureMethod", "Reference"))


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
        seen.value = decoded(value)
        if key_info is None or not seen.others:
            raise Refused(Reason.NO_CERTIFICATE)
        _examine_value(seen, signed_info, key_info, document)
    except Refused as refused:
        seen.against(refused.reason)
    except etree.C14NError:
        # A namespace with a relative name: canonical XML knows none.
        seen.against(Reason.MALFORMED)
    return seen


def _examine_plain(
    seen: Examined, plain: Plain, document: Document, around: frozenset[etree._Element]
) -> None:
    """The same checks as below, for what is known to be of the plain form."""
    seen.when = plain.when
    for name, wanted in plain.references:
        uri = name.decode()
        seen.references.append(f"#{uri}")
        target = element_named(uri, document)
        content = plain.own.get(name)
        if content is not None:
            found = sha256(content).digest()
            seen.own.append(target)
        else:
            if target in around or target is seen.element or document.inherits(target):
                raise Refused(Reason.TRANSFORM_REFUSED)
            found = document.digest(target, C14N, (), "sha256")
            _sort(seen, target)
        if b64encode(found) != wanted:
            seen.against(Reason.ALTERED)
            seen.broken.append(f"#{uri}")
    if not seen.covered:
        raise Refused(Reason.NO_REFERENCE)
    seen.value, seen.signer = plain.value, plain.signer
    seen.others = [seen.signer.der]
    if not verifies(seen.signer, plain.algorithm, seen.value, plain.signed_info):
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
        target = target_of(uri, document)
        enveloped, method, prefixes, name, wanted = said_by(reference)
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
        raise Refused(refusal_of(algorithm))
    try:
        seen.signer = identity_of(seen.others[0])
    except ValueError:
        raise Refused(Reason.MALFORMED) from None
    if contradicts(key_info, seen.signer):
        seen.against(Reason.KEY_MISMATCH)
    message = canonical(signed_info, method, prefixes_of(how, method))
    if not verifies(seen.signer, algorithm, seen.value, message):
        seen.against(Reason.SIGNATURE_WRONG)
