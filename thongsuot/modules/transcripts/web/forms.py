"""Forms of the module: plain ones, the actions write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.modules.organization.types import EducationLevel

from ..types import RecallReason
from .words import PROVIDERS, SIGNATURE_KINDS


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


class PartialForm(forms.Form):
    up_to = forms.DateField(
        label=_("Kết quả tính đến ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    basis = forms.CharField(
        label=_("Căn cứ (giấy chuyển trường, quyết định)"), max_length=200, required=False
    )


class CivilForm(forms.Form):
    """Only what the decision changed is filled in otherwise than it stands."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    birth_date = forms.DateField(
        label=_("Ngày sinh"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    gender = forms.ChoiceField(label=_("Giới tính"), choices=[("male", _("Nam")), ("female", _("Nữ"))])
    personal_id = forms.RegexField(
        r"^[0-9]{12}$",
        label=_("Số định danh cá nhân mới"),
        required=False,
        help_text=_("Để trống nếu quyết định không đổi số này."),
        error_messages={"invalid": _("Số định danh cá nhân gồm 12 chữ số.")},
    )
    decision_number = forms.CharField(label=_("Số quyết định"), max_length=60)
    decided_on = forms.DateField(
        label=_("Ngày quyết định"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    decided_by = forms.CharField(label=_("Cơ quan ra quyết định"), max_length=200)
    file = forms.FileField(label=_("Quyết định kèm theo (PDF)"))


class DigitiseForm(forms.Form):
    """One year of a paper transcript."""

    school_year = forms.ChoiceField(label=_("Năm học"))
    grade = forms.TypedChoiceField(
        label=_("Khối"), choices=[(n, _("Lớp %(n)d") % {"n": n}) for n in range(1, 13)], coerce=int
    )
    class_name = forms.CharField(label=_("Tên lớp ghi trong học bạ"), max_length=60)
    paper_school = forms.CharField(label=_("Trường cấp học bạ giấy"), max_length=200)
    paper_place = forms.CharField(label=_("Tỉnh, thành phố của trường đó"), max_length=120, required=False)
    basis = forms.CharField(label=_("Căn cứ (số học bạ, người xác nhận)"), max_length=200)
    circular = forms.CharField(
        label=_("Thông tư đánh giá"),
        max_length=60,
        help_text=_("Như ghi trong học bạ, ví dụ 27/2020/TT-BGDĐT"),
    )
    result = forms.CharField(label=_("Kết quả cả năm"), max_length=120)
    conduct = forms.CharField(
        label=_("Kết quả rèn luyện"), max_length=60, required=False, help_text=_("Chỉ có ở cấp trung học.")
    )
    is_promoted = forms.ChoiceField(
        label=_("Được lên lớp"), choices=[("1", _("Có")), ("0", _("Không"))], widget=forms.RadioSelect
    )
    homeroom_remark = _text(_("Nhận xét của giáo viên chủ nhiệm"), rows=2, required=False, max_length=1000)
    scan = forms.FileField(label=_("Bản chụp học bạ giấy (PDF)"))

    def __init__(self, *args: Any, years: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_year"].choices = [(name, name) for name in years]  # type: ignore[attr-defined]


class ForeignForm(forms.Form):
    file = forms.FileField(label=_("Tệp học bạ số có chữ ký (XML, hoặc ZIP nhiều tệp XML)"))


class PaperForm(forms.Form):
    recipient = forms.CharField(label=_("Nơi nhận"), max_length=200)
    purpose = forms.CharField(label=_("Mục đích"), max_length=200)


class RegistrationForm(forms.Form):
    signature_kind = forms.ChoiceField(label=_("Kiểu chữ ký"))
    provider = forms.ChoiceField(label=_("Nhà phát hành"))

    def __init__(self, *args: Any, kinds: Any, providers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signature_kind"].choices = [(one, SIGNATURE_KINDS.get(one, one)) for one in kinds]  # type: ignore[attr-defined]
        self.fields["provider"].choices = [(one, PROVIDERS.get(one, one)) for one in providers]  # type: ignore[attr-defined]


class AppealForm(forms.Form):
    words = _text(_("Vì sao anh/chị chưa đồng ý"), rows=4, max_length=2000)


class ReviewForm(forms.Form):
    is_wrong = forms.TypedChoiceField(
        label=_("Kết luận"),
        choices=[("1", _("Học bạ sai: trường phải sửa")), ("0", _("Học bạ đúng"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = _text(_("Nội dung kết luận"), rows=4, max_length=2000)


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


class EndForm(forms.Form):
    """A certificate that the gateway takes, and is to take no more."""

    answer = _text(
        _("Lý do ngừng chấp nhận"),
        max_length=300,
        help_text=_(
            "Cổng không nhận gói nào ký bằng chứng thư này nữa; học bạ đã tiếp nhận giữ nguyên giá trị."
        ),
    )


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
    unchanged = _text(
        _("Lý do vẫn coi là đã sửa"),
        required=False,
        max_length=500,
        help_text=_(
            "Bắt buộc khi trả lời là đã sửa: bản thay thế không khác bản cũ ở mục nào. Lý do được ghi vào câu trả lời."
        ),
    )

    def __init__(self, *args: Any, is_unchanged: bool = False, **kwargs: Any) -> None:
        """is_unchanged: the replacement is there and repeats what was reported."""
        super().__init__(*args, **kwargs)
        if not is_unchanged:
            del self.fields["unchanged"]


class DeadlineForm(forms.Form):
    month = forms.IntegerField(label=_("Tháng"), min_value=1, max_value=12)
    day = forms.IntegerField(label=_("Ngày"), min_value=1, max_value=31)
    working_days = forms.IntegerField(label=_("Số ngày làm việc"), min_value=1, max_value=90)
    basis = forms.CharField(label=_("Căn cứ (số, ngày văn bản)"), max_length=300)

    def __init__(self, *args: Any, by_days: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("month", "day") if by_days else ("working_days",):
            del self.fields[name]


def _choice(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


class OwnDeadlineForm(DeadlineForm):
    """A day of one school year, one level, or one level in one year; is_set: whose, is said already."""

    field_order = ("year", "level", "month", "day", "basis")

    def __init__(self, *args: Any, years: Sequence[Any], levels: Sequence[str], is_set: bool, **kwargs: Any):
        super().__init__(*args, by_days=False, **kwargs)
        if is_set:
            return
        named = [(one.name, one.name) for one in years]
        self.fields["year"] = _choice(_("Năm học"), [("", _("Mọi năm học")), *named])
        named = [(one, EducationLevel(one).label) for one in levels]
        self.fields["level"] = _choice(_("Cấp học"), [("", _("Mọi cấp học")), *named])
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "year" in self.fields and not data.get("year") and not data.get("level"):
            raise forms.ValidationError(_("Chọn năm học, cấp học, hoặc cả hai."))
        return data


class VerifyForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp học bạ (XML hoặc PDF)"),
        widget=forms.FileInput(attrs={"accept": ".xml,.pdf"}),
        error_messages={"required": _("Hãy chọn tệp học bạ."), "empty": _("Tệp không có nội dung.")},
    )


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
