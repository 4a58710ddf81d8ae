"""Refusing to sign, and answering it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateTimeColumn, Table
from thongsuot.kit.pages.views import FormPage, ListPage

from .. import actions, queries
from ..types import SignerRole
from .school import may_enter

NOWRAP = {"td": {"class": "ts-nowrap"}}


class RefusalForm(forms.Form):
    part = forms.ChoiceField(label=_("Phần không đúng"))
    reason = forms.CharField(
        label=_("Sai chỗ nào, đúng là gì"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000
    )

    def __init__(self, *args: Any, parts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody's part by default: the first of the list would be sent to the wrong one.
        self.fields["part"].choices = [("", _("Chọn phần")), *parts.items()]  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    answer = forms.CharField(
        label=_("Trả lời người từ chối ký"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        help_text=_("Khi học bạ đúng như đang ghi. Nếu sai: sửa ở nơi nhập, bỏ bản này rồi lập lại."),
    )


class RefusePage(FormPage):
    """From the list that waits for a signature."""

    title = _("Từ chối ký học bạ")
    form_class = RefusalForm
    submit_label = _("Từ chối ký, trả lại người nhập")
    success_message = _("Đã trả lại cho người nhập; học bạ chờ đến khi có trả lời.")

    def allowed(self, actor: Actor) -> bool:
        return may_enter(actor)

    @cached_property
    def thing(self) -> Any:
        try:
            role = SignerRole(self.kwargs["role"])
        except ValueError as error:
            raise Http404 from error
        found = queries.signable_one(self.actor, role, self.kwargs["uuid"])
        if found is None:
            raise Http404
        return found

    def get_thing(self) -> Any:
        return self.thing

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ chờ tôi"), reverse("transcripts:mine"))]

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        return {"parts": queries.parts_of_objection(self.actor, thing, self.kwargs["role"])}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"part": f"subjects:{self.request.GET.get('mon', '')}"}

    def success(self, result: Any) -> str:
        return reverse("transcripts:objection", args=[result.public_id])

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.refuse_to_sign(
            by=by, transcript=thing, role=self.kwargs["role"], now=timezone.now(), **data
        )


class ObjectionTable(Table):
    student = Column(verbose_name=_("Học sinh"), accessor="transcript__student_name")
    class_name = Column(verbose_name=_("Lớp"), accessor="transcript__class_name")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    part_name = Column(verbose_name=_("Phần"))
    reason = Column(verbose_name=_("Lý do"), attrs={"td": {"class": "ts-clamp"}})
    made_at = DateTimeColumn(verbose_name=_("Lúc"), attrs=NOWRAP)
    settled_at = DateTimeColumn(verbose_name=_("Giải quyết"), attrs=NOWRAP)


class ObjectionFilter(FilterSet):
    is_open = django_filters.BooleanFilter(
        label=_("Chưa giải quyết"), field_name="settled_at", lookup_expr="isnull"
    )


class ObjectionList(ListPage):
    title = _("Từ chối ký học bạ")
    table_class = ObjectionTable
    filterset_class = ObjectionFilter
    search_fields = ("transcript__student_name",)
    search_hint = _("Tên học sinh, không cần dấu")
    detail_url = "transcripts:objection"
    detail_key = "public_id"
    empty_title = _("Chưa ai từ chối ký")

    def allowed(self, actor: Actor) -> bool:
        return may_enter(actor)

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.objections(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]


class ObjectionPage(FormPage):
    title = _("Từ chối ký học bạ")
    form_class = SettleForm
    template_name = "transcripts/decision.html"
    submit_label = _("Gửi trả lời")
    success_message = _("Đã trả lời; học bạ lại chờ ký.")

    def allowed(self, actor: Actor) -> bool:
        return may_enter(actor)

    @cached_property
    def thing(self) -> Any:
        found = queries.objection(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def get_thing(self) -> Any:
        return self.thing

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(ObjectionList.title, reverse("transcripts:objection-list"))]

    def success(self, result: Any) -> str:
        return reverse("transcripts:objection", args=[result.public_id])

    def extra_context(self) -> dict[str, Any]:
        one = self.thing
        row = one.transcript
        seen = queries.transcript(self.actor, row.uuid) is not None
        back_to = one.returned_to.get_full_name() if one.returned_to else _t("Văn phòng trường")
        return {
            "pairs": [
                (_t("Học sinh"), row.student_name),
                (_t("Lớp"), row.class_name),
                (_t("Phần"), one.part_name),
                (_t("Lý do"), one.reason),
                (_t("Người từ chối ký"), f"{one.made_by.get_full_name()} ({one.get_role_display()})"),
                (_t("Lúc"), f"{timezone.localtime(one.made_at):%H:%M %d/%m/%Y}"),
                (_t("Trả lại cho"), back_to),
                (_t("Trả lời"), one.answer),
            ],
            "transcript_url": reverse("transcripts:detail", args=[row.uuid]) if seen else "",
            "is_open": queries.may_settle(self.actor, one),
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.settle_objection(by=by, objection=thing, answer=data["answer"], now=timezone.now())
