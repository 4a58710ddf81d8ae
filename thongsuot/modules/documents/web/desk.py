"""What waits for the token of whoever is signed in: codes for the program at the desk (docs/desk-signing.md)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from .. import actions, queries
from ..types import DeskFault


class DeskPage(ActorPage):
    """GET: one's own batches that wait; asked with ?con=, whether that one still does. POST: a new code for one, shown once."""

    title = _("Ký tại bàn bằng USB token")
    template_name = "documents/desk.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.user_id is not None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "con" in request.GET:
            return self._still(request.GET["con"])
        return self._show()

    def _still(self, public_id: str) -> HttpResponse:
        """Asked by the page that shows a code: nothing while the batch waits, the whole page anew when it is over."""
        if public_id in {str(one.public_id) for one in queries.desk_waiting(self.actor)}:
            return HttpResponse(status=204)
        ended = next(
            (one for one in queries.desk_signings(self.actor) if str(one.public_id) == public_id), None
        )
        if ended is not None and ended.fault:
            messages.warning(self.request, f"{ended.title}: {ended.fault}")
        elif ended is not None:
            messages.success(self.request, _("Đã nhận chữ ký: %(title)s.") % {"title": ended.title})
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("documents:desk")
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        waiting = {str(one.public_id): one for one in queries.desk_waiting(self.actor)}
        signing = waiting.get(request.POST.get("lan", ""))
        if signing is None:
            raise Http404
        try:
            code = actions.issue_desk_code(by=self.actor, signing=signing, now=timezone.now())
        except DeskFault as fault:
            messages.warning(request, fault.message)
            return HttpResponseRedirect(reverse("documents:desk"))
        answer = self._show(code=code, code_of=signing.pk)
        answer["Cache-Control"] = "no-store"
        return answer

    def _show(self, **more: Any) -> HttpResponse:
        context = {**self.frame(), "waiting": list(queries.desk_waiting(self.actor)), **more}
        return render(self.request, self.template_name, context)
