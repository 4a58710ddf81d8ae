"""Requests under the law on personal data: the list with its clocks, and the steps of one."""

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

from thongsuot.journeys import subject_requests as journey
from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.views import DeletePage, DetailPage, EditPage, ListPage, PageLink
from thongsuot.modules.registry import queries
from thongsuot.modules.registry.types import SubjectRequestKind
from thongsuot.modules.registry.web.forms.fields import chosen, day, text

from ..badges import badge
from .transfer_forms import ReasonForm

RIGHT = "registry.subject_requests"


def standing(request: Any) -> tuple[str, str]:
    """Where a request stands, in words and as a tone."""
    today = timezone.localdate()
    if request.refused_reason:
        return _t("Không thực hiện"), "quiet"
    if request.lifted_at:
        return _t("Đã bỏ hạn chế"), "quiet"
    if request.done_at:
        if request.kind == SubjectRequestKind.ERASE and not request.history_purged_at:
            return _t("Đã xóa, chờ dọn lịch sử"), "warn"
        return _t("Đã thực hiện"), "ok"
    if today > request.due_on:
        return _t("Quá hạn thực hiện"), "bad"
    if request.answered_at is None and request.answer_due_on and today > request.answer_due_on:
        return _t("Quá hạn trả lời"), "bad"
    return (_t("Chờ thực hiện"), "info") if request.answered_at else (_t("Chờ trả lời"), "warn")


class RequestTable(Table):
    student = Column(verbose_name=_("Học sinh"), accessor="student__full_name", order_by="student__sort_key")
    unit = Column(
        verbose_name=_("Trường"), accessor="student__unit__name", order_by="student__unit__sort_key"
    )
    kind = Column(verbose_name=_("Yêu cầu"), accessor="get_kind_display", order_by="kind")
    requested_by_name = Column(verbose_name=_("Người yêu cầu"))
    received_on = DateColumn(verbose_name=_("Nhận ngày"))
    answer_due_on = DateColumn(verbose_name=_("Hạn trả lời"))
    due_on = DateColumn(verbose_name=_("Hạn thực hiện"))
    standing = Column(verbose_name=_("Tình trạng"), empty_values=(), orderable=False)
    hidden = ("unit",)

    def render_standing(self, record: Any) -> str:
        return badge(*standing(record))

    def value_standing(self, record: Any) -> str:
        return standing(record)[0]


class RequestFilter(FilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Yêu cầu"), choices=SubjectRequestKind, empty_label=_("Tất cả")
    )
    open = django_filters.ChoiceFilter(
        label=_("Tình trạng"),
        choices=[("yes", _("Chưa xử lý xong")), ("no", _("Đã xử lý xong"))],
        empty_label=_("Tất cả"),
        method="by_open",
    )

    def by_open(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        waiting = rows.filter(done_at=None, refused_reason="")
        return waiting if value == "yes" else rows.exclude(pk__in=waiting.values("pk"))


class RequestList(ListPage):
    title = _("Yêu cầu về dữ liệu cá nhân")
    right = RIGHT
    table_class = RequestTable
    filterset_class = RequestFilter
    search_fields = ("student__full_name", "requested_by_name")
    search_hint = _("Tên học sinh, người yêu cầu")
    detail_url = "subject-request-detail"
    empty_title = _("Chưa có yêu cầu nào")
    empty_text = _("Ghi yêu cầu từ hồ sơ của học sinh, nút “Yêu cầu về dữ liệu”.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.subject_requests(actor)


class RequestForm(forms.Form):
    kind = chosen(_("Yêu cầu"), SubjectRequestKind.choices)
    requested_by_name = text(_("Người yêu cầu"), 120, required=True)
    basis = text(
        _("Đơn, giấy tờ làm căn cứ"),
        300,
        required=True,
        help_text=_("Ví dụ: đơn ngày 20/11/2026, kèm giấy khai sinh chứng minh là mẹ."),
    )
    received_on = day(_("Nhận ngày"))


class RequestCreate(EditPage):
    """From the dossier of the pupil."""

    right = RIGHT
    lookup = "public_id"
    form_class = RequestForm
    submit_label = _("Ghi yêu cầu")
    success_message = _("Đã ghi yêu cầu và hạn xử lý.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        reach = actor.reach_of(RIGHT)
        rows = queries.students(actor)
        return rows if reach is None else rows.filter(unit_id__in=reach)

    def get_title(self) -> Any:
        return _t("Yêu cầu về dữ liệu của %(name)s") % {"name": self.thing}

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"received_on": timezone.localdate()}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.register_request(by=by, student=thing, today=timezone.localdate(), **data)

    def success(self, result: Any) -> str:
        return reverse("subject-request-detail", args=[result.pk])

    def cancel(self) -> str:
        return reverse("registry:student-detail", args=[self.thing.public_id])


class RequestPage:
    """What pages of one request share."""

    right = RIGHT
    actor: Actor
    thing: Any

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.subject_requests(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Yêu cầu về dữ liệu cá nhân"), reverse("subject-request-list"))]


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at else ""


class RequestDetail(RequestPage, DetailPage):
    template_name = "portals/data_request.html"

    def get_title(self) -> Any:
        return f"{self.thing.get_kind_display()}: {self.thing.student}"

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        found = [
            (_("Học sinh"), thing.student),
            (_("Người yêu cầu"), thing.requested_by_name),
            (_("Căn cứ"), thing.basis),
            (_("Nhận ngày"), f"{thing.received_on:%d/%m/%Y}"),
            (_("Hạn trả lời"), f"{thing.answer_due_on:%d/%m/%Y}" if thing.answer_due_on else ""),
            (_("Trả lời lúc"), _moment(thing.answered_at)),
            (_("Hạn thực hiện"), f"{thing.due_on:%d/%m/%Y}"),
            (_("Thực hiện lúc"), _moment(thing.done_at)),
            (_("Người thực hiện"), thing.done_by),
        ]
        if thing.refused_reason:
            found.append((_("Lý do không thực hiện"), thing.refused_reason))
        if thing.kind == SubjectRequestKind.ERASE and thing.done_at:
            found.append((_("Dọn lịch sử lúc"), _moment(thing.history_purged_at)))
        return found

    def extra_context(self) -> dict[str, Any]:
        words, tone = standing(self.thing)
        is_open = self.thing.done_at is None and not self.thing.refused_reason
        return {
            "words": words,
            "tone": tone,
            "is_blocked": is_open
            and self.thing.kind == SubjectRequestKind.ERASE
            and self.thing.still_enrolled,
            "is_erased": self.thing.kind == SubjectRequestKind.ERASE and self.thing.done_at is not None,
        }

    def links(self, thing: Any) -> list[PageLink]:
        if thing.done_at is None and not thing.refused_reason:
            found = []
            if thing.answered_at is None:
                url = self.url_of("subject-request-answer")
                found.append(PageLink(_("Đã trả lời người yêu cầu"), url, "message", post=True))
            if not self.extra_context()["is_blocked"]:
                found.append(PageLink(_("Thực hiện"), self.url_of("subject-request-do"), "check", "primary"))
            found.append(PageLink(_("Không thực hiện"), self.url_of("subject-request-refuse"), "x"))
            return found
        if thing.kind == SubjectRequestKind.RESTRICT and thing.done_at and thing.lifted_at is None:
            return [PageLink(_("Bỏ hạn chế"), self.url_of("subject-request-lift"), "lock-open")]
        return []


class RequestDo(RequestPage, DeletePage):
    submit_label = _("Thực hiện")
    success_message = _("Đã thực hiện yêu cầu.")

    @property
    def question(self) -> str:
        if self.thing.kind == SubjectRequestKind.ERASE:
            return _t(
                "Xóa họ tên, ngày sinh (giữ năm), số định danh, mã, địa chỉ, điện thoại, dân tộc, tôn giáo, cha mẹ, "
                "khuyết tật, sức khỏe của em khỏi hồ sơ và khỏi sổ của mọi trường em từng học?"
            )
        return _t("Hạn chế xử lý hồ sơ: không ai sửa, tìm, so sánh được cho đến khi bỏ hạn chế?")

    @property
    def warning(self) -> str:
        if self.thing.kind != SubjectRequestKind.ERASE:
            return ""
        return _t(
            "Không lấy lại được. Giữ lại theo luật: lớp, trường, thời gian học, giới tính, năm sinh, không kèm danh tính. "
            "Giá trị cũ trong lịch sử do người quản trị cơ sở dữ liệu dọn sau (lệnh purge_erased)."
        )

    def get_title(self) -> Any:
        return f"{self.thing.get_kind_display()}: {self.thing.student}"

    def act(self, by: Actor, thing: Any) -> Any:
        journey.carry_out(by=by, request=thing, now=timezone.now())

    def success(self) -> str:
        return reverse("subject-request-detail", args=[self.thing.pk])


class RequestAnswer(RequestDo):
    http_method_names = ("post",)
    success_message = _("Đã ghi nhận trả lời.")

    def act(self, by: Actor, thing: Any) -> Any:
        journey.answer_request(by=by, request=thing, now=timezone.now())


class RequestLift(RequestDo):
    submit_label = _("Bỏ hạn chế")
    success_message = _("Hồ sơ lại được dùng như thường.")
    question = _("Bỏ hạn chế xử lý: hồ sơ lại được sửa, tìm như thường?")  # type: ignore[assignment]
    warning = ""

    def act(self, by: Actor, thing: Any) -> Any:
        journey.lift_restriction(by=by, request=thing, now=timezone.now())


class RequestRefuse(RequestPage, EditPage):
    form_class = ReasonForm
    submit_label = _("Không thực hiện")
    success_url = "subject-request-detail"
    success_message = _("Đã ghi lý do không thực hiện.")

    @cached_property
    def thing(self) -> Any:
        found = super().thing
        if found.done_at or found.refused_reason:
            raise Http404
        return found

    def get_title(self) -> Any:
        return _t("Không thực hiện: %(name)s") % {"name": self.thing.student}

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return journey.refuse_request(by=by, request=thing, now=timezone.now(), **data)
