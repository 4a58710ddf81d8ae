"""What the page frame needs to draw a menu. Portals fill it; the kit knows no page by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu.

    label  what the user reads (translated). `url` may be "" when the entry only holds `children`.
    icon   a name of ops/icons.txt.
    badge  a short count ("12") or "".
    match  path prefix that makes the entry the current one; `url` when empty.
    """

    label: str
    url: str = ""
    icon: str = "point"
    badge: str = ""
    match: str = ""
    children: tuple[MenuItem, ...] = ()

    def matched(self, path: str) -> int:
        """How much of `path` leads to this entry, in letters: 0 when it is elsewhere."""
        prefix = self.match or self.url
        if not prefix or not (path == prefix if prefix == "/" else path.startswith(prefix)):
            return 0
        return len(prefix)

    def holds(self, entry: MenuItem | None) -> bool:
        return entry is not None and (self is entry or any(child is entry for child in self.children))


def current_entry(menu: Iterable[MenuItem], path: str) -> MenuItem | None:
    """The one entry, of a group too, whose address is nearest to `path`: a page may lie under the addresses of several."""
    entries = [entry for item in menu for entry in (item, *item.children)]
    nearest = max(entries, key=lambda entry: entry.matched(path), default=None)
    return nearest if nearest is not None and nearest.matched(path) else None
