"""Who may see and keep certificates, sign with them, see what was signed. About one, and as a filter; a test holds them equal.

A school's office and head keep those of the school's people and its seal; everybody else sees their own.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor

from .models import DocumentSigning, SignerCertificate

VIEW, REGISTER, APPROVE = (
    "documents.view_certificates",
    "documents.register_certificates",
    "documents.approve_certificates",
)
OWN, USE_SEAL = "documents.own_certificate", "documents.use_seal"
NOTHING = Q(pk__in=[])


def certificates_visible(actor: Actor) -> Q:
    """Certificates of units within reach, and one's own."""
    found = NOTHING
    if actor.is_system or actor.can(VIEW):
        reach = actor.reach_of(VIEW)
        found = Q() if reach is None else Q(unit_id__in=reach)
        if reach is None:
            return found
    if actor.user_id is not None and actor.can(OWN):
        found |= Q(staff__account_id=actor.user_id) | Q(account_id=actor.user_id)
    return found


def can_see(actor: Actor, certificate: SignerCertificate) -> bool:
    if actor.can(VIEW, certificate.unit_id):
        return True
    return actor.can(OWN) and actor.user_id is not None and certificate.holder_account_id == actor.user_id


def can_register(actor: Actor, unit_id: int, staff: Any | None, account: Any | None = None) -> bool:
    """For the unit's people and its seal; a person for themselves."""
    if actor.can(REGISTER, unit_id) or (staff is not None and _is_own(actor, staff)):
        return True
    return account is not None and account.pk == actor.user_id and actor.can(OWN, unit_id)


def is_own_staff(actor: Actor) -> Q:
    """People who are the actor: `can_register` for oneself, as a filter."""
    if actor.user_id is None or not actor.can(OWN):
        return NOTHING
    return Q(account_id=actor.user_id)


def can_approve(actor: Actor, certificate: SignerCertificate) -> bool:
    return actor.can(APPROVE, certificate.unit_id)


def can_revoke(actor: Actor, certificate: SignerCertificate) -> bool:
    """A lost token must be reported at once: by the office, and by its holder."""
    return can_register(actor, certificate.unit_id, certificate.staff, certificate.account) or can_approve(
        actor, certificate
    )


def _is_own(actor: Actor, staff: Any | None) -> bool:
    return bool(
        staff is not None
        and actor.user_id is not None
        and staff.account_id == actor.user_id
        and actor.can(OWN, staff.unit_id)
    )


def may_sign_with(actor: Actor) -> Q:
    """Certificates with which the actor may sign documents: one's own, and the seal of a unit at which one is in office."""
    if actor.user_id is None:
        return NOTHING
    found = NOTHING
    if actor.can(OWN):
        found |= Q(staff__account_id=actor.user_id) | Q(account_id=actor.user_id)
    return found | Q(staff=None, account=None, unit_id__in=_sealed_units(actor))


def can_sign_with(actor: Actor, certificate: SignerCertificate) -> bool:
    if actor.user_id is None:
        return False
    if certificate.is_seal:
        return certificate.unit_id in _sealed_units(actor)
    return actor.can(OWN) and certificate.holder_account_id == actor.user_id


def _sealed_units(actor: Actor) -> list[int]:
    """A seal is used where it is kept: the reach of a right does not carry it to the units below."""
    return [unit_id for unit_id in actor.own_unit_ids if actor.can(USE_SEAL, unit_id)]


def documents_visible(actor: Actor) -> Q:
    """What one has signed oneself, and what was sealed for one's unit."""
    if actor.user_id is None:
        return Q() if actor.is_system else NOTHING
    sealed = Q(certificate__staff=None, certificate__account=None, unit_id__in=_sealed_units(actor))
    return Q(asked_by_id=actor.user_id) | sealed


def can_see_document(actor: Actor, signing: DocumentSigning) -> bool:
    if actor.is_system or (actor.user_id is not None and signing.asked_by_id == actor.user_id):
        return True
    return (
        actor.user_id is not None and signing.certificate.is_seal and signing.unit_id in _sealed_units(actor)
    )
