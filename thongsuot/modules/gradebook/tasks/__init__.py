"""What runs in the background: ids in, one action out."""

from .results import compute_step, new_results, stale_results
from .rules import ask_to_follow, follow_step
from .timetables import ask_to_solve, solve_timetable, solving_of

__all__ = [
    "ask_to_follow",
    "ask_to_solve",
    "compute_step",
    "follow_step",
    "new_results",
    "solve_timetable",
    "solving_of",
    "stale_results",
]
