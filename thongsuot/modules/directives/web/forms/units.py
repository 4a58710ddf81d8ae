"""Choosing units by typing their names; groups of units come as one choice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization

# More units than this are shown as one chip.
MOST_CHIPS = 6


def unit_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Names of the units among `ids` that the actor may name, in the order of the directory."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = organization.units_visible(actor).filter(pk__in=wanted).order_by("sort_key", "pk")
    return dict(rows.values_list("pk", "name"))


def many_names(names: list[str]) -> str:
    """ "96 đơn vị: UBND xã A, UBND xã B, …" when there are many."""
    if len(names) <= MOST_CHIPS:
        return "; ".join(names)
    few = ", ".join(names[:3])
    return _("%(count)d đơn vị: %(few)s, …") % {"count": len(names), "few": few}


class NamedUnit(int):
    """The id of a unit that says its name where it is shown (chips of a list's conditions)."""

    name = ""

    def __str__(self) -> str:
        return self.name


class UnitPicker(forms.Widget):
    template_name = "directives/widgets/unit_picker.html"
    search_url = reverse_lazy("directives:unit-search")

    def __init__(self, *, single: bool = False) -> None:
        super().__init__()
        self.single = single
        self.actor: Actor | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        names = unit_names(self.actor, value or []) if self.actor else {}
        chips: list[tuple[str, Any]] = [(label, pk) for pk, label in names.items()]
        if len(chips) > MOST_CHIPS:
            chips = [(many_names(list(names.values())), ",".join(map(str, names)))]
        described = (attrs or {}).get("aria-describedby", "")
        context["widget"] |= {
            "chips": chips,
            "search_url": self.search_url,
            "single": self.single,
            "describedby": described,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[int]:
        parts = [part for value in data.getlist(name) for part in value.split(",")]
        return list(dict.fromkeys(int(part) for part in parts if part.isdecimal() and len(part) < 12))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_


class UnitsField(forms.Field):
    """Unit ids that the actor may name: a list, or one. `let(actor)` says who chooses."""

    widget = UnitPicker

    def __init__(self, *, single: bool = False, **kwargs: Any) -> None:
        super().__init__(widget=UnitPicker(single=single), **kwargs)
        self.single = single
        self.actor: Actor | None = None

    def let(self, actor: Actor) -> None:
        self.actor = self.widget.actor = actor

    def clean(self, value: Any) -> Any:
        ids = list(value or [])
        if self.required and not ids:
            raise forms.ValidationError(_("Hãy chọn ít nhất một đơn vị."), code="required")
        known = unit_names(self.actor, ids) if self.actor else {}
        if len(known) != len(set(ids)):
            raise forms.ValidationError(_("Có đơn vị không còn trong danh bạ. Hãy chọn lại."), code="invalid")
        if not self.single:
            return ids
        if not ids:
            return None
        chosen = NamedUnit(ids[0])
        chosen.name = known[ids[0]]
        return chosen


class ActorForm(forms.Form):
    """A form whose choices depend on who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, UnitsField):
                field.let(actor)


def offer(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Set the choices of a field that depend on who asks."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def date_input() -> forms.DateInput:
    """The browser's own calendar; it speaks ISO dates only."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", date_input())
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"])
        super().__init__(**kwargs)


def lines(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})
