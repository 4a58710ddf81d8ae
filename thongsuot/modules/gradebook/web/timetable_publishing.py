"""Before a timetable is put in force: what changes and who will be told. Afterwards: who was; taking it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..domain.timetable_clash import clashes
from ..queries.timetable_publishing import may_be_taken_back, publication_of, publishing_plan
from ..types import NoticeAudience, TimetableState
from .timetable_board import STATE_TONES, TimetablePage


class PublicationPage(TimetablePage):
    template_name = "timetable/publication.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.may_make:
            raise Http404
        is_draft = self.timetable.state == TimetableState.DRAFT
        shown = self.planned() if is_draft else self.kept()
        context = {
            "timetable": self.timetable,
            "state_tone": STATE_TONES[self.timetable.state],
            "is_draft": is_draft,
            **shown,
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def planned(self) -> dict[str, Any]:
        plan = publishing_plan(self.actor, self.board)
        lines = [
            {
                "audience": NoticeAudience(one.audience).label,
                "name": one.name,
                "title": one.title,
                "words": one.words,
                "told": len(one.accounts),
                "unreached": one.unreached,
            }
            for one in plan.notices
        ]
        return {
            "plan": plan,
            "lines": lines,
            "people": plan.people,
            "clashes": len(clashes(self.board.placed, self.board.arrangement)),
            "left_total": sum(load.lessons for loads in self.board.left.values() for load in loads),
            "placed_total": len(self.board.placed),
        }

    def kept(self) -> dict[str, Any]:
        row = publication_of(self.timetable)
        lines = [
            {
                "audience": one.get_audience_display(),
                "name": one.staff.full_name if one.staff else str(one.school_class),
                "title": one.title,
                "words": one.words,
                "told": one.told,
                "unreached": one.unreached,
            }
            for one in (row.notices.all() if row else ())
        ]
        return {
            "publication": row,
            "lines": lines,
            "people": sum(one["told"] for one in lines),
            "may_take_back": may_be_taken_back(self.timetable, row, timezone.localdate()),
        }

    def get_title(self) -> Any:
        return _("Ban hành và thông báo")

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (str(self.timetable), self.url())]
