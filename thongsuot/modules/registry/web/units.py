"""The school that a page is about, for people who keep one school or several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization import queries as organization
from thongsuot.modules.organization.types import UnitKind

from .. import queries
from .forms.fields import BLANK


def schools_of(actor: Actor, right: str) -> list[tuple[int, str]]:
    """(id, name) of the schools over which the actor holds `right`."""
    reach = actor.reach_of(right)
    if reach is not None:
        return [(pk, name) for pk, name, kind in organization.units_named(reach) if kind == UnitKind.SCHOOL]
    units = organization.units_visible(actor).filter(kind=UnitKind.SCHOOL)
    return list(units.order_by("sort_key", "id").values_list("pk", "name"))


def is_of_one_school(actor: Actor) -> bool:
    reach = actor.reach_of("registry.view")
    return reach is not None and len(reach) == 1


def class_choices(actor: Actor, unit_id: int) -> list[tuple[str, str]]:
    """Open classes of the school this year, for a select."""
    today = timezone.localdate()
    year = organization.current_school_year(today)
    if year is None:
        return [BLANK]
    found = queries.classes(actor, school_year_id=year.pk, unit_id=unit_id).filter(valid_to__isnull=True)
    return [BLANK, *((str(row.pk), row.name) for row in found.order_by("grade", "name", "id"))]


class SchoolChoice(forms.Form):
    """`unit`: asked only of people who keep several schools."""

    right = "registry.edit"

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = schools_of(actor, self.right)
        self.fields["unit"] = forms.TypedChoiceField(label=_("Trường"), choices=choices, coerce=int)
        if len(choices) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = choices[0][0]
        self.order_fields(["unit"])
