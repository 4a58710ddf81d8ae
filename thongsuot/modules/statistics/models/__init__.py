"""Models of the module, a file for each part."""

from .forms import FormVersion
from .periods import FrozenBatch, FrozenRow, ReportingPeriod
from .returns import Return, ReturnLog, ReturnReminder, ReturnVersion, VersionPart

__all__ = [
    "FormVersion",
    "FrozenBatch",
    "FrozenRow",
    "ReportingPeriod",
    "Return",
    "ReturnLog",
    "ReturnReminder",
    "ReturnVersion",
    "VersionPart",
]
