"""Ending a school year: what becomes of each class, the exceptions pupil by pupil, done and taken back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.journeys import promote_year as journey
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.types import GradeLevel, Outcome, OutcomeReason
from thongsuot.modules.registry.web.units import schools_of

RIGHT = "registry.promote"
GRADES = dict(GradeLevel.choices)
TONES = {Outcome.PROMOTED: "ok", Outcome.GRADUATED: "ok", Outcome.RETAINED: "warn", Outcome.WAITING: "warn"}


class PromotionBase(ActorPage):
    right = RIGHT

    @cached_property
    def schools(self) -> list[tuple[int, str]]:
        return schools_of(self.actor, RIGHT)

    def school(self, pk: int) -> tuple[int, str]:
        found = next((one for one in self.schools if one[0] == pk), None)
        if found is None:
            raise Http404
        return found


class PromotionPage(PromotionBase):
    """?unit= and ?year= say which school and year; else the first school, and the earliest year with pupils in it."""

    title = _("Kết thúc năm học")
    template_name = "portals/promotion.html"

    @cached_property
    def unit(self) -> tuple[int, str] | None:
        asked = self.request.GET.get("unit", "")
        if asked.isdecimal():
            return self.school(int(asked))
        return self.schools[0] if self.schools else None

    @cached_property
    def years(self) -> list[Any]:
        if self.unit is None:
            return []
        wanted = queries.years_with_pupils(self.actor, self.unit[0])
        rows = {row.pk: row for row in organization.school_years().filter(pk__in=wanted)}
        return [rows[key] for key in wanted]

    @cached_property
    def year(self) -> Any:
        asked = self.request.GET.get("year", "")
        chosen = [one for one in self.years if str(one.pk) == asked]
        return (chosen or self.years or [None])[0]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        plan, said = None, ""
        if self.unit and self.year:
            try:
                plan = journey.preview_promotion(by=self.actor, unit_id=self.unit[0], from_year=self.year)
            except NotAllowed:
                raise
            except Refused as error:
                said = error.message
        done = list(queries.year_promotions(self.actor, self.unit[0])[:10]) if self.unit else []
        context = {
            "plan": plan,
            "said": said,
            "rows": [_row(one) for one in plan.classes] if plan else [],
            "intake": plan.intake if plan else [],
            "counts": [(one.label, plan.counts[one.value]) for one in Outcome] if plan else [],
            "waiting": plan.counts[Outcome.WAITING.value] if plan else 0,
            "done": [_done(one) for one in done],
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """End the year, or take an ending back."""
        if self.unit is None:
            raise Http404
        here = f"{request.path}?unit={self.unit[0]}"
        try:
            with transaction.atomic():
                if "undo" in request.POST:
                    self._undo(request.POST["undo"])
                else:
                    self._apply(request)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(f"{here}&year={self.year.pk}" if self.year else here)
        return HttpResponseRedirect(here)

    def _undo(self, key: str) -> None:
        rows = queries.year_promotions(self.actor, self.unit[0] if self.unit else 0)
        done = get_object_or_404(rows, pk=int(key) if key.isdecimal() else 0)
        journey.undo_promotion(by=self.actor, done=done, now=timezone.localtime())
        messages.success(self.request, _t("Đã hoàn tác: học sinh lại ở lớp của năm học trước."))

    def _apply(self, request: HttpRequest) -> None:
        if self.unit is None or self.year is None:
            raise Http404
        done = journey.promote_year(
            by=self.actor,
            unit_id=self.unit[0],
            from_year=self.year,
            today=timezone.localdate(),
            now=timezone.localtime(),
            keep_homeroom="keep_homeroom" in request.POST,
            with_intake="with_intake" in request.POST,
        )
        messages.success(request, _t("Đã kết thúc năm học: %(words)s.") % {"words": _words(done.counts)})


def _row(plan: Any) -> dict[str, Any]:
    return {
        "key": plan.source.pk if plan.source else 0,
        "name": plan.source.name if plan.source else _t("Chưa xếp lớp"),
        "grade": GRADES.get(plan.source.grade, "") if plan.source else "",
        "size": len(plan.pupils),
        "counts": [(one.label, plan.counts[one.value]) for one in Outcome],
        "next": plan.name,
        "is_there": plan.is_there,
    }


def _words(counts: dict[str, int]) -> str:
    parts = [f"{counts[one.value]} {str(one.label).lower()}" for one in Outcome if counts.get(one.value)]
    if counts.get("classes"):
        parts.append(_t("%(number)d lớp mới") % {"number": counts["classes"]})
    return ", ".join(parts)


def _done(row: Any) -> dict[str, Any]:
    return {"row": row, "words": _words(row.counts)}


class PromotionClass(PromotionBase):
    """Pupils of one class with what becomes of each; only what differs from the usual is kept."""

    template_name = "portals/promotion_class.html"

    @cached_property
    def plan(self) -> Any:
        unit_id, _name = self.school(self.kwargs["unit"])
        year = get_object_or_404(organization.school_years(), pk=self.kwargs["year"])
        return journey.preview_promotion(by=self.actor, unit_id=unit_id, from_year=year)

    @cached_property
    def group(self) -> Any:
        wanted = self.kwargs["school_class"] or None
        found = next((o for o in self.plan.classes if (o.source.pk if o.source else None) == wanted), None)
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        name = self.group.source.name if self.group.source else _t("chưa xếp lớp")
        return _t("Kết quả năm học, lớp %(name)s") % {"name": name}

    def back(self) -> str:
        return f"{reverse('promotion')}?unit={self.plan.unit_id}&year={self.plan.from_year.pk}"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Kết thúc năm học"), self.back())]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = [
            {
                "pupil": one,
                "grade": GRADES.get(one.grade, ""),
                "choices": [(o.value, o.label, o == one.outcome) for o in one.possible],
                # By default nothing stands out; what the records propose does.
                "tone": "quiet" if one.reason == OutcomeReason.NO_RESULT else TONES.get(one.usual, "quiet"),
            }
            for one in self.group.pupils
        ]
        context = {
            "group": self.group,
            "rows": rows,
            "has_results": any(one.result for one in self.group.pupils),
            # Of primary school nothing is said of conduct.
            "has_conduct": any(one.result and one.result.conduct for one in self.group.pupils),
            "back": self.back(),
            **self.frame(),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        chosen = {
            one.spell_id: request.POST[f"outcome-{one.spell_id}"]
            for one in self.group.pupils
            if f"outcome-{one.spell_id}" in request.POST
        }
        try:
            with transaction.atomic():
                journey.set_outcomes(
                    by=self.actor,
                    unit_id=self.plan.unit_id,
                    from_year=self.plan.from_year,
                    outcomes=chosen,
                )
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.path)
        messages.success(request, _t("Đã lưu kết quả của lớp."))
        return HttpResponseRedirect(self.back())
