from .carried import CarriedYear
from .locks import MarkLock, UnlockRequest
from .marks import Reassessment, SubjectMarks
from .preferences import EntryPreference
from .pupils import Absence, PupilTraits, TermConduct, YearJudgement
from .results import Publication, PupilYear, SubjectResult
from .roll_calls import RollCall
from .rules import RulesVersion
from .subjects import ClassSubject, RemarkPhrase
from .timetable import Timetable, TimetableChange, TimetableEntry, TimetableSettings
from .timetable_publication import TimetableNotice, TimetablePublication

__all__ = [
    "Absence",
    "CarriedYear",
    "ClassSubject",
    "EntryPreference",
    "MarkLock",
    "Publication",
    "PupilTraits",
    "PupilYear",
    "Reassessment",
    "RemarkPhrase",
    "RollCall",
    "RulesVersion",
    "SubjectMarks",
    "SubjectResult",
    "TermConduct",
    "Timetable",
    "TimetableChange",
    "TimetableEntry",
    "TimetableNotice",
    "TimetablePublication",
    "TimetableSettings",
    "UnlockRequest",
    "YearJudgement",
]
