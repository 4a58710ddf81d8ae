"""What administrators do with accounts. Every action needs the right accounts.manage, but `open_account`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts import guard
from thongsuot.kit.accounts.domain.passwords import one_time_password
from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.types import Actor, Refused

RIGHT = "accounts.manage"


@dataclass(frozen=True)
class Handed:
    """An account and the one-time password to hand to its owner. Shown once, kept nowhere."""

    account: User
    password: str


@transaction.atomic
def create_account(*, by: Actor, username: str, full_name: str, email: str = "", phone: str = "") -> Handed:
    """A new account with a one-time password that its owner must replace at the first sign-in."""
    by.require(RIGHT)
    account = User(
        username=username.strip(),
        full_name=" ".join(full_name.split()),
        email=email.strip(),
        phone=phone.strip(),
        must_change_password=True,
    )
    password = one_time_password()
    account.set_password(password)
    try:
        account.full_clean(exclude=["name_fold"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    account.save()
    return Handed(account, password)


@transaction.atomic
def open_account(*, by: Actor, username: str, full_name: str, password: str) -> User:
    """A new account with the password that its owner chose. Whoever calls this has seen the proof that the person may have
    one (a slip of the school), and asks as the system. Raises NotAllowed, Refused with the field: name taken or malformed,
    password too weak.
    """
    by.require(RIGHT)
    account = User(username=username.strip(), full_name=" ".join(full_name.split()))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    account.set_password(password)
    try:
        account.full_clean(exclude=["name_fold"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="username") from error
    account.save()
    return account


@transaction.atomic
def reset_password(*, by: Actor, account: User) -> Handed:
    """A new one-time password; every session of the account ends and its lock is lifted."""
    by.require(RIGHT)
    _refuse_oneself(by, account)
    password = one_time_password()
    account.set_password(password)
    account.must_change_password = True
    account.save()
    guard.clear(account)
    _end_sessions(account)
    return Handed(account, password)


@transaction.atomic
def remove_second_factor(*, by: Actor, account: User) -> None:
    """For somebody who lost their phone: authenticator apps, passkeys and recovery codes are taken off."""
    by.require(RIGHT)
    _refuse_oneself(by, account)
    Authenticator.objects.filter(user=account).delete()
    # The password may have been chosen under the shorter rule for accounts with a second factor.
    User.objects.filter(pk=account.pk).update(must_change_password=True)
    _end_sessions(account)


@transaction.atomic
def unlock(*, by: Actor, account: User) -> None:
    """Lift the lock after wrong sign-ins."""
    by.require(RIGHT)
    guard.clear(account)


@transaction.atomic
def disable(*, by: Actor, account: User) -> None:
    """The person can no longer sign in; what they did stays under their name."""
    by.require(RIGHT)
    _refuse_oneself(by, account)
    User.objects.filter(pk=account.pk).update(is_active=False)
    _end_sessions(account)


@transaction.atomic
def enable(*, by: Actor, account: User, now: datetime | None = None) -> None:
    """Open a disabled account again; the days of idleness are counted anew."""
    by.require(RIGHT)
    User.objects.filter(pk=account.pk).update(is_active=True, enabled_at=now or timezone.now())
    guard.clear(account)


@transaction.atomic
def disable_idle(*, by: Actor, today: date) -> int:
    """Disable accounts without a visit for ACCOUNT_IDLE_DAYS (TCVN 14423:2026: 45). Answers how many."""
    by.require(RIGHT)
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    limit = midnight - timedelta(days=settings.ACCOUNT_IDLE_DAYS)
    used = Greatest(
        Coalesce("last_seen_at", "created_at"), Coalesce("enabled_at", "created_at"), F("created_at")
    )
    idle = User.objects.annotate(used=used).filter(is_active=True, used__lt=limit)
    if by.user_id is not None:
        idle = idle.exclude(pk=by.user_id)
    ids = list(idle.values_list("pk", flat=True))
    for account in User.objects.filter(pk__in=ids):
        _end_sessions(account)
    return User.objects.filter(pk__in=ids).update(is_active=False)


def _refuse_oneself(by: Actor, account: User) -> None:
    if by.user_id == account.pk:
        raise Refused(_("Không thực hiện được với chính tài khoản của mình."))


def _end_sessions(account: User) -> None:
    for session in UserSession.objects.filter(user=account):
        session.end()
