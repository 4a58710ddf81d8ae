from .population import Population
from .reported import IndicatorSource, ReportedFigure
from .warm import WarmLook, WarmRun, WarmStale, WarmTotal

__all__ = [
    "IndicatorSource",
    "Population",
    "ReportedFigure",
    "WarmLook",
    "WarmRun",
    "WarmStale",
    "WarmTotal",
]
