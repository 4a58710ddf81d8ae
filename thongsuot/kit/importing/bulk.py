"""Importers that work on the whole file at once: in frames of text and in SQL, for any number of rows.

`Importer` plans row by row; what a province sends has half a million of them. A `BulkImporter` is given the rows of
the file as a frame and says itself what each would do; the life of a file, its pages and its command stay the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.importer import Importer
from thongsuot.kit.importing.models import ImportRun
from thongsuot.kit.importing.progress import Tells

if TYPE_CHECKING:
    import polars as pl

# A run keeps at most so many of its rows that went in without a question; those with something to read are all kept.
LISTED_ROWS = 20_000
# Of those of which there are more, so many are listed as examples.
SOME_ROWS = 500


@dataclass(frozen=True)
class Table:
    """raw: `row` and the text under each matched head. passed: numbers of rows that are no data.

    last_row: the number of the last row of the sheet.
    """

    raw: pl.DataFrame
    passed: list[int]
    last_row: int


class BulkImporter(Importer):
    """check, carry_out and take_back write the rows of the run themselves and give back its counts."""

    def check(self, run: ImportRun, table: Table, by: Actor, progress: Tells) -> dict[str, int]:
        """Dry run: writes rows of the run and nothing else."""
        raise NotImplementedError

    def carry_out(self, run: ImportRun, table: Table, by: Actor, progress: Tells) -> dict[str, int]:
        """Check anew and write, in the transaction of the caller."""
        raise NotImplementedError

    def take_back(self, run: ImportRun, by: Actor, progress: Tells) -> tuple[int, int]:
        """(records put back, records that have changed since and stay)."""
        raise NotImplementedError
