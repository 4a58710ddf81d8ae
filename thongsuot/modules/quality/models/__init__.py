from .cases import CaseEvent, QualityCase
from .scores import CheckRun, QualityScore, RuleSetting

__all__ = ["CaseEvent", "CheckRun", "QualityCase", "QualityScore", "RuleSetting"]
