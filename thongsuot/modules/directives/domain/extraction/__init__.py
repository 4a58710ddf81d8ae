"""What is in a Vietnamese administrative directive: header, tasks, targets, reporting duties. Rules, no
models."""

from .deadlines import Deadline, find_deadline, parse_deadline
from .extract import extract
from .findings import Duty, ExtractedDirective, Header, Source, Target, Task

__all__ = [
    "Deadline",
    "Duty",
    "ExtractedDirective",
    "Header",
    "Source",
    "Target",
    "Task",
    "extract",
    "find_deadline",
    "parse_deadline",
]
