"""Forms of pupils, guardians and staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ...types import (
    CharacteristicKind,
    ContactRelation,
    ErrorReportState,
    Gender,
    Poverty,
    StaffGroup,
    StaffStatus,
)
from ..units import SchoolChoice
from .fields import BLANK, EditionForm, chosen, codes, day, number, text, yes

SENSITIVE = ("personal_id", "ethnicity", "religion", "is_father_minority", "is_mother_minority")


class PersonForm(EditionForm):
    """`sensitive`: whether the actor may read, and so write, the sensitive fields; else they are not asked."""

    full_name = text(_("Họ và tên"), 120, required=True, help_text=_("Đúng như giấy khai sinh."))
    birth_date = day(_("Ngày sinh"), required=False)
    is_birth_year_only = yes(_("Chỉ biết năm sinh (ghi ngày 01/01)"))
    gender = chosen(_("Giới tính"), Gender.choices, required=False)
    personal_id = text(_("Số định danh cá nhân"), 20, help_text=_("12 chữ số. Để trống nếu không đổi."))
    ethnicity = codes(_("Dân tộc"), "dan_toc")
    religion = codes(_("Tôn giáo"), "ton_giao")
    nationality = text(_("Quốc tịch"), 3)
    local_code = text(_("Mã của trường"), 30)
    ministry_code = text(_("Mã định danh của Bộ"), 20, help_text=_("Có mã này thì mã tạm được thay."))
    birth_place = text(_("Nơi sinh"), 200)
    home_town = text(_("Quê quán"), 200)
    residence_commune_code = text(_("Mã xã thường trú"), 5)
    residence_address = text(_("Địa chỉ thường trú"), 300)
    current_address = text(_("Nơi ở hiện nay"), 300)
    phone = text(_("Điện thoại"), 20)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)

    def __init__(self, *args: Any, sensitive: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sensitive:
            for name in SENSITIVE:
                self.fields.pop(name, None)

    def changes(self) -> dict[str, Any]:
        # The number is never shown in a form: an empty box means that it stays.
        return {name: value for name, value in super().changes().items() if name != "personal_id" or value}


class StudentForm(PersonForm):
    is_father_minority = yes(_("Cha là người dân tộc thiểu số"))
    is_mother_minority = yes(_("Mẹ là người dân tộc thiểu số"))


class NewStudentForm(SchoolChoice, StudentForm):
    school_class = forms.ChoiceField(label=_("Xếp vào lớp"), required=False)
    entered_on = day(_("Vào lớp từ ngày"), required=False)

    def __init__(self, *args: Any, classes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = classes  # type: ignore[attr-defined]
        self.fields["nationality"].initial = "VN"
        del self.fields["seen"]
        if len(classes) < 2:
            del self.fields["school_class"], self.fields["entered_on"]


class ContactForm(EditionForm):
    relation = chosen(_("Quan hệ"), ContactRelation.choices)
    full_name = text(_("Họ và tên"), 120, required=True)
    birth_year = number(_("Năm sinh"))
    occupation = text(_("Nghề nghiệp"), 120)
    phone = text(_("Điện thoại"), 20)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)


class CharacteristicForm(forms.Form):
    kind = chosen(_("Loại"), CharacteristicKind.choices)
    policy = codes(_("Diện chính sách"), "dien_chinh_sach")
    poverty = chosen(_("Hộ nghèo, cận nghèo"), Poverty.choices, required=False)
    disability = codes(_("Loại khuyết tật"), "loai_khuyet_tat")
    valid_from = day(_("Từ ngày"))
    note = text(_("Ghi chú, giấy tờ"), 300)

    def __init__(self, *args: Any, sensitive: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()
        if not sensitive:
            del self.fields["disability"]
            kept = [c for c in CharacteristicKind.choices if c[0] not in ("disability", "health")]
            self.fields["kind"].choices = [BLANK, *kept]  # type: ignore[attr-defined]


class ClassForm(forms.Form):
    """Which class, from which day."""

    school_class = forms.ChoiceField(label=_("Lớp"))
    on = day(_("Từ ngày"))

    def __init__(self, *args: Any, classes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = classes  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()


class LeaveForm(forms.Form):
    on = day(_("Ngày học cuối cùng"))
    reason_code = codes(_("Lý do thôi học"), "ly_do_thoi_hoc", required=True)
    note = text(_("Ghi chú"), 300)


class ReasonForm(forms.Form):
    reason = text(_("Lý do"), 300, required=True)


class PersonalIdForm(forms.Form):
    """The right number, or none; always with a reason."""

    number = text(
        _("Số định danh đúng"),
        20,
        help_text=_("12 chữ số. Để trống để bỏ số đang ghi, khi chưa biết số đúng của em."),
    )
    reason = text(
        _("Lý do"), 300, required=True, help_text=_("Ví dụ: ghi nhầm số của em khác; theo giấy khai sinh.")
    )

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if now:
            self.fields["number"].label = _("Số định danh đúng, thay cho %(now)s") % {"now": now}


class AccountForm(forms.Form):
    username = text(
        _("Tên đăng nhập"),
        150,
        required=True,
        help_text=_("Hỏi chính người đó. Người này sẽ xem được toàn bộ hồ sơ của em, không che."),
    )


class NothingForm(forms.Form):
    """A step that asks for nothing but a yes."""


class CodeForm(forms.Form):
    code = text(
        _("Mã trên phiếu"),
        20,
        required=True,
        help_text=_("10 chữ và số, ví dụ ABCDE-23456. Không phân biệt chữ hoa, chữ thường."),
    )


class FirstVisitForm(CodeForm):
    """The slip and the account that its holder wants."""

    username = text(
        _("Tên đăng nhập"),
        150,
        required=True,
        help_text=_("Tự đặt: chữ không dấu, số, dấu chấm; ví dụ lan.nguyen. Có thể dùng số điện thoại."),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Gõ lại mật khẩu"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _t("Ít nhất %(n)d ký tự, có chữ thường, chữ hoa, chữ số và ký tự khác.")
        self.fields["password"].help_text = said % {"n": settings.PASSWORD_LENGTH_ALONE}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "again" in data and data.get("password") != data["again"]:
            self.add_error("again", _("Hai lần gõ mật khẩu khác nhau."))
        return data


class StaffForm(PersonForm):
    degree = codes(_("Trình độ chuyên môn"), "trinh_do_chuyen_mon")
    major = text(_("Chuyên ngành chính"), 120)
    professional_standard = codes(_("Chuẩn nghề nghiệp"), "danh_gia_chuan_nghe_nghiep")
    political_theory = text(_("Lý luận chính trị"), 60)
    foreign_language = text(_("Ngoại ngữ, trình độ"), 60)
    informatics = text(_("Tin học"), 60)
    recruited_on = day(_("Ngày tuyển dụng"), required=False)
    is_party_member = yes(_("Đảng viên"))
    has_digital_skills = yes(_("Đã đạt kỹ năng số cơ bản"))


class PostForm(forms.Form):
    """A post: what, and from which day."""

    group = chosen(_("Vị trí việc làm"), StaffGroup.choices)
    position = codes(_("Chức vụ"), "chuc_vu")
    contract = codes(_("Hình thức hợp đồng"), "hinh_thuc_hop_dong")
    rank = text(_("Hạng, mã số chức danh"), 30)
    salary_step = text(_("Bậc lương, hệ số"), 20)
    status = chosen(_("Trạng thái"), StaffStatus.choices[:2])
    subjects = text(_("Môn dạy"), 200, help_text=_("Cách nhau dấu phẩy."))
    duties = text(_("Kiêm nhiệm"), 200, help_text=_("Cách nhau dấu phẩy."))
    valid_from = day(_("Từ ngày"))

    def post(self) -> dict[str, Any]:
        names = ("group", "position", "contract", "rank", "salary_step", "status")
        given = {name: self.cleaned_data[name] for name in names}
        for name in ("subjects", "duties"):
            given[name] = [part.strip() for part in self.cleaned_data[name].split(",") if part.strip()]
        return given


class NewStaffForm(SchoolChoice, StaffForm, PostForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        # The person first, then the post.
        self.order_fields(["unit", *StaffForm.base_fields])
        self.fields["nationality"].initial = "VN"
        self.fields["status"].initial = StaffStatus.WORKING.value


class EndPostForm(forms.Form):
    on = day(_("Ngày làm việc cuối cùng"))
    status = chosen(_("Lý do"), [c for c in StaffStatus.choices if c[0] in ("moved", "retired", "left")])
    reason = text(_("Ghi chú, số quyết định"), 300)


class TeachingForm(forms.Form):
    school_class = forms.ChoiceField(label=_("Lớp"))
    subject = text(_("Môn"), 40, required=True)
    lessons_per_week = forms.DecimalField(label=_("Số tiết/tuần"), max_digits=4, decimal_places=1)
    valid_from = day(_("Từ ngày"))

    def __init__(self, *args: Any, classes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = classes  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = timezone.localdate()


REPORT_FIELDS = [
    ("full_name", _("Họ và tên")),
    ("birth_date", _("Ngày sinh")),
    ("gender", _("Giới tính")),
    ("personal_id", _("Số định danh cá nhân")),
    ("ethnicity", _("Dân tộc")),
    ("religion", _("Tôn giáo")),
    ("birth_place", _("Nơi sinh")),
    ("home_town", _("Quê quán")),
    ("residence_address", _("Địa chỉ thường trú")),
    ("current_address", _("Nơi ở hiện nay")),
    ("phone", _("Điện thoại")),
    ("contacts", _("Cha mẹ, người giám hộ")),
    ("enrolments", _("Quá trình học")),
    ("characteristics", _("Chính sách, sức khỏe")),
    ("other", _("Mục khác")),
]


class ReportForm(forms.Form):
    field = chosen(_("Mục ghi sai"), REPORT_FIELDS)
    said = forms.CharField(
        label=_("Nội dung đúng"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ghi rõ nội dung đúng và giấy tờ kèm theo (nếu có)."),
    )


class AnswerForm(forms.Form):
    state = chosen(_("Kết quả"), [c for c in ErrorReportState.choices if c[0] != "open"])
    answer = forms.CharField(
        label=_("Trả lời"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
