"""Words of the module: states, kinds, refusals. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WarmKind(TextChoices):
    """How the figures that are kept ready were worked out."""

    CHANGED = "changed", _("Chỉ đơn vị có thay đổi")
    FULL = "full", _("Toàn bộ")
