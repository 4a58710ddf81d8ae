"""Reads of statistics: the door for other modules."""

from .warm import Stamp, runs, stamp, warm_cells, warm_figures

__all__ = ["Stamp", "runs", "stamp", "warm_cells", "warm_figures"]
