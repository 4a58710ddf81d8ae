"""Results of pupils computed from their marks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.modules.organization.queries import school_kinds

from ..bulk.computing import compute
from ..bulk.reading import read_all
from ..bulk.staleness import hold_for_computing
from ..bulk.writing import clear_away, write_results
from ..models import ClassSubject
from ..permissions import KEEP
from ..queries.rules import rules_held
from .moving import gather_moved

# Schools computed together: about so many pupils, so that columns stay in the processor's reach and nobody waits long.
PUPILS_AT_ONCE = 25_000
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class ComputingOutcome:
    """How many pupils were computed: those whose results were missing or stale."""

    pupils: int


def compute_results(
    *, by: Actor | None, unit: Any, school_year: Any, everybody: bool = False, now: datetime | None = None
) -> ComputingOutcome:
    """Results of a school's pupils whose marks have changed since they were computed (or of `everybody`).

    by None: the system, after marks were written. Terms and year are computed together; what is missing leaves its
    result open with the reason. Raises NotAllowed.
    Legal source: TT 22/2021/TT-BGDĐT Điều 8, 9, 12-15; TT 27/2020/TT-BGDĐT Điều 9, 11, 13.
    """
    if by is not None and not by.can(KEEP, unit.pk):
        raise NotAllowed(_("Anh/chị không được tính kết quả của trường này."))
    return ComputingOutcome(_compute([unit.pk], school_year, everybody, now or timezone.now()))


def compute_everywhere(
    *,
    by: Actor,
    school_year: Any,
    unit_ids: Collection[int] | None = None,
    everybody: bool = False,
    now: datetime | None = None,
    tell: Tell = lambda done, total: None,
) -> ComputingOutcome:
    """The same for all schools, or for `unit_ids`; each group of schools in a transaction of its own, so that it may be
    stopped (`tell` raises) and gone on with. Raises NotAllowed unless the actor keeps the books of all of them.
    """
    found = PupilCounts.of(school_year.pk, unit_ids)
    if not all(by.can(KEEP, unit_id) for unit_id in found.units):
        raise NotAllowed(_("Anh/chị không được tính kết quả của các trường này."))
    done = computed = 0
    for group in found.groups():
        computed += _compute(group, school_year, everybody, now or timezone.now())
        done += len(group)
        tell(done, len(found.units))
    return ComputingOutcome(computed)


@dataclass(frozen=True)
class PupilCounts:
    """Schools with open books, and how many pupils each has, roughly."""

    units: dict[int, int]

    @classmethod
    def of(cls, school_year_id: int, unit_ids: Collection[int] | None) -> PupilCounts:
        rows = ClassSubject.objects.filter(school_year_id=school_year_id)
        if unit_ids is not None:
            rows = rows.filter(unit_id__in=unit_ids)
        pairs = rows.order_by("unit_id").values_list("unit_id", "school_class_id").distinct()
        counts: dict[int, int] = {}
        for unit_id, _class in pairs:
            counts[unit_id] = counts.get(unit_id, 0) + 35
        return cls(counts)

    def groups(self) -> Sequence[list[int]]:
        found: list[list[int]] = []
        room = 0
        for unit_id, number in self.units.items():
            if room < number:
                found.append([])
                room = PUPILS_AT_ONCE
            found[-1].append(unit_id)
            room -= number
        return found


@transaction.atomic
def _compute(unit_ids: Collection[int], school_year: Any, everybody: bool, now: datetime) -> int:
    hold_for_computing(unit_ids, school_year.pk)
    gather_moved(by=Actor.system(), unit_ids=unit_ids, school_year_id=school_year.pk)
    read = read_all(school_year.pk, unit_ids, everybody=everybody)
    if read is None:
        return 0
    clear_away(read.known, read.everyone, school_year.pk)
    kinds = school_kinds()
    levels = {unit_id: list(kinds[unit_id].levels) for unit_id in unit_ids if unit_id in kinds}
    number = 0
    # Read after the lock: who sets other rules has the schools computed again after this.
    with rules_held():
        for computed in compute(read, school_year.starts_on.year, levels):
            write_results(computed, school_year.pk, now)
            number += len(computed.years)
    return number
