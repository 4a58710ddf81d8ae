"""Files that can be imported: pupils, classes, staff, year results; answers of the population database and
of the ministry. Layouts lie in data/registry.
"""

from __future__ import annotations

from thongsuot.kit.importing.registry import register

from .classes import ClassImporter
from .identity_answers import IdentityAnswers
from .ministry_answers import ClassAnswers, StaffAnswers, StudentAnswers
from .people import ResultImporter, StaffImporter, StudentImporter

KINDS = (
    StudentImporter,
    ClassImporter,
    StaffImporter,
    ResultImporter,
    IdentityAnswers,
    StudentAnswers,
    StaffAnswers,
    ClassAnswers,
)


def register_all() -> None:
    for importer in KINDS:
        register(importer())
