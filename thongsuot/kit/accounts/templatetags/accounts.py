"""Tags of the pages of sign-in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

register = template.Library()

# In this order: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@register.simple_tag
def demo_accounts() -> Sequence[object]:
    """Accounts to try the demo with: username, password, full_name, role_name, unit_name. Else none."""
    provider = getattr(settings, "DEMO_ACCOUNTS_PROVIDER", "")
    if not settings.DEMO or not provider:
        return []
    return import_string(provider)()


@register.simple_tag
def first_visit_url() -> str:
    """Where whoever holds a slip opens an account; "" where there is no such page."""
    page: str = settings.ACCOUNT_FIRST_VISIT_PAGE
    return reverse(page) if page else ""


@register.filter
def browser(user_agent: str) -> str:
    """ "Chrome, Windows" for what a browser says of itself; "Trình duyệt lạ" when it says nothing we know."""
    name = next((label for mark, label in BROWSERS if f"{mark}/" in user_agent), "")
    system = next((label for mark, label in SYSTEMS if re.search(mark, user_agent)), "")
    return ", ".join(part for part in (name, system) if part) or _("Trình duyệt lạ")
