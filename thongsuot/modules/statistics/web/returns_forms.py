"""What people fill in: a new period, its days, reasons."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.modules.organization import queries as organization

from ..domain.form import Desk, Period
from ..domain.return_dates import due_day
from ..queries.forms import forms as forms_on
from ..types import PeriodKind

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DaysForm(forms.Form):
    school_due_on = forms.DateField(label=_("Hạn của trường"), widget=DATE)
    commune_due_on = forms.DateField(label=_("Hạn của xã"), widget=DATE)
    department_due_on = forms.DateField(label=_("Hạn của Sở"), widget=DATE)

    @staticmethod
    def due(data: dict[str, Any]) -> dict[str, date]:
        return {desk.value: data[f"{desk.value}_due_on"] for desk in Desk}


class PeriodForm(DaysForm):
    kind = forms.ChoiceField(label=_("Loại kỳ"), choices=PeriodKind.choices)
    name = forms.CharField(label=_("Tên kỳ"), max_length=160)
    as_of = forms.DateField(label=_("Số liệu tính đến hết ngày"), widget=DATE)
    forms = forms.MultipleChoiceField(label=_("Biểu"), widget=forms.CheckboxSelectMultiple)
    field_order = ["kind", "name", "as_of", "forms"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.code, f"{one.code} · {one.name}") for one in forms_on(today)]
        cast(forms.MultipleChoiceField, self.fields["forms"]).choices = known


def proposed(kind: str, today: date) -> dict[str, Any]:
    """The next period of this kind as its forms say: the day, the forms, the last days moved off free days."""
    year = organization.current_school_year(today)
    of_kind = [one for one in forms_on(today) if one.period == Period(kind)]
    if year is None or not of_kind:
        return {"kind": kind}
    start, working = year.starts_on.year, organization.work_calendar().is_working_day
    days = {
        f"{desk.value}_due_on": max(
            due_day(one.last_day(desk, start), working) for one in of_kind if desk in one.due
        )
        for desk in Desk
        if any(desk in one.due for one in of_kind)
    }
    return {
        "kind": kind,
        "name": f"{PeriodKind(kind).label} {year.name}",
        "as_of": max(one.day(start) for one in of_kind),
        "forms": [one.code for one in of_kind],
        **days,
    }


class CloseForm(forms.Form):
    """A reason is asked for where something is not signed off yet."""

    reason = forms.CharField(
        label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500, required=False
    )

    def __init__(self, *args: Any, is_signed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not is_signed


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
