"""Which certificate and key sign for a person or a school (modules/documents keeps the certificates)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.keys import SigningKey
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.kit.signing.words import KEY_FAULTS
from thongsuot.modules.documents import queries as documents
from thongsuot.modules.registry import queries as registry

from ..types import SignerRole, SigningRefused
from .contents import facts_of_staff


@dataclass(frozen=True)
class SignsAs:
    """Who signs: a member of the staff, or without one the unit itself by its seal."""

    name: str
    personal_id: str
    unit: Any
    staff: Any = None


def signs_as(actor: Actor, role: str, unit: Any) -> SignsAs:
    """Who the actor is when signing in `role` at `unit`. Raises SigningRefused for an account without a staff record."""
    if role == SignerRole.SEAL:
        return SignsAs(unit.name, "", unit)
    # One's own record, which a teacher has no right to look up in the list of staff.
    own = registry.staff(Actor.system()).filter(unit=unit, account_id=actor.user_id)
    member = own.first() if actor.user_id is not None else None
    if member is None:
        raise SigningRefused(_("Tài khoản này chưa gắn với hồ sơ cán bộ của trường nên chưa ký được."))
    return SignsAs(member.full_name, facts_of_staff(member).personal_id, unit, member)


def certificate_of(signer: SignsAs, *, at: datetime) -> Any:
    """The approved certificate in force at `at`. Raises SigningRefused."""
    whose = {"staff": signer.staff} if signer.staff is not None else {"unit": signer.unit}
    found = documents.certificate_for(**whose, at=at)
    if found is None:
        said = _("%(name)s chưa có chứng thư số được duyệt và còn hiệu lực.")
        raise SigningRefused(said % {"name": signer.name})
    return found


def key_of(certificate: Any, *, description: str = "", desk: UUID | None = None) -> SigningKey:
    """What signs for the certificate; `desk`: what a token at the signer's desk is waited for. Raises SigningRefused with
    the reason.
    """
    try:
        return documents.key_for(certificate, description=description, desk=desk)
    except KeyUnavailable as fault:
        raise SigningRefused(str(KEY_FAULTS[fault.code])) from fault
