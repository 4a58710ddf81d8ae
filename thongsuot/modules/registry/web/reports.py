"""What families have reported: the school looks and answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import EditPage, ListPage

from .. import actions, queries
from .forms.people import REPORT_FIELDS, AnswerForm
from .tables import ReportFilter, ReportTable


class ReportList(ListPage):
    title = _("Đề nghị sửa hồ sơ")
    right = "registry.edit"
    table_class = ReportTable
    filterset_class = ReportFilter
    search_folded = ("student__name_fold",)
    detail_url = "registry:report-edit"
    empty_title = _("Chưa có đề nghị nào")
    empty_text = _("Cha mẹ và học sinh báo chỗ ghi sai từ trang hồ sơ của mình.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.error_reports(actor)


class ReportAnswer(EditPage):
    right = "registry.edit"
    form_class = AnswerForm
    template_name = "registry/report_answer.html"
    submit_label = _("Trả lời")
    success_url = "registry:report-list"

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.error_reports(actor).select_related("student", "unit", "reported_by", "answered_by")

    def get_title(self) -> Any:
        return _t("Đề nghị sửa hồ sơ: %(student)s") % {"student": self.thing.student}

    def extra_context(self) -> dict[str, Any]:
        return {
            "report": self.thing,
            "field_label": dict(REPORT_FIELDS).get(self.thing.field, self.thing.field),
        }

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        return actions.answer_report(by=by, report=thing, **data)

    def success_kwargs(self, result: Any) -> dict[str, Any]:
        return {}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Đề nghị sửa hồ sơ"), reverse("registry:report-list"))]
