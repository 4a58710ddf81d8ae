"""What is known so far of a file that is being checked, and of one signature in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import new as new_digest

from lxml import etree

from .canonical import XML, canonical, inherits_xml_attributes
from .certificates import Identity
from .reading import path_of
from .types import Reason

_XML_ATTRIBUTES = etree.XPath("boolean(//@xml:*)", namespaces={"xml": XML.strip("{}")})


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
    # Most files have no xml: attribute at all.
    _nowhere: bool | None = None

    def inherits(self, element: etree._Element) -> bool:
        """`inherits_xml_attributes`, asked once for all children of one element."""
        if self._nowhere is None:
            self._nowhere = not _XML_ATTRIBUTES(self.root)
        if self._nowhere:
            return False
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
