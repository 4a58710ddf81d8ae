"""Files that can be imported: pupils, classes, staff; files of results are checked. Layouts lie in data/registry."""

from __future__ import annotations

from thongsuot.kit.importing.registry import register

from .classes import ClassImporter
from .people import ResultImporter, StaffImporter, StudentImporter


def register_all() -> None:
    for importer in (StudentImporter, ClassImporter, StaffImporter, ResultImporter):
        register(importer())
