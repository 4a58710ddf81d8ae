"""Addresses of the module, all under /van-ban/."""

from django.urls import path

from . import certificates, desk, signing

app_name = "documents"

ONE = "chung-thu/<uuid:public_id>/"
DOCUMENT = "ky/<uuid:public_id>/"

urlpatterns = [
    path("ky-tai-ban/", desk.DeskPage.as_view(), name="desk"),
    path("ky/", signing.SigningList.as_view(), name="signing-list"),
    path("ky/them/", signing.SigningNew.as_view(), name="signing-new"),
    path(DOCUMENT, signing.SigningPage.as_view(), name="signing"),
    path(f"{DOCUMENT}trang/<int:number>/", signing.SigningPicture.as_view(), name="signing-picture"),
    path("chung-thu/", certificates.CertificateList.as_view(), name="certificate-list"),
    path("chung-thu/dang-ky/", certificates.CertificateRegister.as_view(), name="certificate-register"),
    path(ONE, certificates.CertificateDetail.as_view(), name="certificate-detail"),
    path(f"{ONE}duyet/", certificates.CertificateApprove.as_view(), name="certificate-approve"),
    path(f"{ONE}gia-han/", certificates.CertificateRenew.as_view(), name="certificate-renew"),
    path(f"{ONE}thu-hoi/", certificates.CertificateRevoke.as_view(), name="certificate-revoke"),
    path(f"{ONE}tai/", certificates.CertificateFile.as_view(), name="certificate-file"),
]
