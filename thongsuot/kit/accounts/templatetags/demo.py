"""The demo's accounts on the sign-in page."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.utils.module_loading import import_string

register = template.Library()


@register.simple_tag
def demo_accounts() -> Sequence[object]:
    """Accounts to try the demo with: username, password, full_name, role_name, unit_name. Else none."""
    provider = getattr(settings, "DEMO_ACCOUNTS_PROVIDER", "")
    if not settings.DEMO or not provider:
        return []
    return import_string(provider)()
