"""The population: the list, correcting one count, the way to the file."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.records import EditPage, PageLink
from thongsuot.kit.pages.tables import Column, Table
from thongsuot.kit.pages.views import ListPage
from thongsuot.modules.organization import queries as organization

from .. import actions
from ..permissions import MANAGE
from ..queries.population import population


class PopulationTable(Table):
    unit = Column(verbose_name=gettext_lazy("Xã, phường"), accessor="unit__name", order_by="unit__sort_key")
    year = Column(verbose_name=gettext_lazy("Năm"))
    age = Column(verbose_name=gettext_lazy("Tuổi"))
    sex = Column(verbose_name=gettext_lazy("Giới tính"), accessor="get_sex_display", order_by=("sex",))
    people = Column(verbose_name=gettext_lazy("Số người"))
    source = Column(verbose_name=gettext_lazy("Nguồn"))

    class Meta:
        fields = ("unit", "year", "age", "sex", "people", "source")


class PopulationFilter(FilterSet):
    unit_id = django_filters.ChoiceFilter(
        label=gettext_lazy("Xã, phường"), choices=lambda: list(organization.commune_names().items())
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"))
    age = django_filters.NumberFilter(label=gettext_lazy("Tuổi"))


class PopulationList(ListPage):
    title = gettext_lazy("Dân số theo tuổi")
    right = MANAGE
    table_class = PopulationTable
    filterset_class = PopulationFilter
    search_folded = ("unit__name_fold",)
    detail_url = "statistics:population-edit"
    empty_title = gettext_lazy("Chưa có số dân")
    empty_text = gettext_lazy(
        "Nhập tệp dân số theo xã, tuổi, giới tính để tính tỷ lệ đi học; sửa từng dòng ở đây."
    )

    def links(self) -> list[PageLink]:
        url = reverse("importing:upload", args=["statistics.population"])
        return [PageLink(_("Nhập từ tệp"), url, "table-import")]

    def query(self, actor: Actor) -> Any:
        return population(actor)


class PopulationForm(forms.Form):
    people = forms.IntegerField(label=gettext_lazy("Số người"), min_value=0, max_value=1_000_000)
    source = forms.CharField(label=gettext_lazy("Nguồn"), required=False, max_length=200)


class PopulationEdit(EditPage):
    right = MANAGE
    form_class = PopulationForm
    success_url = "statistics:population-list"

    def query(self, actor: Actor) -> Any:
        return population(actor)

    def get_title(self) -> Any:
        row = self.thing
        said = {"unit": row.unit.name, "year": row.year, "age": row.age, "sex": row.get_sex_display()}
        return _("%(unit)s, năm %(year)d: %(age)d tuổi, %(sex)s") % said

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Dân số theo tuổi"), reverse("statistics:population-list"))]

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"people": thing.people, "source": thing.source}

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.correct_population(by=by, row=thing, **data)
