"""Find anyone: answers while one types."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from .. import queries
from .students import sees_pupils
from .units import is_of_one_school

SHOWN = 12


class SearchPage(ActorPage):
    title = _("Tìm học sinh, cán bộ")
    template_name = "registry/search.html"

    def allowed(self, actor: Actor) -> bool:
        return sees_pupils(actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        words = request.GET.get("q", "").replace("\x00", "").strip()[:120]
        pupils, people = queries.find_people(self.actor, words, most=SHOWN)
        context = {
            "words": words,
            "groups": [
                (
                    _("Học sinh"),
                    "registry:student-detail",
                    "registry:student-list",
                    pupils[:SHOWN],
                    len(pupils) > SHOWN,
                ),
                (
                    _("Cán bộ, giáo viên"),
                    "registry:staff-detail",
                    "registry:staff-list",
                    people[:SHOWN],
                    len(people) > SHOWN,
                ),
            ],
            "found": bool(pupils or people),
            "shows_unit": not is_of_one_school(self.actor),
            **self.frame(),
        }
        part = request.htmx and request.htmx.target == "found"  # type: ignore[attr-defined]
        response = render(request, "registry/search_found.html" if part else self.template_name, context)
        response["Vary"] = "HX-Request"
        return response
