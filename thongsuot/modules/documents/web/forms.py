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


class DocumentForm(forms.Form):
    """`certificates`: those in use with which the actor may sign; `levels`: what the installation can."""

    file = forms.FileField(
        label=_("Tệp cần ký"),
        help_text=_("PDF hoặc XML, tối đa 16 MB. Chữ ký có sẵn trong tệp PDF vẫn giữ nguyên giá trị."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.xml,application/pdf"}),
    )
    certificate = forms.ChoiceField(label=_("Ký bằng chứng thư số"))
    level = forms.ChoiceField(label=_("Mức chữ ký"))
    reason = forms.CharField(
        label=_("Lý do ký"),
        max_length=200,
        required=False,
        help_text=_("Không bắt buộc; ghi trong chữ ký của tệp PDF, ví dụ: Phê duyệt."),
    )

    def __init__(self, *args: Any, certificates: list[Any], levels: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.public_id): one for one in certificates}
        self.fields["certificate"].choices = [(key, _named(one)) for key, one in self.known.items()]  # type: ignore[attr-defined]
        self.fields["level"].choices = [(one.value, one.label) for one in levels]  # type: ignore[attr-defined]
        if len(levels) == 1:
            self.fields["level"].help_text = _(
                "Máy chủ chưa nối với dịch vụ dấu thời gian nên chỉ ký được mức này."
            )

    def clean_certificate(self) -> Any:
        return self.known[self.cleaned_data["certificate"]]


def _named(certificate: Any) -> str:
    said = _("%(holder)s (con dấu)") if certificate.is_seal else "%(holder)s"
    end = timezone.localdate(certificate.valid_to).strftime("%d/%m/%Y")
    where = certificate.get_medium_display()
    return _("%(holder)s, %(where)s, hết hạn %(end)s") % {
        "holder": said % {"holder": certificate.holder},
        "where": where,
        "end": end,
    }
