"""Reads of certificates: what the actor may see, and which one a signer signed with at a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.registry import queries as registry

from ..models import SignerCertificate
from ..permissions import REGISTER, certificates_visible, is_own_staff
from ..types import CertificateState

SOON_DAYS = 60


def certificates(actor: Actor) -> QuerySet[SignerCertificate]:
    """All that the actor may see, soonest to end first."""
    return (
        SignerCertificate.objects.filter(certificates_visible(actor))
        .select_related("unit", "staff")
        .defer("der")
    )


def usable_on(moment: datetime) -> Q:
    """Those that signed, or could have signed, at `moment`: approved, within their validity, not revoked by then."""
    return (
        Q(approved_at__lte=moment, valid_from__lte=moment, valid_to__gte=moment)
        & (Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment))
        & ~Q(state=CertificateState.REGISTERED)
    )


def expiring(actor: Actor, *, now: datetime, days: int = SOON_DAYS) -> QuerySet[SignerCertificate]:
    """In use and ending within `days`, without a successor in use."""
    rows = certificates(actor).filter(usable_on(now), valid_to__lte=now + timedelta(days=days))
    return rows.exclude(renewals__state=CertificateState.APPROVED)


def certificate_for(*, staff: Any = None, unit: Any = None, at: datetime) -> SignerCertificate | None:
    """The certificate that a person (`staff`), or a unit by its seal (`unit`), signs with at `at`; the newest of several.

    For signing and checking: callers have decided already that the actor may do so.
    """
    if (staff is None) == (unit is None):
        raise ValueError("a person or a unit")
    whose = Q(staff=staff) if staff is not None else Q(unit=unit, staff=None)
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
