"""Reading the versioned files under data/: provinces, communes, the old-to-new map, code lists. Pure."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

# Quyết định 19/2025/QĐ-TTg: the list of 34 provinces and 3,321 communes is in force from this day.
COMMUNES_FROM = date(2025, 7, 1)
TRUE = {"1", "x", "true"}


@dataclass(frozen=True)
class AdministrativeLine:
    code: str
    name: str
    full_name: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    province_code: str = ""


@dataclass(frozen=True)
class ChangeLine:
    level: str
    old_code: str
    old_name: str
    old_parent_name: str
    new_code: str
    is_partial: bool
    effective_on: date
    document: str
    confidence: str
    old_district_code: str = ""
    old_province_code: str = ""
    old_province_name: str = ""


@dataclass(frozen=True)
class CodeLine:
    code: str
    name: str
    position: int
    confidence: str
    valid_from: date | None = None


@dataclass(frozen=True)
class CodeListFile:
    code: str
    name: str
    source: str
    read_in: str
    note: str
    confidence: str
    collected_on: date
    values: tuple[CodeLine, ...] = field(default=())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def read_provinces(folder: Path) -> list[AdministrativeLine]:
    return [
        AdministrativeLine(
            code=row["code"],
            name=row["name"],
            full_name=row["full_name"],
            kind=row["unit_type"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )
        for row in _rows(folder / "provinces.csv")
    ]


def read_communes(folder: Path) -> list[AdministrativeLine]:
    """One record of the source begins with a small letter ("xã"): kinds and full names are given a
    capital.
    """
    return [
        AdministrativeLine(
            code=row["code"],
            name=row["name"],
            full_name=row["full_name"][:1].upper() + row["full_name"][1:],
            kind=row["unit_type"][:1].upper() + row["unit_type"][1:],
            valid_from=COMMUNES_FROM,
            province_code=row["province_code"],
        )
        for row in _rows(folder / "communes.csv")
    ]


def read_changes(folder: Path) -> list[ChangeLine]:
    """The old-to-new map: provinces (administrative-changes.csv), then communes and the five island
    districts that had none (commune-changes.csv).
    """
    return [_province_change(row) for row in _rows(folder / "administrative-changes.csv")] + [
        _commune_change(row) for row in _rows(folder / "commune-changes.csv")
    ]


def _province_change(row: dict[str, str]) -> ChangeLine:
    return ChangeLine(
        level=row["level"],
        old_code=row["old_code"],
        old_name=row["old_name"],
        old_parent_name=row["old_parent_name"],
        new_code=row["new_code"],
        is_partial=row["is_partial"] in TRUE,
        effective_on=date.fromisoformat(row["effective_on"]),
        document=row["document"],
        confidence=row["confidence"] or "M",
        old_province_code=row["old_code"] if row["level"] == "province" else "",
        old_province_name=row["old_name"] if row["level"] == "province" else "",
    )


def _commune_change(row: dict[str, str]) -> ChangeLine:
    return ChangeLine(
        level=row["level"],
        old_code=row["old_code"],
        old_name=row["old_name"],
        old_parent_name=row["old_district_name"],
        new_code=row["new_code"],
        is_partial=row["is_partial"] in TRUE,
        effective_on=date.fromisoformat(row["effective_on"]),
        document=row["document"],
        confidence=row["confidence"] or "M",
        old_district_code=row["old_district_code"],
        old_province_code=row["old_province_code"],
        old_province_name=row["old_province_name"],
    )


def read_code_lists(folder: Path) -> list[CodeListFile]:
    return [
        _code_list(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))
    ]


def _code_list(data: dict[str, Any]) -> CodeListFile:
    values = tuple(
        CodeLine(
            code=value["code"],
            name=value["name"],
            position=position,
            confidence=value.get("confidence", data["confidence"]),
            valid_from=_day(value.get("valid_from") or data.get("valid_from")),
        )
        for position, value in enumerate(data["values"], 1)
    )
    return CodeListFile(
        code=data["code"],
        name=data["name"],
        source=data["legal_source"],
        read_in="; ".join(data["read_in"]),
        note=data.get("note", ""),
        confidence=data["confidence"],
        collected_on=date.fromisoformat(data["collected_on"]),
        values=values,
    )
