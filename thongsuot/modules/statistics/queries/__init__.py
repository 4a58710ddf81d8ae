"""Reads of the module."""

from .computing import compute, compute_all
from .forms import check, form, form_version, form_versions, forms, message_of
from .report_document import Blocks, report_document, report_file
from .report_parts import register_report_part
from .report_rows import figure_now, indicator_of, line_key, openable, report_rows
from .report_templates import report_template
from .reports import (
    below,
    difference,
    due_dates,
    figures_with_notes,
    may_return,
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
    "due_dates",
    "figure_now",
    "figures_with_notes",
    "form",
    "form_version",
    "form_versions",
    "forms",
    "indicator_of",
    "line_key",
    "may_return",
    "may_sign",
    "may_write",
    "message_of",
    "openable",
    "register_report_part",
    "report",
    "report_document",
    "report_file",
    "report_rows",
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
