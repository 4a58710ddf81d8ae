"""The department's team: who, when they came, what they found and where they differ from the school."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit, ByUnits

from .rubric import MaturityRound

_NUMBER: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "null": True, "blank": True}


class Said(models.Model):
    """An answer to one item, whoever gives it: see domain.scoring.Answer."""

    item = models.CharField(_("mục"), max_length=20)
    yes = models.BooleanField(_("có"), null=True, blank=True)
    amount = models.DecimalField(_("số lượng, điểm"), **_NUMBER)
    numerator = models.DecimalField(_("tử số"), **_NUMBER)
    denominator = models.DecimalField(_("mẫu số"), **_NUMBER)
    note = models.TextField(_("giải thích"), blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    said_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        abstract = True


@tracked()
class Team(models.Model):
    """đoàn đánh giá ngoài: schools that it visits see who comes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(MaturityRound, models.PROTECT, related_name="teams", verbose_name=_("đợt"))
    owner_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("cơ quan lập đoàn")
    )
    name = models.CharField(_("tên đoàn"), max_length=160)
    basis = models.CharField(_("quyết định lập đoàn (số, ngày)"), max_length=200, blank=True)

    isolation = ByUnit("owner_unit") | ByUnits("maturity.Assessment", "team", "unit")

    class Meta:
        verbose_name = _("đoàn đánh giá ngoài")
        verbose_name_plural = _("đoàn đánh giá ngoài")
        ordering = ["round", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="maturity_team_name")]

    def __str__(self) -> str:
        return self.name


@tracked()
class TeamMember(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name=_("đoàn"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("thành viên")
    )
    is_lead = models.BooleanField(_("trưởng đoàn"), default=False)

    isolation = ByParent("team")

    class Meta:
        verbose_name = _("thành viên đoàn")
        verbose_name_plural = _("thành viên đoàn")
        ordering = ["team", "-is_lead", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="maturity_member_once"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(is_lead=True), name="maturity_member_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


@tracked()
class Visit(models.Model):
    """One working session with a school: planned, then held with its minutes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(
        "maturity.Assessment", models.CASCADE, related_name="visits", verbose_name=_("phiếu đánh giá")
    )
    planned_on = models.DateField(_("ngày hẹn"))
    held_on = models.DateField(_("ngày làm việc"), null=True, blank=True)
    place = models.CharField(_("địa điểm, hình thức"), max_length=200, blank=True)
    present = models.TextField(_("thành phần phía trường"), blank=True)
    minutes = models.TextField(_("biên bản"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("biên bản có chữ ký"),
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )

    isolation = ByParent("assessment")

    class Meta:
        verbose_name = _("buổi làm việc")
        verbose_name_plural = _("buổi làm việc")
        ordering = ["assessment", "planned_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | ~Q(minutes=""), name="maturity_visit_has_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planned_on:%d/%m/%Y}"


@tracked()
class ExternalScore(Said):
    """What the team says of one item; `note` argues a difference, `reply` is the school's answer to it."""

    assessment = models.ForeignKey(
        "maturity.Assessment",
        models.CASCADE,
        related_name="external_scores",
        verbose_name=_("phiếu đánh giá"),
    )
    reply = models.TextField(_("ý kiến của trường"), blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người trả lời"),
    )
    replied_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)

    isolation = ByParent("assessment")

    class Meta:
        verbose_name = _("điểm của đoàn")
        verbose_name_plural = _("điểm của đoàn")
        ordering = ["assessment", "item"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="maturity_external_once"),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="maturity_reply_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.item
