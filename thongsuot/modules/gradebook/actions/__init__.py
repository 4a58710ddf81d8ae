"""What others may do with the gradebook."""

from .carrying import carry_books, carry_books_back, part_books
from .entering import enter_marks
from .erasing import erase_words, purge_words
from .inheriting import Inherited, inherit_anew, inherit_year, take_back_inherited
from .keeping import (
    AbsenceEntry,
    ConductEntry,
    TraitEntry,
    judge_year,
    record_absences,
    set_conduct,
    set_traits,
)
from .locking import ask_unlock, decide_unlock, lock_term, unlock_term
from .moving import move_books
from .opening import OpeningOutcome, open_class_subjects, set_regular_count, set_regular_counts
from .preferring import prefer_quick
from .publishing import publish_year_results, take_back_publication
from .reassessing import drop_phrase, keep_phrase, reassess
from .reorganizing import FOLLOWING as FOLLOWING_MERGERS
from .reorganizing import move_school_books
from .results import ComputingOutcome, compute_everywhere, compute_results
from .roll_calls import call_roll
from .rules import follow_rules, set_rules, withdraw_rules
from .summer import SummerCell, record_summer

__all__ = [
    "FOLLOWING_MERGERS",
    "AbsenceEntry",
    "ComputingOutcome",
    "ConductEntry",
    "Inherited",
    "OpeningOutcome",
    "SummerCell",
    "TraitEntry",
    "ask_unlock",
    "call_roll",
    "carry_books",
    "carry_books_back",
    "compute_everywhere",
    "compute_results",
    "decide_unlock",
    "drop_phrase",
    "enter_marks",
    "erase_words",
    "follow_rules",
    "inherit_anew",
    "inherit_year",
    "judge_year",
    "keep_phrase",
    "lock_term",
    "move_books",
    "move_school_books",
    "open_class_subjects",
    "part_books",
    "prefer_quick",
    "publish_year_results",
    "purge_words",
    "reassess",
    "record_absences",
    "record_summer",
    "set_conduct",
    "set_regular_count",
    "set_regular_counts",
    "set_rules",
    "set_traits",
    "take_back_inherited",
    "take_back_publication",
    "unlock_term",
    "withdraw_rules",
]
