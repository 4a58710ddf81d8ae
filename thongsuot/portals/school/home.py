"""The front door of a school: what it must do, by when, and what was returned to it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.portals import blocks


def page(actor: Actor, holding: Holding, now: datetime) -> blocks.HomePage:
    """A teacher sees the tasks given to them by name; the office and the principal those of the school."""
    today = now.date()
    cards = blocks.standing_cards(actor, holding.unit_id, today) if actor.can("directives.dashboard") else []
    return blocks.HomePage(
        subtitle=blocks.subtitle(holding),
        cards=cards,
        waiting=blocks.waiting(actor, today),
        late=blocks.late(actor, today),
        late_url=blocks.tasks_url(timeliness="late"),
        changed=blocks.changed(actor, now),
        hint=_("Khi xã hoặc Sở giao việc cho trường, việc sẽ hiện ở đây."),
    )
