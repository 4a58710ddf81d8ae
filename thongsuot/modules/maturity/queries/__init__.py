"""Reads of the module."""

from .assessments import assessment, assessments, fillable_units, own_assessments, story
from .overview import AreaRow, Moves, by_area, by_year, moves, past_levels, whole
from .register import (
    PublicLevel,
    appeal,
    appeals,
    decision,
    decisions,
    last_appeal_day,
    lines_of,
    published,
    published_years,
    recognition_of,
    register,
)
from .rounds import current_round, proposed_dates, round_of_year, rounds, years_without_round
from .rubrics import changes_of, current_rubrics, rubric_of, rubric_version, rubric_versions, rubrics_for
from .sheets import Line, Sheet, sheet
from .teams import possible_members, team, team_people, teams, visit, visits
from .waiting import schools_behind

__all__ = [
    "AreaRow",
    "Line",
    "Moves",
    "PublicLevel",
    "Sheet",
    "appeal",
    "appeals",
    "assessment",
    "assessments",
    "by_area",
    "by_year",
    "changes_of",
    "current_round",
    "current_rubrics",
    "decision",
    "decisions",
    "fillable_units",
    "last_appeal_day",
    "lines_of",
    "moves",
    "own_assessments",
    "past_levels",
    "possible_members",
    "proposed_dates",
    "published",
    "published_years",
    "recognition_of",
    "register",
    "round_of_year",
    "rounds",
    "rubric_of",
    "rubric_version",
    "rubric_versions",
    "rubrics_for",
    "schools_behind",
    "sheet",
    "story",
    "team",
    "team_people",
    "teams",
    "visit",
    "visits",
    "whole",
    "years_without_round",
]
