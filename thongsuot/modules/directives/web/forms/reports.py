"""Reports that are owed, values of targets, and the period of a report to the level above."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ...types import Period
from .units import ActorForm, DayField, UnitsField, lines, offer


class SubmitReportForm(forms.Form):
    summary = forms.CharField(label=_("Nội dung tóm tắt"), widget=lines(5), max_length=8000)
    file = forms.FileField(label=_("Tệp báo cáo"), required=False)


class DutyForm(ActorForm):
    what = forms.CharField(label=_("Báo cáo gì"), widget=lines(2), max_length=2000)
    unit_ids = UnitsField(label=_("Ai báo cáo"))
    period = forms.ChoiceField(
        label=_("Chu kỳ"), choices=[("", _("Một lần")), *Period.choices], required=False
    )
    first_due_on = DayField(label=_("Hạn đầu tiên"))
    last_due_on = DayField(label=_("Hạn cuối cùng"), required=False)


class TargetValueForm(forms.Form):
    as_of = DayField(label=_("Tính đến ngày"))
    numerator = forms.DecimalField(label=_("Tử số"), max_digits=14, decimal_places=2, required=False)
    denominator = forms.DecimalField(
        label=_("Mẫu số"), max_digits=14, decimal_places=2, required=False, min_value=1
    )
    value = forms.DecimalField(
        label=_("Giá trị"),
        max_digits=14,
        decimal_places=4,
        required=False,
        help_text=_("Bỏ trống nếu đã ghi tử số và mẫu số: hệ thống tự tính."),
    )
    note = forms.CharField(label=_("Ghi chú"), widget=lines(2), max_length=2000, required=False)
    file = forms.FileField(label=_("Minh chứng"), required=False)
    link = forms.URLField(
        label=_("Hoặc liên kết minh chứng"), max_length=500, required=False, assume_scheme="https"
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        counted = said.get("numerator") is not None and said.get("denominator")
        if said.get("value") is None and not counted and not self.errors:
            raise forms.ValidationError(_("Hãy ghi giá trị, hoặc tử số và mẫu số."))
        if not said.get("file") and not said.get("link") and not self.errors:
            raise forms.ValidationError(_("Cần có minh chứng: đính kèm tệp hoặc ghi liên kết."))
        return said


class IndicatorForm(forms.Form):
    """`indicators`: choices (code, name)."""

    indicator_code = forms.ChoiceField(label=_("Chỉ số"), required=False)

    def __init__(self, *args: Any, indicators: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "indicator_code", [("", _("Chưa gắn: các đơn vị tự báo cáo")), *indicators])


class PeriodicReportForm(forms.Form):
    """What the report to the level above covers. `directives`, `units`: choices."""

    start = DayField(label=_("Từ ngày"))
    end = DayField(label=_("Đến ngày"))
    directive = forms.TypedChoiceField(label=_("Văn bản"), coerce=str, empty_value=None, required=False)
    addressee = forms.CharField(label=_("Gửi cơ quan"), max_length=200, required=False)
    signer_name = forms.CharField(label=_("Người ký"), max_length=120, required=False)
    signing = forms.ChoiceField(
        label=_("Ký với tư cách"),
        choices=[("head", _("Người đứng đầu")), ("deputy", _("Cấp phó ký thay (KT.)"))],
        required=False,
    )

    def __init__(self, *args: Any, directives: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "directive", [("", _("Mọi văn bản đang thực hiện")), *directives])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("start") and said.get("end") and said["start"] > said["end"]:
            raise forms.ValidationError(_("Ngày bắt đầu phải trước ngày kết thúc."))
        return said
