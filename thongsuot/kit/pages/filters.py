"""Filters of a list: a base for filtersets, and the chips that say which of them are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import ANONYMOUS, Actor
from thongsuot.kit.pages.addresses import query_with
from thongsuot.kit.pages.listing import SEARCH, Asked

# Filters that stand beside the search on a screen of 1280.
MAIN_FILTERS = 3
YES_NO = [("true", gettext_lazy("Có")), ("false", gettext_lazy("Không"))]


class FilterSet(django_filters.FilterSet):
    """`self.actor` is who asks: choices of a filter may depend on it.

    ModelChoiceFilter(queryset=lambda request: queries.units(request.actor)) offers what the actor may see.

    `main` names the filters that are always in sight; unless named, the first that fit on one line beside
    the search. All others wait behind a button, and are open when one of them is set.
    """

    main: ClassVar[Sequence[str]] = ()

    @property
    def actor(self) -> Actor:
        return getattr(self.request, "actor", ANONYMOUS)

    def _main_names(self) -> list[str]:
        narrow = [n for n, field in self.form.fields.items() if not field.widget.use_fieldset]
        return list(self.main or narrow[:MAIN_FILTERS] or list(self.form.fields)[:1])

    @property
    def main_fields(self) -> list[forms.BoundField]:
        names = self._main_names()
        return [bound for bound in self.form if bound.name in names]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        names = self._main_names()
        return [bound for bound in self.form if bound.name not in names]

    @property
    def more_set(self) -> int:
        """How many of the filters behind the button are set, or wrong."""
        cleaned = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        return sum(
            bool(bound.errors) or cleaned.get(bound.name) not in EMPTY_VALUES for bound in self.more_fields
        )


class DateRange(django_filters.widgets.DateRangeWidget):
    """Two dates side by side, each with a name of its own for those who do not see the legend."""

    template_name = "pages/date_range.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words = (_("Từ ngày"), _("Đến ngày"))
        for part, word in zip(context["widget"]["subwidgets"], words, strict=True):
            part["attrs"] |= {"aria-label": word, "title": word}
        return context


class DateFromToFilter(django_filters.DateFromToRangeFilter):
    """Two dates, both may be left open: ?name_after=, ?name_before=."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateRange(attrs={"type": "date"}))
        super().__init__(*args, **kwargs)


class YesNoFilter(django_filters.ChoiceFilter):
    """All, yes or no: ?name=true, ?name=false."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", YES_NO)
        super().__init__(*args, **kwargs)

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return super().filter(rows, value == "true") if value else rows


@dataclass(frozen=True)
class Chip:
    """One condition that is on, and the address without it."""

    label: str
    value: str
    url: str


def chips(filterset: django_filters.FilterSet | None, asked: Asked) -> list[Chip]:
    """The conditions of a list in words, in the order of the form."""
    found = []
    if asked.text:
        found.append(Chip(_("Tìm"), asked.text, _without(asked.params, SEARCH)))
    if filterset is None or not filterset.form.is_bound:
        return found
    filterset.form.is_valid()
    for name, field in filterset.form.fields.items():
        value = filterset.form.cleaned_data.get(name)
        words = "" if value in EMPTY_VALUES else _words(field, value)
        if words:
            found.append(Chip(str(field.label or name), words, _without(asked.params, name)))
    return found


def _without(params: QueryDict, name: str) -> str:
    """The address without a filter; one of two fields sends name_min and name_max or the like."""
    gone = {key: None for key in params if key == name or key.rpartition("_")[0] == name}
    url = query_with(params, **gone, page=None)
    # Bare, the address would open the default filter.
    return url if len(url) > 1 else "?all=1"


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, slice):
        ends = [_words(field, end) if end is not None else "…" for end in (value.start, value.stop)]
        return "" if ends == ["…", "…"] else " – ".join(ends)
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    if isinstance(field, forms.ModelChoiceField):
        several = isinstance(field, forms.ModelMultipleChoiceField)
        return ", ".join(field.label_from_instance(one) for one in (value if several else [value]))
    if isinstance(field, forms.ChoiceField):
        names = {str(key): str(label) for key, label in _flat(field.choices)}
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(names.get(str(one), str(one)) for one in values)
    return str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found.extend(label if isinstance(label, list | tuple) else [(key, label)])
    return found
