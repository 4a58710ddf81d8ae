"""Which certificate and key sign for a person or a school.

Keys are files of the installation's key folder (kit.signing.keys.SoftwareKey: mode 0600, never in the database):
`staff-<public id>.pem` for a person, `unit-<code>.pem` for a school's seal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.signing.keys import SigningKey, SoftwareKey
from thongsuot.kit.signing.types import KeyUnavailable
from thongsuot.kit.signing.words import KEY_FAULTS
from thongsuot.modules.registry import queries as registry

from ..types import SignerRole, SigningRefused
from .contents import facts_of_staff


@dataclass(frozen=True)
class SignsAs:
    """Who signs: a member of the staff, or the school itself (SEAL)."""

    name: str
    personal_id: str
    key_name: str


def signs_as(actor: Actor, role: str, unit: Any) -> SignsAs:
    """Who the actor is when signing in `role` at `unit`. Raises SigningRefused for an account without a staff record."""
    if role == SignerRole.SEAL:
        return SignsAs(unit.name, "", f"unit-{unit.code}")
    # One's own record, which a teacher has no right to look up in the list of staff.
    own = registry.staff(Actor.system()).filter(unit=unit, account_id=actor.user_id)
    member = own.first() if actor.user_id is not None else None
    if member is None:
        raise SigningRefused(_("Tài khoản này chưa gắn với hồ sơ cán bộ của trường nên chưa ký được."))
    facts = facts_of_staff(member)
    return SignsAs(facts.name, facts.personal_id, f"staff-{member.public_id}")


def key_of(signer: SignsAs, *, at: datetime) -> SigningKey:
    """The key, valid at `at`. Raises SigningRefused with the reason."""
    try:
        key = SoftwareKey.from_file(keys_dir() / f"{signer.key_name}.pem")
    except KeyUnavailable as fault:
        raise SigningRefused(str(KEY_FAULTS[fault.code])) from fault
    valid = key.certificate.not_valid_before_utc <= at <= key.certificate.not_valid_after_utc
    if not valid:
        raise SigningRefused(_("Chứng thư số của %(name)s không còn hiệu lực.") % {"name": signer.name})
    return key


def keys_dir() -> Path:
    return Path(settings.SIGNING_KEYS_DIR)
