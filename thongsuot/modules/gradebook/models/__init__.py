from .locks import MarkLock, UnlockRequest
from .marks import Reassessment, SubjectMarks
from .pupils import Absence, PupilTraits, TermConduct, YearJudgement
from .results import PupilYear, SubjectResult
from .subjects import ClassSubject, RemarkPhrase

__all__ = [
    "Absence",
    "ClassSubject",
    "MarkLock",
    "PupilTraits",
    "PupilYear",
    "Reassessment",
    "RemarkPhrase",
    "SubjectMarks",
    "SubjectResult",
    "TermConduct",
    "UnlockRequest",
    "YearJudgement",
]
