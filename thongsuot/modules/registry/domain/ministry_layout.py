"""Order and heads of the ministry's layouts as files (data/registry/ministry_out). Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class OutColumn:
    key: str
    label: str


@dataclass(frozen=True)
class OutLayout:
    """code: student, class or staff. sheet, title: name of the sheet, line above the head."""

    code: str
    name: str
    sheet: str
    title: str
    source: str
    confidence: str
    columns: tuple[OutColumn, ...]


def read_out_layout(path: Path) -> OutLayout:
    """Raises ValueError naming what is wrong in the file."""
    said = json.loads(path.read_text(encoding="utf-8"))
    try:
        columns = tuple(OutColumn(one["key"], one["label"]) for one in said["columns"])
        names = ("code", "name", "sheet", "title", "source", "confidence")
        layout = OutLayout(**{name: said[name] for name in names}, columns=columns)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if len({column.key for column in columns}) != len(columns):
        raise ValueError(f"{path.name}: a column stands twice")
    return layout
