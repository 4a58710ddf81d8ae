"""Words of a bulk import of people: what was asked, what stands in the file, how a kind of person is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from thongsuot.kit.importing.vectors import Cleaned

from ..domain.import_terms import NO, YES, Asked, Year

STAGE = "registry_import_stage"


@dataclass(frozen=True)
class PersonKind:
    """Where a kind of person is kept. fields: what a file may say of the record itself, besides its codes.

    refused: SQL conditions on the record `t` under which it is not touched, with the reason.
    """

    table: str
    fields: tuple[str, ...]
    alive: str = "true"
    refused: tuple[tuple[str, Any], ...] = ()
    # SQL: ids of units other than the row's where the person `s.target_id` is now.
    elsewhere: str = ""
    elsewhere_reason: Any = ""


@dataclass
class Staged:
    """A cleaned file on its way: `rows` go to the stage, what is wrong stands in `cleaned.errors`."""

    cleaned: Cleaned
    asked: Asked
    raw: Any
    labels: Mapping[str, str]
    passed: list[int] = field(default_factory=list)
    last_row: int = 0
    warning: str = ""

    @property
    def given(self) -> set[str]:
        """Keys of the columns that the file has."""
        return set(self.raw.columns)


__all__ = ["NO", "STAGE", "YES", "Asked", "PersonKind", "Staged", "Year"]
