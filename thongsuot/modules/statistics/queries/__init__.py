"""Reads of the module."""

from .computing import compute, compute_all
from .forms import check, form, form_version, form_versions, forms, message_of

__all__ = [
    "check",
    "compute",
    "compute_all",
    "form",
    "form_version",
    "form_versions",
    "forms",
    "message_of",
]
