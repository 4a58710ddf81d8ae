"""How many pupils each school's board counts against; the steps beside them are kept by trigger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed

from ..models import SchoolStanding
from ..permissions import can_prepare
from ..queries.lists import _pupils


@transaction.atomic
def count_pupils(
    *, by: Actor, school_year: Any, now: datetime, unit_ids: Collection[int] | None = None
) -> int:
    """Count the pupils of the year again, of all schools (the system) or of some (their office). Returns how many schools
    have pupils. Two statements; schools whose pupils are gone stand at 0. Raises NotAllowed."""
    if not by.is_system and not (unit_ids and all(can_prepare(by, one) for one in unit_ids)):
        raise NotAllowed(_("Việc này do hệ thống thực hiện."))
    where = {} if unit_ids is None else {"unit_id__in": list(unit_ids)}
    pupils = _pupils(by, school_year, "unit_id", **where)
    kept = SchoolStanding.objects.filter(school_year=school_year, **where)
    # All at once in the order in which the triggers write them: who signs meanwhile waits, and nobody for ever.
    list(kept.select_for_update(of=("self",)).order_by("unit_id").values_list("pk"))
    gone = kept.filter(pupils__gt=0)
    gone.exclude(unit_id__in=list(pupils)).update(pupils=0, counted_at=now)
    SchoolStanding.objects.bulk_create(
        [
            SchoolStanding(unit_id=unit_id, school_year=school_year, pupils=number, counted_at=now)
            for unit_id, number in sorted(pupils.items())
        ],
        update_conflicts=True,
        unique_fields=["school_year", "unit"],
        update_fields=["pupils", "counted_at"],
        batch_size=2000,
    )
    return len(pupils)
