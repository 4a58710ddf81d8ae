"""Days by which transcripts are due, which the Sở puts right: for all, for a school year, for a level."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import DeletePage, FormPage
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import EducationLevel

from .. import actions, queries
from .board import Board
from .forms import DeadlineForm, OwnDeadlineForm
from .school import SchoolPage

GATEWAY = "transcripts.gateway"


class DeadlineList(SchoolPage):
    title = _("Hạn của học bạ")
    template_name = "transcripts/deadlines.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.can("transcripts.view")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(Board.title, reverse("transcripts:board"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {
            "deadlines": [
                (one, [(own, _own_words(own)) for own in queries.own_deadlines(one.code)])
                for one in queries.deadlines().deadlines
            ],
            "source": queries.written_deadlines().legal_source,
            "may_set": self.actor.can(GATEWAY),
        }
        return render(request, self.template_name, {**self.frame(), **context})


def _own_words(own: Any) -> str:
    """Whose day it is."""
    level = EducationLevel(own.level).label if own.level else ""
    year = _t("năm học %(year)s") % {"year": own.school_year.name} if own.school_year else ""
    return ", ".join(str(one) for one in (level, year) if one)


class DeadlinePage(FormPage):
    right = GATEWAY
    form_class: type[Form] = DeadlineForm
    success_url = "transcripts:deadlines"

    @cached_property
    def thing(self) -> Any:
        found = next((one for one in queries.deadlines().deadlines if one.code == self.kwargs["code"]), None)
        if found is None:
            raise Http404
        return found

    def get_thing(self) -> Any:
        return self.thing

    def get_title(self) -> Any:
        return self.thing.name

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(DeadlineList.title, reverse("transcripts:deadlines"))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"by_days": thing.working_days is not None}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"month": thing.month, "day": thing.day, "working_days": thing.working_days}

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.set_deadline(by=by, code=thing.code, now=timezone.now(), **data)


class OwnDeadlinePage(DeadlinePage):
    """A day for one year or level; the pk of one that is set."""

    form_class = OwnDeadlineForm

    @cached_property
    def own(self) -> Any:
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(queries.own_deadlines(self.kwargs["code"]), pk=self.kwargs["pk"])

    def get_thing(self) -> Any:
        if self.thing.working_days is not None:
            raise Http404
        return self.thing

    def get_title(self) -> Any:
        said = _own_words(self.own) if self.own else _t("hạn riêng")
        return f"{self.thing.name}: {said}"

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        years = list(organization.school_years())
        return {"years": years, "levels": queries.LEVELS, "is_set": self.own is not None}

    def initial(self, thing: Any) -> dict[str, Any]:
        one = self.own or thing
        return {"month": one.month, "day": one.day, "basis": self.own.basis if self.own else ""}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        name, level = data.pop("year", ""), data.pop("level", "")
        year = next((one for one in organization.school_years() if one.name == name), None)
        if self.own is not None:
            year, level = self.own.school_year, self.own.level
        return actions.set_deadline(
            by=by, code=thing.code, now=timezone.now(), school_year=year, level=level, **data
        )


class OwnDeadlineDelete(DeletePage):
    right = GATEWAY
    success_url = "transcripts:deadlines"
    question = _("Bỏ hạn riêng này? Hạn chung sẽ áp dụng.")

    def query(self, actor: Actor) -> Any:
        return queries.own_deadlines(self.kwargs["code"])

    def get_title(self) -> Any:
        return _t("Bỏ hạn riêng: %(whose)s") % {"whose": _own_words(self.thing)}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(DeadlineList.title, reverse("transcripts:deadlines"))]

    def act(self, by: Actor, thing: Any) -> Any:
        actions.drop_own_deadline(by=by, deadline=thing)
