"""The registry in the words of OneRoster 1.2: whole as CSV files, in pages for the REST binding."""

from .files import write_files
from .pages import Page, count_and_rows, one_row
from .resources import RESOURCES, Scope, scope_of

__all__ = ["RESOURCES", "Page", "Scope", "count_and_rows", "one_row", "scope_of", "write_files"]
