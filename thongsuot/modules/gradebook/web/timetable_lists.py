"""Versions of timetables: listed, begun, their day changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, DateTimeColumn, Table
from thongsuot.kit.pages.views import CreatePage, EditPage, ListPage, PageLink
from thongsuot.modules.organization import queries as organization

from ..actions import timetables as actions
from ..permissions import KEEP, VIEW
from ..queries import timetables as queries
from ..types import TimetableState


class TimetableTable(Table):
    name = Column(verbose_name=gettext_lazy("Thời khoá biểu"), empty_values=(), order_by="version")
    unit = Column(verbose_name=gettext_lazy("Trường"), accessor="unit__name", order_by="unit__sort_key")
    valid_from = DateColumn(verbose_name=gettext_lazy("Áp dụng từ"))
    state = Column()
    note = Column(orderable=False)
    published_at = DateTimeColumn()
    made_by = Column(order_by="made_by__full_name")
    hidden = ("made_by",)

    class Meta:
        fields = ()

    def render_name(self, record: Any) -> str:
        return str(record)

    def value_name(self, record: Any) -> str:
        return str(record)

    def render_state(self, record: Any) -> str:
        return str(record.get_state_display())


class TimetableFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=TimetableState, label=gettext_lazy("Trạng thái"))


class TimetableList(ListPage):
    title = gettext_lazy("Thời khoá biểu")
    table_class = TimetableTable
    filterset_class = TimetableFilter
    search_folded = ("unit__name_fold",)
    search_hint = gettext_lazy("Tên trường, không cần dấu")
    detail_url = "timetable:detail"
    detail_key = "public_id"
    create_url = "timetable:create"
    create_right = KEEP
    create_label = gettext_lazy("Lập thời khoá biểu")
    empty_title = gettext_lazy("Chưa có thời khoá biểu nào")
    empty_text = gettext_lazy(
        "Nhập phân công giảng dạy trước, rồi lập thời khoá biểu: xếp tự động, nhập từ bảng tính hoặc xếp tay."
    )

    def allowed(self, actor: Actor) -> bool:
        return actor.can(KEEP) or actor.can(VIEW)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.timetables(actor)

    def links(self) -> Sequence[PageLink]:
        units = own_units(self.actor)
        year = organization.current_school_year(timezone.localdate())
        if year is None or len(units) != 1:
            return ()
        url = reverse("timetable:rules", args=[units[0][0], year.pk])
        return [PageLink(_("Ràng buộc"), url, "adjustments")]


def own_units(actor: Actor) -> list[tuple[int, str]]:
    """Schools whose timetables the actor makes: those at which he or she holds the right."""
    return [(h.unit_id, h.unit_name) for h in actor.holdings if KEEP in h.rights and h.unit_kind == "school"]


class TimetableForm(forms.Form):
    unit_id = forms.TypedChoiceField(label=gettext_lazy("Trường"), coerce=int)
    year_id = forms.TypedChoiceField(label=gettext_lazy("Năm học"), coerce=int)
    term = forms.TypedChoiceField(
        label=gettext_lazy("Học kỳ"),
        coerce=int,
        choices=[(1, gettext_lazy("Học kỳ I")), (2, gettext_lazy("Học kỳ II"))],
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Áp dụng từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=gettext_lazy("Ghi chú"), max_length=120, required=False)
    copy_of = forms.ChoiceField(
        label=gettext_lazy("Bắt đầu từ"),
        required=False,
        help_text=gettext_lazy("Chép một bản đã có để sửa tiếp, hoặc để trống rồi xếp."),
    )

    def __init__(self, *args: Any, units: Any, years: Any, copies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = units  # type: ignore[attr-defined]
        self.fields["year_id"].choices = years  # type: ignore[attr-defined]
        self.fields["copy_of"].choices = [("", _("Bảng trống")), *copies]  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit_id"].widget = forms.HiddenInput()


class TimetableCreate(CreatePage):
    title = gettext_lazy("Lập thời khoá biểu")
    right = KEEP
    form_class = TimetableForm
    submit_label = gettext_lazy("Lập")
    success_message = gettext_lazy("Đã lập bản mới. Xếp tự động, nhập từ bảng tính, hoặc chọn từng tiết.")
    success_url = "timetable:detail"
    result_key = "public_id"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Thời khoá biểu"), reverse("timetable:list"))]

    @cached_property
    def units(self) -> list[tuple[int, str]]:
        return own_units(self.actor)

    def allowed(self, actor: Actor) -> bool:
        return bool(own_units(actor))

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        own = {pk for pk, _name in self.units}
        copies = queries.timetables(self.actor).filter(unit_id__in=own)[:20]
        return {
            "units": self.units,
            "years": [(year.pk, year.name) for year in organization.school_years()[:3]],
            "copies": [(str(one.public_id), f"{one} ({one.get_state_display()})") for one in copies],
        }

    def initial(self, thing: Any) -> dict[str, Any]:
        today = timezone.localdate()
        year, term = organization.current_school_year(today), organization.current_term(today)
        return {
            "unit_id": self.units[0][0],
            "year_id": year.pk if year else None,
            "term": term.number if term else 1,
            "valid_from": today,
            "copy_of": self.request.GET.get("tu", ""),
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        unit = organization.unit_detail(by, data["unit_id"])
        year = next((one for one in organization.school_years() if one.pk == data["year_id"]), None)
        if unit is None or year is None:
            raise Http404
        source = queries.timetable(by, data["copy_of"]) if data["copy_of"] else None
        return actions.create_timetable(
            by=by,
            unit=unit,
            school_year=year,
            term=data["term"],
            valid_from=data["valid_from"],
            note=data["note"],
            copy_of=source,
            now=timezone.now(),
        )


class TimetableEditForm(forms.Form):
    valid_from = forms.DateField(
        label=gettext_lazy("Áp dụng từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=gettext_lazy("Ghi chú"), max_length=120, required=False)


class TimetableEdit(EditPage):
    right = KEEP
    lookup = "public_id"
    form_class = TimetableEditForm
    success_url = "timetable:detail"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.timetables(actor).filter(state=TimetableState.DRAFT)

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"valid_from": thing.valid_from, "note": thing.note}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.change_timetable(by=by, timetable=thing, **data)
