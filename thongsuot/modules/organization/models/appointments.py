from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone

from ..types import RoleCode


@tracked()
class Appointment(models.Model):
    """A person holds a role at a unit between two dates. Every right comes from here."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments", verbose_name=_("người")
    )
    role = models.CharField(_("vai trò"), max_length=24, choices=RoleCode)
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="appointments", verbose_name=_("đơn vị")
    )
    title = models.CharField(_("chức vụ"), max_length=120, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    # Set when the rights are lent by somebody else's appointment (uỷ quyền); ends with it at the latest.
    delegated_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("được uỷ quyền bởi"),
    )
    # Of a delegation: the rights that are lent; null otherwise.
    lent_rights = ArrayField(
        models.CharField(max_length=60), verbose_name=_("quyền được uỷ"), null=True, blank=True
    )
    reason = models.CharField(_("căn cứ, lý do"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Read for every request before the actor is known (that is what makes the actor).
    isolation = Anyone(reason="the actor is computed from it")
    web_direct = "select"

    class Meta:
        verbose_name = _("bổ nhiệm, phân công")
        verbose_name_plural = _("bổ nhiệm, phân công")
        ordering = ["unit__sort_key", "-valid_from", "id"]
        indexes = [models.Index(fields=["user", "valid_from"]), models.Index(fields=["unit", "role"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organization_appointment_dates",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "unit", "valid_from"],
                condition=Q(delegated_from__isnull=True),
                name="organization_appointment_once",
            ),
            models.CheckConstraint(
                condition=Q(delegated_from__isnull=True, lent_rights__isnull=True)
                | Q(delegated_from__isnull=False, lent_rights__isnull=False, valid_to__isnull=False),
                name="organization_appointment_delegation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} - {self.unit}"
