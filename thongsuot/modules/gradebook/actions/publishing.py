"""The year's results handed to the registry, and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.audit.context import acting
from thongsuot.modules.registry.actions.results import record_year_results, take_back_year_results
from thongsuot.modules.registry.queries import year_result_changes
from thongsuot.modules.registry.types import YearResultChange

from ..models import Publication, PupilYear
from ..permissions import can_lock
from ..queries.publishing import closed_terms, decided, entries_of, fingerprint
from ..types import StateConflict
from .results import compute_results


@transaction.atomic
def publish_year_results(
    *, by: Actor, unit: Any, school_year: Any, now: datetime, seen: str = ""
) -> Publication:
    """Hand what the year came to over to the registry, for the end of the year and for whoever counts it.

    Only of a year whose two terms are locked for the whole school, and only what is decided; computed first where stale.
    seen: of queries.publishing.Preview; what has changed since is not written. Raises NotAllowed, StateConflict (a term is
    open, nothing is decided, something has changed since it was looked at).
    """
    if not can_lock(by, unit.pk):
        raise NotAllowed(_("Chỉ hiệu trưởng đưa kết quả năm học vào hồ sơ."))
    if closed_terms(unit.pk, school_year.pk) != {1, 2}:
        raise StateConflict(_("Hãy khóa sổ điểm cả hai học kỳ của toàn trường trước."))
    compute_results(by=None, unit=unit, school_year=school_year, now=now)
    years = decided(unit.pk, school_year.pk)
    entries = entries_of(list(years), unit.school.levels)
    if not entries:
        raise StateConflict(_("Chưa học sinh nào có kết quả cả năm."))
    expected = year_result_changes(by, unit_id=unit.pk, school_year_id=school_year.pk, entries=entries)
    if seen and fingerprint(expected) != seen:
        raise StateConflict(_("Kết quả đã thay đổi từ lúc anh/chị xem. Hãy xem lại rồi đưa vào hồ sơ."))
    with acting(by, reason=_("Kết quả năm học từ sổ điểm")):
        changes = record_year_results(by=by, unit=unit, school_year=school_year, entries=entries)
        years.order_by().update(published_at=now)
        return Publication.objects.create(
            unit_id=unit.pk,
            school_year_id=school_year.pk,
            published_at=now,
            published_by_id=by.user_id,
            pupils=len(entries),
            changes=[
                {"student": one.student_id, "before": one.before, "after": one.after} for one in changes
            ],
        )


@transaction.atomic
def take_back_publication(*, by: Actor, publication: Publication, now: datetime) -> tuple[Publication, int]:
    """Put the registry's results back as they were before; how many were left because somebody has changed them since.

    Only the last one that stands. What followed from it meanwhile (pupils moved up) is not undone.
    Raises NotAllowed, StateConflict (taken back already, a later one stands).
    """
    rows = Publication.objects.select_for_update(of=("self",)).select_related("unit__school", "school_year")
    row = rows.get(pk=publication.pk)
    if not can_lock(by, row.unit_id):
        raise NotAllowed(_("Chỉ hiệu trưởng lấy lại kết quả đã đưa vào hồ sơ."))
    own = Publication.objects.filter(
        unit_id=row.unit_id, school_year_id=row.school_year_id, taken_back_at__isnull=True
    )
    standing = list(own.order_by("-published_at", "-pk")[:2])
    if not standing or standing[0].pk != row.pk:
        raise StateConflict(_("Chỉ lấy lại được lần đưa vào hồ sơ mới nhất còn hiệu lực."))
    changes = [YearResultChange(one["student"], one["before"], one["after"]) for one in row.changes]
    with acting(by, reason=_("Lấy lại kết quả năm học đã đưa vào hồ sơ")):
        left = take_back_year_results(by=by, unit=row.unit, school_year=row.school_year, changes=changes)
        row.taken_back_at, row.taken_back_by_id = now, by.user_id
        row.save(update_fields=["taken_back_at", "taken_back_by"])
        before = standing[1].published_at if len(standing) > 1 else None
        PupilYear.objects.filter(
            unit_id=row.unit_id, school_year_id=row.school_year_id, published_at=row.published_at
        ).update(published_at=before)
    return row, len(left)
