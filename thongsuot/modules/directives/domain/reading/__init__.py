"""Reading a directive's file into lines and tables: Word, PDF with a text layer, plain text and Markdown."""

from .document import Cell, Line, ReadDocument, Row, Table, UnreadableFile
from .files import read_file

__all__ = ["Cell", "Line", "ReadDocument", "Row", "Table", "UnreadableFile", "read_file"]
