from .assignment import (
    Assignment,
    AssignmentCoordinator,
    Difficulty,
    ExtensionRequest,
    ProgressNote,
    Submission,
    WorkLog,
)
from .directive import Directive, DirectiveRecipient, Finding
from .reporting import ObligationLog, ReportingDuty, ReportObligation
from .target import Target, TargetUnit, TargetValue

__all__ = [
    "Assignment",
    "AssignmentCoordinator",
    "Difficulty",
    "Directive",
    "DirectiveRecipient",
    "ExtensionRequest",
    "Finding",
    "ObligationLog",
    "ProgressNote",
    "ReportObligation",
    "ReportingDuty",
    "Submission",
    "Target",
    "TargetUnit",
    "TargetValue",
    "WorkLog",
]
