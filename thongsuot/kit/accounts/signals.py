"""Reactions to allauth's own events."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authenticator_removed
from django.http import HttpRequest

from thongsuot.kit.accounts.models import User
from thongsuot.kit.accounts.passwords import has_second_factor


def _factor_removed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Without a second factor the longer password is due, and the present one may have been chosen short."""
    request.session.pop("second_factor", None)
    if not has_second_factor(user):
        User.objects.filter(pk=user.pk).update(must_change_password=True)


def connect() -> None:
    authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")
