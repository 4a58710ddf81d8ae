"""Who is told of what happens to returns: the desk of the unit concerned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..models import ReportingPeriod, Return
from ..permissions import CONFIRM, REVIEW

KIND = "statistics.return"
REMINDER = "statistics.reminder"


def tell_frozen(*, by: Actor, period: ReportingPeriod, now: datetime) -> None:
    """Every desk that has something to confirm, once however many forms."""
    units = set(period.returns.order_by().values_list("unit_id", flat=True))
    notify(
        recipients=_desks(CONFIRM, units, now),
        kind=KIND,
        title=_("Đã chốt số liệu: %(period)s") % {"period": period.name},
        body=_("Hãy xem lại các biểu và xác nhận trước hạn."),
        url=reverse("statistics:return-list"),
        by=by,
    )


def tell_closed(*, by: Actor, period: ReportingPeriod, unit_ids: Collection[int], now: datetime) -> None:
    """The desks whose returns were not signed off when the period was closed."""
    notify(
        recipients=_desks(CONFIRM, unit_ids, now),
        kind=KIND,
        title=_("Đã khóa kỳ: %(period)s") % {"period": period.name},
        body=_("Biểu chưa được duyệt không gửi, không đính chính được nữa: %(reason)s")
        % {"reason": period.state_reason},
        url=reverse("statistics:period-detail", args=[period.public_id]),
        by=by,
    )


def _tell_above(*, by: Actor, one: Return, now: datetime) -> None:
    if one.to_unit_id is not None:
        _tell(by, one, _desks(REVIEW, {one.to_unit_id}, now), _("%(unit)s đã xác nhận biểu %(form)s"))


def _tell_unit(*, by: Actor, one: Return, said: str, now: datetime) -> None:
    """said: Vietnamese with places for unit and form."""
    _tell(by, one, _desks(CONFIRM, {one.unit_id}, now), said)


def _tell(by: Actor, one: Return, people: Collection[int], said: str) -> None:
    notify(
        recipients=people,
        kind=KIND,
        title=said % {"unit": one.unit.name, "form": one.form_code},
        body=one.note,
        url=reverse("statistics:return-detail", args=[one.public_id]),
        by=by,
    )


def _remind_people(*, by: Actor, people: Collection[int], count: int, late: int) -> int:
    if late:
        title = ngettext("%(n)d biểu thống kê quá hạn", "%(n)d biểu thống kê quá hạn", late) % {"n": late}
    else:
        title = ngettext("%(n)d biểu thống kê sắp đến hạn", "%(n)d biểu thống kê sắp đến hạn", count) % {
            "n": count
        }
    url = reverse("statistics:return-list")
    return notify(recipients=people, kind=REMINDER, title=title, url=url, by=by)


def _desks(right: str, unit_ids: Collection[int], now: datetime) -> set[int]:
    found = organization.desk_users(right, unit_ids, today=now.date())
    return {user for people in found.values() for user in people}
