"""The part of a merger that is the organisation's: sites, roles, and the unit itself. journeys.merge_schools calls it.

What has been stays with the old school; each write is noted in the ledger by which the merger is taken back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.audit.ledger import Ledger

from ..domain.roles import LEADING_ROLES
from ..models import Appointment, SchoolSite, Unit
from ..permissions import can_reorganize_units
from .units import UnitStillInUse


@dataclass(frozen=True)
class Ending:
    """A role that ends with the school. may_go_on: it could be taken along (a vice head)."""

    row: Appointment
    may_go_on: bool


@dataclass(frozen=True)
class AppointmentPlan:
    """moving: go on at the successor; ending: who led the old school (the successor has its own head) unless said
    otherwise, and who holds the role there already.
    """

    moving: tuple[Appointment, ...]
    ending: tuple[Ending, ...]


def _require(by: Actor, *units: Unit) -> None:
    if not can_reorganize_units(by, *units):
        raise NotAllowed(_("Anh/chị không có quyền sáp nhập, giải thể các trường này."))


def plan_appointments(
    *, by: Actor, gone: Unit, into: Unit | None, last_day: date, keep: Collection[int] = ()
) -> AppointmentPlan:
    """What becomes of the roles at `gone` after `last_day`; writes nothing. What was lent ends.

    keep: appointments of leading roles that go on all the same. Raises NotAllowed.
    """
    _require(by, *([gone, into] if into else [gone]))
    running = _running(Appointment.objects.filter(unit=gone, delegated_from=None), last_day)
    rows = list(running.select_related("user").order_by("role", "pk"))
    if into is None:
        return AppointmentPlan((), tuple(Ending(row, False) for row in rows))
    there = _running(Appointment.objects.filter(unit=into, delegated_from=None), last_day)
    held = set(there.values_list("user_id", "role"))
    moving, ending = [], []
    for row in rows:
        is_there = (row.user_id, row.role) in held
        if is_there or (row.role in LEADING_ROLES and row.pk not in keep):
            ending.append(Ending(row, not is_there))
        else:
            moving.append(row)
    return AppointmentPlan(tuple(moving), tuple(ending))


def _running(rows: QuerySet[Appointment], last_day: date) -> QuerySet[Appointment]:
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day))


@transaction.atomic
def carry_appointments(
    *,
    by: Actor,
    gone: Unit,
    into: Unit | None,
    last_day: date,
    reason: str,
    ledger: Ledger,
    keep: Collection[int] = (),
) -> AppointmentPlan:
    """End the roles at `gone` on `last_day`; let those of `plan_appointments` begin at `into` on the day after.

    Raises NotAllowed.
    """
    plan = plan_appointments(by=by, gone=gone, into=into, last_day=last_day, keep=keep)
    lent = _running(Appointment.objects.filter(unit=gone).exclude(delegated_from=None), last_day)
    first_day = last_day + timedelta(days=1)
    begun = [row for row in plan.moving if row.valid_from <= last_day]
    _end(lent, last_day, ledger)
    _end(Appointment.objects.filter(pk__in=[one.row.pk for one in plan.ending]), last_day, ledger)
    ledger.update(Appointment.objects.filter(pk__in=[row.pk for row in begun]), valid_to=last_day)
    if into is not None:
        new = [
            Appointment(
                user_id=row.user_id,
                role=row.role,
                unit=into,
                title=row.title,
                valid_from=first_day,
                valid_to=row.valid_to,
                reason=reason[:300],
            )
            for row in begun
        ]
        ledger.add(Appointment.objects.bulk_create(new))
        later = [row.pk for row in plan.moving if row.valid_from > last_day]
        ledger.update(Appointment.objects.filter(pk__in=later), unit_id=into.pk)
    return plan


def _end(rows: QuerySet[Appointment], last_day: date, ledger: Ledger) -> None:
    """What has begun ends; what was to begin later never does."""
    ledger.drop(rows.filter(valid_from__gt=last_day))
    ledger.update(rows.filter(valid_from__lte=last_day), valid_to=last_day)


@transaction.atomic
def carry_sites(
    *, by: Actor, gone: Unit, into: Unit | None, last_day: date, ledger: Ledger
) -> dict[int, int]:
    """The sites of `gone` become sites of `into` from the day after: {old key: new key}; without `into` they end.

    The main site of the old school is a further one of the new, under the old school's name. Raises NotAllowed.
    """
    _require(by, *([gone, into] if into else [gone]))
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=last_day)
    rows = list(SchoolSite.objects.filter(still, school_id=gone.pk).order_by("pk"))
    ledger.update(
        SchoolSite.objects.filter(pk__in=[row.pk for row in rows], valid_from__lte=last_day),
        valid_to=last_day,
    )
    if into is None:
        return {}
    taken = set(SchoolSite.objects.filter(school_id=into.pk).values_list("name", flat=True))
    new = []
    for row in rows:
        name = gone.name if row.is_main else row.name
        name = name if name not in taken else f"{row.name} ({gone.name})"
        taken.add(name)
        new.append(
            SchoolSite(
                school_id=into.pk,
                name=name[:160],
                address=row.address or (gone.address if row.is_main else ""),
                valid_from=last_day + timedelta(days=1),
            )
        )
    made = SchoolSite.objects.bulk_create(new)
    ledger.add(made)
    return {row.pk: site.pk for row, site in zip(rows, made, strict=True)}


@transaction.atomic
def end_unit(*, by: Actor, unit: Unit, on: date, ledger: Ledger) -> None:
    """A school that was merged or closed exists for the last time on `on`; its code stays its own.

    Raises NotAllowed, Refused (before it was founded), UnitStillInUse (units under it).
    """
    _require(by, unit)
    if on < unit.valid_from:
        raise Refused(_("Ngày giải thể sớm hơn ngày thành lập."))
    if unit.children.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).exists():
        raise UnitStillInUse(_("Còn đơn vị trực thuộc đang hoạt động."))
    ledger.update(Unit.objects.filter(pk=unit.pk), valid_to=on)
