"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from ... import queries

# Shown as "Chọn…" (kit.pages.forms).
BLANK = BLANK_CHOICE_DASH[0]


def day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


def text(label: Any, limit: int, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=required, **kwargs)


def codes(label: Any, code_list: str, *, required: bool = False) -> forms.ChoiceField:
    """A select of the ministry's list; read when the form is shown."""
    return forms.ChoiceField(
        label=label, choices=lambda: [BLANK, *queries.code_names(code_list).items()], required=required
    )


def chosen(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[BLANK, *(c for c in choices if c[0] != "")], required=required
    )


def number(label: Any, *, required: bool = False, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, **{"min_value": 0, **kwargs})


def yes(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class EditionForm(forms.Form):
    """Carries the edition that the editor had before him (queries.edition_of)."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keep_unknown()

    def _keep_unknown(self) -> None:
        """A code that the list does not know (any more) stays choosable: showing a record must not change it."""
        for name, field in self.fields.items():
            value = self.initial.get(name)
            if isinstance(field, forms.ChoiceField) and value not in (None, ""):
                choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
                if str(value) not in {str(key) for key, _label in choices}:
                    field.choices = [*choices, (str(value), str(value))]

    def changes(self) -> dict[str, Any]:
        """Only what was changed, so that a form never writes back what it merely showed."""
        data = self.cleaned_data
        return {name: data[name] for name in self.changed_data if name != "seen" and name in data}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["changes"] = self.changes()
        return data


class DayForm(forms.Form):
    on = day(_("Ngày"))
