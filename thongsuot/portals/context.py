"""What every page's frame needs (contract with kit/pages/templates/base.html)."""

from django.conf import settings
from django.http import HttpRequest

from thongsuot.kit.accounts.types import ANONYMOUS
from thongsuot.portals.menu import menu_for, url_of


def shell(request: HttpRequest) -> dict[str, object]:
    """actor, menu (list of MenuItem), search_url, notifications_url, notifications_badge_url, demo."""
    actor = getattr(request, "actor", None) or ANONYMOUS
    context: dict[str, object] = {"actor": actor, "demo": settings.DEMO}
    if actor.is_authenticated:
        context |= {
            "menu": menu_for(actor),
            # Whoever has no work of the house has nothing to search for yet.
            "search_url": url_of("directives:assignment-list") if actor.can("directives.view") else "",
            "notifications_url": url_of("notify:list"),
            "notifications_badge_url": url_of("notify:badge"),
        }
    return context
