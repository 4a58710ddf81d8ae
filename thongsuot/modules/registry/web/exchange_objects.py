"""Every object of a school on its way to the ministry, with its state: never sent, sent, changed since, accepted, refused."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import ListPage, PageLink

from ..queries import ministry as queries
from ..types import SubmissionStatus
from .exchange import TONES, OfSchool, schools_to_choose

STATES = {**dict(SubmissionStatus.choices), queries.CHANGED: _("Đã thay đổi sau khi gửi")}
PAGES = {
    "student": ("registry:student-detail", "public_id"),
    "staff": ("registry:staff-detail", "public_id"),
    "class": ("registry:class-detail", "pk"),
}


class ObjectTable(Table):
    object_name = Column(verbose_name=_("đối tượng"), order_by="object_sort")
    object_code = Column(verbose_name=_("mã"))
    place = Column(verbose_name=_("lớp"))
    state = Column(verbose_name=_("trạng thái"))
    reason = Column(verbose_name=_("lý do từ chối"))
    sent_at = DateTimeColumn(verbose_name=_("gửi lúc"))
    answered_at = DateTimeColumn(verbose_name=_("trả lời lúc"))

    def render_state(self, value: str) -> str:
        tone = "warn" if value == queries.CHANGED else TONES.get(value, "quiet")
        words = {"label": STATES[value], "tone_class": f"ts-tone-{tone}"}
        return render_to_string("components/badge.html", words)

    def value_state(self, value: str) -> str:
        return str(STATES[value])


class ObjectFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=list(STATES.items()))
    truong = django_filters.ChoiceFilter(label=_("Trường"), choices=[], method="as_asked")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = schools_to_choose(self.actor)
        if len(choices) > 1:
            self.filters["truong"].extra["choices"] = choices
        else:
            self.filters.pop("truong")

    def as_asked(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The page has looked only at this school already."""
        return rows


class ObjectList(OfSchool, ListPage):
    """?truong= says which school, ?state= which of its objects."""

    table_class = ObjectTable
    filterset_class = ObjectFilter
    search_fields = ("object_name", "object_code", "reason")
    search_hint = _("Tên, mã, lý do; không cần dấu")
    empty_title = _("Không có đối tượng nào")
    empty_text = _("Bỏ bớt bộ lọc, hoặc chọn trường khác.")

    @cached_property
    def kind(self) -> str:
        kind: str = self.kwargs["kind"]
        if kind not in queries.KINDS:
            raise Http404
        return kind

    @cached_property
    def unit(self) -> Any:
        return self.school()[0]

    def get_title(self) -> Any:
        words = {"kind": str(queries.KINDS[self.kind]).lower(), "unit": self.unit.name}
        return _t("Trạng thái gửi Bộ: %(kind)s, %(unit)s") % words

    def query(self, actor: Actor) -> QuerySet[Any]:
        try:
            return queries.objects_with_state(
                actor,
                unit_id=self.unit.pk,
                school_year_id=self.year().pk,
                kind=self.kind,
                day=timezone.localdate(),
            )
        except NotAllowed as error:
            raise Http404 from error

    def table(self, rows: Any, *, boxes: bool = False) -> Any:
        made = super().table(rows, boxes=boxes)
        if self.kind != "student":
            made.columns.hide("place")
        return made

    def row_url(self, record: Any) -> str:
        page, key = PAGES[self.kind]
        return reverse(page, kwargs={key: getattr(record, key)})

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Trao đổi với Bộ"), f"{reverse('registry:ministry')}?truong={self.unit.pk}")]

    def links(self) -> list[PageLink]:
        return [
            PageLink(
                str(label),
                f"{reverse('registry:ministry-objects', args=[kind])}?truong={self.unit.pk}",
                "list",
            )
            for kind, label in queries.KINDS.items()
            if kind != self.kind
        ]

    def exported(self, kind: str) -> None:
        self.trace(self.unit, _t("Xuất danh sách trạng thái gửi Bộ"))
