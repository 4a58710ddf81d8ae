"""The code by which a parent, or a pupil, ties the own account to a dossier: handed out by the school, used once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUser

from .people import Contact, Student


@tracked()
class FamilyCode(models.Model):
    """mã nối tài khoản. Only its keyed digest is kept; whoever holds the paper is whom the school handed it to."""

    student = models.ForeignKey(
        Student, models.CASCADE, related_name="family_codes", verbose_name=_("học sinh")
    )
    # None: for the pupil.
    contact = models.ForeignKey(
        Contact,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="family_codes",
        verbose_name=_("cha mẹ, người giám hộ"),
    )
    code_digest = models.BinaryField(_("dấu của mã"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người cấp")
    )
    issued_at = models.DateTimeField(_("cấp lúc"))
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người dùng mã"),
    )
    used_at = models.DateTimeField(_("dùng lúc"), null=True, blank=True)
    # A newer one was handed out, or the school took it back.
    withdrawn_at = models.DateTimeField(_("hủy lúc"), null=True, blank=True)

    isolation = ByParent("student")

    class Meta:
        verbose_name = _("mã nối tài khoản gia đình")
        verbose_name_plural = _("mã nối tài khoản gia đình")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "contact"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="registry_familycode_one_open",
            ),
            models.UniqueConstraint(fields=["code_digest"], name="registry_familycode_digest"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="registry_familycode_used",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issued_at:%d/%m/%Y %H:%M}"


class FamilyCodeTry(models.Model):
    """A code that was not right, entered by an account: who tries too many waits."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="+",
        verbose_name=_("tài khoản"),
    )
    at = models.DateTimeField(_("lúc"))

    # Not append_only: whoever is removed takes theirs along.
    isolation = ByUser("user")

    class Meta:
        verbose_name = _("lần nhập sai mã nối tài khoản")
        verbose_name_plural = _("lần nhập sai mã nối tài khoản")
        ordering = ["user", "-at", "id"]
        indexes = [models.Index(fields=["user", "at"], name="registry_familycodetry_user")]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
