"""XML of strangers into a tree, safely: UTF-8 only, no DOCTYPE, no entities, bounded in size and depth.

Comments are dropped while reading: canonical XML without comments does not see them, and a reader who took only the
first text node before one would read something else than what was signed.
"""

from __future__ import annotations

import re
from threading import local

from lxml import etree

from .types import SigningFault

MOST_BYTES = 16 * 1024 * 1024
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
ID_NAMES = ("Id", "id", "ID", XML_ID)
_parsers = local()
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ALL_IDS = etree.XPath(
    "descendant-or-self::*/@Id | descendant-or-self::*/@id | descendant-or-self::*/@ID | descendant-or-self::*/@xml:id",
    namespaces={"xml": "http://www.w3.org/XML/1998/namespace"},
)


def read_xml(data: bytes, *, most_bytes: int = MOST_BYTES) -> etree._Element:
    """The root of the tree. Raises SigningFault (too_large, encoding, doctype, not_xml, too_deep)."""
    if len(data) > most_bytes:
        raise SigningFault("too_large")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    # A NUL is in UTF-16 and UTF-32 and never in UTF-8 XML: what follows is searched as the parser will read it.
    if b"\0" in data[:4096] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SigningFault("encoding")
    declared = _DECLARED.match(data)
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise SigningFault("encoding")
    # Most files have no such letter at all, which is known sooner.
    if b"!" in data and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
        raise SigningFault("doctype")
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error).lower()
        # The parser's words may quote the file: only the line is told.
        raise SigningFault("too_deep" if deep else "not_xml", str(error.lineno or "")) from None
    except ValueError:
        raise SigningFault("not_xml") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SigningFault("doctype")
    return root


def _parser() -> etree.XMLParser:
    """A parser for each thread: making one costs as much as reading a small file."""
    parser = getattr(_parsers, "parser", None)
    if parser is None:
        parser = _parsers.parser = _new_parser()
    return parser


def _new_parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        collect_ids=False,
    )


def elements_by_id(root: etree._Element) -> dict[str, etree._Element | None]:
    """Elements by their id, whatever the attribute is called; None where two elements carry one id."""
    found: dict[str, etree._Element | None] = {}
    for value in _ALL_IDS(root):
        # One element may carry the same id under two names; two elements may not.
        element = value.getparent()
        known = found.setdefault(str(value), element)
        if known is not element:
            found[str(value)] = None
    return found


def path_of(element: etree._Element) -> str:
    """Names from the root down, without namespaces and positions: "/HOC_BA/DU_LIEU_HOC_BA"."""
    names = [local_name(element), *(local_name(each) for each in element.iterancestors())]
    return "/" + "/".join(reversed(names))


def local_name(element: etree._Element) -> str:
    """The name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
