"""What others may ask of the gradebook."""

from .grading import grade_document
from .rules import all_rules, programme, rules_of

__all__ = ["all_rules", "grade_document", "programme", "rules_of"]
