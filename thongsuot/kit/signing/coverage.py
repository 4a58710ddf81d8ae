"""What a signature really covers, and whether that is what a reader will look at (signature wrapping, XSW)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from .canonical import DSIG
from .reading import ID_NAMES, local_name

_D = f"{{{DSIG}}}"
SIGNATURE = _D + "Signature"
# What a signature may sign of itself: properties (the time), no content.
_OWN = frozenset({"SignatureProperties", "SignatureProperty", "SignedProperties", "KeyInfo"})
_PROPERTY_HOLDERS = frozenset({"SignatureProperties", "QualifyingProperties"})
_QUIET_ATTRIBUTES = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True)
class RegionRule:
    """Where the regions of a layout stand: paths of element names ("/HOC_BA/DU_LIEU_HOC_BA").

    Every signed region must stand on an `allowed` path; the paths of `single` must be there exactly once, so that
    no second one can be shown in the place of the signed one.
    """

    allowed: frozenset[str]
    single: frozenset[str] = frozenset()

    def stands_once(self, root: etree._Element) -> bool:
        """Whether each of `single` is in the tree under `root` exactly once."""
        return all(_count(root, path) == 1 for path in self.single)


def _count(root: etree._Element, path: str) -> int:
    first, *names = path.strip("/").split("/")
    level = [root] if local_name(root) == first else []
    for name in names:
        level = [child for element in level for child in element if local_name(child) == name]
    return len(level)


def is_property(element: etree._Element) -> bool:
    """Whether this part of a signature holds properties (the time) and no content."""
    name = local_name(element)
    return name in _OWN or (
        name == "Object" and all(local_name(child) in _PROPERTY_HOLDERS for child in element)
    )


def uncovered(root: etree._Element, covered: Collection[etree._Element]) -> bool:
    """Whether `root` holds anything that is neither in a `covered` element nor in a signature."""
    done = set(covered)
    around = {ancestor for element in done for ancestor in element.iterancestors()}
    stack = [root]
    while stack:
        element = stack.pop()
        if element in done or element.tag == SIGNATURE:
            continue
        if not isinstance(element.tag, str) or _says_something(element):
            return True
        if element not in around and not len(element):
            return True
        if any(child.tail and child.tail.strip() for child in element):
            return True
        stack.extend(element)
    return False


def _says_something(element: etree._Element) -> bool:
    if element.text and element.text.strip():
        return True
    return any(
        str(name) not in ID_NAMES and not str(name).startswith(_QUIET_ATTRIBUTES) for name in element.attrib
    )
