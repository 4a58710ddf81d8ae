"""Canonical XML of a part of a tree, and the names of the algorithms of XML Signature.

W3C XML Signature 1.1, Canonical XML 1.0 and 1.1. Versions 1.0 and 1.1 differ only in the xml: attributes that a part
inherits; a part that would inherit any is refused, so both give the same bytes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from lxml import etree

DSIG = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = DSIG + "enveloped-signature"
CANONICAL = frozenset({C14N, C14N_11, EXCLUSIVE})

SHA256_URI = "http://www.w3.org/2001/04/xmlenc#sha256"
DIGESTS = {
    SHA256_URI: "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
RSA_URI = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_URI = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNATURES: dict[str, tuple[str, HashAlgorithm]] = {
    f"{_MORE}{kind}-{name}": (kind, digest)
    for kind in ("rsa", "ecdsa")
    for name, digest in (("sha256", SHA256()), ("sha384", SHA384()), ("sha512", SHA512()))
}
_OWN_OUTPUT = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, collect_ids=False
)
XML = "{http://www.w3.org/XML/1998/namespace}"


def canonical(element: etree._Element, method: str = C14N, prefixes: Sequence[str] = ()) -> bytes:
    """The canonical bytes of `element` with all in it, as it stands in its tree, without comments.

    Below a default namespace of an ancestor lxml writes xmlns="" where there is none to take back (lxml 6.1 with
    libxml2 2.14, and what signxml calls its legacy behaviour), and elsewhere it repeats a prefix that is declared again as
    it stands: a part that knows any namespace is made the root of a tree of its own, with all in scope declared there,
    which is the same part to canonical XML.
    """
    part = element
    if element.nsmap and element.getparent() is not None:
        part = etree.fromstring(etree.tostring(element, encoding="utf-8", with_tail=False), _OWN_OUTPUT)
    return cast(
        bytes,
        etree.tostring(
            part,
            method="c14n",
            exclusive=method == EXCLUSIVE,
            with_comments=False,
            inclusive_ns_prefixes=list(prefixes) or None,
        ),
    )


def without(
    signature: etree._Element, element: etree._Element, method: str, prefixes: Sequence[str]
) -> bytes:
    """`canonical` of `element` as if `signature` in it were not there (the enveloped-signature transform)."""
    parent = signature.getparent()
    if parent is None:
        return canonical(element, method, prefixes)
    # Text behind the signature belongs to its parent: it stays, behind what stands before the signature.
    position, tail, before = parent.index(signature), signature.tail, signature.getprevious()
    text = parent.text if before is None else before.tail
    joined = (text or "") + (tail or "") or None
    signature.tail = None
    parent.remove(signature)
    if before is None:
        parent.text = joined
    else:
        before.tail = joined
    try:
        return canonical(element, method, prefixes)
    finally:
        if before is None:
            parent.text = text
        else:
            before.tail = text
        parent.insert(position, signature)
        signature.tail = tail


def inherits_xml_attributes(element: etree._Element) -> bool:
    """Whether inclusive canonical XML would copy xml:lang, xml:space, xml:base of an ancestor into this part."""
    for ancestor in element.iterancestors():
        if ancestor.attrib and any(name.startswith(XML) for name in ancestor.attrib):
            return True
    return False
