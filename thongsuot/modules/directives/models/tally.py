from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByParent, ByUnit

from ..types import AssignmentState


class AssignmentTally(models.Model):
    """Signed counts of assignments, kept by trigger: dashboards add these up instead of the assignments.

    Each change of an assignment adds rows (+1 for where it is, -1 for where it was) and alters none, so that two
    writers never wait for each other; `actions.tally.compact` joins rows of the same key now and then. Rows of a
    unit have no directive and rows of a directive no unit: the latter are for those who see the whole province.
    """

    unit = models.ForeignKey(
        "organization.Unit", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    directive = models.ForeignKey(
        "directives.Directive", models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    state = models.CharField(_("trạng thái"), max_length=12, choices=AssignmentState)
    is_ongoing = models.BooleanField(_("thường xuyên"), default=False)
    # Of open work only: what is done has its outcome, and no day matters any more.
    due_on = models.DateField(_("hạn"), null=True)
    # "on_time", "late", "done" of what is accepted; "waiting" for an event; else "".
    outcome = models.CharField(max_length=8, blank=True)
    number = models.IntegerField()

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("số đếm nhiệm vụ")
        verbose_name_plural = _("số đếm nhiệm vụ")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.unit_id or self.directive_id} {self.state} {self.number}"


class ReminderSent(models.Model):
    """A reminder that went out: the same one is never sent twice, whatever happened to the machine between."""

    assignment = models.ForeignKey("directives.Assignment", models.CASCADE, null=True, related_name="+")
    obligation = models.ForeignKey("directives.ReportObligation", models.CASCADE, null=True, related_name="+")
    due_on = models.DateField(_("hạn"))
    # Days ahead of the due day; below zero after it (domain/reminders.py).
    step = models.SmallIntegerField(_("mốc nhắc"))
    sent_at = models.DateTimeField(_("nhắc lúc"))

    isolation = ByParent("assignment") | ByParent("obligation")

    class Meta:
        verbose_name = _("lần nhắc việc")
        verbose_name_plural = _("lần nhắc việc")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "due_on", "step"],
                condition=models.Q(assignment__isnull=False),
                name="directives_reminder_assignment_once",
            ),
            models.UniqueConstraint(
                fields=["obligation", "due_on", "step"],
                condition=models.Q(obligation__isnull=False),
                name="directives_reminder_obligation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(assignment__isnull=False, obligation__isnull=True)
                | models.Q(assignment__isnull=True, obligation__isnull=False),
                name="directives_reminder_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.step}"
