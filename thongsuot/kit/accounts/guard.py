"""The lock after wrong sign-ins, kept in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from thongsuot.kit.accounts.domain.lockout import Rule, Tally
from thongsuot.kit.accounts.models import SignInGuard, User


def rule() -> Rule:
    return Rule(
        settings.LOCKOUT_FAILURES,
        timedelta(seconds=settings.LOCKOUT_WINDOW),
        timedelta(seconds=settings.LOCKOUT_DURATION),
    )


def account_named(credentials: Mapping[str, Any]) -> User | None:
    """The account that a sign-in form names, by user name or e-mail."""
    wanted = Q(pk__in=())
    if credentials.get("username"):
        wanted |= Q(username__iexact=credentials["username"])
    if credentials.get("email"):
        wanted |= Q(email__iexact=credentials["email"])
    return User.objects.filter(wanted).first()


def is_locked(user: User, now: datetime | None = None) -> bool:
    row = SignInGuard.objects.filter(user=user).first()
    return row is not None and _tally(row).is_locked(now or timezone.now())


def record_failure(user: User, now: datetime | None = None) -> None:
    now = now or timezone.now()
    with transaction.atomic():
        SignInGuard.objects.get_or_create(user=user)
        # Two wrong sign-ins at the same moment count twice.
        row = SignInGuard.objects.select_for_update().get(user=user)
        tally = _tally(row).after_failure(now, rule())
        row.failures, row.since, row.locked_until = tally.failures, tally.since, tally.locked_until
        row.save()


def clear(user: User) -> None:
    SignInGuard.objects.filter(user=user).delete()


def _tally(row: SignInGuard) -> Tally:
    return Tally(row.failures, row.since, row.locked_until)
