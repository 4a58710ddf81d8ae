"""Accounts that the sign-in page of a demo shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model

from ..domain.demo import DEMO_ACCOUNTS, DEMO_PASSWORD


@dataclass(frozen=True)
class DemoAccount:
    """username and password to sign in with; what the person is, and where."""

    username: str
    password: str
    full_name: str
    role_name: str
    unit_name: str
    sentence: str


def demo_accounts() -> list[DemoAccount]:
    """One a role, in the order of the house; empty unless this is a demo (settings.DEMO) and its people
    are there.
    """
    if not settings.DEMO:
        return []
    names = [account.username for account in DEMO_ACCOUNTS]
    found = {
        user.username: user for user in get_user_model().objects.filter(username__in=names, is_active=True)
    }
    return [
        DemoAccount(a.username, DEMO_PASSWORD, found[a.username].full_name, a.role_name, a.place, a.sentence)
        for a in DEMO_ACCOUNTS
        if a.username in found
    ]
