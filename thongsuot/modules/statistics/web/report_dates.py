"""The last days of periodic reports, for the department to set."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import FormPage
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import UnitKind

from .. import actions, queries
from ..permissions import MANAGE
from ..types import ReportKind
from .returns_forms import DATE

LEVELS = {UnitKind.SCHOOL.value: gettext_lazy("trường"), UnitKind.COMMUNE.value: gettext_lazy("xã, phường")}


class DatesForm(forms.Form):
    """A field for each report and level that has a date."""

    def __init__(self, *args: Any, held: dict[tuple[str, str], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for (kind, level), day in held.items():
            label = _("%(report)s: hạn của %(level)s") % {
                "report": ReportKind(kind).label,
                "level": LEVELS.get(level, level),
            }
            self.fields[f"{kind}.{level}"] = forms.DateField(label=label, widget=DATE, initial=day)


class ReportDates(FormPage):
    right = MANAGE
    form_class = DatesForm
    success_url = "statistics:report-list"
    success_message = gettext_lazy("Đã đổi hạn; lời nhắc theo hạn mới.")

    @cached_property
    def year(self) -> Any:
        found = organization.current_school_year(timezone.localdate())
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return _("Hạn gửi báo cáo năm học %(year)s") % {"year": self.year.name}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Báo cáo sơ kết, tổng kết"), reverse("statistics:report-list"))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"held": queries.due_dates(self.year)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        days = {(kind, level): day for name, day in data.items() for kind, level in [name.split(".")]}
        return actions.set_report_dates(by=by, school_year=self.year, dates=days, now=timezone.now())
