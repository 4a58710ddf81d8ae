"""Forms of the organisation: they read what was typed; actions decide and write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor

from .. import queries
from ..types import EducationLevel, SchoolType, UnitKind


def day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


class ContactsForm(forms.Form):
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False)


class UnitForm(ContactsForm):
    name = forms.CharField(label=_("Tên"), max_length=200)
    short_name = forms.CharField(label=_("Tên gọn"), max_length=120, required=False)
    aliases = forms.CharField(
        label=_("Tên gọi khác"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một cách viết thấy trong văn bản, để nhận ra đơn vị khi bóc tách."),
    )
    code = forms.CharField(label=_("Mã"), max_length=30)

    field_order: tuple[str, ...] = ("name", "short_name", "aliases", "code", "address", "email", "phone")

    def clean_aliases(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["aliases"].splitlines() if line.strip()]


class PlacedForm(forms.Form):
    """Where a new unit stands, and since when."""

    parent: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Cơ quan quản lý"), queryset=None)
    administrative_unit = forms.CharField(
        label=_("Mã xã, phường, đặc khu"),
        max_length=5,
        required=False,
        help_text=_("Năm chữ số, theo danh mục đơn vị hành chính."),
    )
    valid_from = day(_("Hoạt động từ"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = [UnitKind.PROVINCE_COMMITTEE, UnitKind.DEPARTMENT, UnitKind.COMMUNE]
        found = queries.units_visible(actor).filter(kind__in=parents, valid_to__isnull=True)
        self.fields["parent"].queryset = found  # type: ignore[attr-defined]

    def clean_administrative_unit(self) -> Any:
        code = self.cleaned_data["administrative_unit"]
        if not code:
            return None
        found = queries.administrative_units().filter(code=code, valid_to__isnull=True).first()
        if found is None:
            raise forms.ValidationError(_("Không có đơn vị hành chính mang mã này."))
        return found


class NewUnitForm(PlacedForm, UnitForm):
    kind = forms.ChoiceField(
        label=_("Loại"), choices=[(k.value, k.label) for k in UnitKind if k != UnitKind.SCHOOL]
    )
    field_order: tuple[str, ...] = (
        "kind",
        "name",
        "short_name",
        "code",
        "parent",
        "administrative_unit",
        "valid_from",
        "aliases",
    )


class SchoolForm(UnitForm):
    levels = forms.MultipleChoiceField(
        label=_("Cấp học"), choices=EducationLevel.choices, widget=forms.CheckboxSelectMultiple
    )
    school_type = forms.ChoiceField(label=_("Loại hình"), choices=SchoolType.choices)
    ministry_code = forms.CharField(label=_("Mã định danh của Bộ"), max_length=20, required=False)
    is_boarding = forms.BooleanField(label=_("Nội trú, bán trú"), required=False)
    is_hard_area = forms.BooleanField(label=_("Vùng khó khăn"), required=False)
    field_order: tuple[str, ...] = (
        "name",
        "short_name",
        "code",
        "ministry_code",
        "levels",
        "school_type",
        "is_boarding",
        "is_hard_area",
    )


class NewSchoolForm(PlacedForm, SchoolForm):
    field_order: tuple[str, ...] = (
        "name",
        "code",
        "parent",
        "administrative_unit",
        "valid_from",
        "levels",
        "school_type",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = self.fields["parent"]
        parents.queryset = parents.queryset.exclude(kind=UnitKind.PROVINCE_COMMITTEE)  # type: ignore[attr-defined]


class DayForm(forms.Form):
    on = day(_("Ngày cuối cùng"))


class CloseUnitForm(DayForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _(
            "Sau ngày này đơn vị không nhận việc mới và không có trong danh sách đang hoạt động; dữ liệu cũ vẫn còn."
        )


class EndForm(DayForm):
    reason = forms.CharField(label=_("Căn cứ, lý do"), max_length=300, required=False)


class SiteForm(forms.Form):
    name = forms.CharField(label=_("Tên điểm trường"), max_length=160)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    is_main = forms.BooleanField(label=_("Điểm chính"), required=False)


class NewSiteForm(SiteForm):
    valid_from = day(_("Hoạt động từ"))


class AccountField(forms.CharField):
    """A person by the name they sign in with, or their e-mail."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        user = queries.account_named(text)
        if user is None:
            raise forms.ValidationError(
                _("Không có tài khoản đang hoạt động mang tên đăng nhập hoặc thư điện tử này.")
            )
        return user


class AppointForm(forms.Form):
    user = AccountField(label=_("Người"), help_text=_("Tên đăng nhập hoặc thư điện tử."))
    role = forms.ChoiceField(label=_("Vai trò"))
    title = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)
    valid_from = day(_("Từ ngày"))
    valid_to = day(_("Đến hết ngày"), required=False)
    reason = forms.CharField(
        label=_("Căn cứ"), max_length=300, required=False, help_text=_("Số, ký hiệu, ngày của quyết định.")
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class DelegateForm(forms.Form):
    to: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Uỷ quyền cho"), queryset=None)
    rights = forms.MultipleChoiceField(label=_("Quyền được uỷ"), widget=forms.CheckboxSelectMultiple)
    valid_from = day(_("Từ ngày"))
    valid_to = day(_("Đến hết ngày"))
    reason = forms.CharField(label=_("Căn cứ, lý do"), max_length=300)

    def __init__(self, *args: Any, people: Any, rights: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.fields["rights"].choices = rights  # type: ignore[attr-defined]


class HandOverForm(EndForm):
    to_user = AccountField(
        label=_("Người nhận bàn giao"),
        required=False,
        help_text=_("Tên đăng nhập hoặc thư điện tử; để trống nếu chưa có người thay."),
    )
    field_order: tuple[str, ...] = ("to_user", "on", "reason")


class YearForm(forms.Form):
    starts_on = day(_("Ngày bắt đầu năm học"))
    first_ends = day(_("Ngày kết thúc học kỳ 1"))
    second_starts = day(_("Ngày bắt đầu học kỳ 2"))
    ends_on = day(_("Ngày kết thúc năm học"))


class CodeForm(forms.Form):
    name = forms.CharField(label=_("Tên"), max_length=300)
    valid_to = day(_("Dùng đến hết ngày"), required=False)


class ChangeForm(forms.Form):
    old_name = forms.CharField(label=_("Tên cũ"), max_length=160)
    old_code = forms.CharField(label=_("Mã cũ"), max_length=5, required=False)
    new_code = forms.CharField(label=_("Mã đơn vị mới"), max_length=5)
    is_partial = forms.BooleanField(label=_("Chỉ một phần"), required=False)
    document = forms.CharField(label=_("Văn bản"), max_length=200, required=False)

    def clean_new_code(self) -> Any:
        found = (
            queries.administrative_units()
            .filter(code=self.cleaned_data["new_code"], valid_to__isnull=True)
            .first()
        )
        if found is None:
            raise forms.ValidationError(_("Không có đơn vị hành chính mang mã này."))
        return found


class WorkDayForm(forms.Form):
    day = day(_("Ngày"))
    is_working = forms.TypedChoiceField(
        label=_("Là"),
        choices=[("0", _("Ngày nghỉ")), ("1", _("Ngày làm việc"))],
        coerce=lambda value: value == "1",
    )
    name = forms.CharField(label=_("Lý do, văn bản"), max_length=200)
