"""Pupils of one class who bear the same name, told apart by the day of birth."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _


def namesakes(pupils: Iterable[Any]) -> dict[int, str]:
    """pupil -> "sinh 03/02/2015", of those whose name somebody else of the class bears too.

    A pupil has `student_id`, `name` and `birth_date`; one without a day of birth has no note.
    """
    pupils = list(pupils)
    number = Counter(one.name for one in pupils)
    return {
        one.student_id: _("sinh %(day)s") % {"day": f"{one.birth_date:%d/%m/%Y}"}
        for one in pupils
        if number[one.name] > 1 and one.birth_date is not None
    }
