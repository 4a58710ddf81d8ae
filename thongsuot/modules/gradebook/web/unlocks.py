"""Requests to open closed books: asking, those that wait, and what was decided of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import FormPage, ListPage, PageLink
from thongsuot.modules.organization import queries as organization

from ..actions.telling import request_unlock
from ..permissions import VIEW
from ..queries.listing import listed_requests
from ..types import UnlockState
from .books import BookBase
from .lists import book_crumb, sees_books
from .terms import term_name

NOWRAP = {"td": {"class": "ts-nowrap"}}


class UnlockTable(Table):
    asked_at = DateTimeColumn(verbose_name=_("Đề nghị lúc"), attrs=NOWRAP)
    asked_by = Column(verbose_name=_("Người đề nghị"), accessor="asked_by__full_name", default="–")
    book = Column(verbose_name=_("Sổ"), empty_values=(), orderable=False)
    reason = Column(verbose_name=_("Lý do"))
    state = Column(verbose_name=_("Quyết định"))
    decided_by = Column(verbose_name=_("Người quyết định"), accessor="decided_by__full_name", default="–")
    decided_at = DateTimeColumn(verbose_name=_("Quyết định lúc"), default="–", attrs=NOWRAP)
    answer = Column(verbose_name=_("Trả lời"), default="–")
    open_until = DateTimeColumn(verbose_name=_("Mở đến"), default="–", attrs=NOWRAP)
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    hidden = ("unit", "decided_by", "open_until")

    def value_book(self, record: Any) -> str:
        subject = record.class_subject
        what = f"{subject.name} {subject.school_class.name}" if subject else _t("Mọi môn")
        return f"{what}, {term_name(record.lock.term)} {record.lock.school_year.name}"

    render_book = value_book


class UnlockFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Quyết định"), choices=UnlockState.choices)
    year = django_filters.ChoiceFilter(
        label=_("Năm học"), field_name="lock__school_year_id", empty_label=_("Tất cả")
    )
    term = django_filters.ChoiceFilter(
        label=_("Học kỳ"),
        field_name="lock__term",
        choices=[("1", _("Học kỳ I")), ("2", _("Học kỳ II"))],
        empty_label=_("Tất cả"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [(year.pk, year.name) for year in organization.school_years()]


class UnlockList(ListPage):
    """The school's for whoever oversees it, else the person's own."""

    title = _("Đề nghị mở khoá sổ")
    table_class = UnlockTable
    filterset_class = UnlockFilter
    search_fields = ("reason", "answer", "asked_by__full_name", "class_subject__name")
    search_hint = _("Lý do, người đề nghị, môn")
    empty_title = _("Chưa có đề nghị nào")
    empty_text = _("Khi sổ đã khoá, giáo viên đề nghị mở ở trang nhập điểm của môn mình.")

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return listed_requests(actor)

    def row_url(self, record: Any) -> str | None:
        if record.class_subject_id is None:
            return None
        return reverse("gradebook:marks", args=[record.class_subject_id, record.lock.term])

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [book_crumb()]

    def links(self) -> Sequence[PageLink]:
        if not self.actor.can(VIEW):
            return []
        return [PageLink(_("Tiến độ nhập điểm"), reverse("gradebook:progress"), "gauge")]


class AskForm(forms.Form):
    reason = forms.CharField(
        label=_("Cần sửa gì, vì sao"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class AskUnlock(BookBase, FormPage):
    form_class = AskForm
    submit_label = _("Gửi hiệu trưởng")
    success_message = _("Đã gửi. Khi hiệu trưởng cho mở, anh/chị sẽ có thông báo.")

    def get_title(self) -> Any:
        return _t("Đề nghị mở khoá sổ: %(book)s") % {"book": self.book_name()}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (self.book_name(), self.url())]

    def get_thing(self) -> Any:
        return self.book

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return request_unlock(by=by, class_subject=thing, term=self.term, now=timezone.now(), **data)

    def success(self, result: Any) -> str:
        return self.url()
