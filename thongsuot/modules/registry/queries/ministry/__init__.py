"""The ministry's layouts filled from the registry, and where each object stands on its way there."""

from .rows import KINDS, OutRows, layout_of, out_rows
from .standing import CHANGED, Standing, objects_with_state, standing_of, submissions

__all__ = [
    "CHANGED",
    "KINDS",
    "OutRows",
    "Standing",
    "layout_of",
    "objects_with_state",
    "out_rows",
    "standing_of",
    "submissions",
]
