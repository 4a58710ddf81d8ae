"""Words of an import of people that its declaration and its doing share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# What a cell of a characteristic says: none of them; it holds, without a code.
NO, YES = "-", "+"


@dataclass(frozen=True)
class Year:
    """The school year that a file is for."""

    id: int
    name: str
    starts_on: date
    ends_on: date

    def clamp(self, day: date) -> date:
        """The day of the year nearest to `day`."""
        return min(max(day, self.starts_on), self.ends_on)


@dataclass(frozen=True)
class Asked:
    """What the user said beside the file.

    units        {code of a school as files write it: id}: where rows may go
    unit_id      the one school of the file; None: each row names its own
    effective_on the day from which moves and other changes hold
    make_classes make classes that a row names and that are not there
    contacts     what of parents is kept: "none", "name" or "full"
    veiled       what records say of sensitive matters is not shown to whoever brings the file in
    """

    year: Year
    units: Mapping[str, int]
    unit_id: int | None
    effective_on: date
    make_classes: bool = False
    contacts: str = "name"
    veiled: bool = False
