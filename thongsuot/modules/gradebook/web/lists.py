"""Lists: the books of marks, the bank of remarks; pages of one phrase."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage, CreatePage, DeletePage, EditPage, ListPage, PageLink
from thongsuot.modules.organization import queries as organization

from .. import actions
from ..actions.phrases import change_phrase
from ..permissions import ENTER, KEEP, LOCK, VIEW, can_write_phrase
from ..queries import listing
from ..queries import phrase_bank as phrase_queries
from ..queries.rules import programme
from .tables import BookFilter, BookTable, PhraseFilter, PhraseTable
from .terms import term_now

LEVELS = [("", _("Mọi mức")), *((one, one) for one in ("T", "H", "C", "Đ", "CĐ"))]


def sees_books(actor: Actor) -> bool:
    return any(actor.can(right) for right in (VIEW, KEEP, ENTER))


def book_crumb() -> tuple[Any, str]:
    """The page above most pages of the module."""
    return (_("Sổ điểm"), reverse("gradebook:book-list"))


def school_crumbs(actor: Actor, unit: Any) -> list[tuple[Any, str]]:
    """Which school it is, for whoever looks after several: leads to its board."""
    own = actor.acting.unit_id if actor.acting else None
    if unit.pk == own or not actor.can(VIEW, unit.pk):
        return []
    return [(unit.name, f"{reverse('gradebook:progress')}?truong={unit.pk}")]


class BookList(ListPage):
    title = _("Sổ điểm")
    table_class = BookTable
    filterset_class = BookFilter
    search_fields = ("name", "school_class__name")
    search_hint = _("Tên môn, lớp")
    empty_title = _("Chưa có sổ điểm")
    empty_text = _("Nhà trường lập sổ điểm từ chương trình và phân công giảng dạy ở trang Tiến độ nhập điểm.")

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return listing.listed_subjects(actor)

    @cached_property
    def terms(self) -> dict[int, int]:
        """The term that each school year is in."""
        return {year.pk: term_now(year) for year in organization.school_years()}

    def row_url(self, record: Any) -> str:
        return reverse("gradebook:marks", args=[record.pk, self.terms.get(record.school_year_id, 1)])

    def table(self, rows: Any, *, boxes: bool = False) -> Any:
        made = super().table(rows, boxes=boxes)
        if self.actor.reach is not None and len(self.actor.reach) == 1:
            made.columns.hide("unit")
        return made

    def links(self) -> Sequence[PageLink]:
        found = []
        if self.actor.can(VIEW) or self.actor.can(LOCK):
            found.append(PageLink(_("Tiến độ nhập điểm"), reverse("gradebook:progress"), "gauge"))
        if self.actor.can(ENTER) or self.actor.can(KEEP):
            found.append(PageLink(_("Ngân hàng nhận xét"), reverse("gradebook:phrase-list"), "message"))
        return [*found, PageLink(_("Quy định đánh giá"), reverse("gradebook:rules"), "file-text")]


class PhrasePage:
    actor: Actor

    def allowed(self, actor: Actor) -> bool:
        return actor.can(ENTER) or actor.can(KEEP)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return phrase_queries.phrases(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Sổ điểm"), reverse("gradebook:book-list")),
            (_("Ngân hàng nhận xét"), reverse("gradebook:phrase-list")),
        ]


class PhraseList(PhrasePage, ListPage):
    title = _("Ngân hàng nhận xét")
    table_class = PhraseTable
    filterset_class = PhraseFilter
    search_fields = ("text",)
    search_hint = _("Từ trong câu")
    create_url = "gradebook:phrase-create"
    create_label = _("Thêm câu")
    empty_title = _("Chưa có câu nhận xét nào")
    empty_text = _("Thêm những câu hay dùng để chèn nhanh khi ghi nhận xét.")

    def row_url(self, record: Any) -> str | None:
        """A phrase that one may only use leads nowhere."""
        return (
            reverse("gradebook:phrase-edit", args=[record.pk])
            if can_write_phrase(self.actor, record)
            else None
        )

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Sổ điểm"), reverse("gradebook:book-list"))]


class PhraseForm(forms.Form):
    text = forms.CharField(label=_("Câu nhận xét"), max_length=500, widget=forms.Textarea({"rows": 3}))
    subject = forms.ChoiceField(label=_("Môn"), required=False)
    level = forms.ChoiceField(label=_("Mức"), required=False, choices=LEVELS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {one.code: one.name for stage in programme().stages for one in stage.subjects}
        choices = sorted(((code, name) for code, name in names.items()), key=lambda pair: pair[1])
        self.fields["subject"].choices = [("", _("Mọi môn")), *choices]  # type: ignore[attr-defined]


class NewPhraseForm(PhraseForm):
    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_share:
            self.fields["is_shared"] = forms.BooleanField(label=_("Dùng chung cả trường"), required=False)


class PhraseCreate(PhrasePage, CreatePage):
    title = _("Thêm câu nhận xét")
    form_class = NewPhraseForm
    result_key = ""
    success_url = "gradebook:phrase-list"
    success_message = _("Đã thêm.")

    @property
    def unit_id(self) -> int:
        """The school through which the person works."""
        return self.actor.acting.unit_id if self.actor.acting else 0

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"may_share": self.actor.can(KEEP, self.unit_id)}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        is_schools = data.pop("is_shared", False)
        unit = organization.unit_detail(by, self.unit_id)
        return actions.keep_phrase(by=by, unit=unit, is_schools=is_schools, **data)


class PhraseEdit(PhrasePage, EditPage):
    title = _("Sửa câu nhận xét")
    form_class = PhraseForm

    def query(self, actor: Actor) -> QuerySet[Any]:
        return phrase_queries.phrases_written(actor)

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"text": thing.text, "subject": thing.subject, "level": thing.level}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return change_phrase(by=by, phrase=thing, **data)

    def success(self, result: Any) -> str:
        return reverse("gradebook:phrase-list")

    def cancel(self) -> str:
        return reverse("gradebook:phrase-list")

    def extra_context(self) -> dict[str, Any]:
        url = reverse("gradebook:phrase-delete", args=[self.thing.pk])
        return {"links": [PageLink(_("Xóa"), url, "trash", tone="danger")]}


class PhraseDelete(PhrasePage, DeletePage):
    question = _("Xoá câu này khỏi ngân hàng? Những nhận xét đã ghi vẫn giữ nguyên.")
    success_url = "gradebook:phrase-list"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return phrase_queries.phrases_written(actor)

    def get_title(self) -> Any:
        return _t("Xoá câu nhận xét")

    def act(self, by: Actor, thing: Any) -> Any:
        actions.drop_phrase(by=by, phrase=thing)


class GoToBook(ActorPage):
    """/so-diem/mo/?so=12&ky=1 : what a choice on the page of marks leads to."""

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseRedirect:
        book, term = request.GET.get("so", ""), request.GET.get("ky", "")
        if not book.isdecimal() or len(book) > 18:
            return HttpResponseRedirect(reverse("gradebook:book-list"))
        year = organization.current_school_year(timezone.localdate())
        number = int(term) if term in ("1", "2") else term_now(year)
        return HttpResponseRedirect(reverse("gradebook:marks", args=[int(book), number]))
