"""What pages about a school's year share: which school, which year."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import UnitKind

from ..permissions import VIEW


class SchoolPage(ActorPage):
    """?truong=12&nam=2026-2027 : the school through which the person works, unless another in reach is named."""

    name = ""
    # One of these at the school opens the page.
    rights: tuple[str, ...] = (VIEW,)

    def allowed(self, actor: Actor) -> bool:
        return any(actor.can(right) for right in self.rights)

    @property
    def given(self) -> Any:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def unit(self) -> Any:
        """Raises Http404 for what is no school, or not the person's."""
        asked = self.given.get("truong", "")
        own = self.actor.acting.unit_id if self.actor.acting else None
        key = int(asked) if asked.isdecimal() and len(asked) < 19 else own
        if key is None or not any(self.actor.can(right, key) for right in self.rights):
            raise Http404
        found = organization.unit_detail(self.actor, key)
        if found is None or found.kind != UnitKind.SCHOOL:
            raise Http404
        return found

    @cached_property
    def years(self) -> list[Any]:
        """From which the person chooses, the newest first: this one and those before."""
        today = timezone.localdate()
        found = [one for one in organization.school_years() if one.starts_on <= today]
        return sorted(found, key=lambda one: one.starts_on, reverse=True)[:4]

    @cached_property
    def year(self) -> Any:
        asked = self.given.get("nam", "")
        found = next((one for one in self.years if one.name == asked), None) or self.default_year()
        if found is None:
            raise Http404
        return found

    def default_year(self) -> Any:
        return self.years[0] if self.years else None

    def address(self, *, year: Any = None, **more: Any) -> str:
        said = {"truong": self.unit.pk, "nam": (year or self.year).name, **more}
        return f"{reverse(f'gradebook:{self.name}')}?{urlencode(said)}"

    def year_tabs(self, **more: Any) -> dict[str, Any]:
        return {
            "tabs": [(one.name, self.address(year=one, **more), "") for one in reversed(self.years)],
            "current": self.address(**more),
        }
