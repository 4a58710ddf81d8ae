"""Numbers and names that no law was read for: those of data/registry/journeys.json, set right by people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from thongsuot.kit.accounts.types import Actor

from ..models import RegistryFact


@dataclass(frozen=True)
class Fact:
    """kind: number, text, lines (a list of texts), names (text by number). correction: the row that somebody has set."""

    key: str
    kind: str
    label: str
    help: str
    value: Any
    source: str
    confidence: str
    limits: tuple[int, int] | None = None
    correction: RegistryFact | None = None


@lru_cache(maxsize=1)
def _of_file() -> Mapping[str, Fact]:
    text = (settings.DATA_DIR / "registry" / "journeys.json").read_text(encoding="utf-8")
    return {row["key"]: _read(row) for row in json.loads(text)["facts"]}


def _read(row: dict[str, Any]) -> Fact:
    limits = (row["least"], row["most"]) if row["kind"] == "number" else None
    return Fact(
        row["key"],
        row["kind"],
        row["label"],
        row["help"],
        row["value"],
        row["source"],
        row["confidence"],
        limits,
    )


def registry_facts(actor: Actor) -> list[Fact]:
    """All facts as they hold now, in the order of the file. One query."""
    rows = {row.key: row for row in RegistryFact.objects.select_related("set_by")}
    return [_corrected(one, rows.get(one.key)) for one in _of_file().values()]


def registry_fact(actor: Actor, key: str) -> Fact:
    """One fact as it holds now. Raises KeyError for one that the file does not name."""
    found = _of_file()[key]
    return _corrected(found, RegistryFact.objects.filter(key=key).first())


def fact_of_file(key: str) -> Fact:
    """One fact as the file has it; no database is asked. Raises KeyError."""
    return _of_file()[key]


def _corrected(fact: Fact, row: RegistryFact | None) -> Fact:
    if row is None:
        return fact
    return Fact(fact.key, fact.kind, fact.label, fact.help, row.value, row.source, "", fact.limits, row)


def group_names(actor: Actor) -> dict[int, str]:
    """What the groups of preschool are called, by GradeLevel."""
    return {int(key): name for key, name in registry_fact(actor, "preschool_groups").value.items()}
