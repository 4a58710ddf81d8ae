"""What others may ask of the gradebook."""

from .books import level_of, lock_state
from .family import own_year
from .grading import grade_document
from .grid import MyClasses, class_grid, class_subject, class_subjects, my_classes, phrases
from .history import mark_history
from .progress import ProgressLine, Suspicion, locks, progress, suspicions, unlock_requests
from .records import class_records, pupil_year, record_of_leaver
from .rules import all_rules, file_rules, programme, read_rules, rules_of
from .stale import open_units, stale_units
from .teachers import subject_teachers
from .words import TRAITS, name_of

__all__ = [
    "TRAITS",
    "MyClasses",
    "ProgressLine",
    "Suspicion",
    "all_rules",
    "class_grid",
    "class_records",
    "class_subject",
    "class_subjects",
    "file_rules",
    "grade_document",
    "level_of",
    "lock_state",
    "locks",
    "mark_history",
    "my_classes",
    "name_of",
    "open_units",
    "own_year",
    "phrases",
    "programme",
    "progress",
    "pupil_year",
    "read_rules",
    "record_of_leaver",
    "rules_of",
    "stale_units",
    "subject_teachers",
    "suspicions",
    "unlock_requests",
]
