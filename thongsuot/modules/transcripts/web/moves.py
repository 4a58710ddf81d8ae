"""Lists of what moves with pupils: paper copies, files of other provinces, results to date that are owed."""

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
from thongsuot.kit.pages.tables import Column, DateColumn, DateTimeColumn, Table
from thongsuot.kit.pages.views import FormPage, ListPage

from .. import actions, queries

NOWRAP = {"td": {"class": "ts-nowrap"}}
NUMBER = {"td": {"class": "ts-num"}, "th": {"class": "ts-num"}}
VERDICTS = [("valid", _("Hợp lệ")), ("indeterminate", _("Chưa thể kết luận")), ("invalid", _("Không hợp lệ"))]
NAME_HINT = _("Tên học sinh, trường, không cần dấu")


class Moves(ListPage):
    right = "transcripts.view"
    search_hint = NAME_HINT

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]


class PaperCopyTable(Table):
    number = Column(verbose_name=_("Số"), order_by=("year", "number"), attrs=NOWRAP)
    student = Column(
        verbose_name=_("Học sinh"), accessor="transcript__student_name", order_by="transcript__sort_key"
    )
    school_year = Column(
        verbose_name=_("Năm học"),
        accessor="transcript__school_year__name",
        order_by="transcript__school_year",
    )
    recipient = Column(verbose_name=_("Nơi nhận"))
    purpose = Column(verbose_name=_("Mục đích"))
    unit = Column(verbose_name=_("Trường cấp"), accessor="unit__name", order_by="unit__sort_key")
    issued_at = DateTimeColumn(verbose_name=_("Cấp lúc"), attrs=NOWRAP)

    def render_number(self, record: Any) -> str:
        return f"{record.number}/{record.year}"

    value_number = render_number


class PaperCopyFilter(FilterSet):
    year = django_filters.NumberFilter(label=_("Năm"))


class PaperCopyList(Moves):
    title = _("Sổ cấp bản giấy của học bạ")
    table_class = PaperCopyTable
    filterset_class = PaperCopyFilter
    search_fields = ("transcript__student_name", "recipient", "purpose")
    search_hint = _("Tên học sinh, nơi nhận, mục đích, không cần dấu")
    empty_title = _("Chưa cấp bản giấy nào")
    empty_text = _("Bản giấy có xác nhận được cấp từ trang của từng học bạ.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.all_paper_copies(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("transcripts:detail", args=[record.transcript.uuid])


class ForeignTable(Table):
    student = Column(verbose_name=_("Học sinh"), accessor="student_name", order_by="student_name")
    school_year_name = Column(verbose_name=_("Năm học"))
    school_name = Column(verbose_name=_("Trường phát hành"))
    unit = Column(verbose_name=_("Trường giữ"), accessor="unit__name", order_by="unit__sort_key")
    verdict = Column(verbose_name=_("Kết quả kiểm tra"))
    reasons = Column(verbose_name=_("Lý do"), orderable=False, attrs={"td": {"class": "ts-clamp"}})
    checked_at = DateTimeColumn(verbose_name=_("Kiểm tra lúc"), attrs=NOWRAP)
    next_check_at = DateTimeColumn(verbose_name=_("Kiểm tra lại lúc"), attrs=NOWRAP)

    def render_verdict(self, value: str) -> str:
        return str(dict(VERDICTS).get(value, value))

    def render_reasons(self, value: list[str]) -> str:
        return " ".join(value)

    value_verdict, value_reasons = render_verdict, render_reasons


class ForeignFilter(FilterSet):
    verdict = django_filters.ChoiceFilter(label=_("Kết quả kiểm tra"), choices=VERDICTS)


class ForeignList(Moves):
    title = _("Học bạ số từ tỉnh khác")
    table_class = ForeignTable
    filterset_class = ForeignFilter
    search_fields = ("student_name", "school_name")
    empty_title = _("Chưa nhận học bạ nào từ tỉnh khác")
    empty_text = _("Tệp được nhận ở trang học bạ của từng học sinh.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.all_foreign(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("transcripts:pupil", args=[record.student.public_id])


AWAITED = [("open", _("Còn chờ")), ("late", _("Quá hạn")), ("done", _("Đã có")), ("excused", _("Không lập"))]


class AwaitedTable(Table):
    student = Column(verbose_name=_("Học sinh"), accessor="student_name", order_by="student_name")
    school_class = Column(
        verbose_name=_("Lớp cũ"), accessor="class_name", order_by="class_name", attrs=NOWRAP
    )
    from_unit = Column(
        verbose_name=_("Trường cũ"), accessor="from_unit__name", order_by="from_unit__sort_key"
    )
    to_unit = Column(
        verbose_name=_("Trường mới"), accessor="to_unit__name", order_by="to_unit__sort_key",
        default=_("Ngoài tỉnh"),
    )  # fmt: skip
    left_on = DateColumn(verbose_name=_("Rời lớp"), attrs=NOWRAP)
    due_on = DateColumn(verbose_name=_("Hạn"), attrs=NOWRAP)
    state = Column(verbose_name=_("Trạng thái"), empty_values=(), orderable=False)

    def render_state(self, record: Any) -> str:
        if record.excused_for:
            return _t("Không lập: %(why)s") % {"why": record.excused_for}
        if record.is_issued:
            return _t("Đã có, đã ký phát hành")
        late = record.due_on < timezone.localdate()
        if record.transcript_id is not None:
            return _t("Đã lập, đang ký; quá hạn") if late else _t("Đã lập, đang ký")
        return _t("Chưa lập, quá hạn") if late else _t("Chưa lập")

    value_state = render_state


class AwaitedFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=AWAITED, method="in_state")

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.awaited_in_state(rows, value, timezone.localdate())


class AwaitedList(Moves):
    title = _("Kết quả đến khi chuyển trường")
    table_class = AwaitedTable
    filterset_class = AwaitedFilter
    search_fields = ("student_name", "from_unit__name", "to_unit__name")
    empty_title = _("Không có học sinh nào chuyển trường giữa năm")
    empty_text = _("Khi học sinh rời lớp giữa năm, trường cũ có việc ở đây, trường mới thấy mình đang chờ.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.awaited_results(actor)

    def row_url(self, record: Any) -> str | None:
        """To the school that owes it: where it is made, or signed; nobody else has anything to open."""
        if record.transcript_id is not None and self.actor.can("transcripts.view", record.from_unit_id):
            return reverse("transcripts:detail", args=[record.transcript.uuid])
        if record.transcript_id is None and self.actor.can("transcripts.prepare", record.from_unit_id):
            return reverse("transcripts:awaited", args=[record.pk])
        return None


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do không lập"),
        max_length=300,
        help_text=_("Ví dụ: học sinh rời lớp trước khi có bài kiểm tra nào."),
    )


class AwaitedPage(FormPage):
    """What is owed, the way to make it; or why there is none."""

    right = "transcripts.view"
    template_name = "transcripts/awaited.html"
    form_class = ExcuseForm
    submit_label = _("Báo không lập")
    success_message = _("Đã báo trường mới.")
    success_url = "transcripts:awaited-list"

    @cached_property
    def awaited(self) -> Any:
        found = queries.awaited_result(self.actor, self.kwargs["pk"])
        if found is None or found.transcript_id is not None:
            raise Http404
        return found

    def get_title(self) -> Any:
        return _t("Kết quả đến khi chuyển trường: %(name)s") % {"name": self.awaited.student_name}

    def get_thing(self) -> Any:
        return self.awaited

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"reason": thing.excused_for}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(AwaitedList.title, reverse("transcripts:awaited-list"))]

    def extra_context(self) -> dict[str, Any]:
        one = self.awaited
        return {
            "pairs": [
                (_t("Lớp"), one.school_class.name),
                (_t("Rời lớp"), f"{one.left_on:%d/%m/%Y}"),
                (_t("Trường mới"), one.to_unit.name if one.to_unit else _t("Ngoài tỉnh")),
                (_t("Hạn"), f"{one.due_on:%d/%m/%Y}"),
            ],
            "make_url": reverse("transcripts:partial", args=[one.school_class_id, one.student_id]),
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.excuse_result(by=by, awaited=thing, reason=data["reason"], now=timezone.now())

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}
