"""Reads of statistics: the door for other modules."""

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

__all__ = [
    "Blocks",
    "below",
    "difference",
    "figures_with_notes",
    "may_sign",
    "may_write",
    "register_report_part",
    "report",
    "report_document",
    "report_file",
    "report_template",
    "reports",
    "template_of",
    "texts_of",
    "version",
    "versions",
    "writable_units",
]
