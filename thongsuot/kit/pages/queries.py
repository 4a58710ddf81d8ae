"""Reads of what a person keeps about lists."""

from __future__ import annotations

from django.db.models import QuerySet

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.models import ListPreference, SavedFilter


def saved_filters(actor: Actor, *, page: str = "") -> QuerySet[SavedFilter]:
    """The actor's own filters, of one page where it is named, by name."""
    rows = SavedFilter.objects.filter(user_id=_own(actor))
    return rows.filter(page=page) if page else rows


def preference(actor: Actor, *, page: str) -> ListPreference:
    """How the actor wants to see a list; an unsaved row with nothing chosen where nothing was."""
    found = ListPreference.objects.filter(user_id=_own(actor), page=page).first()
    return found or ListPreference(user_id=_own(actor), page=page)


def _own(actor: Actor) -> int:
    # Nobody's account: what no person asks for (a reminder, say) has no filters.
    return actor.user_id or 0
