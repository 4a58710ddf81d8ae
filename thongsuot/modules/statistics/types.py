"""Words of the module: states, kinds, refusals. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Refused


class BadFigure(Refused):
    """A figure that cannot be: the part larger than the whole, a day to come, no evidence."""

    code = "bad_figure"


class AlreadyDecided(Refused):
    """Somebody was quicker."""

    code = "already_decided"


class WarmKind(TextChoices):
    """How the figures that are kept ready were worked out."""

    CHANGED = "changed", _("Chỉ đơn vị có thay đổi")
    FULL = "full", _("Toàn bộ")


class ReportState(TextChoices):
    """Where a reported figure stands."""

    SUBMITTED = "submitted", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    RETURNED = "returned", _("Trả lại")
