"""Tables and filters of the lists of books and phrases."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, Table
from thongsuot.modules.organization import queries as organization

from ..types import SubjectForm

NOWRAP = {"td": {"class": "ts-nowrap"}}


class BookTable(Table):
    school_class = Column(verbose_name=_("Lớp"), accessor="school_class__name", order_by="school_class__name")
    name = Column(verbose_name=_("Môn"))
    form = Column(verbose_name=_("Đánh giá bằng"))
    periods = Column(verbose_name=_("Số tiết cả năm"), attrs={"td": {"class": "ts-num"}})
    terms = Column(verbose_name=_("Sổ của học kỳ"), empty_values=(), orderable=False, attrs=NOWRAP)
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    year = Column(verbose_name=_("Năm học"), accessor="school_year__name", order_by="school_year__starts_on")
    hidden = ("year",)

    def render_terms(self, record: Any) -> str:
        links = [
            (reverse("gradebook:marks", args=[record.pk, term]), self._word(record, term)) for term in (1, 2)
        ]
        # One element: on a phone the cell is a grid, and each of its parts would get a row.
        return format_html("<span>{}</span>", format_html_join(" · ", '<a href="{}">{}</a>', links))

    def value_terms(self, record: Any) -> str:
        return ", ".join(self._word(record, term) for term in (1, 2))

    @staticmethod
    def _word(record: Any, term: int) -> str:
        name = _t("Học kỳ I") if term == 1 else _t("Học kỳ II")
        return f"{name} ({_t('đã khoá')})" if getattr(record, f"locked{term}") else name


class BookFilter(FilterSet):
    year = django_filters.ChoiceFilter(
        label=_("Năm học"), field_name="school_year_id", empty_label=_("Tất cả")
    )
    form = django_filters.ChoiceFilter(label=_("Đánh giá bằng"), choices=SubjectForm.choices)
    mine = django_filters.ChoiceFilter(
        label=_("Quyền"), method="of_mine", choices=[("1", _("Sổ tôi được nhập"))], empty_label=_("Tất cả")
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # Without a word about the year it is this one; "Tất cả" says an empty year.
        now = organization.current_school_year(timezone.localdate())
        if data is not None and "year" not in data and "all" not in data and now is not None:
            data = data.copy()
            data["year"] = str(now.pk)
        super().__init__(data, *args, **kwargs)
        self.filters["year"].extra["choices"] = [(year.pk, year.name) for year in organization.school_years()]

    def of_mine(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(is_mine=True)


class PhraseTable(Table):
    text = Column(verbose_name=_("Câu nhận xét"))
    subject = Column(verbose_name=_("Môn"), empty_values=())
    level = Column(verbose_name=_("Mức"), default="–")
    owner = Column(verbose_name=_("Của"), accessor="owner_id", empty_values=(), orderable=False)
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    hidden = ("unit",)

    def render_subject(self, record: Any) -> str:
        return subject_name(record.subject)

    def value_subject(self, record: Any) -> str:
        return subject_name(record.subject)

    def render_owner(self, record: Any) -> str:
        return format_html("{}", self.value_owner(record))

    def value_owner(self, record: Any) -> str:
        return _t("Nhà trường") if record.owner_id is None else _t("Riêng tôi")


def subject_name(code: str) -> str:
    """The name that the programme has for a subject's code."""
    from ..queries.rules import programme

    if not code:
        return _t("Mọi môn")
    names = {one.code: one.name for stage in programme().stages for one in stage.subjects}
    return names.get(code, code)


class PhraseFilter(FilterSet):
    level = django_filters.ChoiceFilter(
        label=_("Mức"), choices=[(one, one) for one in ("T", "H", "C", "Đ", "CĐ")]
    )
    whose = django_filters.ChoiceFilter(
        label=_("Của"),
        method="of_whom",
        choices=[("own", _("Riêng tôi")), ("school", _("Nhà trường"))],
        empty_label=_("Tất cả"),
    )

    def of_whom(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(owner__isnull=value == "school")
