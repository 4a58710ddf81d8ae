"""Chờ tôi: everything about transcripts that waits for whoever looks, with its day and a way to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from .. import queries
from .school import may_enter
from .words import WAITING_WORDS

LISTS = {
    "to_date": "transcripts:awaited-list",
    "take_over": "transcripts:hand-over-list",
    "objection": "transcripts:objection-list",
    "report": "transcripts:report-list",
    "certificate": "transcripts:certificate-list",
    "recall": "transcripts:recall-list",
}


def address_of(one: Any) -> str:
    """Where the work is done."""
    if one.kind in LISTS:
        query = {
            "objection": {"is_open": "true"},
            "to_date": {"state": "open"},
            "take_over": {"state": "waiting"},
        }.get(one.kind, {"all": "1"})
        return f"{reverse(LISTS[one.kind])}?{urlencode(query)}"
    about = {"truong": one.unit_id, **({"lop": one.class_id} if one.class_id else {})}
    if one.kind == "subject":
        return f"{reverse('transcripts:sign-parts')}?{urlencode(about)}"
    if one.kind in ("homeroom", "leader", "seal"):
        return f"{reverse('transcripts:sign', args=[one.kind])}?{urlencode(about)}"
    return f"{reverse('transcripts:class-list')}?{urlencode({'truong': one.unit_id, 'nam': one.year})}"


def words_of(one: Any) -> str:
    return str(WAITING_WORDS[one.kind]) % {"place": one.place}


class Mine(ActorPage):
    title = _("Học bạ chờ tôi")
    template_name = "transcripts/mine.html"

    def allowed(self, actor: Actor) -> bool:
        return may_enter(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        found = queries.waiting_for_me(self.actor, today)
        lines = [
            {
                "title": words_of(one),
                "url": address_of(one),
                "count": one.count,
                "about": " · ".join(part for part in (one.unit_name, one.year) if part),
                "due_on": one.due_on,
                "is_late": one.is_late(today),
            }
            for one in found
        ]
        return render(request, self.template_name, {**self.frame(), "lines": lines})
