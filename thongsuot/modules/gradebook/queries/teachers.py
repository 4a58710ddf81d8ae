"""Who answers for each subject of a class at the end of its year: whoever taught it then."""

from __future__ import annotations

from datetime import date

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry.queries import Closing, closing_teachers

from ..models import ClassSubject


def subject_teachers(
    actor: Actor, class_id: int, *, ends_on: date, today: date
) -> dict[str, tuple[Closing, ...]]:
    """{code of the subject: its teachers at the end of the year}, those with the most lessons first; subjects that nobody
    taught are left out. Two statements."""
    found = closing_teachers(actor, [class_id], ends_on=ends_on, today=today)
    subjects = ClassSubject.objects.filter(school_class_id=class_id).order_by("position", "pk")
    by_code = {
        code: tuple(one for one in found if one.subject in {*taught_as, name})
        for code, name, taught_as in subjects.values_list("code", "name", "taught_as")
    }
    return {code: teachers for code, teachers in by_code.items() if teachers}
