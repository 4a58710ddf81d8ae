from .cases import CaseEvent, QualityCase
from .scores import CheckRun, ProvinceScore, QualityScore, RuleSetting

__all__ = ["CaseEvent", "CheckRun", "ProvinceScore", "QualityCase", "QualityScore", "RuleSetting"]
