"""Completing a level: the last grade looked at class by class, decided with number and date, taken back; and the list that
the next level gets."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from thongsuot.journeys import graduate as journey
from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.records import refuse
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.actions.graduating import final_grades
from thongsuot.modules.registry.types import GradeLevel
from thongsuot.modules.registry.web.forms.fields import day, text

from .promotion import PromotionBase

GRADES = dict(GradeLevel.choices)
LEVELS = {18: _("Mầm non (5-6 tuổi)"), 5: _("Tiểu học (lớp 5)"), 9: _("THCS (lớp 9)"), 12: _("THPT (lớp 12)")}
NOT_YET = "no"


class DecisionForm(forms.Form):
    decision_number = text(_("Số quyết định"), 60, required=True, help_text=_("Ví dụ: 45/QĐ-THSB."))
    decided_on = day(_("Ngày quyết định"))
    last_day = day(_("Ngày học cuối"), help_text=_("Quá trình học của em hoàn thành kết thúc vào ngày này."))


class GraduationBase(PromotionBase):
    """The school, the year and the grade that the page is about."""

    @cached_property
    def unit(self) -> tuple[int, str] | None:
        asked = str(self.kwargs.get("unit") or self.request.GET.get("unit", ""))
        if asked.isdecimal():
            return self.school(int(asked))
        return self.schools[0] if self.schools else None

    @cached_property
    def grades(self) -> list[tuple[int, Any]]:
        found = final_grades(by=self.actor, unit_id=self.unit[0]) if self.unit else []
        return [(grade, LEVELS[grade]) for grade in found]


class GraduationPage(GraduationBase):
    """?unit=, ?year= and ?grade= say which; else the first school, the earliest year with pupils, its first final grade."""

    title = _("Hoàn thành cấp học")
    template_name = "portals/graduation.html"

    @cached_property
    def years(self) -> list[Any]:
        wanted = queries.years_with_pupils(self.actor, self.unit[0]) if self.unit else []
        rows = {row.pk: row for row in organization.school_years().filter(pk__in=wanted)}
        return [rows[key] for key in wanted]

    @cached_property
    def year(self) -> Any:
        asked = self.request.GET.get("year", "")
        chosen = [one for one in self.years if str(one.pk) == asked]
        return (chosen or self.years or [None])[0]

    @cached_property
    def grade(self) -> int | None:
        asked = self.request.GET.get("grade", "")
        found = [grade for grade, _label in self.grades]
        if asked in map(str, found):
            return int(asked)
        return found[0] if found else None

    def here(self) -> str:
        found = f"{self.request.path}?unit={self.unit[0] if self.unit else ''}"
        return f"{found}&year={self.year.pk}&grade={self.grade}" if self.year and self.grade else found

    def get(self, request: HttpRequest) -> HttpResponseBase:
        today = timezone.localdate()
        last_day = min(today, self.year.ends_on) if self.year else today
        return self._show(DecisionForm(initial={"decided_on": today, "last_day": last_day}))

    def _show(self, form: DecisionForm, status: int = 200) -> HttpResponseBase:
        plan = None
        if self.unit and self.year and self.grade:
            plan = journey.preview_graduation(
                by=self.actor, unit_id=self.unit[0], school_year=self.year, grade=self.grade
            )
        done = list(queries.graduations(self.actor, self.unit[0])[:20]) if self.unit else []
        context = {
            "plan": plan,
            "form": form,
            "rows": [_row(group, pupils) for group, pupils in plan.classes] if plan else [],
            "held_back": [one for one in plan.pupils if not one.completes] if plan else [],
            "lacking": sum(bool(one.lacks) for one in plan.pupils if one.completes) if plan else 0,
            "level": LEVELS.get(self.grade or 0, ""),
            "here": self.here(),
            "done": [self._done(one) for one in done],
            **self.frame(),
        }
        return render(self.request, self.template_name, context, status=status)

    def _done(self, row: Any) -> dict[str, Any]:
        blocks = [] if row.undone_at else journey.what_blocks(by=self.actor, graduation=row)
        return {"row": row, "level": LEVELS.get(row.grade, ""), "blocks": blocks}

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Write the decision, or take one back."""
        if self.unit is None:
            raise Http404
        if "undo" in request.POST:
            return self._undo(request.POST["undo"])
        if self.year is None or self.grade is None:
            raise Http404
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            with transaction.atomic():
                done = journey.graduate(
                    by=self.actor,
                    unit_id=self.unit[0],
                    school_year=self.year,
                    grade=self.grade,
                    today=timezone.localdate(),
                    now=timezone.localtime(),
                    **form.cleaned_data,
                )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self._show(form, status=422)
        said = _t("Đã ghi: %(completed)d em hoàn thành, %(held)d em chưa.")
        messages.success(
            request, said % {"completed": done.counts["completed"], "held": done.counts["held_back"]}
        )
        return HttpResponseRedirect(self.here())

    def _undo(self, key: str) -> HttpResponseBase:
        rows = queries.graduations(self.actor, self.unit[0] if self.unit else 0)
        row = get_object_or_404(rows, pk=int(key) if key.isdecimal() else 0)
        try:
            with transaction.atomic():
                journey.undo_graduation(by=self.actor, graduation=row, now=timezone.localtime())
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(self.request, error.message)
        else:
            messages.success(self.request, _t("Đã hoàn tác: học sinh lại ở lớp cuối cấp."))
        return HttpResponseRedirect(self.here())


def _row(group: Any, pupils: list[Any]) -> dict[str, Any]:
    completing = [one for one in pupils if one.completes]
    return {
        "key": group.pk if group else 0,
        "name": group.name if group else _t("Chưa xếp lớp"),
        "size": len(pupils),
        "completed": len(completing),
        "held_back": len(pupils) - len(completing),
        "lacking": sum(bool(one.lacks) for one in completing),
    }


class GraduationClass(GraduationBase):
    """Pupils of one class: completes, or not and why."""

    template_name = "portals/graduation_class.html"

    @cached_property
    def plan(self) -> Any:
        if self.unit is None:
            raise Http404
        year = get_object_or_404(organization.school_years(), pk=self.kwargs["year"])
        if self.kwargs["grade"] not in dict(self.grades):
            raise Http404
        return journey.preview_graduation(
            by=self.actor, unit_id=self.unit[0], school_year=year, grade=self.kwargs["grade"]
        )

    @cached_property
    def group(self) -> Any:
        wanted = self.kwargs["school_class"] or None
        found = next((one for one in self.plan.classes if (one[0].pk if one[0] else None) == wanted), None)
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        name = self.group[0].name if self.group[0] else _t("chưa xếp lớp")
        return _t("Xét hoàn thành cấp học, lớp %(name)s") % {"name": name}

    def back(self) -> str:
        plan = self.plan
        return f"{reverse('graduation')}?unit={plan.unit_id}&year={plan.school_year.pk}&grade={plan.grade}"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Hoàn thành cấp học"), self.back())]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = [{"one": one, "reason": one.reason, "says_no": not one.completes} for one in self.group[1]]
        return self._show(rows)

    def _show(self, rows: list[dict[str, Any]], status: int = 200) -> HttpResponseBase:
        reasons = queries.registry_fact(self.actor, "held_back_reasons").value
        context = {"rows": rows, "reasons": reasons, "back": self.back(), **self.frame()}
        return render(self.request, self.template_name, context, status=status)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows, reasons, missing = [], {}, []
        for one in self.group[1]:
            key = one.spell.pk
            if one.blocked:
                rows.append({"one": one, "reason": one.reason, "says_no": True})
                continue
            says_no = request.POST.get(f"completes-{key}") == NOT_YET
            reason = request.POST.get(f"reason-{key}", "").strip()
            is_missing = says_no and not reason
            rows.append({"one": one, "reason": reason, "says_no": says_no, "is_missing": is_missing})
            missing += [one.spell.student_name] if is_missing else []
            if f"completes-{key}" in request.POST:
                reasons[key] = reason if says_no else ""
        if missing:
            said = ngettext("Cần ghi lý do cho %(names)s.", "Cần ghi lý do cho %(names)s.", len(missing))
            messages.error(request, said % {"names": ", ".join(missing[:10])})
            return self._show(rows, status=422)
        try:
            with transaction.atomic():
                journey.hold_back(
                    by=self.actor,
                    unit_id=self.plan.unit_id,
                    school_year=self.plan.school_year,
                    grade=self.plan.grade,
                    reasons=reasons,
                )
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
            return self._show(rows, status=422)
        messages.success(request, _t("Đã lưu kết quả của lớp."))
        return HttpResponseRedirect(self.back())
