"""A subject teacher signs: exactly the rows that are signed are shown, by class and subject; one authorisation for all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused

from .. import actions, queries, tasks
from ..types import SignerRole
from .school import SchoolPage
from .words import ROLE_ACTS


class PartPage(SchoolPage):
    """GET: the rows that wait for the actor. POST: those that were shown and ticked, authorised."""

    template_name = "transcripts/sign_parts.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.sign_homeroom") or actor.can("transcripts.sign_leader")

    def get_title(self) -> Any:
        return ROLE_ACTS[SignerRole.SUBJECT]

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def _class_id(self) -> int | None:
        asked = self.request.GET.get("lop", "") or self.request.POST.get("lop", "")
        return int(asked) if asked.isdecimal() else None

    def _lists(self) -> list[Any]:
        if self.unit is None:
            raise Http404
        return queries.part_lists(self.actor, unit_id=self.unit.pk, school_class_id=self._class_id())

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._show(self._lists())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lists = self._lists()
        shown = set(request.POST.getlist("phan"))
        chosen = [(row.transcript.pk, row.place) for one in lists for row in one.rows if row.key in shown]
        if not chosen or len(chosen) != len(shown):
            messages.warning(request, _t("Danh sách đã thay đổi. Hãy xem lại rồi ký."))
            return self._show(lists, status=409)
        try:
            with transaction.atomic():
                session = actions.open_part_session(by=self.actor, parts=chosen, now=timezone.now())
                tasks.start_signing(by=self.actor, session=session)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return self._show(lists, status=422)
        return HttpResponseRedirect(reverse("transcripts:session", args=[session.public_id]))

    def _show(self, lists: list[Any], status: int = 200) -> HttpResponse:
        context = {
            **self.frame(),
            "lists": lists,
            "count": sum(len(one.rows) for one in lists),
            "class_id": self._class_id() or "",
            "unit": self.unit,
        }
        return render(self.request, self.template_name, context, status=status)
