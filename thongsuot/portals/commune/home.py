"""The front door of a commune: its own work and that of its schools."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.portals import blocks


def page(actor: Actor, holding: Holding, now: datetime) -> blocks.HomePage:
    today = now.date()
    return blocks.HomePage(
        subtitle=blocks.subtitle(holding),
        cards=blocks.standing_cards(actor, holding.unit_id, today),
        waiting=blocks.waiting(actor, today),
        late=blocks.late(actor, today),
        late_url=blocks.tasks_url(timeliness="late"),
        changed=blocks.changed(actor, now),
        hint=_("Khi Sở giao việc cho xã, hoặc trường nộp kết quả, việc sẽ hiện ở đây."),
    )
