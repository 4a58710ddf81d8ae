"""The weekly list to each school: how many cases wait, how many are late, and the way to them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..permissions import MEND
from ..queries.cases import open_by_unit


@transaction.atomic
def send_weekly_lists(*, by: Actor, today: date) -> int:
    """Tell those who mend at each unit with open cases; returns how many people were told.

    One statement for each different pair of numbers. Names nobody and no datum. For the system only.
    """
    if not by.is_system:
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    counts = open_by_unit(by, today=today)
    desks = organization.desk_users(MEND, counts, today=today)
    people: dict[tuple[int, int], set[int]] = defaultdict(set)
    for unit_id, users in desks.items():
        people[counts[unit_id]].update(users)
    told = 0
    for (total, late), told_people in sorted(people.items()):
        title = _("Tuần này: %(total)d lỗi dữ liệu chờ xử lý") % {"total": total}
        if late:
            title = _("Tuần này: %(total)d lỗi dữ liệu chờ xử lý, %(late)d đã quá hạn") % {
                "total": total,
                "late": late,
            }
        told += notify(
            recipients=told_people,
            kind="quality.weekly",
            title=title,
            url=f"{reverse('quality:case-list')}?state=open",
            by=by,
        )
    return told
