"""The text of a task as it is searched. Pure."""

from __future__ import annotations

from thongsuot.kit.text.vietnamese import fold


def searchable(*parts: str) -> str:
    """Folded words of what people look for: the work, its product, its group."""
    return fold(" ".join(part for part in parts if part))
