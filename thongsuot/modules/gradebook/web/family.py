"""What parents and pupils see: the own results of a year, as a page and as a file. Nothing of anybody else."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries as registry

from .. import queries
from ..permissions import VIEW_OWN
from ..queries.class_sheets import PARTS, YEAR, part_words
from ..queries.reports import report_of, reports_pdf
from .exchange import file_name, pdf_answer
from .terms import term_now


class OwnResults(ActorPage):
    """The children of the account; at once the only one."""

    title = gettext_lazy("Kết quả học tập")
    template_name = "gradebook/children.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.user_id is not None and actor.can(VIEW_OWN)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        children = registry.own_children(self.actor)
        if len(children) == 1:
            return HttpResponseRedirect(reverse("gradebook:own-year", args=[children[0].public_id]))
        return render(request, self.template_name, {"children": children, **self.frame()})


class OwnBase(ActorPage):
    """?nam=2026-2027&ky=1, 2 or 0 (the year)."""

    def allowed(self, actor: Actor) -> bool:
        return actor.user_id is not None and actor.can(VIEW_OWN)

    @cached_property
    def child(self) -> Any:
        found = registry.own_child(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def year(self) -> Any:
        asked = self.request.GET.get("nam", "")
        found = organization.school_year(asked[:9]) if asked else None
        return found or organization.current_school_year(timezone.localdate())

    @cached_property
    def part(self) -> int:
        asked = self.request.GET.get("ky", "")
        if asked in {str(part) for part in PARTS}:
            return int(asked)
        return 1 if term_now(self.year) == 1 else YEAR

    @cached_property
    def record(self) -> Any:
        return queries.own_year(self.actor, self.child.public_id, self.year) if self.year else None

    def url(self, name: str = "own-year", *, part: int | None = None, year: Any = None) -> str:
        number = self.part if part is None else part
        name_of_year = (year or self.year).name if (year or self.year) else ""
        return f"{reverse(f'gradebook:{name}', args=[self.child.public_id])}?nam={name_of_year}&ky={number}"

    def trace(self, request: HttpRequest) -> None:
        purpose = _("Gia đình xem kết quả học tập")
        record_reading(by=self.actor, subject=self.child, purpose=purpose, ip=origin_of(request).ip)


class OwnYear(OwnBase):
    template_name = "gradebook/report.html"

    def get_title(self) -> Any:
        return _("Kết quả học tập: %(name)s") % {"name": self.child.full_name}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Kết quả học tập"), reverse("gradebook:own-results"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        record = self.record
        self.trace(request)
        years = [year for year in organization.school_years() if self.year is not None]
        choices = [
            {
                "tabs": [(part_words(part), self.url(part=part), "") for part in PARTS],
                "current": self.url(),
            }
        ]
        context = {
            "report": report_of(record, self.part) if record else None,
            "reasons": record.reasons if record and self.part == YEAR else (),
            "pdf_url": self.url("own-report") if record else "",
            "years": [(year.name, year == self.year) for year in years],
            "part": self.part,
            "is_family": True,
            "is_stale": bool(record and record.is_stale),
            "choices": choices,
            **self.frame(),
        }
        return render(request, self.template_name, context)


class OwnReport(OwnBase):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        record = self.record
        if record is None:
            raise Http404
        self.trace(request)
        pdf = reports_pdf(
            [report_of(record, self.part)],
            school=self.child.unit.name,
            above="",
            year=self.year.name,
            part=self.part,
            day=timezone.localdate(),
        )
        return pdf_answer(pdf, file_name("ket-qua", self.child.full_name, ending="pdf"))
