from .assessment import Answer, Assessment, AssessmentLog, Evidence, FrozenFigure
from .external import ExternalScore, Team, TeamMember, Visit
from .recognition import Appeal, Decision, Recognition
from .rubric import MaturityRound, ReminderMark, RubricVersion

__all__ = [
    "Answer",
    "Appeal",
    "Assessment",
    "AssessmentLog",
    "Decision",
    "Evidence",
    "ExternalScore",
    "FrozenFigure",
    "MaturityRound",
    "Recognition",
    "ReminderMark",
    "RubricVersion",
    "Team",
    "TeamMember",
    "Visit",
]
