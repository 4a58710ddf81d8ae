"""Where results are to be computed again."""

from __future__ import annotations

from collections import defaultdict

from thongsuot.kit.accounts.types import Actor

from ..models import PupilYear
from ..permissions import KEEP, within


def stale_units(actor: Actor) -> dict[int, set[int]]:
    """school year -> schools with pupils whose marks have changed since their results were computed."""
    rows = PupilYear.objects.filter(within(actor, KEEP), is_stale=True).order_by()
    found: dict[int, set[int]] = defaultdict(set)
    for year_id, unit_id in rows.values_list("school_year_id", "unit_id").distinct():
        found[year_id].add(unit_id)
    return dict(found)
