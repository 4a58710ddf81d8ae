from .classes import Enrolment, SchoolClass, SchoolMerge, Transfer, YearPromotion
from .exchange import (
    ErrorReport,
    IdentityBatch,
    IdentityCheck,
    MatchCandidate,
    MinistrySubmission,
    PersonMerge,
    SubjectRequest,
)
from .facilities import Equipment, InternetLine, Land, Room
from .people import Contact, PersonRecord, Student, StudentCharacteristic
from .results import YearResult
from .staff import Employment, Staff, TeachingAssignment

__all__ = [
    "Contact",
    "Employment",
    "Enrolment",
    "Equipment",
    "ErrorReport",
    "IdentityBatch",
    "IdentityCheck",
    "InternetLine",
    "Land",
    "MatchCandidate",
    "MinistrySubmission",
    "PersonMerge",
    "PersonRecord",
    "Room",
    "SchoolClass",
    "SchoolMerge",
    "Staff",
    "Student",
    "StudentCharacteristic",
    "SubjectRequest",
    "TeachingAssignment",
    "Transfer",
    "YearPromotion",
    "YearResult",
]
