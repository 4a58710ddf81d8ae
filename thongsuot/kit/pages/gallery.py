"""Every component once, for those who build pages and for the accessibility test. In debug and demo only."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

UNITS = [(_("Sở GDĐT"), 42), (_("Xã Sa Thầy"), 17), (_("Phường Đức Phổ"), 9)]


class SampleForm(forms.Form):
    name = forms.CharField(label=_("Tên nhiệm vụ"), help_text=_("Ngắn gọn, bắt đầu bằng động từ."))
    due = forms.DateField(
        label=_("Hạn hoàn thành"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label=_("Loại hạn"), choices=[("day", _("Ngày cụ thể")), ("event", _("Theo sự kiện"))]
    )
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    urgent = forms.BooleanField(label=_("Việc gấp"), required=False)
    channel = forms.MultipleChoiceField(
        label=_("Nhắc qua"),
        choices=[("app", _("Trong hệ thống")), ("mail", _("Thư điện tử"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    role = forms.ChoiceField(
        label=_("Vai trò"),
        choices=[("lead", _("Chủ trì")), ("with", _("Phối hợp"))],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label=_("Minh chứng"), required=False)


def figures() -> list[dict[str, object]]:
    months = ["T9", "T10", "T11", "T12"]
    return [
        {
            "title": _("Nhiệm vụ theo trạng thái"),
            "kind": "stacked",
            "unit": _("nhiệm vụ"),
            "categories": months,
            "series": [
                {"name": _("Đúng hạn"), "data": [12, 18, 21, 30], "tone": "ok"},
                {"name": _("Sắp đến hạn"), "data": [4, 3, 6, 2], "tone": "warn"},
                {"name": _("Quá hạn"), "data": [1, 2, 1, 4], "tone": "bad"},
            ],
        },
        {
            "title": _("Giáo viên có chữ ký số"),
            "kind": "line",
            "unit": "%",
            "categories": months,
            "series": [{"name": _("Toàn tỉnh"), "data": [61.5, 70, 82, 91]}],
        },
    ]


def gallery(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    filled = SampleForm({"name": "", "kind": "day", "channel": ["app"]})
    at = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    context = {
        "form": filled,
        "figures": [(f"figure-{number}", figure) for number, figure in enumerate(figures(), 1)],
        "breadcrumbs": [(_("Trang chủ"), "/"), (_("Giao diện"), "")],
        "steps": [(_("Tải tệp"), "#"), (_("Rà soát"), ""), (_("Xác nhận"), "")],
        "tabs": [(_("Tất cả"), "?a=1", 68), (_("Quá hạn"), "?a=2", 4), (_("Đã xong"), "?a=3", "")],
        "pairs": [(_("Số, ký hiệu"), "218/KH-UBND"), (_("Ngày ban hành"), "20/11/2026"), (_("Người ký"), "")],
        "entries": [
            {"at": at, "who": "Phạm Văn Bình", "title": _("Nghiệm thu"), "tone": "ok", "icon": "check"},
            {
                "at": at,
                "who": "Đinh Thị Hoà",
                "title": _("Trả lại"),
                "text": _("Thiếu biên bản."),
                "tone": "bad",
                "icon": "x",
            },
            {"at": at, "who": "", "title": _("Nhắc hạn"), "tone": "quiet", "icon": "bell"},
        ],
        "rows": UNITS,
        "page": Paginator(range(400), 20).page(4),
    }
    return render(request, "pages/gallery.html", context)
