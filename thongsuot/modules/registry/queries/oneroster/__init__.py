"""The registry in the words of OneRoster 1.2: whole as CSV files, in pages for the REST binding."""

from .files import write_files
from .pages import Found, Page, one_row, roles_of, rows_of, total_of
from .resources import RESOURCES
from .scope import Scope, scope_of

__all__ = [
    "RESOURCES",
    "Found",
    "Page",
    "Scope",
    "one_row",
    "roles_of",
    "rows_of",
    "scope_of",
    "total_of",
    "write_files",
]
