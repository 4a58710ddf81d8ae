"""Results of pupils computed from their marks, and the year's results handed to the registry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.modules.organization.queries import school_kinds
from thongsuot.modules.registry.actions.results import YearResultEntry, record_year_results

from ..bulk.computing import compute
from ..bulk.reading import read_all
from ..bulk.staleness import hold_for_computing
from ..bulk.writing import clear_away, write_results
from ..models import ClassSubject, MarkLock, PupilYear
from ..permissions import KEEP, can_lock
from ..queries.books import level_of
from ..queries.words import name_of
from ..types import Award, Outcome, StateConflict
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
    for computed in compute(read, school_year.starts_on.year, levels):
        write_results(computed, school_year.pk, now)
        number += len(computed.years)
    return number


@transaction.atomic
def publish_year_results(*, by: Actor, unit: Any, school_year: Any, now: datetime) -> int:
    """Hand what the year came to over to the registry, for the end of the year and for whoever counts it. How many pupils.

    Only of a year whose two terms are locked for the whole school, and only what is decided; computed first where stale.
    Raises NotAllowed, StateConflict (a term is open).
    """
    if not can_lock(by, unit.pk):
        raise NotAllowed(_("Chỉ hiệu trưởng đưa kết quả năm học vào hồ sơ."))
    locks = MarkLock.objects.filter(
        unit_id=unit.pk, school_year_id=school_year.pk, school_class__isnull=True, unlocked_at__isnull=True
    )
    if set(locks.values_list("term", flat=True)) != {1, 2}:
        raise StateConflict(_("Hãy khóa sổ điểm cả hai học kỳ của toàn trường trước."))
    _compute([unit.pk], school_year, False, now)
    years = PupilYear.objects.filter(unit_id=unit.pk, school_year_id=school_year.pk).exclude(
        outcome=Outcome.UNDECIDED
    )
    rows = list(years.select_related("school_class"))
    entries = [_entry(row, unit.school.levels) for row in rows]
    with acting(by, reason=_("Kết quả năm học từ sổ điểm")):
        record_year_results(by=by, unit=unit, school_year=school_year, entries=entries)
    years.update(published_at=now)
    return len(rows)


AGAIN = (Outcome.REASSESS, Outcome.TRAIN, Outcome.SUPPORT)
THROUGH = (Outcome.PROMOTED, Outcome.COMPLETED)


def _entry(row: PupilYear, levels: Collection[str]) -> YearResultEntry:
    outcome = Outcome(row.outcome)
    is_primary = level_of(row.school_class.grade, levels) == "primary"
    promotion = "promoted" if outcome in THROUGH else "again" if outcome in AGAIN else "retained"
    return YearResultEntry(
        student_id=row.student_id,
        class_id=row.school_class_id,
        grade=row.school_class.grade,
        # Re-assessed in summer: what it came to then.
        learning=row.learning_after or row.learning,
        conduct=row.conduct,
        is_completed=None if not is_primary or outcome in AGAIN else outcome in THROUGH,
        promotion=promotion,
        days_absent=row.absences,
        awards=name_of(Award(row.award)) if row.award else "",
    )
