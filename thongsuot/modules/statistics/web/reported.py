"""Figures that units report: the list, a new one, approving and returning."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.files.actions import store_upload
from thongsuot.kit.indicators import registry
from thongsuot.kit.pages.filters import FilterSet
from thongsuot.kit.pages.records import CreatePage, DetailPage, EditPage, PageLink
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.kit.pages.templatetags.frame import TONES
from thongsuot.kit.pages.views import ListPage

from .. import actions
from ..indicators import NUMBER, plain
from ..permissions import CONFIRM, VIEW
from ..queries.reported import may_decide, may_report, reportable, reported_figures
from ..types import ReportState


def indicator_name(code: str) -> str:
    found = registry.get(code)
    return str(found.name) if found else code


STATE_TONES = {ReportState.SUBMITTED: "warn", ReportState.APPROVED: "ok", ReportState.RETURNED: "bad"}


def badge(label: str, state: str) -> str:
    return format_html(
        '<span class="badge ts-badge {}">{}</span>', TONES[STATE_TONES[ReportState(state)]], label
    )


class ReportedTable(Table):
    code = Column(verbose_name=gettext_lazy("Chỉ số"))
    unit = Column(verbose_name=gettext_lazy("Đơn vị"), accessor="unit__name", order_by="unit__sort_key")
    as_of = DateColumn(verbose_name=gettext_lazy("Tính đến ngày"))
    numerator = Column(verbose_name=gettext_lazy("Tử số"), attrs=NUMBER)
    denominator = Column(verbose_name=gettext_lazy("Mẫu số"), attrs=NUMBER)
    state = Column(verbose_name=gettext_lazy("Trạng thái"), accessor="get_state_display", order_by=("state",))

    class Meta:
        fields = ("code", "unit", "as_of", "numerator", "denominator", "state")

    def render_code(self, value: str) -> str:
        return indicator_name(value)

    def render_numerator(self, value: Decimal) -> str:
        return plain(value)

    def render_denominator(self, value: Decimal) -> str:
        return plain(value)

    def render_state(self, record: Any, value: str) -> str:
        return badge(value, record.state)

    def value_state(self, value: str) -> str:
        return value


class ReportedFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("Trạng thái"), choices=ReportState.choices)
    code = django_filters.ChoiceFilter(
        label=gettext_lazy("Chỉ số"), choices=lambda: [(one.code, one.name) for one in reportable()]
    )


class ReportedList(ListPage):
    title = gettext_lazy("Số liệu đơn vị báo cáo")
    right = VIEW
    table_class = ReportedTable
    filterset_class = ReportedFilter
    search_folded = ("unit__name_fold",)
    detail_url = "statistics:reported-detail"
    detail_key = "public_id"
    create_url = "statistics:reported-create"
    create_right = CONFIRM
    create_label = gettext_lazy("Báo cáo số liệu")
    empty_title = gettext_lazy("Chưa có số liệu nào được báo cáo")
    empty_text = gettext_lazy("Đơn vị báo cáo những chỉ số mà chưa phân hệ nào tính được, kèm minh chứng.")

    def query(self, actor: Actor) -> Any:
        return reported_figures(actor)


class ReportedForm(forms.Form):
    code = forms.ChoiceField(label=gettext_lazy("Chỉ số"))
    as_of = forms.DateField(
        label=gettext_lazy("Tính đến ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    numerator = forms.DecimalField(label=gettext_lazy("Tử số"), min_value=0, max_digits=14, decimal_places=2)
    denominator = forms.DecimalField(
        label=gettext_lazy("Mẫu số"), min_value=0, max_digits=14, decimal_places=2
    )
    link = forms.URLField(
        label=gettext_lazy("Liên kết minh chứng"), required=False, max_length=500, assume_scheme="https"
    )
    file = forms.FileField(label=gettext_lazy("Tệp minh chứng"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Giải trình"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.name) for one in reportable()]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]


class ReportedCreate(CreatePage):
    template_name = "statistics/reported_form.html"
    title = gettext_lazy("Báo cáo số liệu")
    right = CONFIRM
    form_class = ReportedForm
    submit_label = gettext_lazy("Gửi cơ quan quản lý duyệt")
    success_message = gettext_lazy("Đã gửi số liệu, chờ duyệt.")
    success_url = "statistics:reported-detail"
    result_key = "public_id"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Số liệu đơn vị báo cáo"), reverse("statistics:reported-list"))]

    def initial(self, thing: Any) -> dict[str, Any]:
        return {"as_of": timezone.localdate()}

    def extra_context(self) -> dict[str, Any]:
        return {"reportable": reportable()}

    def allowed(self, actor: Actor) -> bool:
        return actor.acting is not None and may_report(actor, actor.acting.unit_id)

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        unit_id = by.acting.unit_id  # type: ignore[union-attr]
        upload = data.pop("file")
        kept = upload and store_upload(
            by=by, upload=upload, owner_unit_id=unit_id, kind="statistics.evidence"
        )
        return actions.report_figure(by=by, unit_id=unit_id, file=kept or None, **data)


def said(row: Any, part: str) -> str:
    """ "24 (Số giáo viên)": the number and what it counts."""
    found = registry.get(row.code)
    names = (
        dict(zip(("numerator", "denominator"), str(found.description).split(" / "), strict=False))
        if found
        else {}
    )
    number = plain(getattr(row, part))
    return f"{number} ({names[part]})" if names.get(part) else number


def link_to(address: str) -> str:
    return (
        format_html('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>', address)
        if address
        else ""
    )


class ReportedDetail(DetailPage):
    right = VIEW
    lookup = "public_id"
    has_history = True

    def query(self, actor: Actor) -> Any:
        return reported_figures(actor)

    def get_title(self) -> Any:
        return indicator_name(self.thing.code)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Số liệu đơn vị báo cáo"), reverse("statistics:reported-list"))]

    def fields(self, thing: Any) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("Đơn vị"), thing.unit.name),
            (_("Tính đến ngày"), thing.as_of),
            (_("Tử số"), said(thing, "numerator")),
            (_("Mẫu số"), said(thing, "denominator")),
            (_("Trạng thái"), badge(thing.get_state_display(), thing.state)),
            (_("Giải trình"), thing.note),
            (_("Liên kết minh chứng"), link_to(thing.link)),
            (_("Tệp minh chứng"), thing.file.original_name if thing.file else ""),
            (_("Người báo cáo"), thing.submitted_by.full_name),
            (_("Báo cáo lúc"), thing.submitted_at),
        ]
        if thing.decided_by:
            found += [(_("Người duyệt"), thing.decided_by.full_name), (_("Duyệt lúc"), thing.decided_at)]
        return [*found, (_("Lý do trả lại"), thing.reason)] if thing.reason else found

    def links(self, thing: Any) -> list[PageLink]:
        found = []
        if thing.file:
            found.append(
                PageLink(_("Mở tệp"), reverse("files:download", args=[thing.file.public_id]), "file")
            )
        if may_decide(self.actor, thing):
            found.append(
                PageLink(_("Duyệt, trả lại"), self.url_of("statistics:reported-decide"), "checklist")
            )
        return found


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Quyết định"),
        choices=[("approve", gettext_lazy("Duyệt")), ("return", gettext_lazy("Trả lại"))],
        widget=forms.RadioSelect,
        initial="approve",
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReportedDecide(EditPage):
    right = VIEW
    template_name = "statistics/reported_decide.html"
    lookup = "public_id"
    form_class = DecideForm
    submit_label = gettext_lazy("Ghi")
    success_url = "statistics:reported-detail"

    def query(self, actor: Actor) -> Any:
        return reported_figures(actor)

    def get_title(self) -> Any:
        return _("Duyệt: %s") % indicator_name(self.thing.code)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Số liệu đơn vị báo cáo"), reverse("statistics:reported-list"))]

    def extra_context(self) -> dict[str, Any]:
        row = self.thing
        return {
            "figure": row,
            "numerator": said(row, "numerator"),
            "denominator": said(row, "denominator"),
            "file_url": reverse("files:download", args=[row.file.public_id]) if row.file else "",
        }

    def get_thing(self) -> Any:
        if self.request.method == "GET" and not may_decide(self.actor, self.thing):
            raise Http404
        return self.thing

    def act(self, by: Actor, thing: Any, data: dict[str, Any]) -> Any:
        if data["decision"] == "approve":
            return actions.approve_figure(by=by, figure=thing)
        return actions.return_figure(by=by, figure=thing, reason=data["reason"])
