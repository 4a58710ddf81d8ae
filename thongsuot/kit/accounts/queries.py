"""Reads of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from thongsuot.kit.accounts.models import SignInGuard, User
from thongsuot.kit.accounts.types import Actor


@dataclass(frozen=True)
class OwnSecurity:
    """app: an authenticator app is on; keys: passkeys and security keys; sessions: open sign-ins."""

    app: bool
    keys: int
    recovery_codes: bool
    sessions: int

    @property
    def has_second_factor(self) -> bool:
        return self.app or self.keys > 0


def accounts(actor: Actor, *, state: str = "") -> QuerySet[User]:
    """All accounts, for whoever may manage them (404 for others); `state` as for in_state. Each row carries `locked`."""
    if not actor.can("accounts.manage"):
        raise Http404
    locked = SignInGuard.objects.filter(user=OuterRef("pk"), locked_until__gt=timezone.now())
    return in_state(User.objects.annotate(locked=Exists(locked)), state)


def in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Those of `accounts` that are "active", "disabled", "locked" (wrong sign-ins) or "new" (one-time password not yet
    replaced); "" = all.
    """
    if state == "active":
        return rows.filter(is_active=True)
    if state == "disabled":
        return rows.filter(is_active=False)
    if state == "locked":
        return rows.filter(locked=True)
    return rows.filter(must_change_password=True) if state == "new" else rows


def account(actor: Actor, public_id: UUID) -> User:
    """One account by its public id; 404 when the actor may not manage accounts."""
    found = accounts(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def own_security(user: User) -> OwnSecurity:
    """What a person sees of the safety of their own account."""
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return OwnSecurity(
        app=Authenticator.Type.TOTP in kinds,
        keys=kinds.count(Authenticator.Type.WEBAUTHN),
        recovery_codes=Authenticator.Type.RECOVERY_CODES in kinds,
        sessions=UserSession.objects.filter(user=user).count(),
    )
