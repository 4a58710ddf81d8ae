"""The nesting of numbered paragraphs, learnt from the order in which the forms of numbers appear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..reading.document import Table
from .numbering import BULLETS
from .paragraphs import CLOSING, Paragraph
from .text import ends_sentence, fold
from .verbs import fold_orders

# An unnumbered order after a list stands by itself.
_ORDER = re.compile(
    r"\s*(?:giao|phan cong)\s+(?:cho\s+)?(?:so|phong|van phong|ubnd|uy ban|cac|truong|cong an|to)\b"
)

# Forms that always stand above the others, outermost first (NĐ 30/2020, Phụ lục I, II.5).
_NAMED_ORDER = ("phan", "chuong", "muc", "tieu-muc", "dieu", "capital", "roman")


@dataclass
class Node:
    """A numbered paragraph with what stands below it. The root has no paragraph."""

    paragraph: Paragraph | None = None
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    tail: list[Paragraph] = field(default_factory=list)  # unnumbered paragraphs that go on with this one
    label: str = ""

    @property
    def kind(self) -> str:
        marker = self.paragraph.marker if self.paragraph else None
        return marker.kind if marker else ("plain" if self.paragraph else "root")

    @property
    def text(self) -> str:
        return self.paragraph.text if self.paragraph else ""

    @property
    def section(self) -> str:
        labels = [node.label for node in self.path() if node.label]
        return ".".join(labels)

    def path(self) -> list[Node]:
        """From the outermost section to this node."""
        out: list[Node] = []
        node: Node | None = self
        while node is not None and node.paragraph is not None:
            out.append(node)
            node = node.parent
        return out[::-1]

    def walk(self) -> Iterator[Node]:
        for child in self.children:
            yield child
            yield from child.walk()

    @property
    def last_line(self) -> int:
        lines = [p.end_line for p in self.tail] + [child.last_line for child in self.children]
        return max([self.paragraph.end_line if self.paragraph else 0, *lines])


def build_outline(items: list[Paragraph | Table]) -> Node:
    """A tree of the body (what stands between the head of the document and its recipients)."""
    root = Node()
    stack = [root]
    for item in items:
        if isinstance(item, Table):
            stack[-1].tables.append(item)
        elif item.marker is None:
            _plain(item, stack)
        else:
            _numbered(item, stack)
    _label(root)
    return root


def _numbered(paragraph: Paragraph, stack: list[Node]) -> None:
    kind = _form(paragraph, stack)
    depth = next((i for i in range(len(stack) - 1, 0, -1) if _node_form(stack[i]) == kind), None)
    if depth is not None:
        del stack[depth:]
    else:
        rank = _rank(kind)
        while len(stack) > 1 and (_rank(_node_form(stack[-1])) > rank or _is_closed(stack[-1], kind)):
            stack.pop()
    node = Node(paragraph, stack[-1])
    stack[-1].children.append(node)
    stack.append(node)


def _is_closed(node: Node, kind: str) -> bool:
    """No number stands below running text, nor below a bullet that does not announce it."""
    if node.kind in BULLETS:
        return kind not in BULLETS and not node.text.rstrip().endswith(":")
    return node.kind == "plain"


def _form(paragraph: Paragraph, stack: list[Node]) -> str:
    return paragraph.marker.kind if paragraph.marker else "plain"


def _node_form(node: Node) -> str:
    return node.kind


def _rank(kind: str) -> int:
    return _NAMED_ORDER.index(kind) if kind in _NAMED_ORDER else len(_NAMED_ORDER) + (kind == "plain")


def _plain(paragraph: Paragraph, stack: list[Node]) -> None:
    """An unnumbered paragraph: below a heading it is an item, after a sentence it goes on with it."""
    while len(stack) > 1 and stack[-1].kind == "plain":
        stack.pop()
    current = stack[-1]
    if paragraph.caps and len(stack) > 1:
        del stack[1:]
        current = stack[0]
    if (
        CLOSING.match(fold(paragraph.text))
        and not current.children
        and current.paragraph
        and not is_heading(current)
    ):
        del stack[1:]
        current = stack[0]
    if (
        _ORDER.match(fold_orders(paragraph.text))
        and current.paragraph
        and re.search(r"[.]\s*$", current.text)
    ):
        while len(stack) > 1 and not is_heading(stack[-1]):
            stack.pop()
        stack[-1].children.append(Node(paragraph, stack[-1]))
        return
    if current.paragraph is None or is_heading(current):
        node = Node(paragraph, current)
        current.children.append(node)
        if paragraph.caps or paragraph.text.endswith(":"):
            stack.append(node)
    else:
        current.tail.append(paragraph)


def is_heading(node: Node) -> bool:
    """Does the paragraph name what follows instead of saying something itself?"""
    text = node.text.strip()
    if node.children and node.children[0].kind == "plain":
        return True
    if node.paragraph and node.paragraph.caps:
        return True
    if text.endswith(":"):
        return True
    return not ends_sentence(text) and len(text) < 220


def _label(root: Node) -> None:
    """Labels as a reader cites them: II.1.a; bullets are counted, a second d) is said to be so."""
    for node in [root, *root.walk()]:
        seen: dict[str, int] = {}
        for index, child in enumerate(node.children, 1):
            marker = child.paragraph.marker if child.paragraph else None
            if marker is None:
                continue
            label = str(index) if marker.kind in BULLETS else _short(marker.kind, marker.label, node)
            seen[label] = seen.get(label, 0) + 1
            child.label = label if seen[label] == 1 else f"{label} (lần {seen[label]})"


def _short(kind: str, label: str, parent: Node) -> str:
    if kind.startswith("decimal"):
        above = parent.label.split(".")[-1]
        first, _, rest = label.partition(".")
        return rest if first == above else label
    names = {"dieu": "Điều ", "chuong": "Chương ", "phan": "Phần ", "muc": "Mục "}
    return names.get(kind, "") + re.sub(r"\s+", "", label)
