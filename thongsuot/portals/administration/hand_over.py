"""Hand-over: the page belongs to no module, since roles and open work go together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.journeys.hand_over import hand_over
from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.web.appointments import EndablePage
from thongsuot.modules.organization.web.forms import HandOverForm


class HandOverPage(EndablePage):
    doing = _("Bàn giao")
    form_class = HandOverForm
    submit_label = _("Bàn giao")
    success_message = _("Đã bàn giao.")

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        handed = hand_over(by=by, from_user=thing.user, unit=thing.unit, now=timezone.localtime(), **data)
        moved = handed.work.as_person + handed.work.as_leader
        if moved:
            messages.info(
                self.request, _t("Đã chuyển người phụ trách của %(n)d nhiệm vụ đang mở.") % {"n": moved}
            )
        return thing
