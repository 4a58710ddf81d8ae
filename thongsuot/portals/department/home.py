"""The front door of the department: the whole province at a glance, then what waits for oneself."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.portals import blocks


def page(actor: Actor, holding: Holding, now: datetime) -> blocks.HomePage:
    today = now.date()
    if not actor.can("directives.view_unit"):
        return blocks.HomePage(
            subtitle=blocks.subtitle(holding),
            hint=_("Dùng trình đơn bên trái để quản lý tài khoản, phân công, danh mục và nhật ký."),
            shows_work=False,
        )
    return blocks.HomePage(
        subtitle=blocks.subtitle(holding),
        cards=blocks.standing_cards(actor, holding.unit_id, today),
        waiting=blocks.waiting(actor, today),
        late=blocks.late(actor, today),
        late_url=blocks.tasks_url(timeliness="late"),
        changed=blocks.changed(actor, now),
        hint=_("Nạp một văn bản chỉ đạo để bắt đầu giao việc."),
    )
