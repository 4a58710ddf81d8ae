"""What a ds:Reference says: which part of the file, by which steps, with which digest.

What is not on the lists of `canonical.py` (transforms, algorithms) is refused, never tried.
"""

from __future__ import annotations

from binascii import Error as BadBase64
from binascii import a2b_base64

from lxml import etree

from .canonical import C14N, CANONICAL, DIGESTS, DSIG, ENVELOPED, EXCLUSIVE
from .examined import Document, Refused
from .types import Reason

_D = f"{{{DSIG}}}"
_TRANSFORMS, _TRANSFORM = (_D + n for n in ("Transforms", "Transform"))
_DIGEST_METHOD, _DIGEST_VALUE = (_D + n for n in ("DigestMethod", "DigestValue"))


def target_of(uri: str | None, document: Document) -> etree._Element:
    if uri is None:
        raise Refused(Reason.MALFORMED)
    if uri == "":
        return document.root
    if uri[0] != "#" or uri.startswith("#xpointer"):
        raise Refused(Reason.EXTERNAL_REFERENCE)
    return element_named(uri[1:], document)


def element_named(name: str, document: Document) -> etree._Element:
    if name not in document.ids:
        raise Refused(Reason.MISSING_REGION)
    element = document.ids[name]
    if element is None:
        raise Refused(Reason.DUPLICATE_ID)
    return element


def said_by(reference: etree._Element) -> tuple[bool, str, tuple[str, ...], str, bytes]:
    """(enveloped?, method of canonical XML, its prefixes, name of the digest, digest) of a Reference."""
    children = list(reference)
    transforms = children.pop(0) if children and children[0].tag == _TRANSFORMS else None
    if len(children) != 2 or children[0].tag != _DIGEST_METHOD or children[1].tag != _DIGEST_VALUE:
        raise Refused(Reason.MALFORMED)
    algorithm = children[0].get("Algorithm", "")
    name = DIGESTS.get(algorithm)
    if name is None:
        raise Refused(refusal_of(algorithm))
    enveloped, method, prefixes = _transforms(transforms)
    return enveloped, method, prefixes, name, decoded(children[1])


def _transforms(transforms: etree._Element | None) -> tuple[bool, str, tuple[str, ...]]:
    enveloped, method, prefixes = False, "", tuple[str, ...]()
    for transform in transforms if transforms is not None else ():
        algorithm = transform.get("Algorithm", "")
        if transform.tag != _TRANSFORM or method:
            raise Refused(Reason.TRANSFORM_REFUSED)
        if algorithm in CANONICAL:
            method, prefixes = algorithm, prefixes_of(transform, algorithm)
        elif algorithm == ENVELOPED and not enveloped and not len(transform):
            enveloped = True
        else:
            raise Refused(Reason.TRANSFORM_REFUSED)
    return enveloped, method or C14N, prefixes


def prefixes_of(method: etree._Element, algorithm: str) -> tuple[str, ...]:
    if not len(method):
        return ()
    (inner, *more) = method
    if more or algorithm != EXCLUSIVE or inner.tag != f"{{{EXCLUSIVE}}}InclusiveNamespaces":
        raise Refused(Reason.TRANSFORM_REFUSED)
    return tuple(inner.get("PrefixList", "").split())


def refusal_of(algorithm: str) -> Reason:
    name = algorithm.rpartition("#")[2].lower()
    weak = name.endswith(("sha1", "md5")) and "hmac" not in name
    return Reason.WEAK_ALGORITHM if weak else Reason.ALGORITHM_REFUSED


def decoded(element: etree._Element) -> bytes:
    text = element.text
    if text is None or len(element):
        raise Refused(Reason.MALFORMED)
    try:
        # Line breaks are usual in base64; other letters are not.
        return a2b_base64("".join(text.split()), strict_mode=True)
    except (BadBase64, ValueError):
        raise Refused(Reason.MALFORMED) from None
