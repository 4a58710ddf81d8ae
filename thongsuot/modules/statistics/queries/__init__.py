"""Reads of the module."""

from .computing import compute, compute_all
from .forms import check, form, form_version, form_versions, forms, message_of
from .warm import Stamp, runs, stamp, warm_cells, warm_figures

__all__ = [
    "Stamp",
    "check",
    "compute",
    "compute_all",
    "form",
    "form_version",
    "form_versions",
    "forms",
    "message_of",
    "runs",
    "stamp",
    "warm_cells",
    "warm_figures",
]
