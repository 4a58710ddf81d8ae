"""The front door of parents and pupils."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.modules.registry import queries as registry
from thongsuot.portals import blocks


def page(actor: Actor, holding: Holding, now: datetime) -> blocks.HomePage:
    cards = [
        blocks.Card(
            child.full_name,
            child.class_name or _("Chưa có lớp"),
            reverse("registry:child", args=[child.public_id]),
            "info",
            "user",
            note=child.unit.name,
        )
        for child in registry.own_children(actor)
    ]
    return blocks.HomePage(
        subtitle=blocks.subtitle(holding),
        cards=cards,
        hint=_("Điểm và nhận xét ở mục Sổ điểm, học bạ đã phát hành ở mục Học bạ số."),
        shows_work=False,
    )
