"""Pages of the Sở: the gateway's transactions, certificates, recalls;
deadlines. Recalls and reports of errors are read by the school too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import django_filters
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, DateTimeColumn, Table
from thongsuot.kit.pages.views import FormPage, ListPage

from .. import actions, queries, tasks
from ..types import CertificateState, CorrectionState, MessageState, RecallState, Transaction
from .board import Board
from .forms import AnswerForm, DecisionForm, EndForm, ReviewForm
from .school import SchoolPage
from .words import PROVIDERS, SIGNATURE_KINDS

GATEWAY = "transcripts.gateway"
NOWRAP = {"td": {"class": "ts-nowrap"}}
TRANSACTIONS = _("Giao dịch của cổng")
PER_PAGE = 100
OUTCOMES = {
    "accepted": (_("Được"), "ok"),
    "waiting": (_("Chờ quyết định"), "info"),
    "checking": (_("Chờ xác minh"), "warn"),
    "refused": (_("Từ chối"), "bad"),
}


class MessageTable(Table):
    received_at = DateTimeColumn(verbose_name=_("Nhận lúc"), attrs=NOWRAP)
    unit = Column(verbose_name=_("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    type = Column(verbose_name=_("Loại"))
    first_year = Column(verbose_name=_("Năm học"))
    state = Column(verbose_name=_("Trạng thái"))
    accepted = Column(verbose_name=_("Được"), attrs={"td": {"class": "ts-num"}})
    refused = Column(verbose_name=_("Bị từ chối"), attrs={"td": {"class": "ts-num"}})
    message_id = Column(verbose_name=_("messageid"))
    hidden = ("message_id",)

    def render_type(self, record: Any) -> str:
        return str(record.get_type_display())

    def render_first_year(self, value: int) -> str:
        return f"{value}-{value + 1}"

    def render_state(self, record: Any) -> str:
        return str(record.get_state_display())


class MessageFilter(FilterSet):
    type = django_filters.ChoiceFilter(label=_("Loại"), choices=Transaction.choices)
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=MessageState.choices)


class MessageList(ListPage):
    title = TRANSACTIONS
    right = GATEWAY
    table_class = MessageTable
    filterset_class = MessageFilter
    search_folded = ("unit__name_fold",)
    search_hint = _("Tên trường, không cần dấu")
    detail_url = "transcripts:message"
    empty_title = _("Chưa có giao dịch nào")
    empty_text = _("Giao dịch xuất hiện khi trường gửi học bạ, đăng ký chứng thư, xin thu hồi.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.messages(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(Board.title, reverse("transcripts:board"))]


class MessagePage(SchoolPage):
    """One transaction and what became of each of its items."""

    title = _("Giao dịch")
    template_name = "transcripts/message.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.can(GATEWAY)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(TRANSACTIONS, reverse("transcripts:message-list"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        message = queries.message(self.actor, kwargs["pk"])
        if message is None:
            raise Http404
        part = Paginator(queries.message_items(message), PER_PAGE).get_page(request.GET.get("trang"))
        items = [
            (one, queries.tag_words(one.error_field), *OUTCOMES[outcome])
            for one, outcome in queries.item_outcomes(message, list(part))
        ]
        context = {"message": message, "items": items, "part": part}
        return render(request, self.template_name, {**self.frame(), **context})


class CertificateTable(Table):
    serial = Column(verbose_name=_("Số chứng thư"))
    unit = Column(verbose_name=_("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    provider = Column(verbose_name=_("Nhà phát hành"))
    signature_kind = Column(verbose_name=_("Kiểu chữ ký"))
    valid_from = DateColumn(verbose_name=_("Hiệu lực từ"), attrs=NOWRAP)
    state = Column(verbose_name=_("Trạng thái"))

    def render_state(self, record: Any) -> str:
        return str(record.get_state_display())

    def render_provider(self, value: str) -> str:
        return str(PROVIDERS.get(value, value))

    def render_signature_kind(self, value: str) -> str:
        return str(SIGNATURE_KINDS.get(value, value))


class CertificateFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=CertificateState.choices)


class CertificateList(ListPage):
    title = _("Chứng thư số của trường")
    right = GATEWAY
    table_class = CertificateTable
    filterset_class = CertificateFilter
    search_folded = ("unit__name_fold",)
    search_fields = ("serial",)
    search_hint = _("Tên trường, số chứng thư")
    detail_url = "transcripts:certificate"
    empty_title = _("Chưa có chứng thư nào được đăng ký")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.certificates(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(Board.title, reverse("transcripts:board"))]


class CertificatePage(FormPage):
    """One that waits is approved or refused; one that holds may be ended, with a reason."""

    right = GATEWAY
    template_name = "transcripts/decision.html"
    success_url = "transcripts:certificate-list"

    @property
    def _holds(self) -> bool:
        return bool(self.thing.state == CertificateState.APPROVED)

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return EndForm if self._holds else DecisionForm

    @property
    def submit_label(self) -> Any:
        return _("Ngừng chấp nhận") if self._holds else _("Ghi quyết định")

    def get_title(self) -> Any:
        waits = self.thing.state == CertificateState.WAITING
        return _("Duyệt chứng thư số") if waits else _("Chứng thư số tại cổng")

    @cached_property
    def thing(self) -> Any:
        found = queries.certificates(self.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_thing(self) -> Any:
        return self.thing

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(CertificateList.title, reverse("transcripts:certificate-list"))]

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}

    def extra_context(self) -> dict[str, Any]:
        one = self.thing
        open_states = (CertificateState.WAITING, CertificateState.APPROVED)
        return {
            "pairs": [
                (_t("Đơn vị"), one.unit.name),
                (_t("Số chứng thư"), one.serial),
                (_t("Nhà phát hành"), PROVIDERS.get(one.provider, one.provider)),
                (_t("Kiểu chữ ký"), SIGNATURE_KINDS.get(one.signature_kind, one.signature_kind)),
                (_t("Hiệu lực từ"), f"{one.valid_from:%d/%m/%Y}"),
                (_t("Trạng thái"), one.get_state_display()),
                (_t("Lý do"), one.reason),
            ],
            "is_open": one.state in open_states,
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.decide_certificate(
            by=by,
            certificate=thing,
            approve=data.get("agree", False),
            reason=data["answer"],
            now=timezone.now(),
        )


class AnswerPage(FormPage):
    """What waits for an answer, reached from its list, to which the answer leads back."""

    right = "transcripts.view"
    template_name = "transcripts/decision.html"
    above: type[ListPage]

    @cached_property
    def thing(self) -> Any:
        found = self.above().query(self.actor).filter(public_id=self.kwargs["public_id"]).first()
        if found is None:
            raise Http404
        return found

    def get_thing(self) -> Any:
        return self.thing

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(self.above.title, reverse(self.success_url))]

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}


class RecallTable(Table):
    original = Column(verbose_name=_("Học bạ"), accessor="student_name", order_by="original__student_name")
    year = Column(verbose_name=_("Năm học"), accessor="first_year", order_by="original__first_year")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    reason = Column(verbose_name=_("Lý do"))
    state = Column(verbose_name=_("Trạng thái"))
    asked_at = DateTimeColumn(verbose_name=_("Đề nghị lúc"), attrs=NOWRAP)

    def render_year(self, value: int) -> str:
        return f"{value}-{value + 1}"

    def render_reason(self, record: Any) -> str:
        return str(record.get_reason_display())

    def render_state(self, record: Any) -> str:
        return str(record.get_state_display())


class RecallFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=RecallState.choices)


class RecallList(ListPage):
    title = _("Thu hồi, điều chỉnh học bạ")
    right = "transcripts.view"
    table_class = RecallTable
    filterset_class = RecallFilter
    search_fields = ("original__student_name",)
    search_hint = _("Tên học sinh, không cần dấu")
    detail_url = "transcripts:recall-decision"
    detail_key = "public_id"
    empty_title = _("Chưa có yêu cầu nào")
    empty_text = _("Trường gửi yêu cầu từ trang của từng học bạ.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.recalls(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]


class RecallDecision(AnswerPage):
    """The request as the school made it; the Sở decides, and writes down what the Bộ answered."""

    title = _("Yêu cầu thu hồi học bạ")
    form_class = DecisionForm
    submit_label = _("Ghi quyết định")
    success_message = _("Đã ghi quyết định.")
    success_url = "transcripts:recall-list"
    above = RecallList

    def extra_context(self) -> dict[str, Any]:
        one = self.thing
        waits = one.state in (RecallState.WAITING, RecallState.AT_MINISTRY)
        return {
            "pairs": [
                (_t("Học sinh"), one.student_name),
                (_t("Trường"), one.unit.name),
                (_t("Lý do"), one.get_reason_display()),
                (_t("Nội dung"), one.words),
                (_t("Văn bản kèm theo"), one.file.original_name if one.file else ""),
                (_t("Sau khi khóa năm học"), _t("Có") if one.is_after_lock else _t("Không")),
                (_t("Cần Bộ đồng ý"), _t("Có") if one.needs_ministry else _t("Không")),
                (_t("Trạng thái"), one.get_state_display()),
                (_t("Trả lời"), one.answer),
            ],
            "file_url": reverse("files:download", args=[one.file.public_id]) if one.file else "",
            "transcript_url": self._transcript_url(),
            "is_open": waits and one.original_id and self.actor.can("transcripts.approve_recall"),
        }

    def _transcript_url(self) -> str:
        """Nobody decides on what he has not read."""
        original = self.thing.original
        row = queries.transcript(self.actor, original.uuid) if original else None
        return reverse("transcripts:detail", args=[row.uuid]) if row else ""

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        run = actions.settle_at_ministry if thing.state == RecallState.AT_MINISTRY else actions.decide_recall
        return run(by=by, recall=thing, agree=data["agree"], answer=data["answer"], now=timezone.now())


class ReportTable(Table):
    transcript = Column(verbose_name=_("Học bạ"), accessor="transcript__student_name")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    words = Column(verbose_name=_("Nội dung"), attrs={"td": {"class": "ts-clamp"}})
    due_on = DateColumn(verbose_name=_("Hạn trả lời"), attrs=NOWRAP)
    state = Column(verbose_name=_("Trạng thái"))

    def render_state(self, record: Any) -> str:
        return str(record.get_state_display())


class ReportFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=CorrectionState.choices)


class ReportList(ListPage):
    title = _("Báo sai sót trong học bạ")
    right = "transcripts.view"
    table_class = ReportTable
    filterset_class = ReportFilter
    search_fields = ("transcript__student_name",)
    search_hint = _("Tên học sinh, không cần dấu")
    detail_url = "transcripts:report-answer"
    detail_key = "public_id"
    empty_title = _("Chưa có gia đình nào báo sai sót")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.reports(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_t("Học bạ số"), reverse("transcripts:class-list"))]


class ReportAnswer(AnswerPage):
    title = _("Báo sai sót trong học bạ")
    submit_label = _("Gửi trả lời")
    success_message = _("Đã trả lời gia đình.")
    success_url = "transcripts:report-list"
    above = ReportList

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return ReviewForm if self.thing.state == CorrectionState.APPEALED else AnswerForm

    def extra_context(self) -> dict[str, Any]:
        one = self.thing
        is_open = one.state in (CorrectionState.OPEN, CorrectionState.ORDERED)
        changes = queries.what_was_mended(one) if is_open else None
        if one.state == CorrectionState.APPEALED:
            may_answer = self.actor.can("transcripts.approve_recall")
        else:
            may_answer = is_open and self.actor.can("transcripts.prepare", one.unit_id)
        return {
            "pairs": [
                (_t("Học sinh"), one.transcript.student_name),
                (_t("Năm học"), one.transcript.school_year.name),
                (_t("Nội dung cho là sai"), one.words),
                (_t("Báo lúc"), f"{timezone.localtime(one.reported_at):%H:%M %d/%m/%Y}"),
                (_t("Trả lời trước ngày"), f"{one.due_on:%d/%m/%Y}"),
                (_t("Trạng thái"), one.get_state_display()),
                (_t("Trả lời"), one.answer),
                *([(_t("Gia đình chưa đồng ý"), one.appeal)] if one.appeal else []),
                *([(_t("Kết luận của Sở"), one.review)] if one.review else []),
                *([(_t("Bản thay thế"), _said(changes))] if changes is not None else []),
            ],
            "transcript_url": reverse("transcripts:detail", args=[one.transcript.uuid]),
            "is_open": may_answer,
        }

    def form_kwargs(self, thing: Any) -> dict[str, Any]:
        if self.form_class is ReviewForm or thing.state != CorrectionState.OPEN:
            return {}
        return {"is_unchanged": queries.what_was_mended(thing) == []}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        if "is_wrong" in data:
            return actions.review_report(
                by=by, report=thing, is_wrong=data["is_wrong"], review=data["answer"], now=timezone.now()
            )
        return actions.answer_report(
            by=by,
            report=thing,
            mended=data["mended"],
            answer=data["answer"],
            unchanged=data.get("unchanged", ""),
            now=timezone.now(),
        )


def _said(changes: Sequence[Any]) -> str:
    """What the replacement says otherwise, a line each."""
    if not changes:
        return _t("không khác bản cũ ở mục nào")
    return "\n".join(f"{one.field}: {one.before or '…'} → {one.after or '…'}" for one in changes[:20])


class KeepingPage(SchoolPage):
    """The original store: is it whole, is it stamped, what is to be done. POST: again to the ministry's what it refused."""

    title = _("Lưu giữ bản gốc học bạ")
    template_name = "transcripts/keeping.html"

    def allowed(self, actor: Actor) -> bool:
        return actor.can(GATEWAY)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(Board.title, reverse("transcripts:board"))]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {
            "state": queries.keeping_state(self.actor, timezone.localdate()),
            "has_authority": bool(settings.TIMESTAMP_URL),
            "has_ministry": bool(settings.TRANSCRIPT_STORE_URL),
        }
        return render(request, self.template_name, {**self.frame(), **context})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        number = actions.report_again(by=self.actor)
        tasks.start_reporting(by=self.actor)
        messages.success(request, _t("Đang gửi lại %(n)d học bạ lên kho của Bộ.") % {"n": number})
        return HttpResponseRedirect(reverse("transcripts:keeping"))
