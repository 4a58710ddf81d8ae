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
from .tally import AssignmentTally, ReminderSent
from .target import Target, TargetUnit, TargetValue

__all__ = [
    "Assignment",
    "AssignmentCoordinator",
    "AssignmentTally",
    "Difficulty",
    "Directive",
    "DirectiveRecipient",
    "ExtensionRequest",
    "Finding",
    "ObligationLog",
    "ProgressNote",
    "ReminderSent",
    "ReportObligation",
    "ReportingDuty",
    "Submission",
    "Target",
    "TargetUnit",
    "TargetValue",
    "WorkLog",
]
