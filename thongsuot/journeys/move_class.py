"""A pupil changes class inside the school: the spell, and what the books hold of the year. One transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import acting
from thongsuot.modules.gradebook.actions import move_books
from thongsuot.modules.registry import actions as registry


@transaction.atomic
def move_class(*, by: Actor, student: Any, to_class: Any, on: date) -> Any:
    """From `on` the pupil sits in another class of the same school and year, with marks, conduct, traits and the year's
    judgements. Returns the spell there. Raises NotAllowed, WrongClass, BadValue, StateConflict.
    """
    with acting(by, reason=_("Chuyển lớp")):
        spell = registry.move_class(by=by, student=student, to_class=to_class, on=on)
        move_books(by=by, student=student, to_class=to_class)
    return spell
