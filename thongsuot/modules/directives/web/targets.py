"""One target: its live value, who is missing, what units reported."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.indicators import registry
from thongsuot.kit.indicators.addresses import rows_url
from thongsuot.kit.indicators.opening import opens
from thongsuot.kit.indicators.types import Part
from thongsuot.kit.pages.records import refuse
from thongsuot.kit.pages.views import ActorPage
from thongsuot.modules.organization import queries as organization

from .. import actions
from ..actions.targets import ReportedFigure
from ..domain.course import Course
from ..domain.target_values import same_measure
from ..domain.wording import goal_words, measured
from ..permissions import can_approve_value
from ..queries.targets import TargetDetail, UnitStanding, target, target_detail, target_value
from ..queries.values import reported_values
from .evidence import kept
from .forms.reports import IndicatorForm, TargetValueForm
from .forms.units import offer
from .words import Act, Button, day

MOST_MISSING = 60
MOST_VALUES = 40


class UnitValueForm(TargetValueForm):
    """`units`: choices, where the actor reports for more than one."""

    unit = forms.TypedChoiceField(label=gettext_lazy("Đơn vị"), coerce=int)
    field_order = ["unit"]

    def __init__(self, *args: Any, units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", [(unit.pk, unit.name) for unit in units])
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0].pk


def figure_words(value: Decimal | None, measure: str) -> str:
    return "–" if value is None else measured(value, measure)


class TargetPage(ActorPage):
    right = "directives.view_unit"

    @property
    def detail(self) -> TargetDetail:
        if not hasattr(self, "_detail"):
            row = target(self.actor, self.kwargs["public_id"])
            if row is None:
                raise Http404
            self._detail = target_detail(self.actor, row, today=timezone.localdate())
        return self._detail

    def url(self) -> str:
        return reverse("directives:target-detail", args=[self.detail.target.public_id])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Chỉ tiêu"), reverse("directives:target-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        found = self.detail
        thing = found.target
        values = list(reported_values(self.actor, thing)[:MOST_VALUES])
        context = {
            "target": thing,
            "goal_words": goal_words(thing.operator, thing.value, thing.measure) or "–",
            "value_words": figure_words(found.value, thing.measure),
            "value_tone": "ok" if found.met else "bad" if found.met is False else "quiet",
            "value_note": found.how,
            "missing_count": len(found.missing),
            "missing": [self._missing(one) for one in found.missing[:MOST_MISSING]],
            "course": course_words(found),
            "missing_left": max(len(found.missing) - MOST_MISSING, 0),
            "figure": _trend(found),
            "values": values,
            "approvable": {
                value.pk
                for value in values
                if value.state == "submitted" and can_approve_value(self.actor, value)
            },
            "pairs": _pairs(thing),
            "acts": self.acts(refused or {}),
        }
        return render(self.request, "directives/target/detail.html", context | self.frame(), status=status)

    def _missing(self, one: UnitStanding) -> dict[str, str]:
        if one.pending:
            why = _("Đã báo cáo, chờ duyệt")
        elif one.value is None:
            why = _("Chưa có số liệu")
        else:
            why = _("Chưa đạt, tính đến %(day)s") % {"day": day(one.as_of)}
        value = figure_words(one.value, self.detail.target.measure) if one.value is not None else ""
        return {"name": one.unit.name, "value": value, "why": why, **self._ways(one)}

    def _ways(self, one: UnitStanding) -> dict[str, str]:
        """From a unit to the figure (with the units below it) and to the rows that are missing."""
        indicator, unit_id = self.detail.indicator, one.unit.pk
        if indicator is None or one.figure is None or not self.actor.can("indicators.view"):
            return {}
        if not self.actor.sees(unit_id):
            return {}
        ways = {"url": reverse("indicators:unit", args=[indicator.code, unit_id])}
        if one.behind:
            said = {"behind": one.behind, "below": one.below}
            ways["below"] = _("%(behind)s/%(below)s đơn vị trực thuộc chưa đạt") % said
        left = (one.figure.denominator or Decimal(0)) - one.figure.numerator
        if left > 0 and indicator.denominator and opens(self.actor, indicator, unit_id, Part.MISSING):
            ways["rows_url"] = rows_url(indicator, unit_id, timezone.localdate(), Part.MISSING)
            ways["left"] = f"{left:f}"
        return ways

    def acts(self, refused: dict[str, Any]) -> list[Act]:
        return [
            Act(
                key=key,
                label=label,
                icon=icon,
                url=reverse("directives:target-act", args=[self.detail.target.public_id, key]),
                form=refused.get(key) or _make(key, self.detail),
                buttons=(Button(button),),
                is_open=key in refused,
            )
            for key, (label, icon, button, is_open) in OFFERS.items()
            if is_open(self.detail)
        ]


def course_words(found: TargetDetail) -> dict[str, str]:
    """Whether the target is on course, and how that was told."""
    line, measure = found.course, found.target.measure
    if line is None:
        return {"label": "–", "tone": "quiet", "note": _why_no_course(found), "text": ""}
    if found.met:
        return {"label": _("Đã đạt"), "tone": "ok", "note": "", "text": _line_words(line, measure)}
    said = {"gap": measured(line.gap, measure), "expected": measured(line.expected, measure)}
    note = _("hôm nay cần %(expected)s") % said
    if line.is_on:
        return {"label": _("Đúng tiến độ"), "tone": "ok", "note": note, "text": _line_words(line, measure)}
    note = _("hôm nay cần %(expected)s, còn cách %(gap)s") % said
    return {"label": _("Chậm tiến độ"), "tone": "bad", "note": note, "text": _line_words(line, measure)}


def _why_no_course(found: TargetDetail) -> str:
    if found.target.value is None:
        return _("Không giao con số")
    if found.target.due_on is None:
        return _("Không có ngày phải đạt")
    return _("Chưa có số liệu của ngày trước để so sánh")


def _line_words(line: Course, measure: str) -> str:
    said = {
        "start": measured(line.start, measure), "begins": day(line.begins),
        "aim": measured(line.aim, measure), "ends": day(line.ends), "expected": measured(line.expected, measure),
    }  # fmt: skip
    return (
        _(
            "Tiến độ tính theo đường thẳng từ %(start)s ngày %(begins)s đến %(aim)s ngày %(ends)s: hôm nay cần %(expected)s. "
            "Đây là cách tính của hệ thống, không phải quy định của văn bản."
        )
        % said
    )


def _pairs(thing: Any) -> list[tuple[Any, Any]]:
    indicator = registry.get(thing.indicator_code)
    order = thing.directive
    return [
        (_("Văn bản"), f"{order.type} {order.number}".strip() if order.number else order.reference),
        (_("Đơn vị giao"), thing.owner_unit.name),
        (_("Kỳ"), thing.period),
        (_("Đến ngày"), day(thing.due_on)),
        (_("Nguồn số liệu"), indicator.name if indicator else _("Các đơn vị tự báo cáo kèm minh chứng")),
    ]


def _trend(found: TargetDetail) -> dict[str, Any] | None:
    if len(found.trend) < 2:
        return None
    series = [{"name": _("Thực hiện"), "data": [float(value) for _day, value in found.trend]}]
    if found.target.value is not None:
        aim = float(found.target.value)
        series.append({"name": _("Giao"), "data": [aim] * len(found.trend), "tone": "ok"})
    if found.course is not None:
        line = [float(found.course.expected_on(at)) for at, _value in found.trend]
        series.append({"name": _("Theo tiến độ"), "data": line, "tone": "quiet"})
    return {
        "title": _("Diễn biến chỉ tiêu"),
        "kind": "line",
        "unit": found.target.measure,
        "category_name": _("Ngày"),
        "categories": [day(at) for at, _value in found.trend],
        "series": series,
    }


def _make(key: str, found: TargetDetail, data: Any = None, files: Any = None) -> Any:
    if key == "report":
        initial: dict[str, Any] = {"as_of": timezone.localdate()}
        return UnitValueForm(data, files, units=found.reports_for, initial=initial, prefix="report")
    measure = found.target.measure
    choices = [
        (subject or _("Khác"), chosen)
        for subject, listed in registry.by_subject()
        if (chosen := [(one.code, one.name) for one in listed if same_measure(measure, one.unit)])
    ]
    initial = {"indicator_code": found.target.indicator_code}
    return IndicatorForm(data, indicators=choices, initial=initial, prefix="bind")


Offer = tuple[Any, str, Any, Callable[[TargetDetail], bool]]
OFFERS: dict[str, Offer] = {
    "report": (
        gettext_lazy("Báo cáo số liệu"),
        "chart-bar",
        gettext_lazy("Gửi"),
        lambda found: bool(found.reports_for) and not found.target.indicator_code,
    ),
    "bind": (gettext_lazy("Gắn với chỉ số"), "link", gettext_lazy("Lưu"), lambda found: found.can_manage),
}


class TargetAct(TargetPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{self.url()}#viec-{kwargs['act']}")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = kwargs["act"]
        if key not in OFFERS or not OFFERS[key][3](self.detail):
            raise Http404
        form = _make(key, self.detail, request.POST, request.FILES)
        if not form.is_valid():
            return self.show({key: form}, status=422)
        try:
            with transaction.atomic():
                said = self.run(key, form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
            return self.show({key: form}, status=422)
        messages.success(request, said)
        return HttpResponseRedirect(self.url())

    def run(self, key: str, said: dict[str, Any]) -> str:
        if key == "bind":
            actions.bind_indicator(by=self.actor, target=self.detail.target, code=said["indicator_code"])
            return _("Đã gắn chỉ số.") if said["indicator_code"] else _("Đã bỏ gắn chỉ số.")
        figure = ReportedFigure(said["as_of"], said["value"], said["numerator"], said["denominator"])
        unit = organization.unit_detail(self.actor, said["unit"])
        actions.report_value(
            by=self.actor,
            target=self.detail.target,
            unit=unit,
            figure=figure,
            file=kept(self.actor, said["file"], said["unit"]),
            link=said["link"],
            note=said["note"],
            now=timezone.localtime(),
        )
        return _("Đã gửi số liệu, chờ cấp trên duyệt.")


class ValueAct(ActorPage):
    """Approve or return one reported value."""

    right = "directives.view_unit"
    http_method_names = ["post"]

    def act(self, value: Any) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        value = target_value(self.actor, kwargs["pk"])
        if value is None:
            raise Http404
        try:
            with transaction.atomic():
                said = self.act(value)
        except NotAllowed:
            raise
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, said)
        return HttpResponseRedirect(reverse("directives:target-detail", args=[value.target.public_id]))


class ApproveValue(ValueAct):
    def act(self, value: Any) -> str:
        actions.approve_value(by=self.actor, value=value, now=timezone.localtime())
        return _("Đã duyệt số liệu.")


class ReturnValue(ValueAct):
    def act(self, value: Any) -> str:
        reason = self.request.POST.get("reason", "")[:2000]
        actions.return_value(by=self.actor, value=value, reason=reason, now=timezone.localtime())
        return _("Đã trả lại số liệu.")
