"""What every generic page shares: the actor, the right to see it, refusals turned into answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from thongsuot.kit.accounts.types import ANONYMOUS, Actor, NotAllowed

Breadcrumbs = list[tuple[Any, str]]


def _has_nul(request: HttpRequest) -> bool:
    """No keyboard writes it and PostgreSQL keeps none: where no form has refused it the request is at fault."""
    return any("\x00" in value for _name, values in request.POST.lists() for value in values)


class ActorPage(View):
    """A page for whoever holds `right` (or passes `allowed`); for all others it does not exist."""

    title: Any = ""
    right: str = ""
    template_name = ""

    @property
    def actor(self) -> Actor:
        return getattr(self.request, "actor", ANONYMOUS)

    def allowed(self, actor: Actor) -> bool:
        """Whether the page exists for `actor`. Override where one right is not the whole answer."""
        return not self.right or actor.can(self.right)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.allowed(self.actor):
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as error:
            # That it exists is not told to who may not see it.
            raise Http404 from error
        except DataError as error:
            if _has_nul(request):
                raise BadRequest("NUL in what was sent") from error
            raise

    def get_title(self) -> Any:
        return self.title

    def breadcrumbs(self) -> Breadcrumbs:
        """[(label, url)] of the pages above this one."""
        return []

    def extra_context(self) -> dict[str, Any]:
        """What a page's own template needs besides."""
        return {}

    def frame(self) -> dict[str, Any]:
        return {
            "view": self,
            "page_title": self.get_title(),
            "breadcrumbs": self.breadcrumbs(),
            **self.extra_context(),
        }
