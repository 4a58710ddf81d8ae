import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit, ByUnits

from ..types import OPEN_STATES, AssignmentState, DeadlineKind, DecisionState, Period, SubmissionState


@tracked(exclude=["text_fold", "last_activity_at"])
class Assignment(models.Model):
    """nhiệm vụ, with the "6 rõ": person, work, time, responsibility, product, authority.

    A sub-task points to its parent; each has its own state. `due_on` is the deadline in force (after
    extensions, or counted from the event); late or on time is derived from it and never stored.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    directive = models.ForeignKey(
        "directives.Directive",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("văn bản"),
    )
    finding = models.ForeignKey(
        "directives.Finding",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nội dung văn bản"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("nhiệm vụ cấp trên"),
    )
    section = models.CharField(_("mục"), max_length=40, blank=True)
    group = models.TextField(_("nhóm nhiệm vụ"), blank=True)
    # rõ việc
    text = models.TextField(_("việc"))
    legal_basis = models.TextField(_("căn cứ"), blank=True)
    # rõ người
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị chủ trì")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người thực hiện"),
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lãnh đạo phụ trách"),
    )
    # rõ trách nhiệm, rõ sản phẩm, rõ thẩm quyền
    responsibility = models.TextField(_("trách nhiệm"), blank=True)
    product = models.TextField(_("sản phẩm, kết quả"), blank=True)
    authority = models.TextField(_("thẩm quyền quyết định"), blank=True)
    assigned_by_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị giao")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người giao")
    )
    assigned_on = models.DateField(_("ngày giao"))
    # rõ thời gian
    deadline_kind = models.CharField(
        _("loại thời hạn"), max_length=12, choices=DeadlineKind, default=DeadlineKind.NONE
    )
    deadline_words = models.CharField(_("thời hạn trong văn bản"), max_length=400, blank=True)
    deadline_event = models.TextField(_("điều kiện"), blank=True)
    event_occurred_on = models.DateField(_("điều kiện xảy ra ngày"), null=True, blank=True)
    event_document = models.CharField(_("văn bản làm phát sinh"), max_length=200, blank=True)
    period = models.CharField(_("chu kỳ"), max_length=12, choices=Period, blank=True)
    due_on = models.DateField(_("hạn"), null=True, blank=True)
    first_due_on = models.DateField(_("hạn ban đầu"), null=True, blank=True)
    # state
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=AssignmentState, default=AssignmentState.ASSIGNED
    )
    progress = models.PositiveSmallIntegerField(_("tiến độ (%)"), default=0)
    started_on = models.DateField(_("bắt đầu ngày"), null=True, blank=True)
    # Date of the product document, or of acceptance where there is none: what on time is measured by.
    completed_on = models.DateField(_("hoàn thành ngày"), null=True, blank=True)
    last_activity_at = models.DateTimeField(_("cập nhật lúc"), auto_now_add=True)
    text_fold = models.TextField(editable=False, default="")
    search = models.GeneratedField(
        expression=SearchVector("text_fold", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    isolation = ByUnit("unit", "assigned_by_unit") | ByUnits(
        "directives.AssignmentCoordinator", "assignment", "unit"
    )

    class Meta:
        verbose_name = _("nhiệm vụ")
        verbose_name_plural = _("nhiệm vụ")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"]),
            models.Index(fields=["assigned_by_unit", "state", "due_on"]),
            models.Index(fields=["directive", "section"]),
            models.Index(fields=["parent"]),
            models.Index(
                fields=["person"], condition=Q(person__isnull=False), name="directives_assignment_person"
            ),
            models.Index(fields=["due_on", "id"]),
            # Reminders and lists of what is late look at open work only, the smaller part after a year.
            models.Index(
                fields=["due_on", "id"], condition=Q(state__in=OPEN_STATES), name="directives_assignment_open"
            ),
            # What waits at the giving side, and since when.
            models.Index(
                fields=["assigned_by_unit", "due_on"],
                condition=Q(state=AssignmentState.SUBMITTED),
                name="directives_assignment_waiting",
            ),
            # How much was finished, month by month: read from the index alone.
            models.Index(
                fields=["completed_on", "due_on"],
                condition=Q(state=AssignmentState.ACCEPTED),
                name="directives_assignment_done",
            ),
            GinIndex(fields=["search"], name="directives_assignment_search"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="directives_assignment_progress"),
            models.CheckConstraint(
                condition=Q(state=AssignmentState.ACCEPTED, completed_on__isnull=False)
                | (~Q(state=AssignmentState.ACCEPTED) & Q(completed_on__isnull=True)),
                name="directives_assignment_completed_pair",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="directives_assignment_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.text[:100]


class AssignmentCoordinator(models.Model):
    """đơn vị phối hợp"""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="coordinators")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")

    isolation = ByUnit("unit") | ByUnit("assigned_by_unit", "lead_unit")

    # Copies of the assignment's units: a policy that looked back at the assignment would go round in a circle.
    lead_unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    assigned_by_unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("đơn vị phối hợp")
        verbose_name_plural = _("đơn vị phối hợp")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "unit"], name="directives_coordinator_once")
        ]
        indexes = [models.Index(fields=["unit"])]

    def __str__(self) -> str:
        return f"{self.unit_id}"


class ProgressNote(models.Model):
    """One report of progress, or (`period_start` set) the confirmation of an ongoing task for a period."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="notes")
    progress = models.PositiveSmallIntegerField(_("tiến độ (%)"), default=0)
    note = models.TextField(_("kết quả, tiến độ"))
    period_start = models.DateField(_("kỳ từ"), null=True, blank=True)
    period_end = models.DateField(_("kỳ đến"), null=True, blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    isolation = ByParent("assignment")

    class Meta:
        verbose_name = _("cập nhật tiến độ")
        verbose_name_plural = _("cập nhật tiến độ")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="directives_note_progress"),
            models.UniqueConstraint(
                fields=["assignment", "period_start"],
                condition=Q(period_start__isnull=False),
                name="directives_note_period_once",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True, period_end__isnull=True)
                | Q(period_start__isnull=False, period_end__isnull=False),
                name="directives_note_period_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.note[:80]


class Difficulty(models.Model):
    """khó khăn, vướng mắc with a proposal, routed to the unit that decides; may be passed further up."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="difficulties")
    text = models.TextField(_("khó khăn, vướng mắc"))
    proposal = models.TextField(_("đề xuất, kiến nghị"), blank=True)
    raised_by_unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("đơn vị nêu")
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    routed_to = models.ForeignKey(
        "organization.Unit", models.PROTECT, related_name="+", verbose_name=_("nơi quyết định")
    )
    decision = models.TextField(_("ý kiến giải quyết"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    isolation = ByUnit("raised_by_unit", "routed_to") | ByParent("assignment")

    class Meta:
        verbose_name = _("khó khăn, vướng mắc")
        verbose_name_plural = _("khó khăn, vướng mắc")
        ordering = ["-raised_at", "-id"]
        indexes = [models.Index(fields=["routed_to", "decided_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="directives_difficulty_decided_pair",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


@tracked()
class ExtensionRequest(models.Model):
    """xin gia hạn"""

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="extensions", verbose_name=_("nhiệm vụ")
    )
    old_due_on = models.DateField(_("hạn cũ"), null=True, blank=True)
    new_due_on = models.DateField(_("hạn xin đổi"))
    reason = models.TextField(_("lý do"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người xin")
    )
    requested_at = models.DateTimeField(_("xin lúc"))
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=DecisionState, default=DecisionState.PENDING
    )
    granted_due_on = models.DateField(_("hạn được duyệt"), null=True, blank=True)
    decision_note = models.TextField(_("ý kiến"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)

    isolation = ByParent("assignment")

    class Meta:
        verbose_name = _("xin gia hạn")
        verbose_name_plural = _("xin gia hạn")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state=DecisionState.PENDING),
                name="directives_extension_one_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.new_due_on}"


@tracked()
class Submission(models.Model):
    """The product handed in as evidence, and the assigner's acceptance or return."""

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="submissions", verbose_name=_("nhiệm vụ")
    )
    number = models.CharField(_("số"), max_length=20, blank=True)
    symbol = models.CharField(_("ký hiệu"), max_length=60, blank=True)
    issued_on = models.DateField(_("ngày văn bản"), null=True, blank=True)
    subject = models.TextField(_("trích yếu"))
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp")
    )
    link = models.URLField(_("liên kết"), max_length=500, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nộp")
    )
    submitted_at = models.DateTimeField(_("nộp lúc"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=SubmissionState, default=SubmissionState.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    decision_note = models.TextField(_("lý do, nhận xét"), blank=True)

    isolation = ByParent("assignment")

    class Meta:
        verbose_name = _("sản phẩm, minh chứng")
        verbose_name_plural = _("sản phẩm, minh chứng")
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(link=""), name="directives_submission_has_evidence"
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state=SubmissionState.PENDING),
                name="directives_submission_one_pending",
            ),
        ]

    def __str__(self) -> str:
        return self.subject[:80]


class WorkLog(models.Model):
    """The story of an assignment as its readers see it: one line for each thing that was done."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="log")
    verb = models.CharField(max_length=40)
    detail = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    isolation = ByParent("assignment")

    class Meta:
        verbose_name = _("lịch sử")
        verbose_name_plural = _("lịch sử")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="directives_worklog_at")]

    def __str__(self) -> str:
        return self.verb
