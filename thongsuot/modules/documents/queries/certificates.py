"""Reads of certificates: what the actor may see, and which one a signer signed with at a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from ..models import SignerCertificate
from ..permissions import OWN, REGISTER, certificates_visible, is_own_staff
from ..types import CertificateState

SOON_DAYS = 60
# Units whose people have no record of staff.
OFFICES = ("department", "department_office", "commune", "commune_office")


def certificates(actor: Actor) -> QuerySet[SignerCertificate]:
    """All that the actor may see, soonest to end first."""
    return (
        SignerCertificate.objects.filter(certificates_visible(actor))
        .select_related("unit", "staff", "account")
        .defer("der")
    )


def usable_on(moment: datetime) -> Q:
    """Those that signed, or could have signed, at `moment`: approved, within their validity, not revoked by then."""
    return (
        Q(approved_at__lte=moment, valid_from__lte=moment, valid_to__gte=moment)
        & (Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment))
        & ~Q(state=CertificateState.REGISTERED)
    )


def can_sign_at(certificate: SignerCertificate, moment: datetime) -> bool:
    """`usable_on` of one row."""
    return (
        certificate.approved_at is not None
        and certificate.approved_at <= moment
        and certificate.valid_from <= moment <= certificate.valid_to
        and (certificate.revoked_at is None or certificate.revoked_at > moment)
        and certificate.state != CertificateState.REGISTERED
    )


def named_like(rows: QuerySet[SignerCertificate], folded: str) -> QuerySet[SignerCertificate]:
    """Rows whose signer's, or unit's, name holds the folded words."""
    return rows.filter(
        Q(staff__name_fold__contains=folded)
        | Q(unit__name_fold__contains=folded)
        | Q(holder__icontains=folded)
    )


def expiring(actor: Actor, *, now: datetime, days: int = SOON_DAYS) -> QuerySet[SignerCertificate]:
    """In use and ending within `days`, without a successor in use."""
    rows = certificates(actor).filter(usable_on(now), valid_to__lte=now + timedelta(days=days))
    return rows.exclude(renewals__state=CertificateState.APPROVED)


def certificate_for(
    *, staff: Any = None, unit: Any = None, account: Any = None, at: datetime
) -> SignerCertificate | None:
    """The certificate with which a person (`staff`; `account` of somebody without a record), or a unit by its seal
    (`unit`), signs at `at`; the newest of several.

    For signing and checking: callers have decided already that the actor may do so.
    """
    if [staff, unit, account].count(None) != 2:
        raise ValueError("a person or a unit")
    whose = Q(unit=unit, staff=None, account=None)
    if staff is not None:
        whose = Q(staff=staff)
    elif account is not None:
        whose = Q(account=account)
    return (
        SignerCertificate.objects.filter(whose, usable_on(at))
        .select_related("unit", "staff")
        .order_by("-valid_from", "-pk")
        .first()
    )


def position_at(staff: Any, day: date) -> str:
    """What the person was on `day`, in words ("Hiệu trưởng"); "" when not employed then.

    The worth of a personal signature rests on the appointment in force when it was made (QĐ 1789/QĐ-UBND Điều 7).
    """
    running = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    post = staff.employments.filter(running).order_by("-valid_from", "-pk").first()
    if post is None:
        return ""
    return registry.code_names("chuc_vu").get(post.position) or str(post.get_group_display())


def title_at(account_id: int, unit_id: int, day: date) -> str:
    """The same of somebody without a record of staff: by the appointment at the unit; "" when none is in force."""
    rows = organization.appointments_at(Actor.system(), unit_id, today=day).filter(user_id=account_id)
    row = rows.order_by("valid_from", "pk").last()
    return "" if row is None else row.title or str(row.get_role_display())


def registrable_accounts(actor: Actor, *, today: date | None = None) -> list[tuple[Any, Any]]:
    """(account, unit) of people of department and communes for whom the actor may register: by the unit's right, or
    oneself. Schools' people have a record of staff.
    """
    day = today or timezone.localdate()
    found: dict[tuple[int, int], tuple[Any, Any]] = {}
    units = organization.units_visible(actor).filter(kind__in=OFFICES)
    if not (actor.can(REGISTER) or actor.can(OWN)):
        return []
    for row in organization.appointments_in(units, today=day):
        if actor.can(REGISTER, row.unit_id) or (row.user_id == actor.user_id and actor.can(OWN, row.unit_id)):
            found[row.user_id, row.unit_id] = (row.user, row.unit)
    return sorted(found.values(), key=lambda one: (one[1].sort_key, one[0].full_name))


def registrable_staff(actor: Actor, *, today: date | None = None) -> QuerySet[Any]:
    """People for whom the actor may register a certificate: who work at units within reach, or the actor."""
    day = today or timezone.localdate()
    working = Q(employments__valid_from__lte=day) & (
        Q(employments__valid_to__isnull=True) | Q(employments__valid_to__gte=day)
    )
    found = is_own_staff(actor)
    if actor.can(REGISTER):
        reach = actor.reach_of(REGISTER)
        found |= Q() if reach is None else Q(unit_id__in=reach)
    people = SignerCertificate._meta.get_field("staff").related_model._default_manager
    return people.filter(found & working).distinct().order_by("sort_key", "pk")
