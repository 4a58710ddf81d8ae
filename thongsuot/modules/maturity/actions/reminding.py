"""Reminders of the round's dates: one message a person, none twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..domain.calendar import remind_step
from ..models import Assessment, MaturityRound, ReminderMark
from ..permissions import ASSESS, FILL, FORWARD
from ..queries.rounds import rounds
from ..queries.waiting import schools_behind
from ..types import AssessmentState

KIND = "maturity.reminder"


@transaction.atomic
def send_reminders(*, by: Actor, today: date) -> int:
    """Remind schools that have not handed in, communes that hold assessments, teams that have not concluded: 14, 7, 3 and 1
    days ahead, on the day, and the day after. Returns the number of people told. Raises NotAllowed.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống tự làm."))
    told = 0
    for round in rounds().filter(external_due_on__gte=date(today.year, 1, 1)):
        told += _remind(by, round, "self", round.self_due_on, today)
        told += _remind(by, round, "forward", round.forward_due_on, today)
        told += _remind(by, round, "external", round.external_due_on, today)
    return told


def _remind(by: Actor, round: MaturityRound, what: str, due_on: date, today: date) -> int:
    step = remind_step(due_on, today)
    if step is None:
        return 0
    _mark, new = ReminderMark.objects.get_or_create(
        round=round, what=what, step=step, defaults={"sent_on": today}
    )
    if not new:
        return 0
    people = _people(round, what, today)
    return notify(
        recipients=people,
        kind=KIND,
        title=_words(what) % {"day": f"{due_on:%d/%m/%Y}"},
        url=reverse("maturity:assessment-list"),
        by=by,
    )


def _words(what: str) -> str:
    return {
        "self": _("Tự đánh giá chuyển đổi số: hạn nộp %(day)s"),
        "forward": _("Còn phiếu chuyển đổi số chờ xã gửi Sở, hạn %(day)s"),
        "external": _("Còn phiếu chuyển đổi số chưa có kết luận, hạn %(day)s"),
    }[what]


def _people(round: MaturityRound, what: str, today: date) -> Iterable[int]:
    if what == "self":
        return _desks(FILL, schools_behind(round, today=today), today)
    rows = Assessment.objects.filter(round=round)
    if what == "forward":
        held = rows.filter(state=AssessmentState.SUBMITTED)
        return _desks(FORWARD, held.values_list("unit__parent_id", flat=True).distinct(), today)
    open_ = rows.filter(state__in=(AssessmentState.FORWARDED, AssessmentState.EXTERNAL))
    members = set(open_.exclude(team=None).values_list("team__members__user_id", flat=True))
    if open_.filter(team=None).exists():
        department = organization.department_id()
        members |= set(_desks(ASSESS, [department] if department else [], today))
    return members - {None}


def _desks(right: str, unit_ids: Iterable[int | None], today: date) -> set[int]:
    desks = organization.desk_users(right, [pk for pk in unit_ids if pk is not None], today=today)
    return {user for people in desks.values() for user in people}
