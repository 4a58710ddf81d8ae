"""What orders want of an indicator, for its own page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.types import Goal

from ..domain.wording import goal_words
from ..models import Target
from ..permissions import targets_visible

# The page of a figure names the newest ones; all stand on the page of targets.
MOST = 5


def goals_of(actor: Actor, code: str) -> list[Goal]:
    """Targets bound to the indicator `code` that the actor sees, those due last first."""
    rows = Target.objects.filter(targets_visible(actor), indicator_code=code, value__isnull=False)
    found = rows.select_related("directive").order_by("-due_on", "-pk")[:MOST]
    return [
        Goal(
            goal_words(row.operator, row.value, row.measure),
            _source(row),
            reverse("directives:target-detail", args=[row.public_id]),
        )
        for row in found
    ]


def _source(row: Target) -> str:
    """The order, and by when."""
    if row.due_on is None:
        return str(row.directive)
    return _("%(directive)s, đến %(day)s") % {"directive": row.directive, "day": f"{row.due_on:%d/%m/%Y}"}
