"""The front door of parents and pupils."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, Holding
from thongsuot.portals import blocks


def page(actor: Actor, holding: Holding, now: datetime) -> blocks.HomePage:
    return blocks.HomePage(
        subtitle=blocks.subtitle(holding),
        hint=_("Kết quả học tập, đăng ký tuyển sinh và các khoản thu sẽ có ở đây khi nhà trường mở."),
        shows_work=False,
    )
