"""Giving, lending and taking back roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused

from ..domain.roles import ROLES
from ..models import Appointment, Unit
from ..permissions import may_appoint


class NotHeldHere(Refused):
    """The role is not held at such a unit (a principal at a commune)."""

    code = "role_not_held_here"


class AlreadyAppointed(Refused):
    code = "already_appointed"


class BadPeriod(Refused):
    code = "bad_period"


class NotDelegable(Refused):
    """A right that one does not hold, or that must not be lent on."""

    code = "not_delegable"


class DelegationTooLong(Refused):
    """A delegation may not outlast the appointment that it lends from."""

    code = "delegation_too_long"


@transaction.atomic
def appoint(
    *,
    by: Actor,
    user: User,
    role: str,
    unit: Unit,
    valid_from: date,
    valid_to: date | None = None,
    title: str = "",
    reason: str = "",
) -> Appointment:
    """`user` holds `role` at `unit` from `valid_from` to `valid_to` (both days counted; None: until ended).

    Raises NotAllowed (not among the roles that `by` may give there, or to oneself), NotHeldHere, BadPeriod,
    AlreadyAppointed (the same role at the same unit on one of those days).
    """
    if not may_appoint(by, role, unit.pk) or (by.user_id is not None and by.user_id == user.pk):
        raise NotAllowed(_("Anh/chị không được phân công vai trò này tại đơn vị này."))
    if unit.kind not in ROLES[role].held_at:
        raise NotHeldHere(
            _("Vai trò “%(role)s” không giữ tại loại đơn vị này.") % {"role": _(ROLES[role].name)}
        )
    _check_period(valid_from, valid_to)
    if unit.valid_to is not None and unit.valid_to < valid_from:
        raise BadPeriod(_("Đơn vị đã ngừng hoạt động trước ngày bắt đầu."))
    same = Appointment.objects.filter(user=user, role=role, unit=unit, delegated_from__isnull=True)
    if same.filter(_overlaps(valid_from, valid_to)).exists():
        raise AlreadyAppointed(_("Người này đã giữ vai trò này tại đơn vị trong thời gian đó."))
    return Appointment.objects.create(
        user=user, role=role, unit=unit, title=title, valid_from=valid_from, valid_to=valid_to, reason=reason
    )


@transaction.atomic
def end_appointment(*, by: Actor, appointment: Appointment, on: date, reason: str = "") -> None:
    """The appointment holds for the last time on `on`; what was lent from it ends with it.

    One may always give back what was lent to oneself, or take back what one lent. Raises NotAllowed,
    BadPeriod.
    """
    lent_by_me = appointment.delegated_from is not None and by.user_id in (
        appointment.user_id,
        appointment.delegated_from.user_id,
    )
    if not lent_by_me and not may_appoint(by, appointment.role, appointment.unit_id):
        raise NotAllowed(_("Anh/chị không được kết thúc phân công này."))
    if on < appointment.valid_from:
        raise BadPeriod(_("Ngày kết thúc sớm hơn ngày bắt đầu."))
    if appointment.valid_to is not None and appointment.valid_to < on:
        raise BadPeriod(_("Phân công này đã kết thúc trước ngày đó."))
    _end([appointment.pk], on, reason)


def _end(ids: list[int], on: date, reason: str) -> None:
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    Appointment.objects.filter(still, pk__in=ids).update(
        valid_to=on, **({"reason": reason} if reason else {})
    )
    lent = Appointment.objects.filter(still, delegated_from__in=ids)
    # One lent for later only never begins: one day is the least a period can be.
    lent.filter(valid_from__gt=on).delete()
    lent.update(valid_to=on)


@transaction.atomic
def delegate(
    *,
    by: Actor,
    appointment_id: int,
    to: User,
    rights: frozenset[str],
    valid_from: date,
    valid_to: date,
    reason: str,
    today: date,
) -> Appointment:
    """Uỷ quyền: `to` may use `rights` of the actor's own appointment from `valid_from` to `valid_to`, both
    days counted.

    Only one's own appointment in force, never one that was itself lent; never longer than it. `reason` is
    the paper or the cause. Raises NotAllowed, NotDelegable, BadPeriod, DelegationTooLong, AlreadyAppointed.
    """
    if by.user_id is None:
        raise NotAllowed(_("Chỉ người giữ phân công mới uỷ quyền được."))
    own = (
        Appointment.objects.select_related("unit")
        .filter(pk=appointment_id, user_id=by.user_id, delegated_from__isnull=True)
        .first()
    )
    if own is None or not _holds(own, today) or "organization.delegate" not in ROLES[own.role].rights:
        raise NotAllowed(_("Anh/chị không có phân công này để uỷ quyền."))
    if to.pk == by.user_id:
        raise NotDelegable(_("Không thể uỷ quyền cho chính mình."))
    if not rights or not rights <= ROLES[own.role].delegable_rights:
        raise NotDelegable(_("Chỉ uỷ được quyền mà anh/chị đang có và được phép uỷ."))
    _check_period(valid_from, valid_to)
    if valid_from < today:
        raise BadPeriod(_("Uỷ quyền không có hiệu lực lùi về trước."))
    if own.valid_to is not None and valid_to > own.valid_to:
        raise DelegationTooLong(
            _("Uỷ quyền không được dài hơn phân công của anh/chị (đến %(day)s).")
            % {"day": f"{own.valid_to:%d/%m/%Y}"}
        )
    if not reason.strip():
        raise Refused(_("Cần ghi căn cứ hoặc lý do uỷ quyền."))
    if own.delegations.filter(_overlaps(valid_from, valid_to), user=to).exists():
        raise AlreadyAppointed(_("Người này đang được uỷ quyền trong thời gian đó."))
    return Appointment.objects.create(
        user=to,
        role=own.role,
        unit=own.unit,
        title=own.title,
        valid_from=valid_from,
        valid_to=valid_to,
        delegated_from=own,
        lent_rights=sorted(rights),
        reason=reason.strip(),
    )


@dataclass(frozen=True)
class HandOver:
    """What was ended and what was begun, for the minutes of the hand-over and for the work that follows
    it.
    """

    ended: tuple[Appointment, ...]
    begun: tuple[Appointment, ...]


@transaction.atomic
def hand_over(
    *,
    by: Actor,
    from_user: User,
    to_user: User | None,
    unit: Unit,
    on: date,
    reason: str = "",
) -> HandOver:
    """Someone leaves `unit`: their appointments there hold for the last time on `on`; `to_user` takes them
    up the day after.

    to_user None: nobody yet. Roles that `to_user` already holds there are not given twice; what was lent
    from the ended ones ends. The open work itself is moved by the journey of the same name. Raises
    NotAllowed,
    Refused.
    """
    held = list(
        Appointment.objects.filter(
            _overlaps(on, None), user=from_user, unit=unit, delegated_from__isnull=True
        )
        .filter(valid_from__lte=on)
        .select_related("unit")
        .order_by("id")
    )
    if not held:
        raise Refused(_("Người này không có phân công nào tại đơn vị vào ngày đó."))
    if to_user is not None and to_user.pk == from_user.pk:
        raise Refused(_("Người nhận phải khác người bàn giao."))
    begun = []
    for appointment in held:
        if not may_appoint(by, appointment.role, unit.pk):
            raise NotAllowed(_("Anh/chị không được bàn giao vai trò này."))
        if to_user is not None:
            begun += _take_up(by, appointment, to_user, on + timedelta(days=1), reason)
    _end([appointment.pk for appointment in held], on, reason)
    return HandOver(tuple(held), tuple(begun))


def _take_up(by: Actor, left: Appointment, to_user: User, start: date, reason: str) -> list[Appointment]:
    valid_to = left.valid_to if left.valid_to is not None and left.valid_to >= start else None
    try:
        return [
            appoint(
                by=by,
                user=to_user,
                role=left.role,
                unit=left.unit,
                valid_from=start,
                valid_to=valid_to,
                title=left.title,
                reason=reason,
            )
        ]
    except AlreadyAppointed:
        return []


def _check_period(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < valid_from:
        raise BadPeriod(_("Ngày kết thúc sớm hơn ngày bắt đầu."))


def _overlaps(start: date, end: date | None) -> Q:
    begins = Q() if end is None else Q(valid_from__lte=end)
    return begins & (Q(valid_to__isnull=True) | Q(valid_to__gte=start))


def _holds(appointment: Appointment, day: date) -> bool:
    return appointment.valid_from <= day and (appointment.valid_to is None or day <= appointment.valid_to)
