"""Targets: bound to an indicator, or reported with evidence and approved above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.indicators import registry
from thongsuot.kit.notify.actions import notify
from thongsuot.modules.organization import queries as organization

from ..domain.target_values import same_measure
from ..models import Target, TargetUnit, TargetValue
from ..permissions import acts_for, can_approve_value, can_manage_target, can_report_value
from ..types import TargetValueState
from .locking import person


class NoSuchIndicator(Refused):
    code = "no_such_indicator"


class BadValue(Refused):
    """A share above 100 %, a denominator of nothing, a day that has not come."""

    code = "bad_value"


class ValueDecided(Refused):
    """Somebody has decided on the value already."""

    code = "value_decided"


@dataclass(frozen=True)
class ReportedFigure:
    """What a unit says: a value, or the two numbers it comes from (then the value is computed)."""

    as_of: date
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@transaction.atomic
def create_target(
    *, by: Actor, owner_unit: Any, directive: Any, unit_ids: Iterable[int], **fields: Any
) -> Target:
    """A target given to units; `fields` are those of the model (text, operator, value, measure, period,
    due_on).

    Raises NotAllowed unless the actor may confirm for `owner_unit`.
    """
    if not acts_for(by, "directives.confirm", owner_unit):
        raise NotAllowed(_("Anh/chị không được giao chỉ tiêu thay đơn vị này."))
    target = Target.objects.create(owner_unit=owner_unit, directive=directive, **fields)
    TargetUnit.objects.bulk_create(
        [TargetUnit(target=target, unit_id=unit, owner_unit=owner_unit) for unit in sorted(set(unit_ids))]
    )
    return target


@transaction.atomic
def bind_indicator(*, by: Actor, target: Target, code: str) -> Target:
    """Tie the target to an indicator, whose live value then answers for it; an empty code unties. Values
    already reported are kept. Raises NotAllowed, NoSuchIndicator, BadValue (a share for what is given in numbers, or the
    other way round).
    """
    if not can_manage_target(by, target):
        raise NotAllowed(_("Chỉ đơn vị giao chỉ tiêu mới gắn được chỉ số."))
    indicator = registry.get(code)
    if code and indicator is None:
        raise NoSuchIndicator(_("Không có chỉ số “%(code)s”.") % {"code": code})
    if indicator is not None and not same_measure(target.measure, indicator.unit):
        said = {"name": indicator.name, "unit": indicator.unit or "–", "measure": target.measure or "–"}
        raise BadValue(
            _("Chỉ số “%(name)s” tính bằng %(unit)s, chỉ tiêu giao bằng %(measure)s: không so sánh được.")
            % said
        )
    target.indicator_code = code
    target.save(update_fields=["indicator_code"])
    return target


def _value_of(figure: ReportedFigure, target: Target) -> Decimal:
    """The value, computed where both numbers are there; percent half up to two decimals."""
    if figure.denominator is not None and figure.numerator is not None:
        if figure.denominator <= 0:
            raise BadValue(_("Mẫu số phải lớn hơn 0."))
        if figure.numerator < 0:
            raise BadValue(_("Tử số không được âm."))
        if target.measure == "%" and figure.numerator > figure.denominator:
            raise BadValue(_("Tử số lớn hơn mẫu số: tỷ lệ không thể quá 100%."))
        factor = 100 if target.measure == "%" else 1
        return (figure.numerator * factor / figure.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if figure.value is None:
        raise BadValue(_("Cần nhập giá trị, hoặc cả tử số và mẫu số."))
    if target.measure == "%" and not 0 <= figure.value <= 100:
        raise BadValue(_("Tỷ lệ phải từ 0 đến 100%."))
    return figure.value


@transaction.atomic
def report_value(
    *,
    by: Actor,
    target: Target,
    unit: Any,
    figure: ReportedFigure,
    now: datetime,
    file: Any = None,
    link: str = "",
    note: str = "",
) -> TargetValue:
    """A unit reports where it stands, with evidence (a file or a link), to the unit above it.

    Where the target is bound to an indicator nothing is asked. Raises NotAllowed, BadValue.
    """
    if not can_report_value(by, unit) or not target.units.filter(unit=unit).exists():
        raise NotAllowed(_("Chỉ tiêu này không giao cho đơn vị của anh/chị."))
    if target.indicator_code:
        raise BadValue(_("Chỉ tiêu này lấy số từ dữ liệu, không phải nhập."))
    if figure.as_of > now.date():
        raise BadValue(_("Ngày tính số liệu chưa tới."))
    if file is None and not link:
        raise BadValue(_("Cần minh chứng: một tệp hoặc một liên kết."))
    # A commune's schools are approved by their commune; others by whoever gave the target.
    above = unit.parent_id if unit.kind == "school" and unit.parent_id else target.owner_unit_id
    made = TargetValue.objects.create(
        target=target,
        unit=unit,
        approver_unit_id=above,
        as_of=figure.as_of,
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=_value_of(figure, target),
        note=note.strip(),
        file=file,
        link=link,
        reported_by_id=person(by=by),
        reported_at=now,
    )
    title = _("%(unit)s báo cáo số liệu chỉ tiêu, chờ duyệt") % {"unit": unit.name}
    desk = organization.desk_users("directives.approve_value", [above], today=now.date()).get(above, [])
    _tell(by, made, desk, title)
    return made


def _tell(by: Actor, value: TargetValue, people: Iterable[int], title: str) -> None:
    url = reverse("directives:target-detail", args=[value.target.public_id])
    notify(recipients=people, kind="directives.reports", title=title, body=value.target.text, url=url, by=by)


def _decide(by: Actor, value: TargetValue, state: str, note: str, now: datetime) -> TargetValue:
    row = TargetValue.objects.select_for_update(of=("self",)).get(pk=value.pk)
    if not can_approve_value(by, row):
        raise NotAllowed(_("Chỉ cấp trên của đơn vị mới duyệt được số liệu này."))
    if row.state != TargetValueState.SUBMITTED:
        raise ValueDecided(
            _("Số liệu này đã có người quyết định: %(state)s.") % {"state": row.get_state_display()}
        )
    row.state, row.decision_note, row.decided_by_id, row.decided_at = state, note.strip(), by.user_id, now
    row.save(update_fields=["state", "decision_note", "decided_by", "decided_at"])
    approved = state == TargetValueState.APPROVED
    _tell(by, row, [row.reported_by_id], _("Số liệu đã được duyệt") if approved else _("Số liệu bị trả lại"))
    return row


@transaction.atomic
def approve_value(*, by: Actor, value: TargetValue, now: datetime, note: str = "") -> TargetValue:
    """Take the reported value as the unit's. Raises NotAllowed, ValueDecided."""
    return _decide(by, value, TargetValueState.APPROVED, note, now)


@transaction.atomic
def return_value(*, by: Actor, value: TargetValue, reason: str, now: datetime) -> TargetValue:
    """Send the reported value back with a reason. Raises NotAllowed, ValueDecided, BadValue (no reason)."""
    if not reason.strip():
        raise BadValue(_("Cần ghi lý do trả lại."))
    return _decide(by, value, TargetValueState.RETURNED, reason, now)
