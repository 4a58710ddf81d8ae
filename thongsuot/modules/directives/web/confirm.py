"""The last step of a review: what will be created, and the button that does it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused

from .. import actions
from ..permissions import can_confirm
from ..queries.confirmation import Confirmation, confirmation
from .review import ReviewPage, steps

MOST_ROWS = 40


class Confirm(ReviewPage):
    title = gettext_lazy("Xác nhận")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {"directive": self.directive, "steps": steps(self.directive), "summary": self.summary()}
        return render(request, "directives/review/confirm.html", context | self.frame())

    def summary(self) -> dict[str, Any]:
        found: Confirmation = confirmation(self.actor, self.directive)
        progress = found.progress
        note = ""
        if found.assignments != found.tasks:
            note = _("từ %(n)d nhiệm vụ trong văn bản") % {"n": found.tasks}
        return {
            "waiting": progress.proposed,
            "unmatched": [
                {
                    "url": self.review_url(one.finding),
                    "words": one.words or _("Chưa có đơn vị"),
                    "text": one.finding.data.get("text") or one.finding.data.get("what") or "",
                }
                for one in found.unsettled
            ],
            "assignments": found.assignments,
            "assignments_note": note,
            "units": len(found.shares),
            "targets": found.targets,
            "duties": found.duties,
            "dropped": progress.dropped,
            "rows": found.shares[:MOST_ROWS],
            "rows_left": max(len(found.shares) - MOST_ROWS, 0),
            "can_confirm": progress.is_ready and can_confirm(self.actor, self.directive),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                actions.confirm_directive(by=self.actor, directive=self.directive, now=timezone.localtime())
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.path)
        messages.success(request, _("Đã xác nhận và giao việc."))
        return HttpResponseRedirect(reverse("directives:directive-detail", args=[self.directive.public_id]))
