"""Rules of assessment that the department has set: a new circular, or a parameter of one put right."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import Anyone


@tracked()
class RulesVersion(models.Model):
    """A whole set of rules, as a file of data/grading/ has it; never changed once it is in force, only withdrawn.

    code: of the circular and a number ("TT22-2021.2"), as results name it. base: the code it was made from.
    """

    code = models.CharField(_("mã"), max_length=20, unique=True)
    base = models.CharField(_("từ quy định"), max_length=20)
    document = models.JSONField(_("tham số"))
    source = models.CharField(_("căn cứ"), max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("người ghi"),
    )
    set_at = models.DateTimeField(_("ghi lúc"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("người rút"),
    )
    withdrawn_at = models.DateTimeField(_("rút lúc"), null=True, blank=True)
    withdrawn_for = models.CharField(_("lý do rút"), max_length=300, blank=True)

    isolation = Anyone(reason="rules of assessment are public, no personal data")

    class Meta:
        verbose_name = _("bản quy định đánh giá")
        verbose_name_plural = _("các bản quy định đánh giá")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("set_at")),
                name="gradebook_rules_order",
            )
        ]

    def __str__(self) -> str:
        return self.code
