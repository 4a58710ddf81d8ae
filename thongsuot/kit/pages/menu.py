"""What the page frame needs to draw a menu. Portals fill it; the kit knows no page by name."""

from __future__ import annotations

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

    def is_current(self, path: str) -> bool:
        if any(child.is_current(path) for child in self.children):
            return True
        prefix = self.match or self.url
        if not prefix:
            return False
        return path == prefix if prefix == "/" else path.startswith(prefix)
