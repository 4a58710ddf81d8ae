"""Forms of sign-in and of the page of accounts."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts import guard
from thongsuot.kit.accounts.adapters import AccountAdapter


class SignInForm(LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Tên đăng nhập hoặc thư điện tử")
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class CodeForm(AuthenticateForm):
    """Second factor at sign-in: wrong codes count towards the lock like wrong passwords."""

    def clean_code(self) -> str:
        if guard.is_locked(self.user):
            raise AccountAdapter().validation_error("too_many_login_attempts")
        try:
            return super().clean_code()
        except ValidationError:
            guard.record_failure(self.user)
            raise


class NewAccountForm(forms.Form):
    username = forms.RegexField(
        r"^[a-zA-Z0-9._-]{3,150}$",
        label=_("Tên đăng nhập"),
        help_text=_("Chữ không dấu, số, dấu chấm, gạch nối; ít nhất 3 ký tự."),
        error_messages={"invalid": _("Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm, gạch nối.")},
    )
    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False)
