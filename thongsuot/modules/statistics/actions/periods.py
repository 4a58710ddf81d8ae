"""Opening a period and moving its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.postgres.isolation import act_as

from ..domain.form import Desk, Form
from ..models import ReportingPeriod
from ..permissions import MANAGE
from ..types import PeriodRefused, PeriodState
from .period_units import _add_returns


@transaction.atomic
def open_period(
    *,
    by: Actor,
    kind: str,
    name: str,
    school_year: Any,
    as_of: date,
    forms: Sequence[Form],
    due: Mapping[str, date],
    now: datetime,
) -> ReportingPeriod:
    """Open a period with these forms and make a return for every unit that fills one.

    due: last day of each desk ("school", "commune", "department"). Raises NotAllowed, PeriodRefused.
    """
    by.require(MANAGE)
    if not forms:
        raise PeriodRefused(_("Hãy chọn ít nhất một biểu."), field="forms")
    _check_days(as_of, due)
    if ReportingPeriod.objects.filter(kind=kind, as_of=as_of).exists():
        raise PeriodRefused(_("Đã mở kỳ này với cùng ngày chốt số liệu."), field="as_of")
    with act_as(Actor.system()):
        period = ReportingPeriod.objects.create(
            kind=kind,
            name=name.strip(),
            school_year=school_year,
            as_of=as_of,
            forms=[form.code for form in forms],
            definitions={form.code: dict(form.data) for form in forms},
            opened_by_id=by.user_id,
            opened_at=now,
            **_days(due),
        )
        _add_returns(period=period, forms=forms)
    return period


@transaction.atomic
def change_days(*, by: Actor, period: ReportingPeriod, due: Mapping[str, date]) -> ReportingPeriod:
    """Move the last days of a period; reminders follow. What was frozen stays. Raises NotAllowed, PeriodRefused."""
    by.require(MANAGE)
    row = ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if row.state == PeriodState.CLOSED:
        raise PeriodRefused(_("Kỳ này đã khóa."))
    _check_days(row.as_of, due)
    with act_as(Actor.system()):
        for field, day in _days(due).items():
            setattr(row, field, day)
        row.save(update_fields=list(_days(due)))
        for desk in Desk:
            row.returns.filter(unit__kind=desk.value).update(due_on=due[desk.value])
    return row


def _days(due: Mapping[str, date]) -> dict[str, date]:
    return {f"{desk.value}_due_on": due[desk.value] for desk in Desk}


def _check_days(as_of: date, due: Mapping[str, date]) -> None:
    before = as_of
    for desk in Desk:
        if due[desk.value] < before:
            said = _(
                "Hạn của trường, của xã, của Sở phải lần lượt sau nhau và không trước ngày chốt số liệu."
            )
            raise PeriodRefused(said, field=f"{desk.value}_due_on")
        before = due[desk.value]
