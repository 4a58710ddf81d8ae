"""Forms of the module: plain ones, the actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..types import RecallReason


def _text(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class RecallForm(forms.Form):
    reason = forms.ChoiceField(label=_("Lý do"), choices=RecallReason.choices)
    words = _text(_("Thông tin nào sai, đúng là gì, căn cứ"), max_length=500)
    file = forms.FileField(
        label=_("Quyết định kèm theo (PDF)"),
        required=False,
        help_text=_("Bắt buộc khi thay đổi hộ tịch."),
    )


class DiscardForm(forms.Form):
    reason = _text(_("Lý do bỏ bản này"), max_length=500)


class DecisionForm(forms.Form):
    agree = forms.TypedChoiceField(
        label=_("Quyết định"),
        choices=[("1", _("Đồng ý")), ("0", _("Từ chối"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = _text(_("Ý kiến"), required=False, max_length=500, help_text=_("Bắt buộc khi từ chối."))


class ReportForm(forms.Form):
    words = _text(_("Thông tin nào sai, đúng là gì"), rows=4, max_length=2000)


class AnswerForm(forms.Form):
    mended = forms.TypedChoiceField(
        label=_("Kết quả"),
        choices=[("1", _("Đã sửa, hoặc đang làm bản thay thế")), ("0", _("Thông tin trong học bạ là đúng"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = _text(_("Trả lời gia đình"), rows=4, max_length=2000)


class DeadlineForm(forms.Form):
    month = forms.IntegerField(label=_("Tháng"), min_value=1, max_value=12, required=False)
    day = forms.IntegerField(label=_("Ngày"), min_value=1, max_value=31, required=False)
    working_days = forms.IntegerField(label=_("Số ngày làm việc"), min_value=1, max_value=90, required=False)
    basis = forms.CharField(label=_("Căn cứ (số, ngày văn bản)"), max_length=300)

    def __init__(self, *args: Any, by_days: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("month", "day") if by_days else ("working_days",):
            del self.fields[name]


class VerifyForm(forms.Form):
    file = forms.FileField(label=_("Tệp học bạ (XML hoặc PDF)"))


class PupilForm(forms.Form):
    """What the school adds for one pupil; the prefix is the pupil's key."""

    register_number = forms.CharField(label=_("Số đăng bộ"), max_length=30, required=False)
    weight = forms.DecimalField(
        label=_("Cân nặng (kg)"),
        max_digits=4,
        decimal_places=1,
        min_value=1,
        max_value=199,
        required=False,
        localize=True,
    )
    height = forms.DecimalField(
        label=_("Chiều cao (cm)"),
        max_digits=4,
        decimal_places=1,
        min_value=40,
        max_value=249,
        required=False,
        localize=True,
    )
    homeroom_remark = _text(_("Nhận xét của chủ nhiệm"), rows=2, required=False, max_length=1000)
    qualities_remark = _text(_("Nhận xét phẩm chất"), rows=2, required=False, max_length=1000)
    general_remark = _text(_("Nhận xét năng lực chung"), rows=2, required=False, max_length=1000)
    specific_remark = _text(_("Nhận xét năng lực đặc thù"), rows=2, required=False, max_length=1000)
    special_awards = forms.CharField(label=_("Khen thưởng đột xuất"), max_length=300, required=False)

    def __init__(self, *args: Any, primary: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not primary:
            for name in ("weight", "height", "qualities_remark", "general_remark", "specific_remark"):
                del self.fields[name]
