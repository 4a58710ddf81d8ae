"""Reads of the module."""

from .computing import compute, compute_all
from .forms import check, form, form_version, form_versions, forms, message_of
from .report_document import Blocks, report_document, report_file
from .report_parts import register_report_part
from .report_templates import report_template
from .reports import (
    below,
    difference,
    figures_with_notes,
    may_sign,
    may_write,
    report,
    reports,
    template_of,
    texts_of,
    version,
    versions,
    writable_units,
)
from .warm import Stamp, runs, stamp, warm_cells, warm_figures

__all__ = [
    "Blocks",
    "Stamp",
    "below",
    "check",
    "compute",
    "compute_all",
    "difference",
    "figures_with_notes",
    "form",
    "form_version",
    "form_versions",
    "forms",
    "may_sign",
    "may_write",
    "message_of",
    "register_report_part",
    "report",
    "report_document",
    "report_file",
    "report_template",
    "reports",
    "runs",
    "stamp",
    "template_of",
    "texts_of",
    "version",
    "versions",
    "warm_cells",
    "warm_figures",
    "writable_units",
]
