"""The ministry's layouts filled from the registry, and where each object stands on its way there."""

from .rows import KINDS, OutRows, layout_of, out_rows
from .standing import Standing, standing_of, submissions

__all__ = ["KINDS", "OutRows", "Standing", "layout_of", "out_rows", "standing_of", "submissions"]
