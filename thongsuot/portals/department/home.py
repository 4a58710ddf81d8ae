"""The front door of the department: the whole province at a glance, then what waits for oneself."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.portals import blocks
from thongsuot.portals.administration import home as administration


def page(actor: Actor, holding: Holding, now: datetime) -> blocks.HomePage:
    today = now.date()
    if not actor.can("directives.view_unit"):
        return administration.page(actor, holding, now)
    return blocks.HomePage(
        subtitle=blocks.subtitle(holding),
        cards=blocks.standing_cards(actor, holding.unit_id, today),
        waiting=blocks.waiting(actor, today),
        late=blocks.late(actor, today),
        late_url=blocks.tasks_url(timeliness="late"),
        changed=blocks.changed(actor, now),
        hint=_("Nạp một văn bản chỉ đạo để bắt đầu giao việc."),
    )
