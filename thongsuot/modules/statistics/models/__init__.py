"""Models of the module, a file for each part."""

from .forecast import Forecast, ForecastLine, ForecastNorm, PastPupils
from .forms import FormVersion
from .kept import KeptForm
from .periods import FrozenBatch, FrozenRow, ReportingPeriod
from .population import Population
from .report import Report, ReportDue, ReportFigureNote, ReportReminder, ReportText, ReportVersion
from .reported import IndicatorSource, ReportedFigure
from .returns import Return, ReturnLog, ReturnReminder, ReturnVersion, VersionPart
from .warm import WarmChange, WarmLook, WarmRun, WarmStale, WarmTotal

__all__ = [
    "Forecast",
    "ForecastLine",
    "ForecastNorm",
    "FormVersion",
    "FrozenBatch",
    "FrozenRow",
    "IndicatorSource",
    "KeptForm",
    "PastPupils",
    "Population",
    "Report",
    "ReportDue",
    "ReportFigureNote",
    "ReportReminder",
    "ReportText",
    "ReportVersion",
    "ReportedFigure",
    "ReportingPeriod",
    "Return",
    "ReturnLog",
    "ReturnReminder",
    "ReturnVersion",
    "VersionPart",
    "WarmChange",
    "WarmLook",
    "WarmRun",
    "WarmStale",
    "WarmTotal",
]
