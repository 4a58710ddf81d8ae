"""That the roll of a class was called: who wrote somebody absent has called it, so has who says that all are there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import Absence, RollCall
from ..permissions import can_write_absences
from ..types import BadValue, DaySession

MOST_LESSONS = 6
# A day, a session, a lesson (None: the whole session).
Called = tuple[date, str, int | None]


@transaction.atomic
def call_roll(
    *, by: Actor, school_class: Any, on: date, session: str, lesson: int | None = None, is_called: bool = True
) -> None:
    """Say that the roll was called, or take that back. Saying it twice keeps who said it first.

    Raises NotAllowed; BadValue: a day outside the school year or to come, or taken back where somebody is written absent.
    """
    if not can_write_absences(by, school_class):
        raise NotAllowed(_("Anh/chị không được điểm danh lớp này."))
    year, said = school_class.school_year, {"day": f"{on:%d/%m/%Y}"}
    if not year.starts_on <= on <= year.ends_on:
        raise BadValue(_("%(day)s không thuộc năm học.") % said, field="on")
    if on > timezone.localdate():
        raise BadValue(_("%(day)s chưa tới, chưa điểm danh được.") % said, field="on")
    if session not in DaySession.values or not (lesson is None or 1 <= lesson <= MOST_LESSONS):
        raise BadValue(_("Không có buổi, tiết này."), field="session")
    if is_called:
        note_roll_calls(by=by, school_class=school_class, called=[(on, session, lesson)])
        return
    place = {"school_class": school_class, "on": on, "session": session, "lesson": lesson}
    if Absence.objects.filter(**place).exists():
        raise BadValue(_("Buổi này đã ghi có em vắng: sửa các em đó trước."), field="session")
    RollCall.objects.filter(**place).delete()


def note_roll_calls(*, by: Actor, school_class: Any, called: Collection[Called]) -> None:
    """Inside the caller's transaction, which has asked whether the actor may. What was called already stays as it was."""
    at = timezone.now()
    RollCall.objects.bulk_create(
        [
            RollCall(
                unit_id=school_class.unit_id,
                school_class=school_class,
                on=on,
                session=session,
                lesson=lesson,
                called_by_id=by.user_id,
                called_at=at,
            )
            for on, session, lesson in sorted(set(called), key=str)
        ],
        ignore_conflicts=True,
    )
