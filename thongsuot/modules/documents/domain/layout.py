"""The measures of a layout, read from a data file with its legal source. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Lengths in millimetres, sizes in points."""

    code: str
    source: str
    valid_from: date
    valid_to: date | None
    width_mm: float
    height_mm: float
    margins_mm: dict[str, float]
    font: str
    font_alternatives: tuple[str, ...]
    national_title: str
    motto: str
    draft_word: str
    sizes_pt: dict[str, float]
    indent_mm: float
    space_after_pt: float
    line_spacing: float
    types: dict[str, str]

    @property
    def text_width_mm(self) -> float:
        return self.width_mm - self.margins_mm["left"] - self.margins_mm["right"]


def read_layout(path: Path) -> Layout:
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Layout(
        code=raw["code"],
        source=raw["source"],
        valid_from=date.fromisoformat(raw["valid_from"]),
        valid_to=date.fromisoformat(raw["valid_to"]) if raw["valid_to"] else None,
        width_mm=raw["paper"]["width_mm"],
        height_mm=raw["paper"]["height_mm"],
        margins_mm=raw["margins_mm"],
        font=raw["font"],
        font_alternatives=tuple(raw["font_alternatives"]),
        national_title=raw["national_title"],
        motto=raw["motto"],
        draft_word=raw["draft_word"],
        sizes_pt=raw["sizes_pt"],
        indent_mm=raw["body"]["indent_mm"],
        space_after_pt=raw["body"]["space_after_pt"],
        line_spacing=raw["body"]["line_spacing"],
        types=raw["types"],
    )


def layout_in_force(folder: Path, on: date) -> Layout:
    """The layout of `folder` that is in force on a day; the newest where several are."""
    layouts = [read_layout(path) for path in sorted(folder.glob("*.json"))]
    in_force = [one for one in layouts if one.valid_from <= on <= (one.valid_to or date.max)]
    if not in_force:
        raise LookupError(f"no layout in {folder.name} is in force on {on}")
    return max(in_force, key=lambda one: one.valid_from)
