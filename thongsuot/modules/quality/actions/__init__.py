"""Writes of the quality of data."""

from .cases import assign_cases, claim_many, claim_mended, explain_case, mend_case, take_case, take_cases
from .rules import set_rule, set_thresholds
from .running import run_checks, units_to_check
from .telling import send_weekly_lists

__all__ = [
    "assign_cases",
    "claim_many",
    "claim_mended",
    "explain_case",
    "mend_case",
    "run_checks",
    "send_weekly_lists",
    "set_rule",
    "set_thresholds",
    "take_case",
    "take_cases",
    "units_to_check",
]
