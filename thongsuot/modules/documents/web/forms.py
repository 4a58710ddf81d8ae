"""Forms of certificates: plain ones, the actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..types import CertificateMedium

SEAL, ACCOUNT = "seal", "account"


class _CertificateFields(forms.Form):
    file = forms.FileField(
        label=_("Tệp chứng thư số"),
        help_text=_(
            "Tệp .cer, .crt hoặc .pem lấy từ USB token hoặc nhà cung cấp. Không gửi tệp có khóa bí mật."
        ),
        widget=forms.FileInput(attrs={"accept": ".cer,.crt,.pem,.der"}),
    )
    medium = forms.ChoiceField(label=_("Nơi giữ khóa"), choices=CertificateMedium.choices)
    provider = forms.CharField(
        label=_("Nhà cung cấp"),
        max_length=120,
        required=False,
        help_text=_("Để trống thì lấy tên tổ chức cấp trong chứng thư."),
    )
    key_reference = forms.CharField(
        label=_("Tên khóa trên thiết bị, mã tài khoản ký từ xa"),
        max_length=120,
        required=False,
        help_text=_("Cần cho ký từ xa, SIM PKI và HSM."),
    )


class RegisterForm(_CertificateFields):
    """`signers`: [(value, label)] of people and seals that the actor may register for."""

    signer = forms.ChoiceField(label=_("Người ký, con dấu"))
    field_order = ("signer",)

    def __init__(self, *args: Any, signers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signer"].choices = signers  # type: ignore[attr-defined]


class NothingForm(forms.Form):
    """A button that asks nothing more."""


class RenewForm(_CertificateFields):
    pass


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Mất thiết bị, lộ mã PIN, thôi giữ chức vụ ... Hãy báo cả nhà cung cấp để họ thu hồi."),
    )
    since = forms.DateTimeField(
        label=_("Không tin chữ ký từ lúc"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Để trống: từ bây giờ."),
    )

    def clean_since(self) -> Any:
        """Aware, in the zone of the platform."""
        since = self.cleaned_data["since"]
        return timezone.make_aware(since) if since is not None and timezone.is_naive(since) else since
