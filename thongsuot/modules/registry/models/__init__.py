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
from .family import FamilyCode, FamilyCodeTry
from .journeys import Completion, Graduation, PersonSplit, RegistryFact
from .people import Contact, PersonRecord, Student, StudentCharacteristic
from .results import YearResult
from .staff import Employment, Staff, TeachingAssignment

__all__ = [
    "Completion",
    "Contact",
    "Employment",
    "Enrolment",
    "Equipment",
    "ErrorReport",
    "FamilyCode",
    "FamilyCodeTry",
    "Graduation",
    "IdentityBatch",
    "IdentityCheck",
    "InternetLine",
    "Land",
    "MatchCandidate",
    "MinistrySubmission",
    "PersonMerge",
    "PersonRecord",
    "PersonSplit",
    "RegistryFact",
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
